"""Writes known texts with libraries that newsrooms' programs are made with: PDFs and workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

import reportlab
import xlsxwriter
from fpdf import FPDF
from fpdf.enums import CharVPos
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table

from citadel.evaluation.benchmarks.files.text_writers import rows_of
from citadel.evaluation.benchmarks.files.truth import RUNNING_HEAD, Look, Piece, TrueBlock, Truth
from citadel.index.corpus.formats.pdfium import opened

_FONTS = Path(reportlab.__file__).parent / "fonts"
_HEIGHT = 6
_SCANNED = 2339
"""How many dots the longer side of A4 has with 200 of them an inch."""

_TAGS = {Look.BOLD: "<b>{}</b>", Look.MARK: "<super>{}</super>", Look.POWER: "<super>{}</super>"}


def fpdf_pdf(truth: Truth) -> bytes:
    """A PDF in one column, ragged, by fpdf2."""
    pdf = FPDF()
    pdf.add_font("Vera", "", _FONTS / "Vera.ttf")
    pdf.add_font("Vera", "B", _FONTS / "VeraBd.ttf")
    pdf.add_page()
    for block in truth.blocks:
        pdf.set_font("Vera", "B" if block.heading else "", 14 if block.heading else 11)
        # It may break the first word of what is written at once, so there is as little of it.
        for raised, text in _raised(block):
            pdf.char_vpos = CharVPos.SUP if raised else CharVPos.LINE
            pdf.write(_HEIGHT, text)
        pdf.char_vpos = CharVPos.LINE
        pdf.ln(_HEIGHT * 2)
    if truth.table is not None:
        pdf.set_font("Vera", "", 11)
        with pdf.table() as table:
            for row in (truth.table.headings, *truth.table.rows):
                table.row(row)
    return bytes(pdf.output())


def _raised(block: TrueBlock) -> Iterator[tuple[bool, str]]:
    """Yield the text of a block in pieces, raised ones and those that stand on the line."""
    pieces = [p for each in block.sentences for p in (Piece(" "), *each.pieces)][1:]
    for raised, group in groupby(pieces, key=lambda p: p.look in (Look.MARK, Look.POWER)):
        yield raised, "".join(piece.text for piece in group)


def reportlab_pdf(truth: Truth) -> bytes:
    """A PDF in one column, justified, by ReportLab."""
    return _printed(truth, 1)


def reportlab_columns(truth: Truth) -> bytes:
    """A PDF in two justified columns with running heads and page numbers, by ReportLab."""
    return _printed(truth, 2)


def reportlab_three_columns(truth: Truth) -> bytes:
    """A PDF in three justified columns with running heads and page numbers, by ReportLab."""
    return _printed(truth, 3)


def scanned_pdf(truth: Truth) -> bytes:
    """A PDF of pictures of pages, as scanners write them."""
    scan = FPDF(unit="pt", format="A4")
    with opened(reportlab_pdf(truth)) as printed:
        for number in range(1, len(printed) + 1):
            scan.add_page()
            with printed.page(number) as page:
                picture = Image.fromarray(page.drawn(_SCANNED).pixels).convert("L")
            scan.image(picture, 0, 0, scan.w, scan.h)
    return bytes(scan.output())


def _printed(truth: Truth, columns: int) -> bytes:
    for name, font in (("Vera", "Vera"), ("Vera-Bold", "VeraBd")):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{font}.ttf")))
    pdfmetrics.registerFontFamily("Vera", "Vera", "Vera-Bold", "Vera", "Vera-Bold")
    base = getSampleStyleSheet()["Normal"]
    body = ParagraphStyle(
        "body", base, fontName="Vera", fontSize=10, leading=14, alignment=4, spaceAfter=8
    )
    head = ParagraphStyle("head", base, fontName="Vera-Bold", fontSize=13, leading=18, spaceAfter=6)
    story: list[Flowable] = []
    for block in truth.blocks:
        sentences = ("".join(map(_tagged, each.pieces)) for each in block.sentences)
        story.append(Paragraph(" ".join(sentences), head if block.heading else body))
    if truth.table is not None:
        style = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), "Vera")]
        story.append(Table([truth.table.headings, *truth.table.rows], style=style))
    file = io.BytesIO()
    document = BaseDocTemplate(file, pagesize=A4)
    width = (document.width - 20 * (columns - 1)) / columns
    frames = [
        Frame(document.leftMargin + n * (width + 20), document.bottomMargin, width, document.height)
        for n in range(columns)
    ]

    def running(canvas: Canvas, _document: BaseDocTemplate) -> None:
        if columns > 1:
            canvas.setFont("Vera", 8)
            canvas.drawString(72, A4[1] - 40, RUNNING_HEAD)
            canvas.drawCentredString(A4[0] / 2, 40, str(canvas.getPageNumber()))

    document.addPageTemplates(PageTemplate("page", frames, onPage=running))
    document.build(story)
    return file.getvalue()


def _tagged(piece: Piece) -> str:
    return _TAGS.get(piece.look, "{}").format(escape(piece.text))


def excel_workbook(truth: Truth) -> bytes:
    """A workbook as Excel writes it, by XlsxWriter: a sheet of the table, one of the sentences."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    bold = book.add_format({"bold": True})
    if truth.table is not None:
        sheet = book.add_worksheet("Dead")
        sheet.write_row(0, 0, truth.table.headings, bold)
        for number, row in enumerate(truth.table.rows, start=1):
            sheet.write_row(number, 0, row)
    sheet = book.add_worksheet("Told")
    for number, row in enumerate(rows_of(truth)):
        sheet.write_row(number, 0, row, bold if number == 0 else None)
    book.close()
    return file.getvalue()
