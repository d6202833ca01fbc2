"""What is no column next to the text: notes in the margin, and the marks of lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from citadel.index.corpus.formats.column_kinds import PROSE_LINES
from citadel.index.corpus.formats.page_gaps import spans_of
from citadel.index.corpus.formats.page_rows import rows_of
from citadel.index.corpus.formats.printed_words import Run

_MARKER = re.compile(r"[-*+•●○■▪◦‣–—·]|\d{1,3}[.)]|\(?[a-z]\)|\(\d{1,2}\)")
_MARKER_GAP = 3.5
_LONG = 0.6
_NOTE_SIZE = 0.9


def with_markers(runs: Sequence[Run]) -> list[Run]:
    """Put the markers of lists to what follows them on their lines: they are no column."""
    joined: list[Run] = []
    for row in rows_of(runs):
        marker: Run | None = None
        for run in row:
            follows = marker is not None and run.left - marker.right <= _MARKER_GAP * run.size
            if marker is not None and follows and not run.raised:
                text, left = f"{marker.text} {run.text}", min(marker.left, run.left)
                joined.append(replace(run, text=text, left=left, spaced=marker.spaced))
                marker = None
                continue
            joined += [marker] if marker is not None else []
            marker = run if not run.raised and _MARKER.fullmatch(run.text) else None
            joined += [run] if marker is None else []
        joined += [marker] if marker is not None else []
    return joined


def without_margin(runs: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """Part notes in the margin from the text: they are set smaller, beyond all its long lines."""
    rows = [(spans_of(row), row) for row in rows_of(runs)]
    widest = max((right - left for spans, _ in rows for left, right in spans), default=0.0)
    body = [
        (left, right, row[0].size)
        for spans, row in rows
        for left, right in spans
        if right - left > _LONG * widest
    ]
    if len(body) < PROSE_LINES:
        return list(runs), []
    start, end = min(left for left, _, _ in body), max(right for _, right, _ in body)
    size = median(size for _, _, size in body)
    margin = [
        run
        for run in runs
        if run.size <= _NOTE_SIZE * size and (run.right < start - 2 or run.left > end + 2)
    ]
    beyond = set(map(id, margin))
    return [run for run in runs if id(run) not in beyond], margin
