"""Words as they are set on a page, and the runs that stand together on a line. Pure."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from citadel.index.corpus.decoding import visible
from citadel.index.corpus.formats.raised_text import SUPERSCRIPTS, is_ordinal

SOFT_HYPHENS = "\u00ad\u0002\ufffe"
"""Hyphens at the end of a line, of which PDFium does not tell whether they are part of a word."""

RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_PRESENTATION_FORMS = re.compile(r"[\ufb00-\ufdff\ufe70-\ufefc]")
"""Ligatures and positional forms, which a person searching would not type."""

_SPACES = re.compile(r"\s+")
_RUN_GAP = 0.33
"""Words that are apart by so much of their height belong to different runs."""

_SPACE_GAP = 0.12
_SAME_LINE = 0.12
"""Baselines are the same that differ by less than so much of a letter's height."""

_UPRIGHTS = 800
_REMEMBERED = 50
_OVERPRINT = 0.13
"""The same word so near to itself, in parts of its height, was printed twice to look bold."""

_ALIKE = 0.06
"""Stretched spaces of one line differ by less than so much of the height of its letters."""

_STRETCHED = 9.0
_JUSTIFIED = 3
"""So many lines of a page, or more, begin and end where a justified one does."""

_SMALL = 0.88
_RAISED = (0.12, 0.75)
"""Raised letters stand above the baseline by between so much of the height of the others."""

_LOWERED = (-0.4, -0.06)
_TOUCHING = 0.4
_LONGEST_RAISED = 12
_LONGEST_LARGE = 4


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


def without_overprints(words: Sequence[Word]) -> tuple[list[Word], int]:
    """Drop words that are printed a second time, hardly moved, to look bold.

    Returns:
        The other words in their order, and how many letters were dropped.

    """
    seen: dict[str, list[Word]] = defaultdict(list)
    kept: list[Word] = []
    dropped = 0
    for word in words:
        # The second print follows soon, and a page has a word a few times; a hostile one more.
        same = seen[word.text]
        if same and any(_is_overprint(word, other) for other in same[-_REMEMBERED:]):
            dropped += len(word.text)
        else:
            kept.append(word)
            same.append(word)
    return kept, dropped


def _is_overprint(word: Word, other: Word) -> bool:
    reach = _OVERPRINT * word.size
    return (
        word.drawing != other.drawing
        and abs(word.left - other.left) < reach
        and abs(word.baseline - other.baseline) < reach
        and abs(word.size - other.size) < reach
    )


def runs_of(words: Iterable[Word], uprights: Sequence[Upright] = ()) -> list[Run]:
    """Put the words of a page together to runs, in the order in which it was written.

    A raised or lowered run has the baseline of the line beside which it stands.

    Args:
        words: Those of the page.
        uprights: The lines drawn across its text; of more than any table has, none is looked at.

    """
    boxes = _Boxes(uprights if len(uprights) <= _UPRIGHTS else ())
    groups: list[list[Word]] = []
    before: Word | None = None
    box = 0
    listed = list(words)
    stretched = _stretched(listed)
    for place, word in enumerate(listed):
        other = boxes.of(word)
        if before is not None and other == box and (place in stretched or _goes_on(before, word)):
            groups[-1].append(word)
        else:
            groups.append([word])
        before, box = word, other
    return _on_their_lines(
        [_run(group, place, boxes.of(group[0])) for place, group in enumerate(groups)]
    )


def _goes_on(before: Word, word: Word) -> bool:
    """Tell whether a word follows another on its line, to either side, without a wide gap."""
    size = before.size
    if abs(word.baseline - before.baseline) > _SAME_LINE * min(size, word.size):
        return False
    gap = max(word.left - before.right, before.left - word.right)
    return -size < gap <= _RUN_GAP * max(size, word.size)


def _stretched(words: Sequence[Word]) -> set[int]:
    """Return the places of words that stand far behind the one before in a justified line.

    In the narrow columns of a newspaper its spaces are as wide as those between the cells of a
    table, but all alike, and many lines begin and end where it does.
    """
    lines = [_SetLine.of(words, places) for places in _set_lines(words)]
    starts = Counter(round(line.left) for line in lines)
    ends = Counter(round(line.right) for line in lines)
    found: set[int] = set()
    for line in lines:
        edges = starts[round(line.left)], ends[round(line.right)]
        if line.is_stretched(max(edges) >= _JUSTIFIED, min(edges) >= _JUSTIFIED):
            found.update(line.places[1:])
    return found


