"""Every word that the page shows is from a catalogue, or from a source."""

import re
from dataclasses import replace
from datetime import datetime
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import header_passage, split_article
from citadel.index.retrieval.hits import Hit, Match, SentenceHit
from citadel.index.retrieval.name_index import IndexedName
from citadel.index.retrieval.written_names import NameKind
from citadel.index.wording import message
from citadel.qa.answer.answers import Answer, Citation, Claim, Status
from citadel.qa.answer.article_overview import ArticleOverview
from citadel.qa.answer.date_checks import date_warning
from citadel.qa.answer.notes import (
    agreement_notes,
    dates_notes,
    difference_notes,
    mention_notes,
    missing_notes,
    overview_notes,
    scope_notes,
    script_notes,
    section_notes,
    withheld_notes,
)
from citadel.qa.answer.quoting import Quotation
from citadel.qa.answer.timeline import timeline
from citadel.qa.answer.whole_articles import PlacedSentence
from citadel.qa.page import locales
from citadel.qa.page.answer import (
    announcement,
    render_answer,
    render_failure,
    render_refusal,
    render_welcome,
)
from citadel.qa.page.article import render_article, render_article_list
from citadel.qa.page.article_overview import render_article_overview
from citadel.qa.page.cards import render_sources
from citadel.qa.page.finding import render_finding
from citadel.qa.page.further import render_further
from citadel.qa.page.locales import Locale
from citadel.qa.page.masthead import render_masthead
from citadel.qa.page.names import render_names
from citadel.qa.page.original import render_original
from citadel.qa.page.static_files import static_file
from citadel.qa.page.timeline import render_timeline, render_whole_timeline
from citadel.qa.page.transcript import transcript_entry
from citadel.qa.page.welcome import Welcome
from tests.reading_here import read_article


# ---- every word of the page is from a catalogue
class Bracketed(NullTranslations):
    """A language in which every string stands in brackets of its own."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


GREEK = """---
title: Η έκθεση
author: Άννα
publisher: Η εφημερίδα
date: "2016-12-05"
language: el
url: https://0.1/
---

Άνοιξε. Έκλεισε στις 2016-06-31.

## Η πομπή

Έφυγε στις 2016-05-05. Είχε αλεύρι.
"""

HEADER = {"title:", "author:", "publisher:", "date:", "language:", "el", "url:", "https://0.1/"}
"""What of the source is in Latin letters."""


class Seen(HTMLParser):
    """What people read of HTML, or hear of it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        read = {"aria-label", "title", "placeholder", "alt"}
        self.texts += [value or "" for name, value in attrs if name in read]
        if ("class", "copy") in attrs:
            self.texts.append(dict(attrs)["data-text"] or "")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def strangers(html: str) -> list[str]:
    """The texts with Latin letters outside of the brackets; all content is Greek."""
    seen = Seen()
    seen.feed(html)
    said = " ".join(seen.texts)
    while "⟦" in said:
        said, before = re.sub(r"⟦[^⟦⟧]*⟧", "", said), said
        assert said != before
    return re.findall(r"[A-Za-z]\S*", said)


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> Locale:
    monkeypatch.setattr(locales, "_translations", lambda _language: Bracketed())
    return Locale("ar")


@pytest.fixture
def article(tmp_path: Path) -> Article:
    path = tmp_path / "1.md"
    path.write_text(GREEK, encoding="utf-8")
    return read_article(path)


def answers(article: Article) -> list[Answer]:
    """An answer of each status, with every note and every line about a passage."""
    first, second = split_article(article)[:2]
    header = header_passage(article)
    assert header is not None
    question = "πότε έφυγε η Πομπή Άννα;"
    matches = ((), (Match("έφυγε", "έφυγε"), Match("Πομπή", "Πομπές"), Match("Άννα", "Άννα")))
    hits = tuple(
        Hit(passage, score, tuple(SentenceHit(span, score) for span in passage.sentences), found)
        for passage, score, found in zip(
            (first, second, header), (0.9, 0.8, 0.1), (*matches, ()), strict=True
        )
    )
    warning = date_warning(first.quote(first.sentences[1]))
    citations = (
        Citation(1, first, first.sentences[1], warning),
        Citation(2, second, second.sentences[0], repeats=True),
        Citation(2, second, second.sentences[1]),
    )
    conflicts = tuple(Claim(each, each.span) for each in citations[1:])
    notes = (
        *agreement_notes(()),
        *mention_notes(["Άννα", "Νίκος"], 1),
        *withheld_notes("how many", 1),
        *script_notes("πότε;"),
        *missing_notes(["πού;"]),
        *difference_notes(Quotation((), sources_differ=True)),
        *scope_notes(1, 2),
        *overview_notes(3, 3),
        *overview_notes(3, 5),
        *section_notes(24, 30),
        *dates_notes(3, 3),
        *dates_notes(3, 5),
    )
    understood = message("{question} — about: {topic}", question=question, topic="πομπή")
    return [
        Answer(question, understood, status, 0.5, quoted, shown, notes, "1", 1.0, conflicts=claims)
        for status, quoted, shown, claims in (
            (Status.ANSWERED, citations, hits, conflicts),
            (Status.POSSIBLE, citations, hits, ()),
            (Status.NOT_FOUND, (), hits, ()),
            (Status.NOT_FOUND, (), (), ()),
            (Status.SMALL_TALK, (), (), ()),
        )
    ]


