import pytest

from citadel.index.errors import CitadelError
from tests.formats import blocks, placed, read

DEATHS = """Deaths by district
District,Killed,Wounded,Remarks
Marjeh,12,40,
Hananu,"1,203",77,"He said ""no"".
And left."

Source: HRW
"""


def test_rows_are_named_by_their_headings_and_placed() -> None:
    document = read(DEATHS.encode(), "deaths.csv", title="Deaths")
    assert document.text == (
        "title: Deaths\nlanguage: en\n\n"
        "Deaths by district\n\n"
        "| District | Killed | Wounded | Remarks |\n"
        "| Marjeh | Killed: 12 | Wounded: 40 |  |\n"
        '| Hananu | Killed: 1,203 | Wounded: 77 | Remarks: He said "no". And left. |\n\n'
        "Source: HRW\n"
    )
    assert placed(document) == [
        ("row 1", "Deaths by district"),
        ("row 2", "| District | Killed | Wounded | Remarks |"),
        ("row 3", "| Marjeh | Killed: 12 | Wounded: 40 |  |"),
        ("row 4", '| Hananu | Killed: 1,203 | Wounded: 77 | Remarks: He said "no". And left. |'),
        ("row 6", "Source: HRW"),
    ]
    assert document.notes == ()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("sep=;\nTown;Dead\nHoms;4,5\n", ["| Town | Dead |", "| Homs | Dead: 4,5 |"]),
        ("Town;Dead\nHoms, old;4,5\n", ["| Town | Dead |", "| Homs, old | Dead: 4,5 |"]),
        ("Town\tDead\nHoms, old\t4\n", ["| Town | Dead |", "| Homs, old | Dead: 4 |"]),
        ("Town|Dead\nHoms|4\n", ["| Town | Dead |", "| Homs | Dead: 4 |"]),
        ("Town,2016,2017\nHoms,4,5\n", ["| Town | 2016 | 2017 |", "| Homs | 2016: 4 | 2017: 5 |"]),
    ],
)
def test_the_sign_between_cells_is_found(text: str, rows: list[str]) -> None:
    assert blocks(read(text.encode(), "a.csv")) == [("p", "\n".join(rows))]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # Nothing distinguishes a row of headings from one of words.
        ("Rana,Homs\nOmar,Idlib\n", ["| Rana | Homs |", "| Omar | Idlib |"]),
        ("Name,Town\nRana,Idlib\nOmar,Idlib\n", ["Rana | Town: Idlib", "Omar | Town: Idlib"]),
        ("Rana,1980\nOmar,1990\n", ["| Rana | 1980 |", "| Omar | 1990 |"]),
        ("Rana,4\nOmar,5\n", ["| Rana | 4 |", "| Omar | 5 |"]),
        ("Rana,Homs,4\nRana,Homs,5\n", ["| Rana | Homs | 4 |", "| Rana | Homs | 5 |"]),
        ("Town,Town,Dead\nHoms,Idlib,4\n", ["| Town | Town | Dead |", "| Homs | Idlib | 4 |"]),
        ("Town,Dead\nHoms,4,5\n", ["| Town | Dead |", "| Homs | 4 | 5 |"]),
    ],
)
def test_a_row_is_taken_for_headings_only_where_it_differs(text: str, rows: list[str]) -> None:
    [(_, found)] = blocks(read(text.encode(), "a.csv"))
    assert [row in found for row in rows] == [True] * len(rows)


def test_a_list_of_one_column_is_cut_into_paragraphs() -> None:
    document = read(b"Rana\nOmar\n", "names.csv")
    assert placed(document) == [("row 1", "Rana"), ("row 2", "Omar")]


def test_prose_in_a_cell_is_a_paragraph_below_its_row() -> None:
    prose = "The shelling began at night. " * 12
    document = read(f"Name,Age,Told\nRana,31,{prose}\nOmar,40,No.\n".encode(), "a.csv")
    assert placed(document) == [
        ("row 1", "| Name | Age | Told |"),
        ("row 2", "| Rana | Age: 31 |"),
        ("row 2", prose.strip()),
        ("row 3", "| Omar | Age: 40 | Told: No. |"),
    ]


def test_many_rows_are_several_paragraphs() -> None:
    text = "Town,Dead\n" + "".join(f"Homs {n},{n}\n" for n in range(1, 101))
    document = read(text.encode(), "a.csv")
    paragraphs = [found for _, found in blocks(document)]
    assert [len(paragraph) <= 1100 for paragraph in paragraphs] == [True] * 3
    assert placed(document)[-1] == ("row 101", "| Homs 100 | Dead: 100 |")


def test_a_quotation_mark_that_is_never_closed_swallows_nothing() -> None:
    document = read(b'Town,Dead\nHoms,"4\nIdlib,5\n', "a.csv")
    assert [line for _, line in placed(document)] == [
        "| Town | Dead |",
        '| Homs | Dead: "4 |',
        "| Idlib | Dead: 5 |",
    ]
    assert document.notes == (
        "quotation marks are not balanced, and stand as they are in the file",
    )


def test_a_cell_without_end_is_refused() -> None:
    with pytest.raises(CitadelError) as caught:
        read(b"Town,Dead\n" + b"a" * 100_001 + b",4\n", "a.csv")
    assert str(caught.value) == (
        "a.csv has a cell of more than 100,000 characters, which is no cell of a table; mend the "
        "row or save the file as text."
    )
