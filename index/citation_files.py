"""Reads back what was cited: from files of answers, and from transcripts that the page saved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import CitadelError

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|~!&])")
_INDEX = re.compile(r"Asked .* UTC, of the index (?P<generation>\S+)\.")
_PLACE = re.compile(r"\\\[\d+\\\] .*\((?P<source>.*), characters (?P<start>\d+) to (?P<end>\d+)\)")


@dataclass(frozen=True, slots=True)
class Cited:
    """A text that is said to stand at a place of a source.

    Attributes:
        where: Where in the file it is cited.
        source: The file name of the article.
        start: First code point in the stored text.
        end: One past its last.
        text: What is said to stand there.
        sha256: Of the stored text of the article; "" where the file does not tell it.
        generation: Of the index that answered; "" where the file does not tell it.
        one_line: Whether line breaks and runs of spaces were made single spaces.

    """

    where: str
    source: str
    start: int
    end: int
    text: str
    sha256: str
    generation: str
    one_line: bool = False


def read_citations(path: Path) -> tuple[Cited, ...]:
    """Read the citations of a file, in order.

    Args:
        path: An answer as JSON, answers as JSON Lines, or a transcript in Markdown.

    Raises:
        CitadelError: It can't be read, or is none of these.

    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CitadelError(f"{path} can't be read ({reason}); name a file of answers.") from error
    if not text.lstrip().startswith(("{", "[")):
        return _of_transcript(path, text)
    try:
        return tuple(_of_answers(path, text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CitadelError(
            f"{path} is no file of answers; write one with “python -m qa ask --json” or --batch."
        ) from error


def _of_answers(path: Path, text: str) -> Iterator[Cited]:
    for where, answer in _answers(path, text):
        if "error" in answer:
            continue  # A line of a batch that was no question.
        hashes: dict[str, str] = answer.get("sources", {})
        for kind, name, records in (
            ("quote", "quote", answer["answers"]),
            ("passage", "text", answer["passages"]),
        ):
            for number, record in enumerate(records, start=1):
                yield Cited(
                    where=f"{where}, {kind} {number}",
                    source=str(record["source"]),
                    start=int(record["start"]),
                    end=int(record["end"]),
                    text=str(record[name]),
                    sha256=str(hashes.get(record["source"], "")),
                    generation=str(answer["index"]),
                )


def _answers(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each answer, and where it stands."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield f"{path}, line {number}", json.loads(line)
        return
    if isinstance(whole, list):
        yield from ((f"{path}, answer {n}", answer) for n, answer in enumerate(whole, start=1))
    else:
        yield str(path), whole


def _of_transcript(path: Path, text: str) -> tuple[Cited, ...]:
    found = []
    generation = quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("> "):
            quote = _unescaped(line.removeprefix("> "))
        elif index := _INDEX.fullmatch(line):
            generation = _unescaped(index["generation"])
        elif place := _PLACE.fullmatch(line):
            start, end = int(place["start"]), int(place["end"])
            where, source = f"{path}, line {number}", _unescaped(place["source"])
            found.append(Cited(where, source, start, end, quote, "", generation, one_line=True))
    if not generation:
        raise CitadelError(f"{path} is neither a file of answers nor a transcript; name another.")
    return tuple(found)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
