from dataclasses import replace

import pytest

from citadel.index.corpus.articles import Article, article_from_record, article_record
from citadel.index.corpus.layout import Block, BlockKind, Place, Span

ARTICLE = Article(
    source="a.pdf",
    text="Heading\n\nOne.\n\nTwo.\n",
    title="A",
    subtitle="",
    author="",
    publisher="",
    date="2016",
    language="en",
    origin="",
    header=Span(0, 7),
    blocks=(Block(BlockKind.HEADING, Span(0, 7)), Block(BlockKind.PARAGRAPH, Span(9, 13))),
    url="https://a.example/",
    pages=(0, 9, 9, 15),
    notes=("something left out",),
)


@pytest.mark.parametrize(("offset", "page"), [(0, 1), (8, 1), (9, 3), (14, 3), (15, 4), (400, 4)])
def test_a_page_without_text_is_no_page_of_a_quote(offset: int, page: int) -> None:
    assert ARTICLE.page_at(offset) == page


def test_what_has_no_pages() -> None:
    assert replace(ARTICLE, pages=()).page_at(3) is None


PLACED = replace(ARTICLE, pages=(), places=(Place(9, "row 1"), Place(15, "row 2")))


@pytest.mark.parametrize(
    "article", [ARTICLE, replace(ARTICLE, header=None, pages=(), notes=()), PLACED]
)
def test_a_record_is_read_back(article: Article) -> None:
    assert article_from_record(article_record(article)) == article


def test_what_has_no_rows_is_recorded_as_before_there_were_any() -> None:
    assert "places" not in article_record(ARTICLE)
    assert article_record(PLACED)["places"] == [(9, "row 1"), (15, "row 2")]
