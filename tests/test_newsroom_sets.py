"""The questions of the newsroom that only teach, and those that teach nothing."""

from collections import Counter

import pytest

from citadel.evaluation.data.datasets import NEWSROOM, newsroom_for_training, read_dataset
from citadel.evaluation.data.questions import Dataset
from citadel.evaluation.fitting.training_data import HELD_OUT
from citadel.evaluation.scoring.judging import Judge


@pytest.fixture(scope="module")
def sets() -> list[Dataset]:
    return newsroom_for_training()


def test_they_are_of_these_kinds(sets: list[Dataset]) -> None:
    assert Counter(question.kind for each in sets for question in each.questions) == {
        "paraphrase": 3109,
        "roundabout": 1188,
        "unanswerable-near": 1132,
        "keywords": 937,
        "list": 301,
    }
    assert {each.name: len(each.articles) for each in sets} == dict.fromkeys(
        "bcdefghi", 9
    ) | dict.fromkeys("jklmn", 8)


def test_all_evidence_stands_in_its_article(sets: list[Dataset]) -> None:
    for each in sets:
        assert_evidence_stands(each)


def assert_evidence_stands(dataset: Dataset) -> None:
    for question in Judge(dataset.articles, dataset.questions).questions:
        found = [{place.source for place in piece.places} for piece in question.evidence]
        assert found == [{question.article}] * len(question.evidence), question.id


def test_none_is_about_an_article_that_the_reader_is_measured_on(sets: list[Dataset]) -> None:
    asked_about = {question.article for each in sets for question in each.questions}
    assert asked_about & HELD_OUT == set()
    assert asked_about == {a.source for each in sets for a in each.articles} - HELD_OUT


def test_what_nothing_is_fitted_to_lies_apart_and_is_whole() -> None:
    unseen = read_dataset(NEWSROOM.with_name("unseen"))
    kinds = Counter(question.kind for question in unseen.questions)
    assert (kinds["paraphrase"], kinds["unanswerable-near"], sum(kinds.values())) == (30, 15, 100)
    assert_evidence_stands(unseen)
    names = {article.source for article in unseen.articles}
    for folder in NEWSROOM.glob("?"):
        assert names.isdisjoint(path.name for path in (folder / "articles").iterdir())
