"""Reads the files of data sets; errors name the file and the line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from citadel.index.errors import CitadelError


def read_text(path: Path) -> str:
    """Read a UTF-8 file.

    Raises:
        CitadelError: It can't be read, or is not UTF-8.

    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CitadelError(f"{path} is not UTF-8; save it as UTF-8.") from error
    except OSError as error:
        raise CitadelError(
            f"{path} can't be read ({error.strerror or error}); name another file."
        ) from error


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        CitadelError: It can't be read, or is no JSON.

    """
    try:
        return json.loads(read_text(path))
    except ValueError as error:
        raise CitadelError(
            f"{path} is not JSON ({error}); mend it or name another file."
        ) from error


def read_json_lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the number and the object of every line that is not blank.

    Raises:
        CitadelError: A line is no JSON object; the message names it.

    """
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except ValueError as error:
            raise CitadelError(
                f"{path}, line {number} is not JSON; write one JSON object a line."
            ) from error
        if not isinstance(values, dict):
            raise CitadelError(
                f"{path}, line {number} is not a JSON object; write one JSON object a line."
            )
        yield number, values


def field(values: object, name: str, kind: type | tuple[type, ...], where: str) -> Any:
    """Return a field that has to be there.

    Raises:
        CitadelError: It is missing or of another type; the message says where.

    """
    value = values.get(name) if isinstance(values, Mapping) else None
    if not isinstance(value, kind):
        kinds = " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
        raise CitadelError(f"{where} has no “{name}” of type {kinds}; add it.")
    return value
