"""What is said before and after a question is not searched for."""

import pytest

from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.courtesies import without_courtesies


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Can you tell me who leads it?", "who leads it?"),
        ("Hello, could you please tell me when the siege began?", "when the siege began?"),
        ("Good morning. Who won the vote?", "Who won the vote?"),
        ("I'd like to know on which day it fell, please", "on which day it fell"),
        ("i was wondering if the mayor won", "if the mayor won"),
        ("Sorry, quick question: where is it? Thanks!", "where is it?"),
        ("Please list all the groups", "list all the groups"),
        ("does anyone know why they left", "why they left"),
    ],
)
def test_a_question_is_what_is_left_of_it(said: str, asked: str) -> None:
    assert without_courtesies(said) == asked


@pytest.mark.parametrize(
    "said",
    [
        "Who leads it?",
        "Can the company still sue?",
        "Could anyone face trial?",
        "Did anybody say who paid?",
        "Can you tell me about the hospital?",
        "please tell me who",
        "“Who won” – what is that?",
        "Tell Rashaf siege start",
        "hello",
        "thanks",
        "",
    ],
)
def test_what_asks_something_itself_stays(said: str) -> None:
    assert without_courtesies(said) == said


def test_a_polite_question_is_answered_like_a_plain_one(answerer: Answerer) -> None:
    plain = answerer.answer("who is Sergey Lavrov?")
    polite = answerer.answer("Hello, can you please tell me who is Sergey Lavrov?")
    assert (polite.searched_for, polite.status, polite.confidence, polite.citations) == (
        plain.question,
        plain.status,
        plain.confidence,
        plain.citations,
    )
    follow_up = "Could you tell me when he spoke, please?"
    history = ["Can you tell me who is Sergey Lavrov?"]
    assert answerer.answer(follow_up, history).leans_on == ("who is Sergey Lavrov?",)
