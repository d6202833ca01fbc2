"""Answers questions given as JSON Lines, one answer a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from index.errors import CitadelError
from index.scope import Scope
from qa.answering import Answerer
from qa.answers import answer_record

_UNDECODED = re.compile("[\udc80-\udcff]")
"""What Python's “surrogateescape” makes of a byte that is no UTF-8."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of output.

    Attributes:
        text: A JSON object without a line break.
        failed: Whether it tells an error instead of an answer.

    """

    text: str
    failed: bool


@dataclass(frozen=True, slots=True)
class _Request:
    question: str
    history: tuple[str, ...]
    scope: Scope


def answer_lines(answerer: Answerer, lines: Iterable[str], passages: int) -> Iterator[BatchLine]:
    """Answer each line ``{"id": …, "question": …, "history": […]?, "scope": {…}?}``, in order.

    A malformed line gives ``{"id": …, "error": …}`` in its place; blank lines are no questions.

    Args:
        answerer: Who answers.
        lines: JSON objects; other keys than those above are ignored. Bytes that are no UTF-8
            are expected as Python's “surrogateescape” decodes them.
        passages: How many passages to list with each answer at most.

    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        identifier: str | int | None = None
        try:
            values = _object(line, number)
            identifier = _identifier(values)
            request = _request(values, number)
            answer = answerer.answer(request.question, request.history, passages, request.scope)
        except CitadelError as error:
            yield BatchLine(_json({"id": identifier, "error": str(error)}), failed=True)
        else:
            yield BatchLine(_json({"id": identifier, **answer_record(answer)}), failed=False)


def _object(line: str, number: int) -> dict[str, Any]:
    if _UNDECODED.search(line):
        raise CitadelError(f"Line {number} is not UTF-8; save the questions as UTF-8.")
    try:
        values = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise CitadelError(f"Line {number} is not JSON; write one JSON object a line.") from error
    if not isinstance(values, dict):
        raise CitadelError(f"Line {number} is not a JSON object; write one JSON object a line.")
    return values


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _identifier(values: dict[str, Any]) -> str | int | None:
    """Return the “id” to tell an error under: a number, too, although it is refused."""
    identifier = values.get("id")
    return identifier if isinstance(identifier, str | int) else None


def _request(values: dict[str, Any], number: int) -> _Request:
    if not isinstance(values.get("id"), str):
        raise CitadelError(f"Line {number} has no “id”; give it one, a string.")
    if not isinstance(values.get("question"), str):
        raise CitadelError(f"Line {number} has no “question”; give it one, a string.")
    history = values.get("history", [])
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise CitadelError(
            f"Line {number}: “history” must be a list of strings, the earlier questions."
        )
    try:
        scope = Scope.of(values.get("scope", {}))
    except CitadelError as error:
        raise CitadelError(f"Line {number}: {error}") from error
    return _Request(values["question"], tuple(history), scope)


def _json(values: dict[str, Any]) -> str:
    # ASCII only: a lone surrogate from the input can't be encoded, its escape can.
    return json.dumps(values, ensure_ascii=True)
