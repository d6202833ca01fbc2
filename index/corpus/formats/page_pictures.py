"""A printed page as a picture, with the place of a quote marked. Pure.

A quote is looked for by its letters and digits alone: print divides words, joins letters into
one, and has marks of notes among them that are no part of the stored text.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
"""Rows, columns, and red, green and blue."""

PixelBox = tuple[int, int, int, int]
"""Left, top, right and bottom; the last two are one past the letter."""

_MARK = np.array([255, 226, 120], dtype=np.uint16)
_PIECE = 16
"""A quote that is not found whole is looked for in pieces of this many letters."""

_STRETCH = 1.5
"""How much longer than the quote a mark may be at most."""


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as it is printed.

    Attributes:
        pixels: The picture.
        letters: Each printed sign but white space, in reading order.
        boxes: Where each of them stands in the picture.

    """

    pixels: Pixels
    letters: Sequence[str]
    boxes: Sequence[PixelBox]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a page.

    Attributes:
        png: The picture, as a file of PNG.
        is_marked: Whether the quote was found on the page, and is marked.

    """

    png: bytes
    is_marked: bool


def picture_of(page: DrawnPage, quote: str) -> PagePicture:
    """Return the picture of a page, the quote marked if it stands there; "" marks nothing."""
    places = _places(page.letters, quote)
    pixels = page.pixels
    if places:
        pixels = _marked(pixels, [page.boxes[place] for place in places])
    return PagePicture(_png(pixels), bool(places))


def _places(letters: Sequence[str], quote: str) -> range:
    """Return which letters are the quote; none where it is not found."""
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(letters):
        for sign in _folded(letter):
            folded.append(sign)
            places.append(place)
    found = _found("".join(folded), _folded(quote))
    return range(places[found.start], places[found.stop - 1] + 1) if found else range(0)


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _found(page: str, quote: str) -> range:
    """Return where a quote stands; of one with something between, from its first to its last."""
    start = page.find(quote) if quote else -1
    if start >= 0:
        return range(start, start + len(quote))
    pieces = [quote[at : at + _PIECE] for at in range(0, len(quote), _PIECE)]
    hits: list[range] = []
    for piece in pieces:
        at = page.find(piece, hits[-1].stop if hits else 0)
        if at >= 0:
            hits.append(range(at, at + len(piece)))
    if 2 * len(hits) <= len(pieces):
        return range(0)
    whole = range(hits[0].start, hits[-1].stop)
    return whole if len(whole) <= _STRETCH * len(quote) else range(0)


def _marked(pixels: Pixels, boxes: Sequence[PixelBox]) -> Pixels:
    height, width, _ = pixels.shape
    mask = np.zeros((height, width), dtype=bool)
    before: PixelBox | None = None
    for left, top, right, bottom in boxes:
        mask[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = True
        if before is not None and min(bottom, before[3]) - max(top, before[1]) > (bottom - top) / 2:
            # The space between two words of a line.
            first, last = sorted((before[2], left)) if left >= before[0] else (right, before[0])
            mask[max(top, 0) : max(bottom, 0), max(first, 0) : max(last, 0)] = True
        before = left, top, right, bottom
    marked = pixels.copy()
    marked[mask] = (marked[mask].astype(np.uint16) * _MARK // 255).astype(np.uint8)
    return marked


def _png(pixels: Pixels) -> bytes:
    """Write a picture as PNG (ISO/IEC 15948): eight bits of red, green and blue, no filter."""
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(height, 3 * width)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows.tobytes(), 6))
        + chunk(b"IEND", b"")
    )
