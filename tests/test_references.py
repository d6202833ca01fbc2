from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import read_articles
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage, split_article
from citadel.qa.page.references import plain_reference, references

TEXT = """---
title: Flour & Bread_
author: Olga {Brandt}
publisher: The Gazette
date: "2016-12-05"
url: https://gazette.example/flour
---

It opened. The *convoy* carried 50% flour.
"""


@pytest.fixture
def article(tmp_path: Path) -> Article:
    (tmp_path / "Flour 1.md").write_text(TEXT, "utf-8")
    return read_articles(tmp_path)[0]


@pytest.fixture
def passage(article: Article) -> Passage:
    return split_article(article)[0]


def test_a_quote_in_every_form(article: Article, passage: Passage) -> None:
    assert references(passage, passage.sentences[1], article) == {
        "Markdown": (
            "> The \\*convoy\\* carried 50% flour.\n>\n> — Olga {Brandt}, The Gazette, "
            "5 December 2016, [*Flour & Bread\\_*, paragraph 1](<https://gazette.example/flour>)"
        ),
        "BibTeX": (
            "@online{flour-1-p1,\n"
            "  author = {{Olga \\{Brandt\\}}},\n"
            "  title = {Flour \\& Bread\\_},\n"
            "  organization = {The Gazette},\n"
            "  year = {2016},\n"
            "  day = {5},\n"
            "  month = dec,\n"
            "  note = {Paragraph 1: ``The *convoy* carried 50\\% flour.''},\n"
            "  url = {https://gazette.example/flour},\n"
            "}"
        ),
        "Chicago": (
            "“The *convoy* carried 50% flour.” Olga {Brandt}, “Flour & Bread_”, The Gazette, "
            "5 December 2016, paragraph 1, https://gazette.example/flour."
        ),
    }


def test_what_is_not_known_is_left_out(article: Article, passage: Passage) -> None:
    bare = replace(article, author="", publisher="", date="", url="", source="تقرير.md")
    assert references(passage, passage.sentences[0], bare) == {
        "Markdown": "> It opened.\n>\n> — *Flour & Bread\\_*, paragraph 1",
        "BibTeX": (
            "@online{article-p1,\n"
            "  title = {Flour \\& Bread\\_},\n"
            "  note = {Paragraph 1: ``It opened.''},\n"
            "}"
        ),
        "Chicago": "“It opened.” “Flour & Bread_”, paragraph 1.",
    }


@pytest.mark.parametrize("date", ["2016", "2016-12"])
def test_a_date_goes_as_far_as_it_is_known(article: Article, passage: Passage, date: str) -> None:
    dated = references(passage, passage.sentences[0], replace(article, date=date))["BibTeX"]
    assert ("  month = dec,\n" in dated) == (date == "2016-12")
    assert "  year = {2016},\n" in dated
    assert "day" not in dated


def test_marks_within_marks(article: Article) -> None:
    text = 'He said: "We left.'
    spoken = Passage("a.md", "T", "T", 1, 0, len(text), text, (Span(0, len(text)),))
    titled = replace(article, title="“The End”… And After", url="")
    written = references(spoken, spoken.sentences[0], titled)
    about = "Olga {Brandt}, The Gazette, 5 December 2016"
    assert written["Markdown"] == (
        f"> He said: “We left.”\n>\n> — {about}, *“The End”… And After*, paragraph 1"
    )
    assert "  note = {Paragraph 1: ``He said: ‘We left.’''},\n}" in written["BibTeX"]
    assert written["Chicago"] == (
        "“He said: ‘We left.’” Olga {Brandt}, “‘The End’… And After”, The Gazette, "
        "5 December 2016, paragraph 1."
    )


def test_a_quote_and_a_whole_passage_with_their_reference(
    article: Article, passage: Passage
) -> None:
    articles = {passage.source: article}
    reference = (
        "Olga {Brandt}, Flour & Bread_, The Gazette, 5 December 2016, paragraph 1, "
        "https://gazette.example/flour"
    )
    assert plain_reference(passage, passage.sentences[0], articles) == (
        f"“It opened.” — {reference}"
    )
    assert plain_reference(passage, None, articles) == (
        f"“It opened. The *convoy* carried 50% flour.” — {reference}"
    )


def test_who_is_quoted_stands_outside_the_quote(article: Article, passage: Passage) -> None:
    articles = {passage.source: article}
    span, speaker = passage.sentences[0], "Anna Holm, the mayor of Lund"
    assert plain_reference(passage, span, articles, speaker=speaker) == (
        "“It opened.” (Anna Holm, the mayor of Lund, quoted in: Olga {Brandt}, Flour & Bread_, "
        "The Gazette, 5 December 2016, paragraph 1, https://gazette.example/flour)"
    )
    written = references(passage, span, article, speaker=speaker)
    assert written["Markdown"] == (
        "> It opened.\n>\n> — Anna Holm, the mayor of Lund, quoted in: Olga {Brandt}, The Gazette, "
        "5 December 2016, [*Flour & Bread\\_*, paragraph 1](<https://gazette.example/flour>)"
    )
    assert ("  note = {Paragraph 1, Anna Holm, the mayor of Lund: ``It opened.''},\n") in written[
        "BibTeX"
    ]
    assert written["Chicago"] == (
        "“It opened.” Anna Holm, the mayor of Lund, quoted in: Olga {Brandt}, “Flour & Bread_”, "
        "The Gazette, 5 December 2016, paragraph 1, https://gazette.example/flour."
    )
