"""Opens PDFs with PDFium and asks it where their letters stand. The only module that knows it."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from struct import Struct
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from citadel.index.corpus.formats.page_pictures import DrawnPage, PixelBox
from citadel.index.corpus.formats.recognising import DOTS_AN_INCH, Picture

_DRAWINGS = 4_000
"""How many drawings of a page are checked for rules and backgrounds: no table has more."""

_WHITE = 240
_BOLD = re.compile(rb"bold|black|heavy", re.IGNORECASE)

_LEAST_HEIGHT = 0.8
_USUAL_HEIGHT = 1.16
"""Letters from the lowest to the highest, in sizes of their font: at least, and mostly."""

_DOTS = 6_000_000
"""A page is drawn with this many at most: one of A4 has four million."""

_INVISIBLE = 3
"""Of the modes in which text is drawn, the one that draws nothing (ISO 32000-1, 9.3.6)."""

PdfError = pdfium.PdfiumError
"""What is raised where PDFium can't open or draw a file."""

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""


class PdfFile:
    """A PDF that is open."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document

    def __len__(self) -> int:
        """Return how many pages it has."""
        return len(self._document)

    @property
    def told(self) -> dict[str, str]:
        """What it says about itself, by the names of PDF: Title, Author, CreationDate."""
        return dict(self._document.get_metadata_dict())

    def label(self, number: int) -> str:
        """Return the number that it gives a page itself, "" for none; counted from 1."""
        return str(self._document.get_page_label(number - 1))

    @contextmanager
    def page(self, number: int) -> Iterator[PdfPage]:
        """Open a page, counted from 1."""
        page = self._document[number - 1]
        textpage = page.get_textpage()
        try:
            yield PdfPage(page, textpage)
        finally:
            textpage.close()
            page.close()


@contextmanager
def opened(data: bytes) -> Iterator[PdfFile]:
    """Open a PDF.

    Raises:
        PdfError: It is none, or has a password.

    """
    with pdfium.PdfDocument(data) as document:
        yield PdfFile(document)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn on a page and no text.

    Attributes:
        box: Where it is.
        is_path: Whether it is made of lines and areas.
        is_picture: Whether it is a picture.
        is_background: Whether white text can be read on it.

    """

    box: Box
    is_path: bool
    is_picture: bool
    is_background: bool


