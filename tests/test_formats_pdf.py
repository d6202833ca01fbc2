from pathlib import Path

import pytest
from fpdf import FPDF
from fpdf.fonts import TTFFont

from citadel.index.build.build import BUNDLED_SOURCES
from citadel.index.corpus.formats.document import Document
from citadel.index.corpus.formats.pdf import read_pdf
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.passages import split_article
from citadel.index.errors import CitadelError
from tests.reading_here import read_article
from tests.renderings import FONTS, as_booklet, as_pdf, contents


def read(pdf: FPDF) -> Document:
    [document] = read_pdf(bytes(pdf.output()), "ferry.pdf", {}).documents
    return document


def blocks(document: Document) -> list[tuple[str, str]]:
    kinds = {BlockKind.HEADING: "h", BlockKind.PARAGRAPH: "p"}
    return [(kinds[b.kind], b.span.of(document.text)) for b in document.layout.blocks]


def pages(*texts: str, size: float = 12) -> FPDF:
    pdf = FPDF()
    pdf.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
    pdf.set_font("DejaVu", "", size)
    for text in texts:
        pdf.add_page()
        pdf.multi_cell(0, 6, text)
    return pdf


def test_letters_that_are_higher_than_their_font_says() -> None:
    lines = (
        "on an azure sea some men saw a van on rows",
        "Half the old bridge fell, and the bell tolled",
        "as soon as a new moon arose over us.",
    )
    pdf = pages("\n".join(lines), size=11)
    for font in pdf.fonts.values():
        assert isinstance(font, TTFFont)
        font.desc.ascent, font.desc.descent = 560, -145
    assert blocks(read(pdf)) == [("p", " ".join(lines))]


def test_the_bundled_article_printed(tmp_path: Path) -> None:
    bundled = read_article(BUNDLED_SOURCES / "enab-baladi-end-of-aleppo.md")
    as_pdf(bundled, tmp_path / "aleppo.pdf")
    printed = read_article(tmp_path / "aleppo.pdf")
    assert [
        " ".join(text.split()) for kind, text in contents(printed) if kind is BlockKind.PARAGRAPH
    ] == [text for kind, text in contents(bundled) if kind is BlockKind.PARAGRAPH]
    assert (printed.title, printed.language) == (bundled.title, "en")
    assert printed.notes == (
        "18 running heads, feet and page numbers left out: “Enab Baladi – Report” on pages 1–9; "
        "“Page 1 of 9” to “Page 9 of 9” on pages 1–9",
    )
    assert [printed.page_at(p.start) for p in split_article(printed)][::10] == [1, 2, 3, 5, 6, 8]


def test_pages_and_an_empty_one() -> None:
    document = read(pages("The first page.", "", "The third page begins and", "goes on here."))
    assert document.text == (
        "language: en\n\nThe first page.\n\nThe third page begins and goes on here.\n"
    )
    assert document.pages == (14, 31, 31, 57)
    assert document.notes == ("no text on page 2: pictures are not read",)


def test_one_page_number() -> None:
    pdf = pages("The only page.")
    pdf.set_y(-15)
    pdf.set_auto_page_break(False)
    pdf.cell(0, 6, "7", align="C")
    document = read(pdf)
    assert blocks(document) == [("p", "The only page.")]
    assert document.notes == ("1 running head, foot or page number left out: “7” on page 1",)


def test_ligatures_and_soft_hyphens_are_spelt_out() -> None:
    [(_, text)] = blocks(read(pages("The oﬃcial co\u00adoperates with the ﬁsher.")))
    assert text == "The official cooperates with the fisher."


def test_arabic_reads_from_right_to_left() -> None:
    pdf = FPDF()
    pdf.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
    pdf.set_font("DejaVu", "", 12)
    pdf.add_page()
    text = "تعبر العبارة النهر كل نصف ساعة، وفيها 25 راكبا."
    # Drawn from left to right, as typesetting programs leave it: the letters in the order in
    # which they stand on the page, the number the other way round again.
    pdf.multi_cell(0, 6, text[::-1].replace("52", "25"), align="R")
    document = read(pdf)
    assert blocks(document) == [("p", text)]
    assert document.layout.metadata["language"] == "ar"


@pytest.mark.parametrize(
    ("title", "author", "metadata"),
    [
        ("The Ferry", "M. Olsen", {"title": "The Ferry", "author": "M. Olsen", "language": "en"}),
        ("Microsoft Word - draft3.doc", "Administrator", {"language": "en"}),
    ],
)
def test_what_the_document_does_not_bear_out_is_not_taken(
    title: str, author: str, metadata: dict[str, str]
) -> None:
    pdf = pages("The ferry, by M. Olsen. It crosses the river.")
    pdf.set_title(title)
    pdf.set_author(author)
    assert read(pdf).layout.metadata == metadata


def scanned() -> bytes:
    pdf = FPDF()
    for _ in range(3):
        pdf.add_page()
        pdf.rect(10, 10, 50, 50, style="F")
    return bytes(pdf.output())


def locked() -> bytes:
    pdf = pages("Secret.")
    pdf.set_encryption(owner_password="o", user_password="u")
    return bytes(pdf.output())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            scanned(),
            "has no text layer, it is pictures of pages; "
            "have the text recognised (OCR), for example with ocrmypdf.",
        ),
        (
            b"%PDF-1.7\n",
            "can't be opened as a PDF (Failed to load document (PDFium: Data format error).); "
            "save it again, without a password.",
        ),
        (
            locked(),
            "can't be opened as a PDF (Failed to load document (PDFium: Incorrect password "
            "error).); save it again, without a password.",
        ),
    ],
    ids=["scanned", "broken", "locked"],
)
def test_what_can_not_be_read(data: bytes, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read_pdf(data, "ferry.pdf", {})
    assert str(caught.value) == f"ferry.pdf {message}"


def test_hyphenated_lines(tmp_path: Path) -> None:
    """PDFium puts the line below a hyphen to its own; they are separated all the same."""
    bundled = read_article(BUNDLED_SOURCES / "enab-baladi-end-of-aleppo.md")
    as_booklet(bundled, tmp_path / "aleppo.pdf")
    printed = read_article(tmp_path / "aleppo.pdf")
    found = [" ".join(text.split()) for _, text in contents(printed)]
    lost = [text for _, text in contents(bundled) if text not in found]
    # A page ends with its first sentence, as if the paragraph ended there.
    assert [text[:60] for text in lost] == [
        "The opposition did not stand idly by as the regime attacked."
    ]
    assert printed.notes == (
        "16 running heads, feet and page numbers left out: “1” to “16” on pages 1–16",
    )
