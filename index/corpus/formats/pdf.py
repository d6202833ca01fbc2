"""Reads PDF files: their text layer, or what is recognised in pictures of pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from citadel.index.corpus.formats.document import FileContents
from citadel.index.corpus.formats.page_pictures import DrawnPage
from citadel.index.corpus.formats.pdf_words import printed_page
from citadel.index.corpus.formats.pdfium import PdfError, PdfFile, opened
from citadel.index.corpus.formats.printed_document import document_of
from citadel.index.corpus.formats.printed_pages import PrintedPage
from citadel.index.corpus.formats.recognising import Recogniser
from citadel.index.errors import CitadelError


def read_pdf(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read a PDF: paragraphs and headings by how they are set, and the pages that they are on.

    Raises:
        CitadelError: It is no PDF, has a password, or no text that can be read.

    """
    try:
        with opened(data) as file:
            told = file.told
            recogniser = Recogniser(known)
            pages = [_page(file, number, recogniser) for number in range(1, len(file) + 1)]
    except PdfError as error:
        raise CitadelError(
            f"{source} can't be opened as a PDF ({error}); save it again, without a password."
        ) from error
    return FileContents((document_of(pages, told, source, known),))


def draw_page(data: bytes, source: str, number: int, longest: int) -> DrawnPage:
    """Draw a page of a PDF, and report where its letters stand in the picture.

    Args:
        data: The file.
        source: What it is called in errors.
        number: The page, from 1.
        longest: How many pixels the longer side of the picture has.

    Raises:
        CitadelError: It can't be opened as a PDF, or has no such page.

    """
    try:
        with opened(data) as file:
            if not 1 <= number <= len(file):
                raise CitadelError(f"{source} has no page {number}; it has {len(file)}.")
            with file.page(number) as page:
                return page.drawn(longest)
    except PdfError as error:
        raise CitadelError(f"{source} can't be drawn ({error}); save it again.") from error


def _page(file: PdfFile, number: int, recogniser: Recogniser) -> PrintedPage:
    with file.page(number) as page:
        printed = printed_page(page, number, file.label(number))
        if printed.words or not any(each.is_picture for each in page.drawings):
            return printed
        if recogniser.refusal:
            return replace(printed, unread=recogniser.refusal)
        found = recogniser.recognise(page.scanned())
    return replace(printed, words=found.words, recognised=bool(found.words), unread=found.why)
