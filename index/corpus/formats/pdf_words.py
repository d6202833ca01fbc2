"""The words of a page of a PDF, each with its place, its size and the side that it runs to."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from citadel.index.corpus.formats.pdfium import Drawing, PdfPage
from citadel.index.corpus.formats.printed_pages import Direction, PrintedPage
from citadel.index.corpus.formats.printed_tables import Rule
from citadel.index.corpus.formats.printed_words import Upright, Word

_WORD = re.compile(r"[^\s\0\ufffe]+\ufffe?|\ufffe")
"""Letters up to the next white space, or to the hyphen at the end of their line."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WIDE = re.compile(r"[\U00010000-\U0010ffff]")
_LARGEST_UNIT = 0xFFFF
_DIGITS = frozenset("0123456789")
_PLAIN = re.compile(
    r"[“\"‘(«]?[^\W\d_]+(?:['’–-][^\W\d_]+)*['’]?[.,;:!?…؟،؛]?[.”\"’)»\ufffe]?[.,;:!?…؟،؛]?"
)
"""A word with what stands on its line before, within and after it, as its letters do."""

_LEVEL = 0.06
"""Letters of one piece of a word differ in height and place by less than this share of a height."""

_UPRIGHT = math.radians(10)
"""Text that is turned by less runs along a side of the page, if askew."""

_WHITE = 240
_RULE_LENGTH = 15.0
_UPRIGHT_LENGTH = 8.0
_RULE_WIDTH = 2.5
_RAISED_GLYPH = 0.16
"""A digit whose ink begins this share of its height above the baseline is a raised one."""


@dataclass(frozen=True, slots=True)
class _Style:
    """What the letters of one drawing instruction have in common."""

    number: int
    bold: bool
    direction: Direction | None
    hidden: bool
    size: float | None = None
    recognised: bool = False


_Place = tuple[float, float, float, float, bool]
"""Where one letter stands, the page turned so that its line runs to the right: left, right,
baseline, the height of its letters, and whether it is on the page."""


def printed_page(page: PdfPage, number: int, label: str) -> PrintedPage:
    """Return all that is printed on a page.

    Args:
        page: It, open.
        number: From 1.
        label: What the document itself calls it, "" for nothing.

    """
    words: dict[Direction, list[Word]] = {}
    recognised = 0
    hidden: list[Word] = []
    slanted: list[Word] = []
    for style, word in _Words(page).read():
        if style.hidden:
            hidden.append(word)
        elif style.direction is None:
            slanted.append(word)
        else:
            words.setdefault(style.direction, []).append(word)
            recognised += style.recognised * len(word.text)
    lengths = {each: sum(len(word.text) for word in words[each]) for each in words}
    direction = max(lengths, key=lambda each: lengths[each], default=Direction.RIGHT)
    paths = [each for each in page.drawings if each.is_path]
    return PrintedPage(
        number=number,
        label=label,
        words=tuple(words.pop(direction, ())),
        sideways=tuple(tuple(others) for others in words.values()),
        rules=tuple(_rules(paths, direction)),
        uprights=tuple(_uprights(paths, direction)),
        hidden=_text(hidden),
        slanted=_text(slanted),
        recognised=recognised > 0,
    )


