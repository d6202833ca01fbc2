"""The link to an answer: it has what the answer leans on, and says where it is another one."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer, Status
from citadel.qa.page.links import answer_link, known_by, other_than_linked
from citadel.qa.page.locales import Locale
from tests.reader import CIVILIANS
from tests.rendered import answer_of

OLD, NEW = "gen-20261103T101112-aaaaaa", "gen-20261129T101112-bbbbbb"


def of_snapshot(snapshot: str) -> Answer:
    return replace(answer_of(Status.NOT_FOUND, question="When & why?"), snapshot=snapshot)


def test_a_link_has_all_that_its_answer_was_made_from() -> None:
    answer = replace(of_snapshot(NEW), leans_on=("Who is Erik Holm?", "And Olga?"))
    scope = Scope(only=frozenset({"b.md", "ä.md"}))
    link = answer_link(answer, scope, literal=True)
    assert link.startswith("q=When%20%26%20why%3F&after=Who%20is%20Erik%20Holm%3F&")
    assert parse_qsl(link) == [
        ("q", "When & why?"),
        ("after", "Who is Erik Holm?"),
        ("after", "And Olga?"),
        ("words", "only"),
        ("only", "b.md"),
        ("only", "ä.md"),
        ("index", NEW),
        ("answer", known_by(answer)),
    ]
    left_out = parse_qsl(answer_link(answer, Scope(without=frozenset({"c.md"})), literal=False))
    assert left_out[3] == ("without", "c.md")
    assert (
        answer_link(replace(answer, question="\ud800"), EVERYTHING, literal=False)[:6] == "q=%3F&"
    )


EARLIER = (
    "The link came with another answer: it was made with an earlier version of the index, of "
    "3 November 2026; the articles have changed since."
)
OTHER = (
    "The link came with another answer: it was made with another version of the index, or of "
    "Citadel."
)


@pytest.mark.parametrize(
    ("linked", "told"),
    [
        (None, ""),
        (7, ""),
        ({}, ""),
        ({"index": "", "answer": "x"}, ""),
        ({"index": 7, "answer": 7}, ""),
        ({"index": OLD, "answer": "0" * 12}, EARLIER),
        ({"index": OLD}, EARLIER),
        ({"index": NEW, "answer": "0" * 12}, OTHER),
        ({"index": "gen-20991231T000000-cccccc", "answer": "0" * 12}, OTHER),
        ({"index": "gen-20269999T000000-cccccc", "answer": "0" * 12}, OTHER),
        ({"index": "<b>", "answer": "0" * 12}, OTHER),
    ],
)
def test_another_answer_than_that_of_the_link_is_told(linked: object, told: str) -> None:
    assert other_than_linked(of_snapshot(NEW), linked) == told


def test_the_same_answer_of_another_version_is_the_same() -> None:
    before = of_snapshot(OLD)
    linked = {"index": OLD, "answer": known_by(before)}
    assert other_than_linked(of_snapshot(NEW), linked) == ""
    told = other_than_linked(of_snapshot(NEW), {"index": OLD}, Locale("ar"))
    assert "3 نوفمبر 2026" in told


def test_a_follow_up_needs_no_more_than_what_it_leans_on(answerer: Answerer) -> None:
    history = ("What is the capital of Australia?", "Who is Joseph Daher?", CIVILIANS)
    follow_up = "How many of them were children?"
    answer = answerer.answer(follow_up, history)
    again = answerer.answer(follow_up, answer.leans_on)
    assert answer.leans_on == again.leans_on == (CIVILIANS,)
    assert again.searched_for == answer.searched_for != follow_up
    assert known_by(again) == known_by(answer)
    assert answerer.answer(CIVILIANS, history).leans_on == ()
