"""Whether what is read one after another was written one after another, too. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from citadel.index.corpus.formats.printed_lines import Line, begins_item, ends_sentence
from citadel.index.corpus.formats.printed_words import Run

_WORDS = 3
"""Fewer words are a label, or the number of a page."""

Places = tuple[int, int]
"""Where the first and the last run of a line stand in the order in which the page was written."""


def places_of(row: Sequence[Run]) -> Places:
    """Return where the runs of a line were written."""
    places = [run.place for run in row]
    return min(places), max(places)


def is_torn(row: Sequence[Run]) -> bool:
    """Return whether reading leaps within a line, from some words to others written elsewhere."""
    return any(
        abs(other.place - run.place) > 1
        and min(len(each.text.split()) for each in (run, other)) >= _WORDS
        for run, other in pairwise(row)
    )


def leaps(lines: Sequence[Line], written: Mapping[Line, Places]) -> tuple[int, int]:
    """Count where sentences go on in the next line, and where that was not written next.

    Programs write the lines of a text one after another, also where they write its columns,
    boxes and notes in an order of their own. Where a sentence seems to go on in a line that was
    written elsewhere, it may be another one's.

    Args:
        lines: As they are read.
        written: Where they were written; none for the rows of tables.

    Returns:
        How many sentences go on in the line below, and how many of these leap.

    """
    known = sorted((line for line in lines if line in written), key=lambda line: written[line])
    following: dict[Line, Line | None] = {}
    later: dict[tuple[int, bool], Line] = {}
    for line in reversed(known):
        following[line] = later.get(_look(line))
        later[_look(line)] = line
    pairs = [
        (line, other)
        for line, other in pairwise(lines)
        if line in written and other in written and _goes_on(line, other)
    ]
    ahead = sum(following[line] is not other for line, other in pairs)
    # Where a page is turned, its lines may be written from the last one to the first.
    back = sum(following[other] is not line for line, other in pairs)
    return len(pairs), min(ahead, back)


def _look(line: Line) -> tuple[int, bool]:
    """Return what is the same for lines that are set alike: half points, and whether bold."""
    return round(2 * line.size), line.bold


def _goes_on(line: Line, other: Line) -> bool:
    """Return whether a sentence seems to go on from one line into another."""
    return _look(line) == _look(other) and not ends_sentence(line) and not begins_item(other)
