"""Reads JSON Lines in the form of BEIR's corpus: an article a line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from citadel.index.corpus.decoding import visible
from citadel.index.corpus.formats.document import Document, FileContents, Part, compose
from citadel.index.corpus.formats.text_files import readable_text
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.metadata import FIELDS, plausible_metadata
from citadel.index.errors import CitadelError

_TOLD_LINES = 20
"""How many lines that are no articles are reported one by one."""

_GAP = re.compile(r"\n\s*\n")


def read_json_lines(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read ``{"_id": …, "title": …, "text": …}`` lines; a blank line in a text ends a paragraph.

    The other fields of front matter may stand next to these. A line that is no article is reported,
    and the others are read (Thakur et al., BEIR, 2021, arXiv:2104.08663, for the form).
    """
    decoded = readable_text(data, source)
    documents: dict[str, Document] = {}
    failures: list[str] = []
    for number, line in enumerate(decoded.text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            document = _document(line, known, decoded.notes)
        except CitadelError as error:
            failures.append(f"line {number} {error}")
            continue
        if document.name in documents:
            failures.append(
                f"line {number} has the _id {document.name!r} of a line before; give it another one"
            )
            continue
        documents[document.name] = document
    if len(failures) > _TOLD_LINES:
        more = len(failures) - _TOLD_LINES
        lines = "1 more line is no article" if more == 1 else f"{more:,} more lines are no articles"
        failures = [*failures[:_TOLD_LINES], f"{lines}; mend these first"]
    return FileContents(tuple(documents.values()), tuple(failures))


def _document(line: str, known: Mapping[str, str], notes: tuple[str, ...]) -> Document:
    try:
        values: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CitadelError("is not JSON; write one JSON object on each line") from error
    if not isinstance(values, dict):
        raise CitadelError("is not a JSON object; write {“_id”: …, “text”: …}")
    name, text = values.get("_id"), values.get("text")
    if not isinstance(name, str | int) or not visible(str(name)).strip():
        raise CitadelError("has no “_id”; give each line one of its own")
    if not isinstance(text, str) or not visible(text).strip():
        raise CitadelError("has no “text”; write the article into it or take the line out")
    told = {field: values[field] for field in FIELDS if isinstance(values.get(field), str)}
    metadata = {"language": detect_language(text), **plausible_metadata(told), **known}
    parts = [Part(BlockKind.PARAGRAPH, paragraph) for paragraph in _GAP.split(text)]
    return compose(metadata, parts, notes, name=" ".join(visible(str(name)).split()))
