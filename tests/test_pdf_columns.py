"""PDFs in columns: read one by one, and named where their order is doubtful."""

from collections.abc import Sequence

from fpdf import FPDF

from tests.printed import COLUMNS, blocks, justified, new, read
from tests.two_columns import LEFT, RIGHT


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


SENTENCES = (
    "Two women, interviewed separately, described a forced gynaecological examination.",
    "The commission counted inhabitants of northwestern settlements without representatives.",
    "Councillors reconsidered administrative recommendations concerning waterworks.",
)


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


def written(pdf: FPDF, left: float, top: float, lines: Sequence[str]) -> None:
    for number, text in enumerate(lines):
        pdf.text(left, top + 5 * number, text)


def test_three_columns_with_a_box_below_the_first_that_was_written_last() -> None:
    pdf = new(9)
    third = "Across the border the army sent tents."
    written(pdf, 20, 40, (*LEFT, *LEFT[:3]))
    written(pdf, 80, 40, RIGHT * 3)
    written(pdf, 140, 40, ("Across the border the", "army sent tents.") * 6)
    written(pdf, 20, 80, ("Mern lies", "in a valley that", "is closed by", "its dam."))
    text, notes = blocks(pdf)
    assert " ".join(text) == " ".join(
        (*LEFT, *LEFT[:3], "Mern lies in a valley that is closed by its dam.", *RIGHT * 3)
        + (third,) * 6
    )
    assert notes == ()


def boxed(top: float) -> FPDF:
    """A column with a box of other text, which was written after it."""
    pdf = new()
    written(pdf, 20, 40, LEFT[:2])
    written(pdf, 20, 60, LEFT[2:])
    written(pdf, 20, top, ("The bridge stood for a week,", "said the mayor of Mern."))
    return pdf


def test_a_sentence_that_goes_on_below_a_box_is_doubtful() -> None:
    assert blocks(boxed(top=50))[1] == (
        "layout uncertain on page 1: sentences go on in lines that were written elsewhere on the "
        "page",
    )
    assert blocks(boxed(top=90))[1] == ()


def test_words_of_one_line_that_were_written_apart_are_doubtful() -> None:
    pdf = new()
    pdf.text(20, 40, "The valley was silent")
    pdf.text(20, 46, "for a week after the flood had gone.")
    pdf.text(60, 40, "and the mill burned.")
    assert blocks(pdf)[1] == (
        "layout uncertain on page 1: sentences go on in lines that were written elsewhere on the "
        "page",
    )
