"""Words as they are set on a page, and the runs that stand together on a line. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from citadel.index.corpus.decoding import visible
from citadel.index.corpus.formats.raised_letters import read_raised

SOFT_HYPHENS = "\u00ad\u0002\ufffe"
"""Hyphens at the end of a line, of which PDFium does not say whether they are part of a word."""

RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_PRESENTATION_FORMS = re.compile(r"[\ufb00-\ufdff\ufe70-\ufefc]")
"""Ligatures and positional forms, which a person searching would not type."""

_SPACE_GAP = 0.12


class Word(NamedTuple):
    """Letters without white space between them. Lengths are in points; its line runs to the right.

    Attributes:
        text: The letters, in the order in which they are read.
        left: Where it begins.
        right: Where it ends.
        baseline: The height that it stands on.
        size: The height of its font's letters, from the lowest to the highest.
        bold: Whether it is bold.
        spaced: Whether white space stands before it.
        drawing: Which drawing instruction of the page it comes from.

    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    spaced: bool
    drawing: int


class Upright(NamedTuple):
    """A line drawn across the lines of a text, as between the columns of a table, in points."""

    place: float
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line that stand together.

    Attributes:
        text: Without white space at its ends.
        left: Where it begins, in points.
        right: Where it ends.
        baseline: The height that its letters stand on; of raised ones, that of their line.
        size: The height of its letters.
        bold: How many of its words are bold, from 0 to 1.
        place: Its place in the order in which the page was written.
        spaced: Whether white space stands before it.
        raised: Whether it is set smaller and higher than the line that it belongs to.
        box: How many lines across the text stand before it at its height.

    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: float
    place: int
    spaced: bool
    raised: bool = False
    box: int = 0


@dataclass(frozen=True, slots=True)
class Printed:
    """The text of one line or cell, and the raised marks that were left out of it."""

    text: str
    marks: tuple[str, ...] = ()


def printed(runs: Sequence[Run]) -> Printed:
    """Return the text of runs that stand on one line, in the order in which they are read."""
    text = ""
    marks: list[str] = []
    before: Run | None = None
    for run in runs:
        apart = before is not None and (
            run.spaced
            or max(run.left - before.right, before.left - run.right) > _SPACE_GAP * run.size
        )
        piece = run.text
        if run.raised:
            raised = read_raised(text, piece)
            marks += [raised.told] if raised.told else []
            piece, apart = raised.text, False
        text += (" " if apart else "") + piece
        before = run
    return Printed(_clean(text), tuple(marks))


def reading_order(runs: Iterable[Run]) -> list[Run]:
    """Return the runs of one line in the order in which they are read.

    From left to right by their places; where the line runs from right to left, numbers don't, and
    the order in which PDFium puts them is right.
    """
    listed = list(runs)
    if len(listed) < 2:
        return listed
    if runs_backwards("".join(run.text for run in listed)):
        return sorted(listed, key=lambda run: run.place)
    return sorted(listed, key=lambda run: (run.left, run.place))


def runs_backwards(text: str) -> bool:
    """Return whether text is mostly in a script from right to left."""
    if text.isascii():
        return False
    return 2 * len(RIGHT_TO_LEFT.findall(text)) > len("".join(text.split()))


def _clean(text: str) -> str:
    """Return a line without what can't be seen; a hyphen that may be a soft one ends as one."""
    if text.isprintable() and (text.isascii() or not _PRESENTATION_FORMS.search(text)):
        return " ".join(text.split())
    text = _PRESENTATION_FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = " ".join(text.split())
    ending = text[-1:] if text[-1:] and text[-1:] in SOFT_HYPHENS else ""
    inner = text.removesuffix(ending) if ending else text
    inner = inner.replace("\u0002", "-").replace("\u00ad", "").replace("\ufffe", "-")
    return " ".join(visible(inner).split()) + ending
