"""Reads PDF files that have a text layer, with PDFium."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Mapping, Sequence
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from citadel.index.corpus.decoding import visible
from citadel.index.corpus.formats.document import FileContents, Part, compose
from citadel.index.corpus.formats.printed_lines import Line, parts_of, without_running_lines
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.metadata import plausible_metadata
from citadel.index.errors import CitadelError

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_PRESENTATION_FORMS = re.compile(r"[\ufb00-\ufdff\ufe70-\ufefc]")
"""Ligatures and positional forms, which a person searching would not type."""

_UNKNOWN = re.compile(r"[\ufffd\ue000-\uf8ff]")
_UNKNOWN_SHARE = 0.1
_SPACES = re.compile(r"\s+")
_NAMED_PAGES = 5
_SAMPLES = 5
"""A line is set as most of so many of its letters are: a word may be in another font."""


def read_pdf(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read a PDF: paragraphs and headings by how they are set, and the pages that they are on.

    Raises:
        CitadelError: It is no PDF, has a password, or no text that can be read.

    """
    try:
        with pdfium.PdfDocument(data) as document:
            told = document.get_metadata_dict()
            pages = [_lines(document, number) for number in range(1, len(document) + 1)]
    except pdfium.PdfiumError as error:
        raise CitadelError(
            f"{source} can't be opened as a PDF ({error}); save it again, without a password."
        ) from error
    text = " ".join(line.text for page in pages for line in page)
    _check_text(text, source)
    lines, dropped = without_running_lines(pages)
    parts = parts_of(lines)
    notes = []
    if dropped:
        notes.append(
            "1 running head, foot or page number left out"
            if dropped == 1
            else f"{dropped} running heads, feet and page numbers left out"
        )
    empty = [number for number, page in enumerate(pages, start=1) if not page]
    if empty:
        notes.append(f"no text on {_page_names(empty)}: pictures are not read")
    metadata = {
        "language": detect_language(text),
        **_about(told, parts, text),
        **known,
    }
    return FileContents((compose(metadata, parts, notes, page_count=len(pages)),))


def _check_text(text: str, source: str) -> None:
    letters = _SPACES.sub("", text)
    if not letters:
        raise CitadelError(
            f"{source} has no text layer, it is pictures of pages; "
            "have the text recognised (OCR), for example with ocrmypdf."
        )
    if len(_UNKNOWN.findall(letters)) > _UNKNOWN_SHARE * len(letters):
        raise CitadelError(
            f"{source} does not tell which letters its fonts show; "
            "have the text recognised (OCR), for example with ocrmypdf."
        )


def _page_names(numbers: Sequence[int]) -> str:
    named = ", ".join(map(str, numbers[:_NAMED_PAGES]))
    more = f" and {len(numbers) - _NAMED_PAGES} more" if len(numbers) > _NAMED_PAGES else ""
    return f"page{'s' if len(numbers) > 1 else ''} {named}{more}"


def _about(told: Mapping[str, str], parts: Sequence[Part], text: str) -> dict[str, str]:
    """Return title and author as far as the document itself bears them out.

    Programs fill both with whatever they have: the name of a draft, of the computer's owner.
    Without a title that stands in the text, the first heading of the first page is it.
    """
    stated = plausible_metadata({"title": told.get("Title"), "author": told.get("Author")})
    printed = _SPACES.sub(" ", text).casefold()
    about = {name: value for name, value in stated.items() if value.casefold() in printed}
    first = next(
        (p.text for p in parts if p.kind is BlockKind.HEADING and p.pages[0][0] == 1), None
    )
    return {**plausible_metadata({"title": first}), **about}


def _lines(document: pdfium.PdfDocument, number: int) -> list[Line]:
    """Return the lines of a page in the order in which it shows them."""
    page = document[number - 1]
    textpage = page.get_textpage()
    lines: list[Line] = []
    cursor = 0
    for row in re.split(r"(\r?\n)", textpage.get_text_range()):
        # PDFium counts UTF-16 units.
        first, cursor = cursor, cursor + len(row.encode("utf-16-le", "surrogatepass")) // 2
        if row.strip():
            lines.append(_line(textpage, row, first, number))
    textpage.close()
    page.close()
    return lines


def _line(textpage: pdfium.PdfTextPage, row: str, first: int, number: int) -> Line:
    """Return the line whose text is ``row`` and begins at the index ``first`` of its page."""
    letters = [place for place, char in enumerate(row) if not char.isspace()]
    last = len(letters) - 1
    sampled = [first + letters[last * step // (_SAMPLES - 1)] for step in range(_SAMPLES)]
    indexes = [max(pdfium_c.FPDFText_GetCharIndexFromTextIndex(textpage, at), 0) for at in sampled]
    boxes = [textpage.get_charbox(index, loose=True) for index in indexes]
    baseline, last_baseline = (_baseline(textpage, indexes[place]) for place in (0, -1))
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    backwards = 2 * len(_RIGHT_TO_LEFT.findall(row)) > len(_SPACES.sub("", row))
    start, end = (-right, -left) if backwards else (left, right)
    if last_baseline < baseline - 1:
        # PDFium has mended a hyphen, and put the line below to its own: it ends where that does.
        end = -boxes[-1][0] if backwards else boxes[-1][2]
    text = _PRESENTATION_FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), row)
    hyphen = text.rstrip()[-1:] if text.rstrip()[-1:] in "\u0002\ufffe\u00ad" else ""
    text = _SPACES.sub(" ", visible(text.replace("\u00ad", "").replace("\ufffe", ""))).strip()
    return Line(
        text=text + ("\u00ad" if hyphen else ""),
        page=number,
        start=start,
        end=end,
        baseline=baseline,
        last_baseline=last_baseline,
        size=round(median(top - bottom for _, bottom, _, top in boxes), 1),
        bold=2 * sum(_is_bold(textpage, index) for index in indexes) > _SAMPLES,
    )


def _baseline(textpage: pdfium.PdfTextPage, index: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetCharOrigin(textpage, index, x, y)
    return y.value


def _is_bold(textpage: pdfium.PdfTextPage, index: int) -> bool:
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    pdfium_c.FPDFText_GetFontInfo(textpage, index, name, len(name), flags)
    return re.search(rb"bold|black|heavy", name.value, re.IGNORECASE) is not None