def _set_lines(words: Sequence[Word]) -> list[list[int]]:
    """Return the places of the words of each line that were drawn one after another."""
    lines: list[list[int]] = []
    for place, word in enumerate(words):
        before = words[place - 1] if place else None
        gap = 0.0 if before is None else max(word.left - before.right, before.left - word.right)
        if (
            before is not None
            and abs(word.baseline - before.baseline) <= _SAME_LINE * word.size
            and -word.size < gap < _STRETCHED * word.size
        ):
            lines[-1].append(place)
        else:
            lines.append([place])
    return lines


@dataclass(frozen=True, slots=True)
class _SetLine:
    """Words of one line that were drawn one after another.

    Attributes:
        places: Theirs among the words of the page.
        left: Where they begin, in points.
        right: Where they end.
        size: The height of their letters.
        gaps: The widths of the white space between them; none where letters stand together.
        at_once: Whether one instruction drew them all.
        in_words: Whether another word than the first does not begin with a digit.

    """

    places: list[int]
    left: float
    right: float
    size: float
    gaps: list[float]
    at_once: bool
    in_words: bool

    @classmethod
    def of(cls, words: Sequence[Word], places: list[int]) -> _SetLine:
        line = [words[place] for place in places]
        return cls(
            places,
            min(word.left for word in line),
            max(word.right for word in line),
            line[0].size,
            [
                max(other.left - one.right, one.left - other.right)
                for one, other in pairwise(line)
                if other.spaced or one.drawing != other.drawing
            ],
            len({word.drawing for word in line}) == 1,
            not all(word.text[0].isdigit() for word in line[1:]),
        )

    def is_stretched(self, shares_an_edge: bool, shares_both: bool) -> bool:
        """Tell a justified line from cells.

        Args:
            shares_an_edge: Whether many lines begin or end where it does.
            shares_both: Whether many begin and many end so.

        """
        if not self.gaps or not self.in_words:
            return False
        alike = max(self.gaps) - min(self.gaps) <= _ALIKE * self.size
        enough = len(self.gaps) > 1 if not shares_both or not self.at_once else True
        return alike and enough and shares_an_edge and min(self.gaps) > _RUN_GAP * self.size


class _Boxes:
    """Knows between which lines across the text a word stands."""

    def __init__(self, uprights: Sequence[Upright]) -> None:
        self._uprights = uprights
        self._places: dict[int, list[float]] = {}

    def of(self, word: Word) -> int:
        """Return how many lines stand before a word at its height."""
        if not self._uprights:
            return 0
        height = round(word.baseline)
        places = self._places.get(height)
        if places is None:
            places = sorted(
                each.place for each in self._uprights if each.bottom < height < each.top
            )
            self._places[height] = places
        return bisect_left(places, (word.left + word.right) / 2)


def _run(group: Sequence[Word], place: int, box: int) -> Run:
    if len(group) == 1:
        [word] = group
        size, baseline, bold = word.size, word.baseline, float(word.bold)
    else:
        size = median(word.size for word in group)
        baseline = median(word.baseline for word in group)
        bold = sum(word.bold for word in group) / len(group)
    pieces = [group[0].text]
    for word in group[1:]:
        pieces += (" ", word.text) if word.spaced else (word.text,)
    left, right = min(word.left for word in group), max(word.right for word in group)
    return Run(
        text="".join(pieces),
        left=left,
        right=right,
        baseline=baseline,
        size=round(size, 1),
        bold=bold,
        place=place,
        spaced=group[0].spaced,
        box=box,
    )


def _on_their_lines(runs: list[Run]) -> list[Run]:
    """Give raised and lowered runs the baseline of the run that they stand beside."""
    by_height = sorted(runs, key=lambda run: run.baseline)
    heights = [run.baseline for run in by_height]
    usual = median(run.size for run in runs) if runs else 0.0
    return [_on_its_line(run, by_height, heights, usual) for run in runs]


def _on_its_line(run: Run, by_height: Sequence[Run], heights: Sequence[float], usual: float) -> Run:
    small = run.size < _SMALL * usual
    if len(run.text) > (_LONGEST_RAISED if small else _LONGEST_LARGE):
        return run
    # The line of small letters may be one of larger ones, that of others is one of theirs.
    reach = (2.0 if small else 1.1) * _RAISED[1] * run.size
    first = bisect_left(heights, run.baseline - reach)
    last = bisect_left(heights, run.baseline + 0.8 * run.size)
    # A page with thousands of runs at one height is no text that anybody set.
    for line in by_height[first : min(last, first + 400)]:
        if abs(line.baseline - run.baseline) > 0.5 and _is_set_off(run, line):
            return replace(run, baseline=line.baseline, raised=run.baseline > line.baseline)
    return run


