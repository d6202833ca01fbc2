"""PDFs whose words stand otherwise than in lines one below another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF

from citadel.index.corpus.articles import article_from_record, article_record
from citadel.index.corpus.passages import split_article
from citadel.qa.answer.locators import page_name
from tests.printed import COLUMNS, PROSE, ROWS, TOWNS, blocks, justified, new, read
from tests.reading_here import read_article
from tests.two_columns import LEFT, RIGHT


def cells(pdf: FPDF, *, bold: bool = False, align: str = "L") -> None:
    for number, row in enumerate(TOWNS):
        pdf.set_font(style="B" if bold and not number else "")
        for column, text in enumerate(row):
            pdf.cell(40, 6, text, align=align if column in (1, 2) else "L")
        pdf.ln(6)


def drawn(pdf: FPDF) -> None:
    with pdf.table(col_widths=(30, 20, 20, 40)) as table:
        for row in TOWNS:
            table.row(row)


@pytest.mark.parametrize(
    "draw",
    [cells, lambda pdf: cells(pdf, bold=True), lambda pdf: cells(pdf, bold=True, align="R"), drawn],
    ids=["headings by figures", "bold headings", "figures to the right", "with rules"],
)
def test_rows_of_a_table_stay_with_their_headings(draw: Callable[[FPDF], None]) -> None:
    pdf = new()
    pdf.multi_cell(0, 6, PROSE, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(6)
    draw(pdf)
    pdf.set_font(style="")
    pdf.ln(6)
    pdf.multi_cell(0, 6, "The council asked a company from the capital for an offer.")
    assert blocks(pdf) == (
        [PROSE, "\n\n".join(ROWS), "The council asked a company from the capital for an offer."],
        (),
    )


def test_a_cell_of_several_lines_stays_one() -> None:
    pdf = new()
    with pdf.table(col_widths=(40, 30, 30), width=100) as table:
        for row in (
            ("District", "Killed", "Wounded"),
            ("Old town, upper and lower quarter", "3", "8"),
            ("Marjeh", "12", "40"),
        ):
            table.row(row)
    assert blocks(pdf) == (
        [
            "| District | Killed | Wounded |\n\n"
            "Old town, upper and lower quarter: Killed 3, Wounded 8\n\n"
            "Marjeh: Killed 12, Wounded 40"
        ],
        (),
    )


def test_labels_stay_with_what_they_are_about() -> None:
    pdf = new()
    for label, text in (
        ("3 April", "The dam near Mern broke after days of rain, and water stood in the town."),
        ("1 May", "A court opened."),
    ):
        pdf.cell(30, 6, label)
        pdf.multi_cell(90, 6, text, new_x="LMARGIN", new_y="NEXT")
    assert blocks(pdf) == (
        [
            "3 April: The dam near Mern broke after days of rain, and water stood in the town."
            "\n\n1 May: A court opened."
        ],
        (),
    )


def test_a_note_in_the_margin_is_read_last() -> None:
    pdf = new()
    pdf.set_x(60)
    pdf.multi_cell(130, 6, PROSE)
    pdf.set_font(size=8)
    pdf.text(10, 22, "The bridge was built")
    pdf.text(10, 25, "by Odeh & Sons.")
    assert blocks(pdf) == (
        [PROSE, "The bridge was built by Odeh & Sons."],
        ("text in the margin is read last on page 1",),
    )


def test_numbers_of_lines_are_left_out() -> None:
    pdf = new()
    for number, text in enumerate((*LEFT, *RIGHT), start=1):
        pdf.text(10, 40 + 6 * number, str(number))
        pdf.text(22, 40 + 6 * number, text)
    assert blocks(pdf) == ([" ".join(COLUMNS)], ("numbers of lines on page 1 left out: 1 to 8",))


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_on_its_side(angle: int) -> None:
    pdf = new()
    with pdf.rotation(angle, 105, 148):
        pdf.set_xy(30, 100)
        pdf.multi_cell(150, 6, PROSE)
    assert blocks(pdf) == ([PROSE], ())


def test_text_on_its_side_and_across_the_page() -> None:
    pdf = new()
    pdf.multi_cell(0, 6, PROSE)
    with pdf.rotation(90, 5, 150):
        pdf.text(5, 150, "Printed in Mern")
    with pdf.rotation(45, 105, 148):
        pdf.text(60, 148, "DRAFT")
    assert blocks(pdf) == (
        [PROSE, "Printed in Mern"],
        (
            "text across the page on page 1 left out: “DRAFT”",
            "text turned sideways is read last on page 1",
        ),
    )


def test_a_number_at_the_top_of_a_page_stays_in_its_sentence() -> None:
    pdf = new()
    for number, text in enumerate(LEFT):
        pdf.text(20, 40 + 6 * number, text)
    pdf.text(20, 64, "Killed were")
    pdf.add_page()
    for number, text in enumerate(("17", "and wounded were", "55.")):
        pdf.text(20, 40 + 6 * number, text)
    assert blocks(pdf) == ([f"{COLUMNS[0]} Killed were 17 and wounded were 55."], ())


def test_forms_keep_their_lines() -> None:
    pdf = FPDF()
    for day, killed in ((1, 12), (2, 7), (3, 31)):
        pdf.add_page()
        pdf.set_font("Helvetica", "", 11)
        for number, text in enumerate(
            (
                "Field hospital of Mern",
                f"Day {day} of the siege",
                f"Killed on this day: {killed}",
                "Signed: Dr. Adam Fares",
            )
        ):
            pdf.text(20, 20 + 9 * number, text)
        pdf.text(100, 285, str(day))
    assert blocks(pdf) == (
        [
            line
            for day, killed in ((1, 12), (2, 7), (3, 31))
            for line in (
                "Field hospital of Mern",
                f"Day {day} of the siege",
                f"Killed on this day: {killed}",
                "Signed: Dr. Adam Fares",
            )
        ],
        ("3 running heads, feet and page numbers left out: “1” to “3” on pages 1–3",),
    )


def test_pages_with_numbers_of_their_own() -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", "", 11)
    for style, text in (("r", "A preface."), ("D", "The text."), (None, "Its end.")):
        pdf.add_page(label_style=style, label_start=1 if style == "D" else None)
        pdf.text(20, 40, text)
    found = read(pdf)
    assert found.notes == ("pages are named as in print: 1 is “i”, 2 to 3 are “1” to “2”",)
    assert found.page_labels == ("i", "1", "2")


def test_a_passage_stands_on_the_page_that_print_names(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", "", 11)
    for style, text in (("r", "A preface."), ("D", "The text."), (None, "Its end.")):
        pdf.add_page(label_style=style, label_start=1 if style == "D" else None)
        pdf.text(20, 40, text)
    pdf.output(str(tmp_path / "flood.pdf"))
    article = read_article(tmp_path / "flood.pdf")
    passages = split_article(article)
    assert [page_name(passage) for passage in passages] == ["p. i", "p. 1", "p. 2"]
    assert [passage.page_of(passage.sentences[0]) for passage in passages] == [1, 2, 3]
    assert [article.page_label(number) for number in (1, 2, 3, 4)] == ["i", 1, 2, 4]
    assert article_from_record(article_record(article)) == article


def test_the_marks_of_a_list_are_no_column() -> None:
    pdf = new()
    pdf.multi_cell(0, 6, "There are:", new_x="LMARGIN", new_y="NEXT")
    for text in ("A boat that takes everyone across.", "A raft.", "A bridge of ropes and planks."):
        pdf.cell(8, 6, "-")
        pdf.cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
    assert blocks(pdf) == (
        [
            "There are:\n- A boat that takes everyone across.\n- A raft.\n"
            "- A bridge of ropes and planks."
        ],
        (),
    )


def test_a_table_next_to_a_column_of_text_stays_one() -> None:
    pdf = new(10)
    justified(pdf, 15, 40, 80, " ".join(LEFT))
    pdf.set_y(40)
    with pdf.table(width=80, align="R", col_widths=(20, 20, 20, 20)) as table:
        for row in TOWNS:
            table.row(row)
    paragraphs, notes = blocks(pdf)
    assert paragraphs[0] == " ".join(LEFT)
    assert "\n\n".join(paragraphs[1:]).replace("\n\n", "\n").split("\n") == ROWS
    assert notes == ()
