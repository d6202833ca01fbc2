import pytest

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.printed_lines import Line, parts_of, without_running_lines
from citadel.index.corpus.layout import BlockKind

HEADING, PARAGRAPH = BlockKind.HEADING, BlockKind.PARAGRAPH


def line(
    text: str,
    height: float,
    page: int = 1,
    *,
    start: float = 50,
    end: float = 500,
    size: float = 12,
    bold: bool = False,
    lower: float = 0,
) -> Line:
    return Line(text, page, start, end, height, size, bold, height - lower)


def test_running_heads_and_page_numbers() -> None:
    pages = [
        [
            line("The Herald", 800, number),
            line(f"Text {number} of the page.", 700 - 20 * number, number),
            line("Text of every page.", 500 - 20 * number, number),
            line(f"Report 2021 · {number}", 40, number),
            line(f"– {number} –", 20, number),
        ]
        for number in range(1, 5)
    ]
    pages[3] = [line("iv", 20, 4)]
    lines, dropped = without_running_lines(pages)
    assert [each.text for each in lines] == [
        text
        for number in range(1, 4)
        for text in (f"Text {number} of the page.", "Text of every page.")
    ]
    assert dropped == 10


def test_the_only_page_has_no_running_head() -> None:
    lines, dropped = without_running_lines([[line("A head", 800), line("12", 20)]])
    assert ([each.text for each in lines], dropped) == (["A head"], 1)


def test_paragraphs_by_their_gaps_indents_and_short_lines() -> None:
    lines = [
        line("A Heading of", 800, size=16, bold=True),
        line("Two Lines", 781, size=16, bold=True),
        line("The first paragraph goes on", 750),
        line("in a second line and ends.", 736, end=400),
        line("The second one begins after it", 722),
        line("and is longer than a line, too,", 708),
        line("Here an indent begins the third", 694, start=65),
        line("and it goes on.", 680),
        line("A gap begins the fourth one", 650),
        line("of all.", 636, end=90),
        line("Bold", 610, bold=True, end=90),
        line("The last.", 596),
    ]
    assert parts_of(lines) == [
        Part(HEADING, "A Heading of Two Lines", ((1, 0),)),
        Part(PARAGRAPH, "The first paragraph goes on in a second line and ends.", ((1, 0),)),
        Part(
            PARAGRAPH,
            "The second one begins after it and is longer than a line, too,",
            ((1, 0),),
        ),
        Part(PARAGRAPH, "Here an indent begins the third and it goes on.", ((1, 0),)),
        Part(PARAGRAPH, "A gap begins the fourth one of all.", ((1, 0),)),
        Part(HEADING, "Bold", ((1, 0),)),
        Part(PARAGRAPH, "The last.", ((1, 0),)),
    ]


def test_a_paragraph_goes_on_over_pages_and_columns() -> None:
    lines = [
        line("This one goes on", 50, 1),
        line("on the next page", 800, 2, end=250),
        line("and in its column.", 800, 2, start=300),
        line("This is another.", 800, 3),
    ]
    assert parts_of(lines) == [
        Part(PARAGRAPH, "This one goes on on the next page and in its column.", ((1, 0), (2, 17))),
        Part(PARAGRAPH, "This is another.", ((3, 0),)),
    ]


def test_a_list_keeps_its_lines() -> None:
    lines = [
        line("There are:", 100),
        line("• a boat that takes", 86),
        line("everyone across", 72, start=60),
        line("2. a raft", 58),
    ]
    assert parts_of(lines) == [
        Part(PARAGRAPH, "There are:\n• a boat that takes everyone across\n2. a raft", ((1, 0),))
    ]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("neigh-", "borhood there", "neighborhood there"),
        ("the Al-", "Assad army", "the Al-Assad army"),
        ("2012-", "2016 here", "2012- 2016 here"),
        ("a well-", "known well-known one", "a well-known well-known one"),
        ("a well\u00ad", "known one", "a wellknown one"),
        ("with a dash –", "and more", "with a dash – and more"),
    ],
)
def test_hyphens_at_the_end_of_a_line(first: str, second: str, joined: str) -> None:
    [part] = parts_of([line(first, 100), line(second, 86)])
    assert part.text == joined


def test_no_lines() -> None:
    assert parts_of([]) == []
    assert without_running_lines([[]]) == ([], 0)
