"""Where the time of a question goes: the steps of an answer, timed in many answers."""

from __future__ import annotations

import cProfile
import json
import pstats
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from citadel.evaluation.reports.report import markdown_table
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import answer_record

STEPS = {
    "encoding the question": {("index/encoders/transformer.py", "encode_questions")},
    "reading spellings": {("index/retrieval/spellings.py", "correct")},
    "proposing passages by their vectors and words": {
        ("index/retrieval/passage_index.py", "candidates"),
        ("index/retrieval/lexical.py", "scores"),
    },
    "matching the tokens of their sentences": {
        ("index/retrieval/late_interaction.py", "token_matches"),
        ("index/retrieval/late_interaction.py", "matches_in_context"),
    },
    "judging how probable the answer is": {
        ("qa/answer/confidence.py", "judge"),
        ("index/retrieval/signals.py", "topic_signals"),
    },
    "choosing and cutting the quotes": {("qa/answer/quoting.py", "quote")},
    "writing JSON": {("qa/answer/answers.py", "answer_record"), ("json/__init__.py", "dumps")},
}
"""The steps, none within another, with the functions that take them."""


def markdown_profile(answerer: Answerer, questions: Sequence[str]) -> str:
    """Return a Markdown table: the share of each step, and its microseconds in a median answer.

    The profiler slows down what is written in Python more than what is not; so the shares are the
    profiler's, the microseconds those shares of the time that answers took without it.
    """
    _answer_all(answerer, questions)
    times = []
    for question in questions:
        started = time.perf_counter()
        _answer(answerer, question)
        times.append(time.perf_counter() - started)
    profiler = cProfile.Profile()
    started = time.perf_counter()
    profiler.runcall(_answer_all, answerer, questions)
    # By the clock: from Python 3.12 on, the profiler may lose the functions around all others.
    whole = time.perf_counter() - started
    found = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    cumulative = {
        (_named(Path(file)), function): times[3] for (file, _line, function), times in found.items()
    }
    shares = {
        name: sum(cumulative[each] for each in functions) / whole
        for name, functions in STEPS.items()
    }
    shares["all else: features, ranking, notes"] = 1 - sum(shares.values())
    median = float(np.median(times))
    rows = [
        [name, f"{share:.0%}", f"{share * median * 1e6:,.0f}"] for name, share in shares.items()
    ]
    rows.append(["**together**", "100%", f"{median * 1e6:,.0f}"])
    return markdown_table(["step", "share", "µs"], rows)


def _named(file: Path) -> str:
    """Return a path of Citadel by part, wing and module, any other by its last two names."""
    own = file.parts[-3:]
    return "/".join(own if own[0] in ("index", "qa", "evaluation") else own[-2:])


def _answer_all(answerer: Answerer, questions: Sequence[str]) -> None:
    for question in questions:
        _answer(answerer, question)


def _answer(answerer: Answerer, question: str) -> None:
    json.dumps(answer_record(answerer.answer(question)))
