"""PDFs whose words stand otherwise than in lines one below another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF
from fpdf.enums import CharVPos

from citadel.index.corpus.articles import article_from_record, article_record
from citadel.index.corpus.formats.document import Document
from citadel.index.corpus.formats.pdf import read_pdf
from citadel.index.corpus.passages import split_article
from citadel.index.corpus.sandbox.files import read_article
from citadel.qa.answer.locators import page_name
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


def test_columns_written_one_after_the_other() -> None:
    pdf = new()
    for left, lines in ((20, LEFT), (110, RIGHT)):
        for number, text in enumerate(lines):
            pdf.text(left, 40 + 6 * number, text)
    assert blocks(pdf) == (COLUMNS, ())


def test_columns_whose_lines_are_not_level() -> None:
    pdf = new()
    for left, top, lines in ((20, 40, LEFT), (110, 41.7, RIGHT)):
        for number, text in enumerate(lines):
            pdf.text(left, top + 6 * number, text)
    assert blocks(pdf) == (COLUMNS, ())


def test_columns_whose_lines_stand_between_those_of_the_other() -> None:
    pdf = new(9)
    for left, lines, apart in ((20, LEFT, 2.3), (110, RIGHT, 4.8)):
        for paragraph in range(4):
            # The lines are level above the first space between paragraphs, and not below it.
            for number, text in enumerate(lines):
                pdf.text(left, 40 + 5 * (4 * paragraph + number) + apart * (paragraph > 0), text)
    paragraphs, notes = blocks(pdf)
    assert (" ".join(paragraphs), notes) == (" ".join([*COLUMNS[:1] * 4, *COLUMNS[1:] * 4]), ())


def test_columns_written_line_by_line_are_doubtful() -> None:
    pdf = new()
    for number, (one, other) in enumerate(zip(LEFT, RIGHT, strict=True)):
        pdf.text(20, 40 + 6 * number, one)
        pdf.text(110, 40 + 6 * number, other)
    assert blocks(pdf) == (
        COLUMNS,
        ("layout uncertain on page 1: the order of the columns is doubtful",),
    )


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
    [
        cells,
        lambda pdf: cells(pdf, bold=True),
        lambda pdf: cells(pdf, bold=True, align="R"),
        drawn,
    ],
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
        [
            PROSE,
            "\n\n".join(ROWS),
            "The council asked a company from the capital for an offer.",
        ],
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
        (
            "3 April",
            "The dam near Mern broke after days of rain, and water stood in the town.",
        ),
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
    assert blocks(pdf) == (
        [" ".join(COLUMNS)],
        ("numbers of lines on page 1 left out: 1 to 8",),
    )


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


def raised(*pieces: str) -> FPDF:
    """Text in which what begins with a caret is raised, with a low line lowered."""
    pdf = new()
    for piece in pieces:
        pdf.char_vpos = {"^": CharVPos.SUP, "_": CharVPos.SUB}.get(piece[0], CharVPos.LINE)
        pdf.write(6, piece.lstrip("^_"))
    return pdf


@pytest.mark.parametrize(
    ("pieces", "text", "notes"),
    [
        (
            ("The flood killed 12", "^3", " people on 4 June", "^4", " 2018."),
            "The flood killed 12 people on 4 June 2018.",
            ("2 raised marks left out: 12[3], June[4]",),
        ),
        (
            (
                "He said “no”.".replace("“", '"').replace("”", '"'),
                "^1,2",
                " Then he left",
                "^*",
                ".",
            ),
            'He said "no". Then he left.',
            ('2 raised marks left out: "no".[1,2], left[*]',),
        ),
        (("The 21", "^st", " brigade came."), "The 21st brigade came.", ()),
        (("Le fort du XIX", "^e", " siècle."), "Le fort du XIXe siècle.", ()),
        (
            ("It took 10", "^6", " litres of H", "_2", "O on 30 km", "^2", "."),
            "It took 10⁶ litres of H2O on 30 km².",
            (),
        ),
        (("^1", " Interview with a nurse."), "1 Interview with a nurse.", ()),
    ],
    ids=[
        "after numbers",
        "after sentences",
        "ordinals",
        "Roman ordinals",
        "exponents",
        "before a note",
    ],
)
def test_raised_letters_never_make_another_number_or_word(
    pieces: tuple[str, ...], text: str, notes: tuple[str, ...]
) -> None:
    assert blocks(raised(*pieces)) == ([text], notes)


def test_footnotes_do_not_part_the_lines_above_them() -> None:
    pdf = new()
    pdf.multi_cell(0, 6, PROSE)
    pdf.set_font(size=8)
    for number in range(3):
        pdf.text(10, 250 + 4 * number, f"{number + 1} The hospital counted nine.")
    assert blocks(pdf) == (
        [PROSE, *(f"{number} The hospital counted nine." for number in (1, 2, 3))],
        (),
    )


def test_what_is_printed_twice_to_look_bold_is_read_once() -> None:
    pdf = new()
    left = 20.0
    pdf.text(left, 40, LEFT[0])
    for word in LEFT[0].split():
        pdf.text(left + 0.2, 40.1, word)
        left += pdf.get_string_width(f"{word} ")
    assert blocks(pdf) == ([LEFT[0]], ("23 letters printed twice and read once",))


def test_each_letter_printed_twice_is_read_once() -> None:
    pdf = new()
    left = 20.0
    for letter in "Nine mills burned.":
        pdf.text(left, 40, letter)
        pdf.text(left + 0.15, 40, letter)
        left += pdf.get_string_width(letter)
    assert blocks(pdf)[0] == ["Nine mills burned."]


def test_what_nobody_sees_is_left_out() -> None:
    pdf = new()
    pdf.text(20, 40, "The bridge was closed.")
    pdf.set_text_color(255)
    pdf.text(20, 60, "It was sold.")
    pdf.set_fill_color(20)
    pdf.rect(20, 75, 60, 10, style="F")
    pdf.text(22, 82, "White on black is read.")
    pdf.set_text_color(0)
    pdf.text(20, -30, "It is made of glass.")
    assert blocks(pdf) == (
        ["The bridge was closed.", "White on black is read."],
        ("text that can't be seen on page 1 left out: “It was sold. It is made of glass.”",),
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


SENTENCES = (
    "Two women, interviewed separately, described a forced gynaecological examination.",
    "The commission counted inhabitants of northwestern settlements without representatives.",
    "Councillors reconsidered administrative recommendations concerning waterworks.",
)


def justified(pdf: FPDF, left: float, top: float, width: float, text: str) -> float:
    """Write a narrow justified column as typesetting programs do: each line at once."""
    pdf.set_xy(left, top)
    pdf.multi_cell(width, 5, text, align="J")
    return float(pdf.get_y())


def test_the_wide_spaces_of_a_narrow_justified_column_are_no_table() -> None:
    pdf = new(10)
    text = " ".join(SENTENCES * 3)
    for left in (15, 75, 135):
        justified(pdf, left, 30, 42, text)
    paragraphs, notes = blocks(pdf)
    assert (paragraphs, notes) == ([text, text, text], ())


def test_a_column_that_goes_on_alone_is_read_before_the_next_one() -> None:
    pdf = new(10)
    paragraphs = (LEFT, LEFT[2:], LEFT[:3], LEFT[1:])
    top = 40
    for lines in paragraphs:
        for text in lines:
            pdf.text(20, top, text)
            top += 5
        top += 4
    for line, text in enumerate(RIGHT):
        pdf.text(110, 40 + 5 * line, text)
    read_first = [" ".join(lines) for lines in paragraphs]
    assert blocks(pdf) == ([*read_first, " ".join(RIGHT)], ())


def test_a_table_beside_a_column_of_text_stays_one() -> None:
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


def test_what_is_doubtful_about_a_page_is_told() -> None:
    pdf = new()
    pdf.text(20, 30, "The valley was silent.")
    pdf.text(120, 30, "A mill burned down.")
    pdf.add_page()
    pdf.text(20, 30, "The valley was silent for a week after the flood.")
    pdf.text(24, 30.8, "A mill burned down on the other side of the river.")
    pdf.add_page()
    pdf.text(20, 30, "Market halls")
    pdf.text(90, 30, "Upper road")
    pdf.text(20, 36, "River mills")
    pdf.text(90, 36, "Lower road")
    assert read(pdf).notes == (
        "layout uncertain on page 1: words of one line are far apart, and may belong to different "
        "texts",
        "layout uncertain on page 2: some of the text is printed over other text",
        "layout uncertain on page 3: what looks like a table has no lines and few rows",
    )


def test_a_large_heading_in_one_column_does_not_join_it_to_the_other() -> None:
    pdf = new(10)
    for number in range(12):
        pdf.text(20, 40 + 5 * number, "Water stood in all streets for")
    left = 20 + pdf.get_string_width("Water stood in all streets for") + 4
    for line, text in enumerate((*RIGHT, "", *LEFT)):
        large = not text
        pdf.set_font("Helvetica", "B" if large else "", 20 if large else 10)
        pdf.text(left, 40 + 5 * line + 1 * (line > 4), "Upstream" if large else text)
    paragraphs, notes = blocks(pdf)
    water = " ".join(["Water stood in all streets for"] * 12)
    assert paragraphs == [f"{water} {' '.join(RIGHT)}", " ".join(LEFT)]
    assert read(pdf).layout.metadata["title"] == "Upstream"
    assert notes == ()
