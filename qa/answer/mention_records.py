"""Mentions as records that other programs read, and as files for a spreadsheet. Pure.

Each row is a passage with its place: offsets count code points in the stored text of its source,
and the text equals that slice.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.qa.answer.answers import publication
from citadel.qa.answer.mentions_of import AllMentions, MentioningPassage

COLUMNS = (
    "source", "title", "publisher", "date", "url", "section", "paragraph", "page", "place", "id",
    "start", "end", "text", "mentions", "written", "places", "page_label",
)  # fmt: skip
"""Of the CSV file, in their order."""

_CALCULATED = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet, which may send what is in it elsewhere."""


class Format(StrEnum):
    """What mentions are written as."""

    CSV = "csv"
    JSON_LINES = "jsonl"


def mention_record(found: MentioningPassage, article: Article) -> dict[str, Any]:
    """Return a passage with its mentions as a JSON object."""
    passage = found.passage
    whole = Span(passage.start, passage.end)
    doubts = passage.doubts_about(whole)
    return {
        "id": f"{passage.source}:{passage.paragraph}",
        "source": passage.source,
        "title": passage.title,
        **publication(article),
        "section": passage.section,
        "paragraph": passage.paragraph,
        "page": passage.page_of(whole),
        **({"page_label": label} if (label := passage.printed_page_of(whole)) else {}),
        "place": passage.place_of(whole) or None,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        **({"doubts": [doubt.value for doubt in doubts]} if doubts else {}),
        "mentions": [
            {"start": span.start, "end": span.end, "text": passage.quote(span)}
            for span in found.spans
        ],
    }


def exported(mentions: AllMentions, form: Format) -> Iterator[str]:
    """Yield the lines of a file with all mentions, each with its line break.

    Args:
        mentions: What was found.
        form: The form of the file. In CSV the cells of a formula's first letters get an
            apostrophe before them, so that no spreadsheet calculates what a source says.

    """
    articles = {article.source: article for article, _ in mentions.by_article}
    records = (mention_record(each, articles[each.passage.source]) for each in mentions.passages())
    if form is Format.JSON_LINES:
        return (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return _as_csv(map(_row, records))


def _row(record: Mapping[str, Any]) -> list[str]:
    mentions = record["mentions"]
    cells = {
        **record,
        "page": "" if record["page"] is None else record["page"],
        "page_label": record.get("page_label", ""),
        "place": record["place"] or "",
        "mentions": len(mentions),
        "written": "; ".join(dict.fromkeys(each["text"] for each in mentions)),
        "places": " ".join(f"{each['start']}-{each['end']}" for each in mentions),
    }
    return [_cell(str(cells[column])) for column in COLUMNS]


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_CALCULATED) else text


def _as_csv(rows: Iterable[list[str]]) -> Iterator[str]:
    yield _line(list(COLUMNS))
    yield from map(_line, rows)


def _line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