class PdfPage:
    """A page of an open PDF."""

    def __init__(self, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> None:
        self._page = page
        self._textpage = textpage

    @property
    def edges(self) -> Box:
        """Where the page ends."""
        left, bottom, right, top = self._page.get_bbox()
        return left, bottom, right, top

    @property
    def text(self) -> str:
        """Its text, in the order in which PDFium reads it."""
        return str(self._textpage.get_text_range())

    def letters(self) -> Letters:
        """Return what PDFium knows of its letters, as long as the page is open."""
        return Letters(self._textpage)

    @cached_property
    def drawings(self) -> tuple[Drawing, ...]:
        """The first drawings of the page that are no text."""
        page = self._page.raw
        edges = [ctypes.c_float() for _ in range(4)]
        found: list[Drawing] = []
        for place in range(min(pdfium_c.FPDFPage_CountObjects(page), _DRAWINGS)):
            drawing = pdfium_c.FPDFPage_GetObject(page, place)
            kind = pdfium_c.FPDFPageObj_GetType(drawing)
            if kind != pdfium_c.FPDF_PAGEOBJ_TEXT and pdfium_c.FPDFPageObj_GetBounds(
                drawing, *map(ctypes.byref, edges)
            ):
                left, bottom, right, top = (edge.value for edge in edges)
                is_path = kind == pdfium_c.FPDF_PAGEOBJ_PATH
                found.append(
                    Drawing(
                        (left, bottom, right, top),
                        is_path,
                        kind == pdfium_c.FPDF_PAGEOBJ_IMAGE,
                        not is_path or _is_coloured(drawing),
                    )
                )
        return tuple(found)

    def scanned(self) -> Picture:
        """Draw the page as scanners do, or with fewer dots where it is very large."""
        width, height = self._page.get_size()
        scale = min(DOTS_AN_INCH / 72, math.sqrt(_DOTS / max(width * height, 1)))
        bitmap = self._page.render(scale=scale, grayscale=True)
        dots = bytes(bitmap.buffer)
        lines = (dots[row * bitmap.stride :][: bitmap.width] for row in range(bitmap.height))
        return Picture(bitmap.width, bitmap.height, b"".join(lines), 1 / scale)

    def drawn(self, longest: int) -> DrawnPage:
        """Draw the page, the longer side of the picture this many pixels long."""
        scale = longest / max(self._page.get_size())
        bitmap = self._page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
        pixels = bitmap.to_numpy()[:, :, :3].copy()
        signs = list(self._signs(bitmap.width, bitmap.height))
        bitmap.close()
        return DrawnPage(pixels, [sign for sign, _ in signs], [box for _, box in signs])

    def _signs(self, width: int, height: int) -> Iterator[tuple[str, PixelBox]]:
        """Yield the printed signs but white space, with their places in a picture of the page."""
        text = self._textpage.raw
        box = pdfium_c.FS_RECTF()
        x, y = ctypes.c_int(), ctypes.c_int()

        def pixel(across: float, up: float) -> tuple[int, int]:
            pdfium_c.FPDF_PageToDevice(self._page.raw, 0, 0, width, height, 0, across, up, x, y)
            return x.value, y.value

        for index in range(self._textpage.count_chars()):
            sign = chr(pdfium_c.FPDFText_GetUnicode(text, index))
            if sign.isspace() or not pdfium_c.FPDFText_GetLooseCharBox(text, index, box):
                continue
            one, other = pixel(box.left, box.bottom), pixel(box.right, box.top)
            (left, right), (top, bottom) = map(sorted, zip(one, other, strict=True))
            yield sign, (left, top, right + 1, bottom + 1)


def _is_coloured(path: pdfium_c.FPDF_PAGEOBJECT) -> bool:
    """Return whether white text can be read on lines and areas: on areas that aren't white."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    colour = [ctypes.c_uint() for _ in range(4)]
    pdfium_c.FPDFPageObj_GetFillColor(path, *map(ctypes.byref, colour))
    red, green, blue, opacity = (value.value for value in colour)
    return fill.value != 0 and opacity > 0 and min(red, green, blue) < _WHITE


def _called(function: Any, result: Any, *arguments: Any) -> Any:
    """Return a function of PDFium that takes and returns addresses as numbers.

    Asked for every word, ctypes would else make an object of each address, which takes longer
    than the answer.
    """
    address: Any = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address)


_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int
_box_of = _called(pdfium_c.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
_origin_of = _called(pdfium_c.FPDFText_GetCharOrigin, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS)
_drawing_of = _called(pdfium_c.FPDFText_GetTextObject, _ADDRESS, _ADDRESS, _INT)
_index_of = _called(pdfium_c.FPDFText_GetCharIndexFromTextIndex, _INT, _ADDRESS, _INT)
_ink_of = _called(pdfium_c.FPDFText_GetCharBox, _INT, _ADDRESS, _INT, *(_ADDRESS,) * 4)
_angle_of = _called(pdfium_c.FPDFText_GetCharAngle, ctypes.c_float, _ADDRESS, _INT)
_colour_of = _called(pdfium_c.FPDFText_GetFillColor, _INT, _ADDRESS, _INT, *(_ADDRESS,) * 4)
_font_of = _called(pdfium_c.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
_size_of = _called(pdfium_c.FPDFTextObj_GetFontSize, _INT, _ADDRESS, _ADDRESS)
_mode_of = _called(pdfium_c.FPDFTextObj_GetTextRenderMode, _INT, _ADDRESS)

_BOX, _POINT, _INK, _COLOUR = Struct("=4f"), Struct("=2d"), Struct("=4d"), Struct("=4I")


class Letters:
    """What PDFium knows of the letters of one page, by their places in its list of them.

    A letter belongs to a drawing instruction, which is known by its address: None for letters that
    PDFium adds itself.
    """

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self._textpage = textpage
        self._text = ctypes.cast(textpage.raw, ctypes.c_void_p).value
        # PDFium writes its answers here: as many numbers as each question has.
        self._box, self._to_box = _room(_BOX)
        self._point, self._to_point = _room(_POINT)
        self._ink, self._to_ink = _room(_INK)
        self._colour, self._to_colour = _room(_COLOUR)
        self._size = ctypes.c_float()
        self._to_size = ctypes.addressof(self._size)
        self._bold: dict[int | None, bool] = {}
        self._low: dict[tuple[int | None, float], bool] = {}

    def index(self, unit: int) -> int:
        """Return which letter stands at a place of the text in UTF-16; -1 for none."""
        return int(_index_of(self._text, unit))

    def box(self, index: int) -> Box:
        """Return the box of a letter: as wide as its place on the line, as high as its font."""
        _box_of(self._text, index, self._to_box)
        left, top, right, bottom = _BOX.unpack(self._box)
        return left, bottom, right, top

    def origin(self, index: int) -> tuple[float, float]:
        """Return the point on the baseline at which a letter begins."""
        _origin_of(self._text, index, self._to_point, self._to_point + 8)
        x, y = _POINT.unpack(self._point)
        return x, y

    def lowest_ink(self, index: int) -> float:
        """Return how low the ink of a letter reaches."""
        to = self._to_ink
        _ink_of(self._text, index, to, to + 8, to + 16, to + 24)
        _, _, bottom, _ = _INK.unpack(self._ink)
        return float(bottom)

    def drawing(self, index: int) -> int | None:
        """Return the instruction that draws a letter."""
        found: int | None = _drawing_of(self._text, index)
        return found

    def angle(self, index: int) -> float:
        """Return how far the line of a letter is turned to the right, in radians."""
        return float(_angle_of(self._text, index))

    def colour(self, index: int) -> tuple[int, int, int, int] | None:
        """Return red, green, blue and opacity of a letter, up to 255; None where none is given."""
        to = self._to_colour
        if not _colour_of(self._text, index, to, to + 4, to + 8, to + 12):
            return None
        red, green, blue, opacity = _COLOUR.unpack(self._colour)
        return red, green, blue, opacity

    def is_bold(self, drawing: int | None, index: int) -> bool:
        """Return whether a letter is bold, by the name of its font."""
        font = _font_of(drawing)
        bold = self._bold.get(font)
        if bold is None:
            flags = ctypes.c_int()
            name = ctypes.create_string_buffer(128)
            pdfium_c.FPDFText_GetFontInfo(self._textpage.raw, index, name, len(name), flags)
            bold = self._bold[font] = _BOLD.search(name.value) is not None
        return bold

    def is_invisible(self, drawing: int) -> bool:
        """Return whether text is not drawn, like recognised text that is laid over a picture."""
        return bool(_mode_of(drawing) == _INVISIBLE)

    def stated_size(self, drawing: int) -> float | None:
        """Return the height of letters whose font says that they are lower than they are.

        PDFium's boxes are then as high as each letter is, and no line seems set as the next one.
        """
        self._size.value = 0.0
        _size_of(drawing, self._to_size)
        size = self._size.value
        if not size or not self._is_too_low(_font_of(drawing), size):
            return None
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFPageObj_GetMatrix(
            ctypes.cast(drawing, pdfium_c.FPDF_PAGEOBJECT), ctypes.byref(matrix)
        )
        return _USUAL_HEIGHT * size * math.hypot(matrix.c, matrix.d)

    def _is_too_low(self, address: int | None, size: float) -> bool:
        low = self._low.get((address, size))
        if low is None:
            font = ctypes.cast(ctypes.c_void_p(address), pdfium_c.FPDF_FONT)
            ascent, descent = ctypes.c_float(), ctypes.c_float()
            pdfium_c.FPDFFont_GetAscent(font, size, ctypes.byref(ascent))
            pdfium_c.FPDFFont_GetDescent(font, size, ctypes.byref(descent))
            low = ascent.value - descent.value < _LEAST_HEIGHT * size
            self._low[address, size] = low
        return low


def _room(numbers: Struct) -> tuple[bytearray, int]:
    """Return room for numbers, and its address, which stays as it never grows."""
    room = bytearray(numbers.size)
    return room, ctypes.addressof(ctypes.c_char.from_buffer(room))
