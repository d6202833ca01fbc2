"""Reads PDF files that have a text layer, with PDFium."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from citadel.index.corpus.formats.document import FileContents
from citadel.index.corpus.formats.page_pictures import DrawnPage, PixelBox
from citadel.index.corpus.formats.printed_document import document_of
from citadel.index.corpus.formats.printed_pages import Direction, PrintedPage
from citadel.index.corpus.formats.printed_tables import Rule
from citadel.index.corpus.formats.printed_words import Upright, Word
from citadel.index.corpus.formats.recognising import DOTS_AN_INCH, Picture, Recogniser
from citadel.index.errors import CitadelError

_DRAWINGS = 4_000
"""So many drawings of a page are looked at for rules and backgrounds: no table has more."""

_WORD = re.compile(r"[^\s\0\ufffe]+\ufffe?|\ufffe")
"""Letters up to the next white space, or to the hyphen at the end of their line."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WIDE = re.compile(r"[\U00010000-\U0010ffff]")
_LARGEST_UNIT = 0xFFFF
_DIGITS = frozenset("0123456789")
_AFTER_WORDS = frozenset(".,;:!?…”’)»\ufffe؟،؛")
"""What stands on the line after a word, as its letters do."""

_LEVEL = 0.06
"""Letters of one piece of a word differ in height and place by less than so much of a height."""

_UPRIGHT = math.radians(10)
"""Text that is turned by less runs along a side of the page, if askew."""

_WHITE = 240
_RULE_LENGTH = 15.0
_UPRIGHT_LENGTH = 8.0
_RULE_WIDTH = 2.5
_RAISED_GLYPH = 0.16
"""A digit whose ink begins so much of its height above the baseline is a raised one."""

_LEAST_HEIGHT = 0.8
_USUAL_HEIGHT = 1.16
"""Letters from the lowest to the highest, in sizes of their font: at least, and mostly."""

_DOTS = 6_000_000
"""A page is drawn with so many at most: one of A4 has four million."""

_INVISIBLE = 3
"""Of the modes in which text is drawn, the one that draws nothing (ISO 32000-1, 9.3.6)."""


