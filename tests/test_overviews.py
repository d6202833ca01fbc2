"""Overviews are sentences of the articles, at least one of each section, in their order."""

from pathlib import Path

import pytest

from citadel.index.corpus.scope import Scope
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer, Status
from tests.small_index import articles_of, cheap_index

FLOOD = """\
---
title: The Flood in Lund
publisher: The Gazette
date: "2016-12-05"
---

The river rose above the old bridge on 28 November 2016. They were warned.

The river rose above the old mill as well, and the mill fell. It rained.

## The rescue

The mayor, Anna Holm, asked for boats from all villages on the river. Boats came:

## The repair

On 3 December the council said that the old bridge will be rebuilt with stone. However, \
money is short in the town. Per Berg, a mason, was hired by Mayor Holm.
"""
BAKERY = """\
---
title: The Bakery
---

Olga Brandt opened the bakery in the harbour street in May 2015. She sold rye bread.
"""


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder: Path = tmp_path_factory.mktemp("press")
    return Answerer(cheap_index("gen-press", articles_of(folder, flood=FLOOD, bakery=BAKERY)))


def told(answer: Answer) -> tuple[Status, float, tuple[str, ...], list[tuple[int, str]]]:
    for citation in answer.citations:
        assert answer.hits[citation.number - 1].passage == citation.passage
    quotes = [(citation.number, citation.quote) for citation in answer.citations]
    return answer.status, answer.confidence, answer.notes, quotes


RIVER = "The river rose above the old bridge on 28 November 2016."
MILL = "The river rose above the old mill as well, and the mill fell."
HOLM = "The mayor, Anna Holm, asked for boats from all villages on the river."
COUNCIL = "On 3 December the council said that the old bridge will be rebuilt with stone."
BERG = "Per Berg, a mason, was hired by Mayor Holm."
BRANDT = "Olga Brandt opened the bakery in the harbour street in May 2015."


@pytest.mark.parametrize(
    ("question", "notes", "quotes"),
    [
        (
            "Summarise the flood in Lund",
            (),
            [(1, RIVER), (2, MILL), (3, HOLM), (4, COUNCIL), (4, BERG)],
        ),
        ("Who was involved in the flood?", (), [(1, HOLM), (2, BERG)]),
        (
            "Timeline of the flood",
            ("The Timeline tab has these dates, in order.",),
            [(1, RIVER), (2, COUNCIL)],
        ),
    ],
)
def test_an_overview_of_the_article_that_is_named(
    press: Answerer, question: str, notes: tuple[str, ...], quotes: list[tuple[int, str]]
) -> None:
    answer = press.answer(question, ["Who sold rye bread?"])
    assert told(answer) == (Status.ANSWERED, 0.95, notes, quotes)
    assert answer.searched_for == question


def test_how_an_article_ends_that_alone_is_searched(press: Answerer) -> None:
    answer = press.answer("How did it end?", scope=Scope(only=frozenset({"flood.md"})))
    notes = ("Searched in 1 of 2 articles.",)
    assert told(answer) == (Status.ANSWERED, 0.95, notes, [(1, COUNCIL), (1, BERG)])


ALL = "This looks into each of 2 articles; name one, or choose it, for more of it."


@pytest.mark.parametrize(
    ("question", "notes", "quotes"),
    [
        ("Who is involved?", (ALL,), [(1, BRANDT), (2, HOLM)]),
        ("How did it end?", (ALL,), [(1, BRANDT), (2, BERG)]),
        (
            "List all dates",
            ("The Timeline tab has these dates, in order.",),
            [(1, BRANDT), (2, RIVER), (3, COUNCIL)],
        ),
    ],
)
def test_an_overview_of_several_articles_has_one_sentence_of_each(
    press: Answerer, question: str, notes: tuple[str, ...], quotes: list[tuple[int, str]]
) -> None:
    assert told(press.answer(question)) == (Status.ANSWERED, 0.95, notes, quotes)


def test_a_summary_of_several_articles_has_the_most_central_sentence_of_each(
    press: Answerer,
) -> None:
    status, confidence, notes, quotes = told(press.answer("Summarise this"))
    assert (status, confidence, notes) == (Status.ANSWERED, 0.95, (ALL,))
    assert quotes[0] == (1, BRANDT)
    assert [number for number, _ in quotes] == [1, 2]
    assert quotes[1][1] in (RIVER, MILL, HOLM, COUNCIL, BERG)


def test_of_many_articles_the_first_eight_are_looked_into(tmp_path: Path) -> None:
    told_by = {n: f"In 19{n} Mr Smith{n} said that ship {n} had gone down." for n in range(10, 20)}
    texts = {f"a{n}": f"Title {n}\n\n{sentence}\n" for n, sentence in told_by.items()}
    articles = articles_of(tmp_path / "many", **texts)
    answer = Answerer(cheap_index("gen-many", articles)).answer("Give me an overview")
    quotes = [(n - 9, told_by[n]) for n in range(10, 18)]
    note = "This looks into the first 8 of 10 articles; name one, or choose it, for more of it."
    assert told(answer) == (Status.ANSWERED, 0.95, (note,), quotes)


def test_ten_dates_are_quoted_and_the_rest_is_told(tmp_path: Path) -> None:
    days = [f"On {day} May 1990 ship {day} sailed." for day in range(1, 13)]
    articles = articles_of(tmp_path / "ships", ships="Ships\n\n" + " ".join(reversed(days)) + "\n")
    answer = Answerer(cheap_index("gen-ships", articles)).answer("list all dates")
    notes = ("The Timeline tab has all 12 dated sentences.",)
    assert told(answer) == (Status.ANSWERED, 0.95, notes, [(1, day) for day in days[:10]])


def test_a_long_article_has_its_longest_sections_quoted(tmp_path: Path) -> None:
    sections = [f"## Part {n}\n\nShip number {n} sailed to the north.\n" for n in range(30)]
    articles = articles_of(tmp_path / "parts", parts="# Ships\n\n" + "\n".join(sections))
    answer = Answerer(cheap_index("gen-parts", articles)).answer("Summarise this")
    quotes = [(n + 1, f"Ship number {n} sailed to the north.") for n in range(24)]
    note = "The article has 30 sections; the 24 longest are quoted from."
    assert told(answer) == (Status.ANSWERED, 0.95, (note,), quotes)


def test_what_has_no_dates_is_searched_for(tmp_path: Path) -> None:
    text = "---\ntitle: Bread\n---\n\nBread was short in the town.\n"
    articles = articles_of(tmp_path / "none", none=text)
    answer = Answerer(cheap_index("gen-none", articles)).answer("list all dates")
    assert answer.notes == ()
    assert [hit.passage.text for hit in answer.hits] == ["Bread was short in the town."]


def test_what_an_article_without_a_header_is_about(tmp_path: Path) -> None:
    articles = articles_of(tmp_path / "bare", bare="Bread was short in the whole town.\n")
    answer = Answerer(cheap_index("gen-bare", articles)).answer("What is the article about?")
    quotes = [(1, "Bread was short in the whole town.")]
    assert told(answer) == (Status.ANSWERED, 0.95, (), quotes)
