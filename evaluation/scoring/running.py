"""Asks the questions of a data set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from citadel.evaluation.data.questions import Question
from citadel.evaluation.scoring.responses import Response, failed_response, response_of
from citadel.index.errors import CitadelError
from citadel.qa.answer.answers import Answer

PASSAGES = 10
"""How many passages are asked for: as many as MRR@10 and nDCG@10 look at."""

Progress = Callable[[int, int], None]
Responses = dict[str, Response]


class Answers(Protocol):
    """Who answers: an Answerer, or what stands in for one."""

    def answer(self, question: str, history: Sequence[str], passages: int) -> Answer:
        """Answer a question, listing at most this many passages."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers to the questions of a data set, by the questions' identifiers.

    Attributes:
        responses: To every question, with its history.
        without_history: To every question that has a history, asked without it.
        rewritten: To the rewriting of every question that has one, asked without history.

    """

    responses: Responses
    without_history: Responses
    rewritten: Responses


def ask_all(answerer: Answers, questions: Sequence[Question], progress: Progress) -> Asked:
    """Ask every question, and the follow-ups again without what came before them.

    Args:
        answerer: Who answers.
        questions: At least one.
        progress: Called with the number of questions asked so far, and in all.

    """
    followups = [question for question in questions if question.history]
    rewritten = [question for question in followups if question.rewrite]
    total = len(questions) + len(followups) + len(rewritten)
    done = 0

    def ask(identifier: str, text: str, history: Sequence[str]) -> Response:
        nonlocal done
        response = _ask(answerer, identifier, text, history)
        done += 1
        progress(done, total)
        return response

    # The first question after loading is slower than any other; ask it once uncounted.
    _ask(answerer, questions[0].id, questions[0].text, questions[0].history)
    return Asked(
        responses={q.id: ask(q.id, q.text, q.history) for q in questions},
        without_history={q.id: ask(q.id, q.text, ()) for q in followups},
        rewritten={q.id: ask(q.id, q.rewrite, ()) for q in rewritten},
    )


def _ask(answerer: Answers, identifier: str, text: str, history: Sequence[str]) -> Response:
    """Ask one question; one that can't be asked, such as one too long, is part of the result."""
    try:
        return response_of(identifier, answerer.answer(text, history, PASSAGES))
    except CitadelError as error:
        return failed_response(identifier, text, str(error))
