"""Answers the questions of a file into another file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from index.errors import CitadelError
from qa.answering import Answerer
from qa.batch import answer_lines


def write_answers(answerer: Answerer, lines: Iterable[str], passages: int, out: TextIO) -> bool:
    """Write an answer for each line; tell whether any line failed."""
    failed = False
    for line in answer_lines(answerer, lines, passages):
        out.write(line.text + "\n")
        out.flush()
        failed = failed or line.failed
    return failed


@contextmanager
def open_lines(name: str) -> Iterator[Iterable[str]]:
    """Open a file of questions, or the standard input for “-”."""
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
