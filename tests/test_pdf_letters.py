"""PDFs with letters that are raised, printed twice, or seen by nobody."""

import pytest
from fpdf import FPDF
from fpdf.enums import CharVPos

from tests.printed import PROSE, blocks, new
from tests.two_columns import LEFT


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
