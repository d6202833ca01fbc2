"""What is believed of a PDF's information dictionary. All names are invented."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from fpdf import FPDF

from citadel.index.corpus.formats.document import Document
from citadel.index.corpus.formats.pdf import read_pdf
from citadel.index.corpus.formats.pdf_information import borne_out, said_only

MADE = "D:20161119143000+02'00'"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("The Ferry. 19 November 2016", "2016-11-19"),
        ("The Ferry. November 19th, 2016", "2016-11-19"),
        ("The Ferry. 2016-11-19", "2016-11-19"),
        ("Report of November 2016 on the ferry", "2016-11"),
        ("The Ferry. 18 November 2016", ""),
        ("The Ferry. November 2015", ""),
        ("The Ferry. 2016", ""),
        ("x " * 2000 + "19 November 2016", ""),
    ],
)
def test_the_day_of_creation_counts_as_far_as_it_is_printed(text: str, date: str) -> None:
    assert borne_out({"CreationDate": MADE}, text) == ({"date": date} if date else {})


@pytest.mark.parametrize("made", ["", "yesterday", "D:2016", "D:00001119000000"])
def test_no_day_of_creation(made: str) -> None:
    assert borne_out({"CreationDate": made}, "19 November 2016") == {}


def test_what_is_printed_is_believed() -> None:
    told = {"Title": "The  Ferry", "Author": "Administrator"}
    assert borne_out(told, "THE FERRY by M. Olsen") == {"title": "The Ferry"}


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - ferry report.doc",
        "Microsoft PowerPoint - The Ferry",
        "PowerPoint Presentation",
        "untitled",
        "Untitled Document",
        "Document1",
        "Layout 1",
        "ferry_report_final.indd",
        "the ferry report v3.pdf",
        "Scan 0012 ab",
        "https://example.org/the ferry",
        "Ferry",
        "2016/17",
        "",
    ],
)
def test_what_a_program_gives_for_a_title_is_none(title: str) -> None:
    assert said_only({"Title": title}) == {}


@pytest.mark.parametrize(
    "author",
    ["Administrator", "user", "jsmith", "HP Officejet", "Microsoft Office User", "j@example.org"],
)
def test_an_account_is_no_author(author: str) -> None:
    assert said_only({"Author": author}) == {}


def test_a_title_and_a_person_are_taken() -> None:
    told = {"Title": "How the ferry came", "Author": "Jane Reporter", "Producer": "LaTeX"}
    assert said_only(told) == {"title": "How the ferry came", "author": "Jane Reporter"}


def read(
    *lines: str, title: str = "", author: str = "", known: Mapping[str, str] = MappingProxyType({})
) -> Document:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    pdf.add_page()
    for line in lines:
        pdf.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(10)
    pdf.set_title(title)
    pdf.set_author(author)
    pdf.set_creation_date(datetime(2016, 11, 19, tzinfo=UTC))
    [document] = read_pdf(bytes(pdf.output()), "ferry.pdf", known).documents
    return document


SENTENCE = "The ferry crosses the river every half hour from seven in the morning."


def test_what_only_the_file_says_is_named() -> None:
    document = read(SENTENCE, title="How the ferry came", author="Jane Reporter")
    assert document.layout.metadata == {
        "title": "How the ferry came",
        "author": "Jane Reporter",
        "language": "en",
    }
    assert document.notes == (
        "the title How the ferry came is what the file says of itself, and does not show",
        "the author Jane Reporter is what the file says of itself, and does not show",
    )


def test_a_byline_is_believed_before_the_file_and_the_sidecar_before_both() -> None:
    lines = ("By John Writer, 12 November 2016", SENTENCE)
    document = read(*lines, author="Jane Reporter")
    assert document.layout.metadata == {
        "author": "John Writer",
        "date": "2016-11-12",
        "language": "en",
    }
    assert document.notes == (
        "the author John Writer and the date 2016-11-12 read from the line "
        "“By John Writer, 12 November 2016”",
    )
    stated = {"author": "Ann Third", "date": "2016-11-01"}
    document = read(*lines, author="Jane Reporter", known=stated)
    assert document.layout.metadata == {**stated, "language": "en"}
    assert document.notes == ()