class _Words:
    """Reads the words of one page."""

    def __init__(self, page: PdfPage) -> None:
        self._page = page
        self._letters = page.letters()
        left, bottom, right, top = page.edges
        self._edges = left - 1, bottom - 1, right + 1, top + 1
        self._styles: dict[int | None, _Style] = {}
        self._level: tuple[int, float, float] = (-1, 0.0, 0.0)
        self._baseline = 0.0
        self._found: list[tuple[_Style, Word]] = []

    def read(self) -> list[tuple[_Style, Word]]:
        """Return the words in the order in which PDFium reads them.

        Of a word that is made up of letters only and ends as it begins, no other letter is looked
        at: asking PDFium about each of them takes most of the time.
        """
        cursor = 0
        for line in _LINE.findall(self._page.text):
            # PDFium counts UTF-16 units.
            units = len(line) + (len(_WIDE.findall(line)) if not line.isascii() else 0)
            first = self._letters.index(cursor)
            last = self._letters.index(cursor + units - 1)
            in_order = last - first == units - 1 == len(line) - 1
            end = 0
            for match in _WORD.finditer(line):
                start = match.start()
                index = first + start
                if not in_order:
                    wide = len(_WIDE.findall(line[:start]))
                    index = self._letters.index(cursor + start + wide)
                if index >= 0:
                    self._read_word(match[0], index, start > end)
                end = match.end()
            cursor += units
        return self._found

    def _read_word(self, text: str, index: int, spaced: bool) -> None:
        style = self._style(index)
        first = last = self._place(index, style)
        if len(text) > 1:
            wide = 0 if text.isascii() else len(_WIDE.findall(text))
            last = self._place(index + len(text) + wide - 1, style)
            _, _, baseline, size, _ = first
            _, _, other_baseline, other_size, _ = last
            level = 0.02 * size
            plain = text.isalpha() or _PLAIN.fullmatch(text) is not None
            if not (
                plain
                and -level <= baseline - other_baseline <= level
                and -level <= size - other_size <= level
                and not _is_doubled(text)
            ):
                self._read_letters(text, index, spaced)
                return
        self._add(text, style, first, last, spaced)

    def _read_letters(self, text: str, index: int, spaced: bool) -> None:
        """Read a word in as many pieces as stand on baselines of their own."""
        pieces: list[tuple[str, _Style, _Place, _Place]] = []
        seen: list[tuple[str, _Style, _Place]] = []
        at = index
        for letter in text:
            style = self._style(at)
            place = self._place(at, style, is_digit=letter in _DIGITS)
            at += 2 if ord(letter) > _LARGEST_UNIT else 1
            if any(_is_same(letter, style, place, *other) for other in seen[-2:]):
                continue
            seen.append((letter, style, place))
            before = pieces[-1] if pieces else None
            if before is not None and _is_level(before[1], before[3], style, place):
                pieces[-1] = before[0] + letter, before[1], before[2], place
            else:
                pieces.append((letter, style, place, place))
        for piece, style, first, last in pieces:
            self._add(piece, style, first, last, spaced)
            spaced = False

    def _add(self, text: str, style: _Style, first: _Place, last: _Place, spaced: bool) -> None:
        left, right, baseline, size, inside = first
        other_left, other_right, _, _, _ = last
        if not inside and not style.hidden:
            style = replace(style, hidden=True)
        word = Word(
            text,
            left if left < other_left else other_left,
            right if right > other_right else other_right,
            baseline,
            size,
            style.bold,
            spaced,
            style.number,
        )
        self._found.append((style, word))

    def _place(self, index: int, style: _Style, *, is_digit: bool = False) -> _Place:
        start, low, end, high = self._letters.box(index)
        direction = style.direction
        level = style.number, low, high
        x = start
        # Letters of one font that reach as low and as high stand on one baseline.
        if level != self._level or direction is not Direction.RIGHT:
            x, self._baseline = self._letters.origin(index)
            self._level = level
        y = self._baseline
        left, bottom, right, top = self._edges
        inside = left <= start <= right and bottom <= y <= top
        size = style.size
        if direction is Direction.RIGHT:
            size = size or high - low
            baseline = y
            if is_digit:
                lift = self._letters.lowest_ink(index) - y
                if _RAISED_GLYPH * size < lift < size:
                    baseline, size = baseline + lift, 0.6 * size
            return start, end, baseline, size, inside
        if direction is None:
            return start, end, y, size or high - low, inside
        start, low, end, high = direction.turned(start, low, end, high)
        return start, end, direction.baseline(x, y), size or high - low, inside

    def _style(self, index: int) -> _Style:
        letters = self._letters
        drawing = letters.drawing(index)
        style = self._styles.get(drawing)
        if style is None:
            invisible = drawing is not None and letters.is_invisible(drawing)
            style = self._styles[drawing] = _Style(
                number=len(self._styles),
                bold=letters.is_bold(drawing, index),
                direction=self._direction(index),
                hidden=drawing is not None and self._is_hidden(index, invisible=invisible),
                size=None if drawing is None else letters.stated_size(drawing),
                recognised=invisible,
            )
        return style

    def _direction(self, index: int) -> Direction | None:
        """Return which side of the page the text runs to; None for what runs across."""
        angle = self._letters.angle(index)
        if angle == 0:
            return Direction.RIGHT
        if not math.isfinite(angle):
            return None
        quarters = round(angle / (math.pi / 2))
        askew = abs(angle - quarters * math.pi / 2)
        # PDFium counts angles to the right.
        return list(Direction)[-quarters % 4] if askew <= _UPRIGHT else None

    def _is_hidden(self, index: int, *, invisible: bool) -> bool:
        """Return whether nobody sees a text: not drawn where no picture is, or white on white."""
        if invisible:
            # What was recognised in a picture is not drawn over it.
            return all(each.is_path for each in self._page.drawings)
        colour = self._letters.colour(index)
        if colour is None:
            return False
        red, green, blue, opacity = colour
        if opacity == 0 or min(red, green, blue) < _WHITE:
            return opacity == 0
        x, y = self._letters.origin(index)
        return not any(
            each.is_background
            and each.box[0] - 1 <= x <= each.box[2]
            and each.box[1] - 1 <= y <= each.box[3]
            for each in self._page.drawings
        )


