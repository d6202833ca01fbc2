"""Writes pages with fpdf2, and reads them."""

from fpdf import FPDF

from citadel.index.corpus.formats.document import Document
from citadel.index.corpus.formats.pdf import read_pdf
from tests.two_columns import LEFT, RIGHT

COLUMNS = [" ".join(LEFT), " ".join(RIGHT)]
PROSE = (
    "The old bridge over the river was closed for repairs in the spring after engineers had found "
    "long cracks. Residents of the eastern bank had to walk for an hour to the market. Several "
    "shops lost most of their customers during that time."
)
TOWNS = (
    ("Town", "Killed", "Wounded", "Source"),
    ("Marjeh", "12", "40", "SNHR"),
    ("Salheen", "7", "", "VDC"),
    ("Deir ez-Zor", "1,204", "9", "SNHR, VDC"),
)
ROWS = [
    "| Town | Killed | Wounded | Source |",
    "Marjeh: Killed 12, Wounded 40, Source SNHR",
    "Salheen: Killed 7, Source VDC",
    "Deir ez-Zor: Killed 1,204, Wounded 9, Source SNHR, VDC",
]


def new(size: float = 11) -> FPDF:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", "", size)
    return pdf


def read(pdf: FPDF) -> Document:
    [document] = read_pdf(bytes(pdf.output()), "flood.pdf", {}).documents
    return document


def blocks(pdf: FPDF) -> tuple[list[str], tuple[str, ...]]:
    document = read(pdf)
    return [block.span.of(document.text) for block in document.layout.blocks], document.notes


def justified(pdf: FPDF, left: float, top: float, width: float, text: str) -> float:
    """Write a narrow justified column as typesetting programs do: each line at once."""
    pdf.set_xy(left, top)
    pdf.multi_cell(width, 5, text, align="J")
    return float(pdf.get_y())
