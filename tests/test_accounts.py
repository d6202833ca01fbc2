"""An answer says whose account each quote is, and shows what names the “he” that it begins with."""

from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage, header_passage, split_article
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.accounts import Accounts
from citadel.qa.answer.answers import (
    NARRATED,
    Account,
    Answer,
    Citation,
    Lead,
    Named,
    Status,
    answer_record,
)
from citadel.qa.cli.plain_text import plain_text
from citadel.qa.page.answer import render_answer
from citadel.qa.page.cards import render_sources
from citadel.qa.page.transcript import transcript_entry
from tests.small_index import articles_of, cheap_index
from tests.test_rendering_transcript import ASKED

REPORT = """---
title: The Bridge
---
# The Bridge

Anna Holm, the mayor of Lund, closed the bridge in May. Some boats took its place.

It had stood since 1901. She told the council, “It will not last.”

## Afterwards

She left in June.
"""
GERMAN = """---
title: Die Brücke
language: de
---
„Sie hält nicht“, sagte die Bürgermeisterin. Sie ging im Juni.
"""
MAYOR = "Anna Holm, the mayor of Lund"
FIRST = "Anna Holm, the mayor of Lund, closed the bridge in May."


@pytest.fixture
def articles(tmp_path: Path) -> tuple[Article, ...]:
    return articles_of(tmp_path / "sources", bridge=REPORT, bruecke=GERMAN)


def citations_of(article: Article) -> list[Citation]:
    return [
        Citation(1, passage, span)
        for passage in split_article(article)
        for span in passage.sentences
    ]


def test_each_quote_has_its_account_and_what_is_read_before_it(
    articles: tuple[Article, ...],
) -> None:
    bridge, _ = articles
    told = Accounts(cheap_index("gen-1", articles)).told(citations_of(bridge))
    place = bridge.text.index(FIRST)
    boats = "Some boats took its place."
    start = bridge.text.index(boats)
    assert [(each.quote, each.account, each.before) for each in told] == [
        (FIRST, NARRATED, ()),
        (boats, NARRATED, ()),
        (
            "It had stood since 1901.",
            NARRATED,
            (Lead(Span(start, start + len(boats)), boats, runs_on=True),),
        ),
        (
            "She told the council, “It will not last.”",
            Account(True, MAYOR, Named.EARLIER),
            (Lead(Span(place, place + len(FIRST)), FIRST, runs_on=False),),
        ),
        ("She left in June.", NARRATED, ()),
    ]


def test_an_article_in_another_language_is_not_said_to_speak_itself(
    articles: tuple[Article, ...],
) -> None:
    _, bruecke = articles
    citations = citations_of(bruecke)
    assert Accounts(cheap_index("gen-1", articles)).told(citations) == tuple(citations)


def test_the_header_of_an_article_is_its_own_words(articles: tuple[Article, ...]) -> None:
    header = header_passage(articles[0])
    assert header is not None
    citation = Citation(1, header, header.sentences[0])
    told = Accounts(cheap_index("gen-1", articles)).told([citation])
    assert told == (replace(citation, account=NARRATED),)


@pytest.fixture
def answer(articles: tuple[Article, ...]) -> Answer:
    """The quote that the mayor is reported in, then one that nobody is named for."""
    first, second, _ = split_article(articles[0])
    hits = tuple(
        Hit(passage, 0.8, tuple(SentenceHit(span, 0.8) for span in passage.sentences), ())
        for passage in (second, first)
    )
    (spoken,) = Accounts(cheap_index("gen-1", articles)).told(
        [Citation(1, second, second.sentences[1])]
    )
    unnamed = Citation(2, first, first.sentences[1], account=Account(True, "", Named.NOWHERE))
    return Answer(
        "Will it last?",
        "Will it last?",
        Status.ANSWERED,
        0.9,
        (spoken, unnamed),
        hits,
        (),
        "g1",
        1.0,
    )