def test_every_word_of_an_answer_is_from_the_catalogue(article: Article, bracketed: Locale) -> None:
    articles = {article.source: article}
    for answer in answers(article):
        assert strangers(render_answer(answer, articles, bracketed)) == []
        asked = "2016-12-05"
        assert strangers(announcement(answer, 1, bracketed)) == []
        entry = transcript_entry(answer, articles, datetime.fromisoformat(asked), bracketed)
        assert strangers(entry.replace("1.md", "").replace("1\\.md", "")) == []
        cards = render_sources(answer, articles, bracketed)
        assert set(strangers(cards)) <= HEADER | {"Markdown", "BibTeX", "Chicago", "https://0.1/”"}


def test_every_word_around_the_articles_is_from_the_catalogue(
    article: Article, bracketed: Locale
) -> None:
    passages = split_article(article)
    paged = replace(article, pages=(0, article.text.index("Έφυγε")))
    dated = timeline(article, passages)
    assert strangers(render_timeline(article, (), bracketed)) == []
    assert strangers(render_timeline(article, dated, bracketed)) == []
    opened = render_article(replace(paged, file_sha256=""), passages, "1", bracketed)
    assert set(strangers(opened)) <= HEADER
    told = render_original(replace(article, source="1", file_sha256="0"), bracketed)
    assert strangers(told) == ["SHA-256"]
    listed = render_article_list([article, article], passages, "1", bracketed)
    assert strangers(listed) == []


@pytest.mark.parametrize(
    "file",
    [
        "adding.html",
        "clippings.html",
        "tabs.html",
        "choose_article.html",
        "dates_wanted.html",
        "names_wanted.html",
        "no_sources.html",
    ],
)
def test_every_word_of_a_file_is_from_the_catalogue(file: str, bracketed: Locale) -> None:
    assert strangers(static_file(file, bracketed)) == []


def test_every_word_of_the_desk_is_from_the_catalogue(article: Article, bracketed: Locale) -> None:
    passages = split_article(article)
    dated = timeline(article, passages)
    by_source = {article.source: dated}
    for shown in ([article], []):
        whole = render_whole_timeline(shown, by_source, source="", shown=1, locale=bracketed)
        assert strangers(whole) == []
    place = np.array([[0, 0, 4]], dtype=np.int64)
    names = [IndexedName("Άννα", kind, (("Άννα", 2), ("Αννα", 1)), place, 2) for kind in NameKind]
    sentence = PlacedSentence(passages[0], passages[0].sentences[0])
    overview = ArticleOverview((sentence,), ((names[0], 3),), dated)
    assert strangers(render_article_overview(overview, article, bracketed)) == []
    asked = {"Who", "is", "What"}  # of the questions, which stay in English
    listed = render_names(names, shown=2, locale=bracketed)
    assert set(strangers(listed)) <= asked | {"Άννα?"}
    assert strangers(render_names([], shown=1, locale=bracketed)) == []
    assert strangers(render_names([], shown=1, kind="person", locale=bracketed)) == []
    assert strangers(render_finding(locale=bracketed)) == []
    answer = answers(article)[0]
    for question in (answer.question, "Summarise the article"):
        further = render_further(replace(answer, question=question), bracketed)
        assert further
        assert strangers(further) == []


def test_every_word_around_the_conversation_is_from_the_catalogue(bracketed: Locale) -> None:
    assert strangers(render_masthead(bracketed)) == ["Citadel", "English", "Français"]
    welcome = Welcome("η πομπή", ("πότε έφυγε;",))
    assert strangers(render_welcome(welcome, 1, bracketed)) == []
    assert strangers(render_welcome(Welcome(), 2, bracketed)) == []
    assert strangers(render_failure("0", bracketed)) == []
    (note,) = script_notes("πότε;")
    assert strangers(render_refusal(note, bracketed)) == []
