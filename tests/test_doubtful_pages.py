"""What may be otherwise than it was written is said with every quote from it."""

from dataclasses import replace
from pathlib import Path

import pytest
from fpdf import FPDF

from citadel.index.corpus.articles import Article, article_from_record, article_record
from citadel.index.corpus.layout import Doubt, DoubtfulRange, Span
from citadel.index.corpus.passages import Passage, split_article
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.answers import Answer, Citation, Status, answer_record
from citadel.qa.answer.locators import doubt_names, reference_parts
from citadel.qa.cli.plain_text import plain_text
from citadel.qa.page.answer import render_answer
from citadel.qa.page.article import render_article
from citadel.qa.page.cards import render_sources
from citadel.qa.page.locales import Locale
from tests.reading_here import read_article
from tests.two_columns import LEFT, RIGHT

PLAIN = "The bridge stood firm. Nobody crossed it that week."


@pytest.fixture
def article(tmp_path: Path) -> Article:
    pdf = FPDF()
    pdf.set_font("Helvetica", "", 11)
    pdf.add_page()
    for number, (one, other) in enumerate(zip(LEFT, RIGHT, strict=True)):
        pdf.text(20, 40 + 6 * number, one)
        pdf.text(110, 40 + 6 * number, other)
    pdf.add_page()
    pdf.text(20, 40, PLAIN)
    (tmp_path / "flood.pdf").write_bytes(bytes(pdf.output()))
    return read_article(tmp_path / "flood.pdf")


def answered(passage: Passage, sentence: int) -> Answer:
    span = passage.sentences[sentence]
    hit = Hit(passage, 1.0, (SentenceHit(span, 1.0),), ())
    citation = Citation(1, passage, span)
    return Answer("How?", "How?", Status.ANSWERED, 0.9, (citation,), (hit,), (), "gen-1", 1.0)


def test_the_report_and_every_quote_name_a_page_whose_layout_is_uncertain(article: Article) -> None:
    assert article.notes == ("layout uncertain on page 1: the order of the columns is doubtful",)
    [marked] = article.doubtful
    assert (marked.doubt, article.page_at(marked.span.start)) == (Doubt.LAYOUT, 1)
    assert marked.span.end == article.pages[1]
    *doubted, sure = split_article(article)
    found = {passage.doubts_about(span) for passage in doubted for span in passage.sentences}
    assert (len(doubted), found) == (3, {(Doubt.LAYOUT,)})
    assert sure.text == PLAIN
    assert doubt_names(sure) == ()


def test_it_is_in_json_in_the_terminal_and_on_the_page(article: Article) -> None:
    doubted, *_, sure = split_article(article)
    articles = {article.source: article}
    answer = answered(doubted, 0)
    record = answer_record(answer)
    assert [each["doubts"] for each in (*record["answers"], *record["passages"])] == [
        ["layout uncertain"],
        ["layout uncertain"],
    ]
    quote = answer.citations[0].quote
    assert f"{quote} [1]\n    (layout uncertain)\n" in plain_text(answer)
    shown = '<p class="doubt">layout uncertain</p>'
    for html in (render_answer(answer, articles), render_sources(answer, articles)):
        assert html.count(shown) == 1
    french = render_sources(answer, articles, Locale("fr"))
    assert '<p class="doubt">mise en page incertaine</p>' in french
    arabic = render_sources(answer, articles, Locale("ar"))
    assert '<p class="doubt">ترتيب الصفحة غير مؤكد</p>' in arabic
    assert ", ".join(reference_parts(doubted, articles)).endswith(
        "p. 1, paragraph 1, layout uncertain"
    )
    html = render_article(article, split_article(article), "gen-1")
    assert '<p class="page-mark" lang="en">Page 1 · <bdi>layout uncertain</bdi></p>' in html
    assert '<p class="page-mark" lang="en">Page 2</p>' in html

    answer = answered(sure, 0)
    record = answer_record(answer)
    assert [each for each in (*record["answers"], *record["passages"]) if "doubts" in each] == []
    told = (plain_text(answer), render_answer(answer, articles), render_sources(answer, articles))
    assert [text for text in told if "uncertain" in text] == []


def test_it_is_stored_with_the_article(article: Article) -> None:
    assert article_from_record(article_record(article)) == article
    assert "doubtful" not in article_record(replace(article, doubtful=()))


def test_a_quote_that_runs_into_a_doubtful_page_has_its_doubt_once(article: Article) -> None:
    *_, sure = split_article(article)
    first, second = sure.sentences
    ranges = tuple(
        DoubtfulRange(span, doubt)
        for span, doubt in (
            (Span(first.end, second.end), Doubt.PICTURE),
            (second, Doubt.LAYOUT),
            (second, Doubt.PICTURE),
        )
    )
    passage = replace(sure, doubtful=ranges)
    assert passage.doubts_about(first) == ()
    assert passage.doubts_about(Span(first.start, second.end)) == (Doubt.PICTURE, Doubt.LAYOUT)
    assert doubt_names(passage, second) == (
        "recognised from a picture, may contain errors",
        "layout uncertain",
    )