def test_the_record_distinguishes_reported_from_narrated(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    place = articles[0].text.index(FIRST)
    assert [
        {key: value for key, value in record.items() if key not in ("source", "passage")}
        for record in answer_record(answer)["answers"]
    ] == [
        {
            "quote": "She told the council, “It will not last.”",
            "start": articles[0].text.index("She told"),
            "end": articles[0].text.index("\n\n## Afterwards"),
            "reported": True,
            "speaker": MAYOR,
            "speaker_named": "earlier",
            "before": [{"quote": FIRST, "start": place, "end": place + len(FIRST)}],
        },
        {
            "quote": "Some boats took its place.",
            "start": articles[0].text.index("Some boats"),
            "end": articles[0].text.index("\n\nIt had"),
            "reported": True,
            "speaker": "",
            "speaker_named": "nowhere",
            "before": [],
        },
    ]


def test_a_terminal_shows_both_outside_the_quote(answer: Answer) -> None:
    assert plain_text(answer).split("\n\n")[0] == (
        "Answer found in 1 article (2 passages):\n"
        f"[{FIRST} …] She told the council, “It will not last.” [1]\n"
        f"    (According to {MAYOR} · named in an earlier sentence)\n"
        "Some boats took its place. [2]\n"
        "    (Reported; speaker not named here)"
    )


def test_the_page_marks_the_quote_only(answer: Answer, articles: tuple[Article, ...]) -> None:
    page = render_answer(answer, {"bridge.md": articles[0]})
    assert (
        f'<blockquote dir="auto" lang="en"><bdi class="before">{FIRST} … </bdi>'
        "<mark>She told the council, “It will not last.”</mark> "
    ) in page
    assert (
        f'</blockquote><p class="told">According to {MAYOR} · named in an earlier '
        'sentence</p><p class="origin"'
    ) in page
    assert (
        '</blockquote><p class="told">Reported; speaker not named here</p><p class="origin"'
    ) in page


def test_a_card_says_whose_account_its_marked_sentence_is(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    cards = render_sources(answer, {"bridge.md": articles[0]})
    assert (
        f'</p><p class="told">According to {MAYOR} · named in an earlier sentence</p>'
        '<p class="about"'
    ) in cards


def test_a_transcript_keeps_both(answer: Answer) -> None:
    first = answer.citations[0]
    kept = transcript_entry(replace(answer, citations=(first,)), {}, ASKED)
    assert kept.split("\n\n", 3)[3] == (
        f"> {FIRST} …\n>\n> She told the council, “It will not last.”\n\n"
        f"According to {MAYOR} · named in an earlier sentence\n\n"
        "\\[1\\] The Bridge, paragraph 2 (bridge.md, characters "
        f"{first.span.start} to {first.span.end})\n"
    )


def test_narration_is_said_to_be_the_article_s_own_words(answer: Answer) -> None:
    first = replace(answer.citations[0], account=NARRATED, before=())
    assert plain_text(replace(answer, citations=(first,))).splitlines()[1:3] == [
        "She told the council, “It will not last.” [1]",
        "    (In the article’s own words)",
    ]


def test_a_passage_of_another_section_is_not_read_before(
    articles: tuple[Article, ...],
) -> None:
    last: Passage = split_article(articles[0])[-1]
    told = Accounts(cheap_index("gen-1", articles)).told([Citation(1, last, last.sentences[0])])
    assert told[0].before == ()


def test_what_is_copied_from_a_card_says_who_is_quoted(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    cards = render_sources(answer, {article.source: article for article in articles})
    assert (
        'data-text="“She told the council, ‘It will not last.’” '
        f'({MAYOR}, quoted in: The Bridge, paragraph 2)"'
    ) in unescape(cards)
    assert "(In the article" not in cards


def test_the_articles_own_words_are_copied_without_a_speaker(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    narrated = replace(answer.citations[0], account=NARRATED)
    cards = render_sources(
        replace(answer, citations=(narrated,)), {article.source: article for article in articles}
    )
    assert "’” — The Bridge, paragraph 2" in unescape(cards)
