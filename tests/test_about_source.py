"""Questions about the source are answered with slices of its header."""

from pathlib import Path

import pytest

from citadel.qa.answer.metadata_questions import field_spans, header_citations, header_hits
from tests.reading_here import read_article

MARKDOWN = """---
title: "Bread and Fire"
publisher: Fire
date: "2016-12"
---

Bread was short. Fire was not.
"""
COPIED = f"""Bread and Fire

Bread and Fire

The Fire

{"Bread was short, and fire was not, as everybody in the town could tell. " * 3}
"""


@pytest.mark.parametrize(
    ("field", "quotes"),
    [
        ("title", ["Bread and Fire"]),
        ("publisher", ["Fire"]),
        ("author", ["Fire"]),
        ("date", ["2016-12"]),
        ("subject", ["Bread and Fire"]),
        ("language", []),
    ],
)
def test_the_front_matter_is_quoted(tmp_path: Path, field: str, quotes: list[str]) -> None:
    path = tmp_path / "bread.md"
    path.write_text(MARKDOWN, "utf-8")
    article = read_article(path)
    assert [span.of(article.text) for span in field_spans(article, field)] == quotes
    citations = header_citations(header_hits([article], field, 5))
    assert [(c.number, c.quote, c.passage.paragraph) for c in citations] == [
        (1, quote, 0) for quote in quotes
    ]


def test_the_head_of_a_copied_page_is_quoted(tmp_path: Path) -> None:
    path = tmp_path / "bread.txt"
    path.write_text(COPIED, "utf-8")
    article = read_article(path)
    assert [span.of(article.text) for span in field_spans(article, "publisher")] == ["The Fire"]
    assert [span.of(article.text) for span in field_spans(article, "title")] == ["Bread and Fire"]


def test_headers_are_counted(tmp_path: Path) -> None:
    articles = []
    for name in ("a.md", "b.md", "c.md"):
        path = tmp_path / name
        path.write_text(MARKDOWN.replace("Fire", name), "utf-8")
        articles.append(read_article(path))
    hits = header_hits(articles, "publisher", 2)
    assert [(hit.passage.source, hit.score) for hit in hits] == [("a.md", 1.0), ("b.md", 1.0)]
    assert [citation.quote for citation in header_citations(hits)] == ["a.md", "b.md"]


def test_a_field_is_quoted_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "bread.md"
    path.write_text(
        '+++\ntitle = "Bread"\nauthor = "Rim Said"\ndate = "5 December 2016"\n+++\nText.\n', "utf-8"
    )
    article = read_article(path)
    assert [
        [span.of(article.text) for span in field_spans(article, field)]
        for field in ("title", "author", "date")
    ] == [["Bread"], ["Rim Said"], ["5 December 2016"]]
