"""How long an answer takes, against the bare encoding of its question in the same process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from citadel.evaluation.data.questions import Question
from citadel.evaluation.reports.report import markdown_table
from citadel.qa.answer.answering import Answerer


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of the same questions, in milliseconds.

    Attributes:
        answers: To answer each question.
        encodings: To encode each question and nothing more.

    """

    answers: tuple[float, ...]
    encodings: tuple[float, ...]

    def ratio(self, percentile: float) -> float:
        """Return how many times as long as an encoding an answer takes, at a percentile."""
        return float(
            np.percentile(self.answers, percentile) / np.percentile(self.encodings, percentile)
        )


def time_against_encoding(
    answerer: Answerer, encode: Callable[[str], object], questions: Sequence[Question]
) -> Timing:
    """Answer and encode each question in turn, so that both meet the same load of the machine.

    Args:
        answerer: Who answers.
        encode: The bare ``model.encode`` of one text.
        questions: At least one; the first is asked once more before the clock runs.

    """
    answers, encodings = [], []
    for question in (questions[0], *questions):
        encodings.append(_milliseconds(partial(encode, question.text)))
        answers.append(answerer.answer(question.text, question.history).elapsed_ms)
    return Timing(tuple(answers[1:]), tuple(encodings[1:]))


def markdown_timing(timing: Timing) -> str:
    """Return the times and their ratio as Markdown."""
    rows = [
        [name, *(f"{np.percentile(times, p):.1f}" for p in (50, 99))]
        for name, times in (
            ("an answer, ms", timing.answers),
            ("model.encode of the question, ms", timing.encodings),
        )
    ]
    rows.append(["ratio", *(f"{timing.ratio(p):.2f}" for p in (50, 99))])
    return "## Time against the bare encoding\n\n" + markdown_table(["", "p50", "p99"], rows) + "\n"


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