def _is_set_off(run: Run, line: Run) -> bool:
    """Tell whether a run is raised above, or lowered below, the end of another."""
    reach = _TOUCHING * line.size
    if not (-reach < run.left - line.right < reach or -reach < line.left - run.right < reach):
        return False
    step = (run.baseline - line.baseline) / line.size
    small = run.size <= _SMALL * line.size
    if small and _LOWERED[0] <= step <= _LOWERED[1]:
        return True
    as_large = len(run.text) <= 3 and run.size <= 1.05 * line.size and len(line.text) > 3
    return _RAISED[0] <= step <= _RAISED[1] and (small or as_large)


_MARKS = re.compile(r"[\[(]?[\d*†‡§¶#‖∗,;–\-\s]+[\])]?|[\[(]?[a-z][\])]?|[*†‡§¶#‖∗]+")
_ORDINALS = re.compile(
    r"(?:st|nd|rd|th|er|re|e|ème|eme|nde?|os?|as?|º|ª|te[rn]?)\.?", re.IGNORECASE
)
_UNIT = re.compile(
    r"(?:(?:\d\s*|\bper |/)(?:[kcdmµ]?m|ft|mi|in|yd|h|s|км|см|м)|\b(?:[kcm]m|км|[xyzrn]))$"
)
_EXPONENT = re.compile(r"[-−–]?\d{1,2}|[-−–]?[nxk]")
_POWER_BASE = re.compile(r"(?<![\d.,])(?:10|2)$")


@dataclass(frozen=True, slots=True)
class RaisedText:
    """What becomes of raised letters.

    Attributes:
        text: What stands for them in the text, "" where they are left out.
        told: How the report names what was left out, "" where nothing was.

    """

    text: str
    told: str = ""


def read_raised(before: str, raised: str) -> RaisedText:
    """Read raised letters so that they never make another number or word.

    An ordinal's letters stay with their number, an exponent becomes one that can be told from
    digits (“km²”), a mark of a footnote is left out, anything else stands apart.

    Args:
        before: What stands before them on their line.
        raised: The raised letters.

    """
    base = before.rstrip()
    last = base[-1:]
    if not base:
        return RaisedText(f"{raised} ")
    counted = last.isdigit() and _ORDINALS.fullmatch(raised) and raised not in ("a", "o")
    if counted or is_ordinal(base, raised):
        return RaisedText(raised)
    if _EXPONENT.fullmatch(raised) and _is_power(base, raised):
        return RaisedText(raised.translate(SUPERSCRIPTS))
    if re.search(r"(?<!\w)[A-ZÀ-Þ]$", base) and raised.isalpha():
        return RaisedText(raised)
    if _MARKS.fullmatch(raised):
        word = base.split()[-1]
        return RaisedText("", f"{word}[{raised.strip('[]() ')}]")
    return RaisedText(f" {raised} ")


def _is_power(base: str, raised: str) -> bool:
    if raised[0] in "-−–":
        return True
    if _POWER_BASE.search(base):
        return base.endswith("10") or not raised.isdigit()
    return raised in ("2", "3", "n", "x", "k") and _UNIT.search(base) is not None


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
    if runs_backwards("".join(run.text for run in listed)):
        return sorted(listed, key=lambda run: run.place)
    return sorted(listed, key=lambda run: (run.left, run.place))


def runs_backwards(text: str) -> bool:
    """Tell text that is mostly in a script from right to left."""
    return 2 * len(RIGHT_TO_LEFT.findall(text)) > len(_SPACES.sub("", text))


def _clean(text: str) -> str:
    """Return a line without what can't be seen; a hyphen that may be a soft one ends as one."""
    if text.isprintable() and not _PRESENTATION_FORMS.search(text):
        return " ".join(text.split())
    text = _PRESENTATION_FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _SPACES.sub(" ", text).strip()
    ending = text[-1:] if text[-1:] and text[-1:] in SOFT_HYPHENS else ""
    inner = text.removesuffix(ending) if ending else text
    inner = inner.replace("\u0002", "-").replace("\u00ad", "").replace("\ufffe", "-")
    return _SPACES.sub(" ", visible(inner)).strip() + ending
