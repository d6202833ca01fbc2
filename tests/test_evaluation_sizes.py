"""How answers hold as a collection grows around the articles that are asked about."""

import re
from pathlib import Path

import pytest

from citadel.evaluation.data.questions import Dataset, Evidence, Need, Question
from citadel.evaluation.reports.plots import sizes_plot
from citadel.evaluation.reports.sizes import markdown_sizes
from citadel.evaluation.scoring.collection_sizes import AtSize, measure_sizes, one_article_each
from citadel.evaluation.scoring.results import JudgedQuestion
from citadel.index.retrieval.stages import ONLY_RANKER
from citadel.qa.answer.answers import Status
from tests.fake_encoder import FakeEncoder
from tests.small_index import BRIDGE, FERRY, articles_of


def question(article: str, text: str, evidence: str) -> Question:
    return Question(
        article, "fact", text, (), True, (Evidence(evidence),), Need.ANY, article=article
    )


@pytest.fixture
def rivers(tmp_path: Path) -> Dataset:
    articles = articles_of(tmp_path / "rivers", bridge=BRIDGE, ferry=FERRY)
    asked = (
        question("bridge.md", "Who will rebuild the bridge?", "The council will rebuild the"),
        question("ferry.md", "What crosses the river?", "The ferry crosses the river."),
    )
    return Dataset("rivers", asked, articles)


def test_each_paragraph_becomes_an_article(tmp_path: Path) -> None:
    (found,) = articles_of(tmp_path, mill="The mill grinds.\n\nThe weir holds the water back.\n")
    assert [(each.source, each.text) for each in one_article_each([found])] == [
        ("mill.md 0", "The mill grinds."),
        ("mill.md 1", "The weir holds the water back."),
    ]


def test_the_same_questions_are_asked_of_ever_more_articles(
    tmp_path: Path, rivers: Dataset
) -> None:
    others = articles_of(tmp_path / "others", mill="The mill grinds corn.\n\nIt is old.\n")
    done: list[str] = []
    found = measure_sizes(rivers, others, [1, 2, 3], FakeEncoder(), ONLY_RANKER, done.append)
    assert [(each.articles, each.passages) for each in found] == [(1, 2.5), (2, 5.0), (3, 7.0)]
    assert [[asked.id for asked in each.questions] for each in found] == [
        ["bridge.md", "ferry.md"]
    ] * 3
    assert done == ["asked of 1", "asked of 2", "asked of 3"]


@pytest.mark.parametrize("size", [4, 5])
def test_no_collection_is_larger_than_all_articles(rivers: Dataset, size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} articles: there are 2 and 0 others"):
        measure_sizes(rivers, (), [size], FakeEncoder(), ONLY_RANKER, lambda _: None)


def judged(kind: str, status: Status, confidence: float, first: float) -> JudgedQuestion:
    answerable = not kind.startswith("unanswerable")
    names = ("hit@1", "hit@3", "sentence@1", "sentence@3") if answerable else ()
    values = dict.fromkeys(names, first)
    return JudgedQuestion(
        f"{kind} {confidence}", kind, "Who?", (), answerable, status, confidence, (), "", 1.0,
        values, {}, {},
    )  # fmt: skip


TWO = AtSize(
    2,
    3.5,
    (
        judged("fact", Status.ANSWERED, 0.9, 1.0),
        judged("fact", Status.ANSWERED, 0.7, 0.0),
        judged("unanswerable-near", Status.ANSWERED, 0.8, 0.0),
        judged("unanswerable-offtopic", Status.NOT_FOUND, 0.1, 0.0),
    ),
)


def test_a_row_for_each_size() -> None:
    assert markdown_sizes([TWO]).splitlines()[2] == (
        "| 2 | 4 | .500 | .500 | .500 | .500 | 1.000 | 1.000 | .500 | 1.000 | 1.000 | .325 | 50 |"
    )


def test_a_diagram_for_each_size() -> None:
    drawn = sizes_plot([TWO, AtSize(1, 1.0, TWO.questions)])
    assert re.findall(r">(\d+ articles|an article|ECE .*)</text>", drawn) == [
        "2 articles",
        "ECE 0.325, Brier 0.188",
        "an article",
        "ECE 0.325, Brier 0.188",
    ]
