import pytest

from citadel.index.errors import CitadelError
from tests.formats import blocks, read

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\froman Times;}{\f1\fcharset178 Arial;}"
    r"{\f2\fcharset2 Wingdings;}{\f3\fcharset128 MS Mincho;}}{\colortbl;\red0;}"
    r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2 Title;}{\*\cs3 Strong;}{\s4 List Bullet;}}"
)


def document(text: str) -> bytes:
    return f"{HEAD}{text}}}".encode("cp1252")


def test_headings_paragraphs_and_lists() -> None:
    found = read(
        document(
            r"{\info{\title Old}{\author Rana}}"
            r"\pard\s2 The Ferry\par"
            "\\pard It crosses\r\n the\\tab river.\\par\n"
            r"\pard\s1 Why\par\pard{\b Because\b0} of {\i the} flood.\line It drifts.\par"
            r"{\listtext\pard\f2\'b7\tab}\pard\ls1 a boat\par{\pntext 2.\tab}a raft\par"
            r"\pard\s4 an oar\par\pard\outlinelevel0 How\par\pard\plain The end."
        ),
        "ferry.rtf",
    )
    assert found.text == (
        "title: The Ferry\nlanguage: en\n\nThe Ferry\n\nIt crosses the river.\n\nWhy\n\n"
        "Because of the flood.\nIt drifts.\n\n- a boat\n- a raft\n- an oar\n\nHow\n\nThe end.\n"
    )
    assert found.notes == ()


@pytest.mark.parametrize(
    ("text", "expected", "notes"),
    [
        (r"caf\'e9 \u8217? \u1605?\u1585?\u10?", "café ’ مر", ()),
        (r"{\uc0\u1605 \u1585}a", "مرa", ()),
        (r"{\uc2\u1605\'e3\'e3}a", "مa", ()),
        (r"\u-10179?\u-8694?", "😊", ()),
        (r"\u-10179?x", "\ufffdx", ()),
        (r"{\f1 \'e3\'d1}", "مر", ()),
        (r"{\f3 \'83A\'83{}}x", "ア\ufffdx", ()),
        ("é", "é", ()),
        (r"\{a\}\\b\~c\_d\-e\emdash f\ldblquote g\rdblquote", "{a}\\b c-de—f“g”", ()),
        (r"12{\super 3} men", "12[3] men", ("raised text set apart: “12[3]”",)),
        (r"30 km{\up6 2}", "30 km²", ()),
        (r"21{\super st}\nosupersub{\sub 2}", "21st 2", ()),
        (r"It{\super *} drifts", "It drifts", ("raised marks left out: “*”",)),
        (r"It {\v never }drifts", "It drifts", ("hidden text left out: “never”",)),
        (r"It \strike sinks \strike0 drifts", "It drifts", ("struck text left out: “sinks”",)),
        (r"It {\deleted sinks }drifts", "It drifts", ("tracked deletions left out: “sinks”",)),
        (r"It {\revised drifts}", "It drifts", ()),
        (r"It {\f2 J}drifts", "It drifts", ("signs of symbol fonts left out: “J”",)),
        (r"It {\pict\bin5 {{{{{ffd8}drifts", "It drifts", ()),
        (r'It {\field{\*\fldinst HYPERLINK "a"}{\fldrslt drifts}}', "It drifts", ()),
        (r"It {\*\unknown sinks}drifts", "It drifts", ()),
        (r"It {\upr{sinks}{\*\ud drifts}}", "It drifts", ()),
        (
            r"It drifts{\*\annotation{\*\atnref 1} Does it?}",
            "It drifts",
            ("comments are not read",),
        ),
        (
            r"{\header The Herald\par}It drifts",
            "It drifts",
            ("head of the pages left out: “The Herald”",),
        ),
    ],
)
def test_what_is_not_plain_text(text: str, expected: str, notes: tuple[str, ...]) -> None:
    found = read(document(rf"\pard {text}\par"), "a.rtf")
    assert blocks(found) == [("p", expected)]
    assert found.notes == notes


def test_notes_and_boxes() -> None:
    found = read(
        document(
            r"\pard 12{\super\chftn{\footnote\pard{\super\chftn} By {\i HRW}.\par Twice.}} men"
            r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt\pard In a box.\par And on.\par}}"
            r"{\shprslt In a box.}} drift.\par\pard The end.\par"
        ),
        "a.rtf",
    )
    assert blocks(found) == [
        ("p", "12 men drift."),
        ("p", "In a box."),
        ("p", "And on."),
        ("p", "The end."),
        ("h", "Footnotes"),
        ("p", "By HRW. Twice."),
    ]
    assert found.notes == ("the marks of notes left out, the notes put at the end: “Footnotes”",)


ROW = r"\trowd{}\cellx1000\cellx2000\cellx3000\pard\intbl {}\cell {}\cell {}\cell\row"


def test_tables() -> None:
    found = read(
        document(
            ROW.format(r"\trhdr", "Town", "Dead", r"Hurt\par badly")
            + ROW.format("", "Homs", "4", "5")
            + r"\trowd\cellx1010\cellx3005\pard\intbl Both\cell 9\cell\row"
            + r"\pard After.\par"
            + r"\trowd\cellx3000\pard\intbl A frame.\cell\row"
        ),
        "a.rtf",
    )
    assert blocks(found) == [
        ("p", "| Town | Dead | Hurt badly |\n| Homs | Dead: 4 | Hurt badly: 5 |\n| Both | 9 |"),
        ("p", "After."),
        ("p", "A frame."),
    ]


def test_merged_cells() -> None:
    found = read(
        document(
            ROW.format("", "Town", "Dead", "Hurt")
            + r"\trowd\clvmgf\cellx1000\cellx2000\cellx3000\pard\intbl Homs\cell 4\cell 5\cell\row"
            + r"\trowd\clvmrg\cellx1000\clmgf\cellx2000\clmrg\cellx3000"
            + r"\pard\intbl \cell 6\cell\cell\row"
        ),
        "a.rtf",
    )
    assert blocks(found) == [
        ("p", "| Town | Dead | Hurt |\n| Homs | Dead: 4 | Hurt: 5 |\n| Homs | 6 |")
    ]


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        (r"\ansicpg1256", r"\'e3", "م"),
        (r"\ansicpg99999", r"\'e9", "é"),
        (r"\mac", r"\'8e", "é"),
        (r"\ansi\ansicpg65001", "é", "é"),
    ],
)
def test_the_encoding_of_the_document(declared: str, text: str, expected: str) -> None:
    data = f"{{\\rtf1{declared} {text}}}".encode()
    assert blocks(read(data, "a.rtf")) == [("p", expected)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is no RTF; save it again as .rtf or by its own name."),
        (b"PK\x03\x04", "is no RTF; save it again as .rtf or by its own name."),
        (b"{\\rtf1" + b"{" * 5000, "is nested more than 2,000 deep; save it in another format."),
    ],
)
def test_what_is_no_document(data: bytes, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read(data, "a.rtf")
    assert str(caught.value) == f"a.rtf {message}"
