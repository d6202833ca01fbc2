from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage, split_article
from citadel.index.corpus.sandbox.files import read_article
from citadel.qa.answer.answers import Citation
from citadel.qa.answer.locators import page_name, quoted_from, reference
from citadel.qa.page.article import render_article


@pytest.fixture
def article(tmp_path: Path) -> Article:
    (tmp_path / "report.md").write_text(
        "---\ntitle: A Report\nauthor: M. Olsen\npublisher: The Paper\ndate: 2021-03-04\n"
        "url: https://paper.example/?a=1&b=2\n---\nOne. Two.\n"
    )
    return read_article(tmp_path / "report.md")


@pytest.fixture
def passage(article: Article) -> Passage:
    [found] = split_article(article)
    return replace(found, page=7, page_breaks=(found.sentences[1].start,))


def test_a_reference_tells_page_and_address(article: Article, passage: Passage) -> None:
    articles = {article.source: article}
    told = "M. Olsen, A Report, The Paper, 4 March 2021, p. {}, paragraph 1, {}"
    assert reference(passage, articles) == told.format(7, article.url)
    assert reference(passage, articles, passage.sentences[1]) == told.format(8, article.url)
    assert reference(passage, {}) == "A Report, p. 7, paragraph 1"


def test_what_has_no_pages(passage: Passage) -> None:
    assert page_name(replace(passage, page=None), Span(1, 2)) == ""


def test_the_reading_view_leads_to_the_address(article: Article) -> None:
    html = render_article(article, split_article(article), "gen-1")
    assert (
        '<a class="published" href="https://paper.example/?a=1&amp;b=2" target="_blank" '
        'rel="noopener noreferrer">As published</a>'
    ) in html


def test_what_is_quoted_from_is_counted_once() -> None:
    def passage(source: str, start: int) -> Passage:
        spans = (Span(start, start + 2), Span(start + 3, start + 5))
        return Passage(source, "T", "T", 1, start, start + 5, "A. B.", spans)

    def cited(source: str, start: int, sentence: int) -> Citation:
        of = passage(source, start)
        return Citation(1, of, of.sentences[sentence])

    one = cited("a.md", 0, 0)
    assert quoted_from([one]) == "1 article (1 passage)"
    assert quoted_from([one, cited("a.md", 0, 1)]) == "1 article (1 passage)"
    assert quoted_from([one, cited("a.md", 9, 0)]) == "1 article (2 passages)"
    assert quoted_from([one, cited("b.md", 0, 0)]) == "2 articles (2 passages)"
