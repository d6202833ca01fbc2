"""Several articles in one answer: agreeing, and giving other figures."""

from pathlib import Path

import pytest

from citadel.index.build.build import index_articles
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer, Status
from citadel.qa.cli.plain_text import plain_text
from citadel.qa.page.answer import render_answer

QUESTION = "How many people were killed by the flood in Lund?"
WIRE = "Forty people were killed by the flood in Lund, the mayor said on Monday."
LATER = "Fifty people were killed by the flood in Lund, the mayor said on Friday."
SOURCES = {
    "gazette.md": ("The Gazette", "2016-12-05", f"{WIRE} The bridge over the river was closed."),
    "herald.md": ("The Herald", "2016-12-06", f"The rain began in May. {WIRE}"),
    "times.md": ("The Times", "2016-12-09", f"{LATER} Schools stay shut until spring."),
    "bakery.md": ("The Baker", "2016-12-01", "Olga Brandt opened the bakery. She sold rye bread."),
}


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    folder: Path = tmp_path_factory.mktemp("press")
    for name, (publisher, date, text) in SOURCES.items():
        head = f'title: {name}\npublisher: {publisher}\ndate: "{date}"\n'
        (folder / name).write_text(f"---\n{head}---\n\n{text}\n", "utf-8")
    articles = read_articles(folder)
    return Answerer(index_articles("gen-press", articles, encoder, lambda _done, _total: None))


def quoted(answer: Answer) -> list[tuple[str, str, bool]]:
    return [(c.passage.source, c.quote, c.repeats) for c in answer.citations]


def test_a_fact_that_two_articles_tell_is_quoted_once_with_both(press: Answerer) -> None:
    answer = press.answer(QUESTION)
    assert answer.status is not Status.NOT_FOUND
    told = quoted(answer)
    agreeing = [each for each in told if each[1] == WIRE]
    assert sorted(each[0] for each in agreeing) == ["gazette.md", "herald.md"]
    assert [each[2] for each in agreeing] == [False, True]
    assert len({each[1] for each in told if not each[2]}) == sum(not each[2] for each in told)


def test_other_figures_are_shown_second_and_said(press: Answerer) -> None:
    answer = press.answer(QUESTION)
    leading = [(source, quote) for source, quote, repeats in quoted(answer) if not repeats]
    assert {quote for _, quote in leading[:2]} == {WIRE, LATER}
    assert answer.notes == (
        "The sources give different figures: compare the quotes and their dates.",
    )


def test_where_no_figure_is_asked_for_none_are_compared(press: Answerer) -> None:
    answer = press.answer("Who was killed by the flood in Lund?")
    assert answer.notes == ()
    assert "bakery.md" not in {source for source, _, _ in quoted(answer)[:2]}


def test_a_repeated_fact_is_one_quote_on_the_page_and_in_the_terminal(press: Answerer) -> None:
    answer = press.answer(QUESTION)
    articles = {article.source: article for article in press.index.articles}
    page = render_answer(answer, articles)
    assert page.count("Forty people were killed") == 1
    lead, repeat = (c for c in answer.citations if c.quote == WIRE)
    assert f"[{lead.number}]</a> <a " in page
    publisher = {"gazette.md": "The Gazette", "herald.md": "The Herald"}[repeat.passage.source]
    assert f'<p class="origin">also <bdi>{publisher}</bdi>' in page
    assert f"\n    also: {WIRE} [{repeat.number}]\n" in plain_text(answer)