def read_pdf(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read a PDF: paragraphs and headings by how they are set, and the pages that they are on.

    Raises:
        CitadelError: It is no PDF, has a password, or no text that can be read.

    """
    try:
        with pdfium.PdfDocument(data) as document:
            told = document.get_metadata_dict()
            recogniser = Recogniser(known)
            pages = [_page(document, number, recogniser) for number in range(1, len(document) + 1)]
    except pdfium.PdfiumError as error:
        raise CitadelError(
            f"{source} can't be opened as a PDF ({error}); save it again, without a password."
        ) from error
    return FileContents((document_of(pages, told, source, known),))


def draw_page(data: bytes, source: str, number: int, longest: int) -> DrawnPage:
    """Draw a page of a PDF, and tell where its letters stand in the picture.

    Args:
        data: The file.
        source: What it is called in errors.
        number: The page, from 1.
        longest: How many pixels the longer side of the picture has.

    Raises:
        CitadelError: It can't be opened as a PDF, or has no such page.

    """
    try:
        with pdfium.PdfDocument(data) as document:
            if not 1 <= number <= len(document):
                raise CitadelError(f"{source} has no page {number}; it has {len(document)}.")
            page = document[number - 1]
            scale = longest / max(page.get_size())
            bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
            pixels = bitmap.to_numpy()[:, :, :3].copy()
            textpage = page.get_textpage()
            letters = list(_letters(page, textpage, bitmap.width, bitmap.height))
            textpage.close()
            bitmap.close()
            page.close()
    except pdfium.PdfiumError as error:
        raise CitadelError(f"{source} can't be drawn ({error}); save it again.") from error
    return DrawnPage(pixels, [sign for sign, _ in letters], [box for _, box in letters])


def _letters(
    page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, width: int, height: int
) -> Iterator[tuple[str, PixelBox]]:
    """Yield the printed signs of a page but white space, with their places in its picture."""
    box = pdfium_c.FS_RECTF()
    x, y = ctypes.c_int(), ctypes.c_int()

    def pixel(across: float, up: float) -> tuple[int, int]:
        pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, across, up, x, y)
        return x.value, y.value

    for index in range(textpage.count_chars()):
        sign = chr(pdfium_c.FPDFText_GetUnicode(textpage.raw, index))
        if sign.isspace() or not _letter_box(textpage.raw, index, box):
            continue
        one, other = pixel(box.left, box.bottom), pixel(box.right, box.top)
        (left, right), (top, bottom) = map(sorted, zip(one, other, strict=True))
        yield sign, (left, top, right + 1, bottom + 1)


def _page(document: pdfium.PdfDocument, number: int, recogniser: Recogniser) -> PrintedPage:
    page = document[number - 1]
    textpage = page.get_textpage()
    try:
        reading = _Reading(page, textpage)
        printed = reading.page(number, document.get_page_label(number - 1))
        if printed.words or not reading.has_picture:
            return printed
        if recogniser.refusal:
            return replace(printed, unread=recogniser.refusal)
        found = recogniser.recognise(_picture(page))
        return replace(printed, words=found.words, recognised=bool(found.words), unread=found.why)
    finally:
        textpage.close()
        page.close()


def _picture(page: pdfium.PdfPage) -> Picture:
    """Draw a page as scanners do, or with fewer dots where it is very large."""
    width, height = page.get_size()
    scale = min(DOTS_AN_INCH / 72, math.sqrt(_DOTS / max(width * height, 1)))
    bitmap = page.render(scale=scale, grayscale=True)
    dots = bytes(bitmap.buffer)
    lines = (dots[row * bitmap.stride :][: bitmap.width] for row in range(bitmap.height))
    return Picture(bitmap.width, bitmap.height, b"".join(lines), 1 / scale)


Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""


@dataclass(frozen=True, slots=True)
class _Style:
    """What the letters of one drawing instruction have in common."""

    number: int
    bold: bool
    direction: Direction | None
    hidden: bool
    size: float | None = None
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What is drawn on a page and no text: its kind, its place, whether white shows on it."""

    kind: int
    box: Box
    is_background: bool


class _Place(NamedTuple):
    """Where one letter stands, the page turned so that its line runs to the right."""

    left: float
    right: float
    baseline: float
    size: float
    inside: bool


# Asked for every word: a name of the module is found sooner than one of another.
_letter_box = pdfium_c.FPDFText_GetLooseCharBox
_letter_origin = pdfium_c.FPDFText_GetCharOrigin
_text_object = pdfium_c.FPDFText_GetTextObject
_cast, _ADDRESS = ctypes.cast, ctypes.c_void_p


class _Reading:
    """Reads the words of one page. PDFium fills the variables that it is given."""

    def __init__(self, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> None:
        self._page = page
        self._textpage = textpage
        self._text = textpage.raw
        self._edges: Box = page.get_bbox()
        self._styles: dict[int | None, _Style] = {}
        self._bold_fonts: dict[int | None, bool] = {}
        self._box = pdfium_c.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._to_box = ctypes.byref(self._box)
        self._to_point = ctypes.byref(self._x), ctypes.byref(self._y)
        self._ink = tuple(ctypes.c_double() for _ in range(4))
        self._to_ink = tuple(map(ctypes.byref, self._ink))
        self._level: tuple[int, float, float] = (-1, 0.0, 0.0)
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._to_colour = tuple(map(ctypes.byref, self._colour))

    def page(self, number: int, label: str) -> PrintedPage:
        """Return all that is printed on the page."""
        words: dict[Direction, list[Word]] = {}
        recognised = 0
        hidden: list[Word] = []
        slanted: list[Word] = []
        for style, word in self._words():
            if style.hidden:
                hidden.append(word)
            elif style.direction is None:
                slanted.append(word)
            else:
                words.setdefault(style.direction, []).append(word)
                recognised += style.recognised * len(word.text)
        lengths = {each: sum(len(word.text) for word in words[each]) for each in words}
        direction = max(lengths, key=lambda each: lengths[each], default=Direction.RIGHT)
        return PrintedPage(
            number=number,
            label=label,
            words=tuple(words.pop(direction, ())),
            sideways=tuple(tuple(others) for others in words.values()),
            rules=tuple(self._rules(direction)),
            uprights=tuple(self._uprights(direction)),
            hidden=_text(hidden),
            slanted=_text(slanted),
            recognised=recognised > 0,
        )

    @property
    def has_picture(self) -> bool:
        """Whether a picture is on the page, which may be one of text."""
        return any(each.kind == pdfium_c.FPDF_PAGEOBJ_IMAGE for each in self._drawings)

    def _words(self) -> Iterator[tuple[_Style, Word]]:
        """Yield the words in the order in which PDFium reads them.

        Of a word that is made up of letters only and ends as it begins, no other letter is looked
        at: asking PDFium about each of them takes most of the time.
        """
        cursor = 0
        for line in _LINE.findall(self._textpage.get_text_range()):
            # PDFium counts UTF-16 units.
            units = len(line) + (len(_WIDE.findall(line)) if not line.isascii() else 0)
            first, last = self._index(cursor), self._index(cursor + units - 1)
            end = 0
            for match in _WORD.finditer(line):
                start = match.start()
                if last - first == units - 1 == len(line) - 1:
                    index = first + start
                else:
                    index = self._index(cursor + start + len(_WIDE.findall(line[:start])))
                if index >= 0:
                    yield from self._word(match[0], index, spaced=start > end)
                end = match.end()
            cursor += units

    def _index(self, unit: int) -> int:
        """Return which letter of PDFium's stands at a place of its text; -1 for none."""
        return int(pdfium_c.FPDFText_GetCharIndexFromTextIndex(self._text, unit))

    def _word(self, text: str, index: int, *, spaced: bool) -> Iterator[tuple[_Style, Word]]:
        style = self._style(index)
        first = self._place(index, style)
        last = first
        if len(text) > 1:
            wide = 0 if text.isascii() else len(_WIDE.findall(text))
            last = self._place(index + len(text) + wide - 1, style)
            plain = text[:-1].isalpha() and (text[-1].isalpha() or text[-1] in _AFTER_WORDS)
            level = 0.02 * first.size
            if not (
                plain
                and abs(first.baseline - last.baseline) <= level
                and abs(first.size - last.size) <= level
                and not _is_doubled(text)
            ):
                yield from self._letter_by_letter(text, index, spaced=spaced)
                return
        yield self._made(text, style, first, last, spaced=spaced)

    def _letter_by_letter(
        self, text: str, index: int, *, spaced: bool
    ) -> Iterator[tuple[_Style, Word]]:
        """Yield a word in as many pieces as stand on baselines of their own."""
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
            if (
                before is not None
                and (before[1].direction, before[1].hidden) == (style.direction, style.hidden)
                and abs(before[3].baseline - place.baseline) <= _LEVEL * place.size
                and abs(before[3].size - place.size) <= _LEVEL * place.size
            ):
                pieces[-1] = before[0] + letter, before[1], before[2], place
            else:
                pieces.append((letter, style, place, place))
        for piece, style, first, last in pieces:
            yield self._made(piece, style, first, last, spaced=spaced)
            spaced = False

    def _made(
        self, text: str, style: _Style, first: _Place, last: _Place, *, spaced: bool
    ) -> tuple[_Style, Word]:
        if not first.inside and not style.hidden:
            style = replace(style, hidden=True)
        return style, Word(
            text,
            min(first.left, last.left),
            max(first.right, last.right),
            first.baseline,
            first.size,
            style.bold,
            spaced,
            style.number,
        )

    def _place(self, index: int, style: _Style, *, is_digit: bool = False) -> _Place:
        box = self._box
        _letter_box(self._text, index, self._to_box)
        start, low, end, high = box.left, box.bottom, box.right, box.top
        # Letters of one font that reach as low and as high stand on one baseline.
        if (style.number, low, high) != self._level or style.direction is not Direction.RIGHT:
            _letter_origin(self._text, index, *self._to_point)
            self._level = style.number, low, high
        x, y = start, self._y.value
        left, bottom, right, top = self._edges
        inside = left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1
        direction = style.direction
        if direction is None or direction is Direction.RIGHT:
            baseline = y
        else:
            start, low, end, high = direction.turned(start, low, end, high)
            baseline = direction.baseline(self._x.value, y)
        size = style.size or high - low
        if is_digit and direction is Direction.RIGHT:
            pdfium_c.FPDFText_GetCharBox(self._text, index, *self._to_ink)
            lift = self._ink[2].value - y
            if _RAISED_GLYPH * size < lift < size:
                baseline, size = baseline + lift, 0.6 * size
        return _Place(start, end, baseline, size, inside)

    def _style(self, index: int) -> _Style:
        drawing = _text_object(self._text, index)
        key = _cast(drawing, _ADDRESS).value
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = _Style(
                number=len(self._styles),
                bold=self._is_bold(drawing, index),
                direction=self._direction(index),
                hidden=key is not None and self._is_hidden(drawing, index),
                size=None if key is None else self._stated_size(drawing),
                recognised=key is not None and _is_invisible(drawing),
            )
        return style

    def _stated_size(self, drawing: pdfium_c.FPDF_PAGEOBJECT) -> float | None:
        """Return the height of letters whose font says that they are lower than they are.

        PDFium's boxes are then as high as each letter is, and no line seems set as the next one.
        """
        font = pdfium_c.FPDFTextObj_GetFont(drawing)
        size, ascent, descent = (ctypes.c_float() for _ in range(3))
        pdfium_c.FPDFTextObj_GetFontSize(drawing, ctypes.byref(size))
        pdfium_c.FPDFFont_GetAscent(font, size.value, ctypes.byref(ascent))
        pdfium_c.FPDFFont_GetDescent(font, size.value, ctypes.byref(descent))
        if not size.value or ascent.value - descent.value >= _LEAST_HEIGHT * size.value:
            return None
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFPageObj_GetMatrix(drawing, ctypes.byref(matrix))
        return _USUAL_HEIGHT * size.value * math.hypot(matrix.c, matrix.d)

    def _is_bold(self, drawing: pdfium_c.FPDF_PAGEOBJECT, index: int) -> bool:
        font = ctypes.cast(pdfium_c.FPDFTextObj_GetFont(drawing), ctypes.c_void_p).value
        bold = self._bold_fonts.get(font)
        if bold is None:
            flags = ctypes.c_int()
            name = ctypes.create_string_buffer(128)
            pdfium_c.FPDFText_GetFontInfo(self._text, index, name, len(name), flags)
            bold = re.search(rb"bold|black|heavy", name.value, re.IGNORECASE) is not None
            self._bold_fonts[font] = bold
        return bold

    def _direction(self, index: int) -> Direction | None:
        """Return which side of the page the text runs to; None for what runs across."""
        angle = pdfium_c.FPDFText_GetCharAngle(self._text, index)
        if angle == 0:
            return Direction.RIGHT
        if not math.isfinite(angle):
            return None
        quarters = round(angle / (math.pi / 2))
        askew = abs(angle - quarters * math.pi / 2)
        # PDFium counts angles to the right.
        return list(Direction)[-quarters % 4] if askew <= _UPRIGHT else None

    def _is_hidden(self, drawing: pdfium_c.FPDF_PAGEOBJECT, index: int) -> bool:
        """Tell text that nobody sees: not drawn where no picture is, or white on white."""
        if _is_invisible(drawing):
            # What was recognised in a picture is not drawn over it.
            return all(each.kind == pdfium_c.FPDF_PAGEOBJ_PATH for each in self._drawings)
        if not pdfium_c.FPDFText_GetFillColor(self._text, index, *self._to_colour):
            return False
        red, green, blue, opacity = (value.value for value in self._colour)
        if opacity == 0 or min(red, green, blue) < _WHITE:
            return opacity == 0
        pdfium_c.FPDFText_GetCharOrigin(self._text, index, *self._to_point)
        x, y = self._x.value, self._y.value
        return not any(
            each.is_background
            and each.box[0] - 1 <= x <= each.box[2]
            and each.box[1] - 1 <= y <= each.box[3]
            for each in self._drawings
        )

    def _rules(self, direction: Direction) -> Iterator[Rule]:
        """Yield the lines along the text, and the edges of boxes."""
        for each in self._drawings:
            if each.kind != pdfium_c.FPDF_PAGEOBJ_PATH:
                continue
            left, bottom, right, top = direction.turned(*each.box)
            if right - left < _RULE_LENGTH:
                continue
            yield Rule(left, right, top)
            if top - bottom > _RULE_WIDTH:
                yield Rule(left, right, bottom)

    def _uprights(self, direction: Direction) -> Iterator[Upright]:
        """Yield the lines across the text, and the sides of boxes."""
        for each in self._drawings:
            if each.kind != pdfium_c.FPDF_PAGEOBJ_PATH:
                continue
            left, bottom, right, top = direction.turned(*each.box)
            if top - bottom < _UPRIGHT_LENGTH:
                continue
            yield Upright(left, bottom, top)
            if right - left > _RULE_WIDTH:
                yield Upright(right, bottom, top)

    @cached_property
    def _drawings(self) -> tuple[_Drawing, ...]:
        """The first drawings of the page that are no text, with where they are."""
        page = self._page.raw
        edges = [ctypes.c_float() for _ in range(4)]
        found: list[_Drawing] = []
        for place in range(min(pdfium_c.FPDFPage_CountObjects(page), _DRAWINGS)):
            drawing = pdfium_c.FPDFPage_GetObject(page, place)
            kind = pdfium_c.FPDFPageObj_GetType(drawing)
            if kind != pdfium_c.FPDF_PAGEOBJ_TEXT and pdfium_c.FPDFPageObj_GetBounds(
                drawing, *map(ctypes.byref, edges)
            ):
                left, bottom, right, top = (edge.value for edge in edges)
                found.append(
                    _Drawing(kind, (left, bottom, right, top), _is_background(drawing, kind))
                )
        return tuple(found)


def _is_invisible(drawing: pdfium_c.FPDF_PAGEOBJECT) -> bool:
    """Tell text that is not drawn: what was recognised in a picture lies so over it."""
    return int(pdfium_c.FPDFTextObj_GetTextRenderMode(drawing)) == _INVISIBLE


def _is_doubled(text: str) -> bool:
    """Tell a word each letter of which may be printed twice in a row."""
    return len(text) > 1 and text[::2] == text[1::2]


def _is_same(
    letter: str, style: _Style, place: _Place, other: str, drawn: _Style, there: _Place
) -> bool:
    """Tell the second print of a letter, which is hardly moved, from another letter."""
    return (
        letter == other
        and style.number != drawn.number
        and abs(place.left - there.left) < _LEVEL * 2 * place.size
        and abs(place.baseline - there.baseline) < _LEVEL * 2 * place.size
    )


def _text(words: Sequence[Word]) -> str:
    """Return words as a report tells them, those of one instruction to draw together."""
    pieces = [
        f" {word.text}" if word.spaced or word.drawing != before.drawing else word.text
        for before, word in pairwise((*words[:1], *words))
    ]
    return "".join(pieces).strip()


def _is_background(drawing: pdfium_c.FPDF_PAGEOBJECT, kind: int) -> bool:
    """Tell whether white text can be read on a drawing: pictures, and areas that aren't white."""
    if kind != pdfium_c.FPDF_PAGEOBJ_PATH:
        return True
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(drawing, ctypes.byref(fill), ctypes.byref(stroke))
    colour = [ctypes.c_uint() for _ in range(4)]
    pdfium_c.FPDFPageObj_GetFillColor(drawing, *map(ctypes.byref, colour))
    red, green, blue, opacity = (value.value for value in colour)
    return fill.value != 0 and opacity > 0 and min(red, green, blue) < _WHITE
