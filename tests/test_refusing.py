"""Questions about what no article mentions, and those whose answer the articles withhold."""

from pathlib import Path

import pytest

from citadel.index.build.build import index_articles
from citadel.index.encoders.encoder import Encoder
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Status
from citadel.qa.answer.notes import mention_notes
from citadel.qa.answer.refusing import UNMENTIONED_CONFIDENCE
from tests.small_index import articles_of

FLOOD = """\
# The Flood in Lund

Forty people were killed by the flood in Lund, mayor Karin Holm said on Monday. The bridge over
the river was closed. Work on it begins in May.
"""
BAKERY = "# The Bakery\n\nOlga Brandt opened the bakery in Lund. She sold rye bread.\n"


@pytest.fixture(scope="module")
def lund(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    return answerer_of(tmp_path_factory.mktemp("lund"), encoder, flood=FLOOD, bakery=BAKERY)


def answerer_of(folder: Path, encoder: Encoder, **texts: str) -> Answerer:
    articles = articles_of(folder, **texts)
    return Answerer(index_articles("gen-1", articles, encoder, lambda _done, _total: None))


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("What did Obama say about the flood in Lund?", "These articles don't mention Obama."),
        (
            "What did Obama and Merkel say about the flood in Lund?",
            "These articles don't mention Obama or Merkel.",
        ),
        (
            "Who told Obama, and what did Merkel say of the flood?",
            "These articles don't mention Obama or Merkel.",
        ),
    ],
)
def test_who_is_not_mentioned_is_not_answered_for(lund: Answerer, question: str, note: str) -> None:
    answer = lund.answer(question)
    assert (answer.status, answer.citations, answer.notes) == (Status.NOT_FOUND, (), (note,))
    assert 0 <= answer.confidence <= UNMENTIONED_CONFIDENCE


def test_of_one_article(tmp_path: Path, encoder: Encoder) -> None:
    answer = answerer_of(tmp_path, encoder, flood=FLOOD).answer("What did Obama say of the flood?")
    assert (answer.status, answer.notes) == (
        Status.NOT_FOUND,
        ("This article doesn't mention Obama.",),
    )


def test_the_part_about_who_is_mentioned_is_answered(lund: Answerer) -> None:
    answer = lund.answer("How many people were killed in Lund, and what did Obama say of it?")
    assert answer.status is not Status.NOT_FOUND
    assert answer.notes[0] == "These articles don't mention Obama."
    assert "Forty people were killed" in answer.citations[0].quote


@pytest.mark.parametrize(
    "question", ["What did Karin Holm say?", "What did Karen Holmes say?", "What did Holm say?"]
)
def test_who_is_mentioned_in_any_spelling_is_not_refused(lund: Answerer, question: str) -> None:
    answer = lund.answer(question, literal=True)
    assert [note for note in answer.notes if "mention" in note] == []


def test_a_follow_up_carries_nothing_over_from_a_name_that_nothing_mentions(lund: Answerer) -> None:
    answer = lund.answer("What did he say?", ["What did Obama say about the flood in Lund?"])
    assert answer.searched_for == "What did he say?"


@pytest.mark.parametrize(
    ("names", "articles", "notes"),
    [
        ((), 2, ()),
        (("A",), 1, ("This article doesn't mention A.",)),
        (("A",), 2, ("These articles don't mention A.",)),
        (("A", "B", "C"), 2, ("These articles don't mention A, B or C.",)),
    ],
)
def test_names_are_listed(names: tuple[str, ...], articles: int, notes: tuple[str, ...]) -> None:
    assert mention_notes(names, articles) == notes
