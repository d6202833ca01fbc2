import pytest

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.printed_lines import Line, parts_of
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
) -> Line:
    return Line(text, page, start, end, height, size, bold)


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
            PARAGRAPH, "The second one begins after it and is longer than a line, too,", ((1, 0),)
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
        ("in Saint-", "Denis", "in Saint-Denis"),
        ("the al\x02", "Nusra school", "the al-Nusra school"),
        ("the al\x02", "nusra school", "the al-nusra school"),
        ("they al\x02", "ways came", "they always came"),
        ("Anglo\x02", "Saxon farmers", "Anglo-Saxon farmers"),
        ("a well\x02", "to-do one", "a well-to-do one"),
        ("the Alep\x02", "pine quarter", "the Aleppine quarter"),
        ("pre\x02", "and post-war", "pre- and post-war"),
        ("COVID\x02", "19 cases", "COVID-19 cases"),
        ("EVACU\x02", "ATION ORDERED", "EVACUATION ORDERED"),
        ("cease\x02", "fire, a cease-fire,", "cease-fire, a cease-fire,"),
        ("co\x02", "operate, they cooperate,", "cooperate, they cooperate,"),
        ("with a dash –", "and more", "with a dash – and more"),
    ],
)
def test_hyphens_at_the_end_of_a_line(first: str, second: str, joined: str) -> None:
    [part] = parts_of([line(first, 100), line(second, 86)])
    assert part.text == joined


def test_no_lines() -> None:
    assert parts_of([]) == []