def _is_level(one: _Style, there: _Place, other: _Style, place: _Place) -> bool:
    """Return whether two letters of a word stand on one baseline, and run to one side."""
    _, _, baseline, size, _ = place
    return (
        (one.direction, one.hidden) == (other.direction, other.hidden)
        and abs(there[2] - baseline) <= _LEVEL * size
        and abs(there[3] - size) <= _LEVEL * size
    )


def _is_doubled(text: str) -> bool:
    """Return whether each letter of a word may be printed twice in a row."""
    return text[0] == text[1] and text[::2] == text[1::2]


def _is_same(
    letter: str, style: _Style, place: _Place, other: str, drawn: _Style, there: _Place
) -> bool:
    """Distinguish the second print of a letter, which is hardly moved, from another letter."""
    left, _, baseline, size, _ = place
    return (
        letter == other
        and style.number != drawn.number
        and abs(left - there[0]) < _LEVEL * 2 * size
        and abs(baseline - there[2]) < _LEVEL * 2 * size
    )


def _text(words: Sequence[Word]) -> str:
    """Return words as a report shows them, those of one instruction to draw together."""
    pieces = [
        f" {word.text}" if word.spaced or word.drawing != before.drawing else word.text
        for before, word in pairwise((*words[:1], *words))
    ]
    return "".join(pieces).strip()


def _rules(paths: Sequence[Drawing], direction: Direction) -> Iterator[Rule]:
    """Yield the lines along the text, and the edges of boxes."""
    for each in paths:
        left, bottom, right, top = direction.turned(*each.box)
        if right - left < _RULE_LENGTH:
            continue
        yield Rule(left, right, top)
        if top - bottom > _RULE_WIDTH:
            yield Rule(left, right, bottom)


def _uprights(paths: Sequence[Drawing], direction: Direction) -> Iterator[Upright]:
    """Yield the lines across the text, and the sides of boxes."""
    for each in paths:
        left, bottom, right, top = direction.turned(*each.box)
        if top - bottom < _UPRIGHT_LENGTH:
            continue
        yield Upright(left, bottom, top)
        if right - left > _RULE_WIDTH:
            yield Upright(right, bottom, top)
