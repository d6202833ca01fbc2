"""Answers questions given as JSON Lines, one answer a line."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from citadel.index.corpus.scope import Scope
from citadel.index.corpus.scope_names import check_names
from citadel.index.errors import CitadelError
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import answer_record

_UNDECODED = re.compile("[\udc80-\udcff]")
"""What Python's “surrogateescape” makes of a byte that is no UTF-8."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of output.

    Attributes:
        text: A JSON object without a line break.
        failed: Whether it reports an error instead of an answer.

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
            check_names(request.scope, answerer.index.articles)
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
    """Return the “id” to report an error under: a number, too, although it is refused."""
    identifier = values.get("id")
    return identifier if isinstance(identifier, str | int) else None


def _request(values: dict[str, Any], number: int) -> _Request:
    for name in ("id", "question"):
        if values.get(name) is None:
            raise CitadelError(f"Line {number} has no “{name}”; give it one, a string.")
        if not isinstance(values[name], str):
            raise CitadelError(
                f"Line {number}: “{name}” must be a string; write it in quotation marks."
            )
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


def write_answers(answerer: Answerer, lines: Iterable[str], passages: int, out: TextIO) -> bool:
    """Write an answer for each line; return whether any line failed."""
    failed = False
    for line in answer_lines(answerer, lines, passages):
        out.write(line.text + "\n")
        out.flush()
        failed = failed or line.failed
    return failed


@contextmanager
def open_lines(name: str) -> Iterator[Iterable[str]]:
    """Open a file of questions, or the standard input for “-”."""
    if not name.strip():
        raise CitadelError("The name of the file to read is empty; name one, or - for stdin.")
    try:
        # The standard input's number is opened, not sys.stdin, which has the locale's encoding.
        file = open(  # noqa: SIM115
            sys.stdin.fileno() if name == "-" else name,
            encoding="utf-8-sig",
            errors="surrogateescape",
            closefd=name != "-",
        )
    except OSError as error:
        raise CitadelError(
            f"{name} can't be read ({error.strerror}); name another file."
        ) from error
    with file:
        yield file


@contextmanager
def open_writer(name: str) -> Iterator[TextIO]:
    """Open a file for answers, or the standard output for “-”.

    The file gets its name when it is complete, so that a failure leaves an older one as it was.
    What is no file, such as /dev/null, is written to as it is.
    """
    if name == "-":
        yield sys.stdout
        return
    if not name.strip():
        raise CitadelError("The name of the file to write is empty; name one, or - for stdout.")
    path = Path(name).resolve()
    if path.is_dir():
        raise CitadelError(f"{name} is a folder; name a file to write the answers to.")
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as device:
            yield device
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            yield file
        partial.replace(path)
    except OSError as error:
        raise CitadelError(
            f"{name} can't be written ({error.strerror}); name another file with --output."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
