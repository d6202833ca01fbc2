"""Words of a page that stand together on a line, justified lines and raised letters too. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from citadel.index.corpus.formats.printed_words import Run, Upright, Word
from citadel.index.corpus.series import series_of

_RUN_GAP = 0.33
"""Words that are apart by this share of their height belong to different runs."""

_SAME_LINE = 0.12
"""Baselines are the same if they differ by less than this share of a letter's height."""

_UPRIGHTS = 800
_REMEMBERED = 50
_OVERPRINT = 0.13
"""The same word so near to itself, in parts of its height, was printed twice to look bold."""

_ALIKE = 0.06
"""Stretched spaces of one line differ by less than this share of the height of its letters."""

_STRETCHED = 9.0
_JUSTIFIED = 3
"""At least how many lines of a page begin and end where a justified one does."""

_SMALL = 0.88
_RAISED = (0.12, 0.75)
"""Raised letters stand above the baseline by a share of the others' height between these."""

_LOWERED = (-0.4, -0.06)
_TOUCHING = 0.4
_LONGEST_RAISED = 12
_LONGEST_LARGE = 4


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
        if same and _is_overprint(word, same[-_REMEMBERED:]):
            dropped += len(word.text)
        else:
            kept.append(word)
            same.append(word)
    return kept, dropped


def _is_overprint(word: Word, others: Sequence[Word]) -> bool:
    """Return whether a word is printed over one of the same words before it."""
    _, left, _, baseline, size, _, _, drawing = word
    reach = _OVERPRINT * size
    for other in others:
        # Few begin at the same place: most are known not to be meant by that alone.
        if (
            abs(left - other.left) < reach
            and drawing != other.drawing
            and abs(baseline - other.baseline) < reach
            and abs(size - other.size) < reach
        ):
            return True
    return False


def runs_of(words: Iterable[Word], uprights: Sequence[Upright] = ()) -> list[Run]:
    """Put the words of a page together to runs, in the order in which it was written.

    A raised or lowered run has the baseline of the line next to which it stands.

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
    """Return whether a word follows another on its line, to either side, without a wide gap."""
    size = before.size
    if abs(word.baseline - before.baseline) > _SAME_LINE * min(size, word.size):
        return False
    gap = _gap(before, word)
    return -size < gap <= _RUN_GAP * max(size, word.size)


def _stretched(words: Sequence[Word]) -> set[int]:
    """Return the places of words that stand far behind the one before in a justified line.

    In the narrow columns of a newspaper its spaces are as wide as those between the cells of a
    table, but all alike, and many lines begin and end where it does.
    """
    lines = _set_lines(words)
    starts = Counter(round(line.left) for line in lines)
    ends = Counter(round(line.right) for line in lines)
    found: set[int] = set()
    for line in lines:
        if line.is_stretched(starts, ends):
            found.update(range(line.first + 1, line.first + len(line.words)))
    return found


def _set_lines(words: Sequence[Word]) -> list[_SetLine]:
    """Put the words of each line together that were drawn one after another."""
    lines: list[_SetLine] = []
    first = 0
    for line in series_of(words, _stands_next):
        lines.append(_SetLine.of(line, first))
        first += len(line)
    return lines


def _stands_next(line: Sequence[Word], word: Word) -> bool:
    before, size = line[-1], word.size
    return (
        abs(word.baseline - before.baseline) <= _SAME_LINE * size
        and -size < _gap(before, word) < _STRETCHED * size
    )


def _gap(one: Word, other: Word) -> float:
    """Return how far apart two words of one line are, whichever is the first."""
    after, before = other.left - one.right, one.left - other.right
    return after if after > before else before


@dataclass(frozen=True, slots=True)
class _SetLine:
    """Words of one line that were drawn one after another, the first at this place on the page."""

    words: Sequence[Word]
    first: int
    left: float
    right: float

    @classmethod
    def of(cls, words: Sequence[Word], first: int) -> _SetLine:
        return cls(
            words, first, min(word.left for word in words), max(word.right for word in words)
        )

    def is_stretched(self, starts: Counter[int], ends: Counter[int]) -> bool:
        """Distinguish a justified line from cells, by how many lines begin and end at a point."""
        size = self.words[0].size
        # Where letters stand together, there is no white space.
        gaps = [
            _gap(one, other)
            for one, other in pairwise(self.words)
            if other.spaced or one.drawing != other.drawing
        ]
        if not gaps or min(gaps) <= _RUN_GAP * size or max(gaps) - min(gaps) > _ALIKE * size:
            return False
        edges = starts[round(self.left)], ends[round(self.right)]
        at_once = len({word.drawing for word in self.words}) == 1
        in_words = not all(word.text[0].isdigit() for word in self.words[1:])
        enough = len(gaps) > 1 or (at_once and min(edges) >= _JUSTIFIED)
        return in_words and enough and max(edges) >= _JUSTIFIED


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
        size = _middle([word.size for word in group])
        baseline = _middle([word.baseline for word in group])
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


def _middle(numbers: Sequence[float]) -> float:
    """Return the median of some numbers, of which mostly all are the same."""
    first = numbers[0]
    return first if numbers.count(first) == len(numbers) else median(numbers)


def _on_their_lines(runs: list[Run]) -> list[Run]:
    """Give raised and lowered runs the baseline of the run that they stand next to."""
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
    """Return whether a run is raised above, or lowered below, the end of another."""
    reach = _TOUCHING * line.size
    if not (-reach < run.left - line.right < reach or -reach < line.left - run.right < reach):
        return False
    step = (run.baseline - line.baseline) / line.size
    small = run.size <= _SMALL * line.size
    if small and _LOWERED[0] <= step <= _LOWERED[1]:
        return True
    as_large = len(run.text) <= 3 and run.size <= 1.05 * line.size and len(line.text) > 3
    return _RAISED[0] <= step <= _RAISED[1] and (small or as_large)
