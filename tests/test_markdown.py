from textwrap import dedent

import pytest

from citadel.index.corpus.formats.markdown import parse_markdown, without_struck
from citadel.index.corpus.layout import BlockKind, Layout

BODY = """\
Above the first heading.

First *part*
============

Two lines
of one paragraph.

- one
- two

  still two
- three
  1. deep

## Part `two` ##

> Quoted by
> somebody.

![a picture](a.png)

<div>raw</div>

---

| boat  | time |
| ----- | ---- |
| ferry | 7:00 |

    code of four spaces

```
fenced
```

Militias:

* a
* b

###
"""


def outline(layout: Layout, text: str) -> list[tuple[str, str]]:
    marks = {BlockKind.HEADING: "h", BlockKind.PARAGRAPH: "p"}
    return [(marks[block.kind], block.span.of(text)) for block in layout.blocks]


def test_the_blocks_of_a_text() -> None:
    text = "---\ntitle: 'Bridges: a list'\n---\n" + BODY
    layout = parse_markdown(text)
    assert layout.metadata == {"title": "Bridges: a list"}
    assert layout.header is not None
    assert layout.header.of(text) == "title: 'Bridges: a list'"
    assert outline(layout, text) == [
        ("p", "Above the first heading."),
        ("h", "First *part*"),
        ("p", "Two lines\nof one paragraph."),
        ("p", "- one\n- two\n\n  still two\n- three\n  1. deep"),
        ("h", "Part `two`"),
        ("p", "Quoted by\n> somebody."),
        ("p", "| boat  | time |\n| ----- | ---- |\n| ferry | 7:00 |"),
        ("p", "code of four spaces"),
        ("p", "```\nfenced\n```"),
        ("p", "Militias:\n\n* a\n* b"),
    ]


def test_the_first_heading_is_the_title_of_a_text_that_has_no_other() -> None:
    text = "Above.\n\n# The Title\n\nBelow.\n\n## The Title\n\nFar below.\n"
    layout = parse_markdown(text)
    assert (layout.metadata, layout.header) == ({"title": "The Title"}, None)
    assert outline(layout, text) == [("p", "Above."), ("p", "Below."), ("p", "Far below.")]


def test_values_stay_as_they_are_written() -> None:
    text = dedent("""\
        ---
        date: 2016-12
        language: no
        number: 007
        empty:
        quoted: "  a: b "
        ---
        Text.
    """)
    layout = parse_markdown(text)
    assert layout.metadata == {
        "date": "2016-12",
        "language": "no",
        "number": "007",
        "quoted": "a: b",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\n---\nText.\n", [("p", "Text.")]),
        ("---\n# only a comment\n---\nText.\n", [("p", "Text.")]),
        ("Text.\n\n---\ntitle: A\n---\n", [("p", "Text.")]),
    ],
    ids=["empty", "a comment", "not at the start"],
)
def test_no_front_matter(text: str, expected: list[tuple[str, str]]) -> None:
    layout = parse_markdown(text)
    assert outline(layout, text)[:1] == expected


@pytest.mark.parametrize(
    ("text", "metadata", "header"),
    [
        (
            "---\ntitle: a\nsubtitle: b: c\n---\nText.\n",
            {"title": "a", "subtitle": "b: c"},
            "title: a\nsubtitle: b: c",
        ),
        ("---\nauthors: [a, b]\n---\nText.\n", {"author": "a, b"}, "authors: [a, b]"),
        ("---\ntags: [a, b]\n---\nText.\n", {}, "tags: [a, b]"),
        ("---\nTags:\n- a\n---\nText.\n", {}, "Tags:\n- a"),
        ("\n \n---\ntitle: a\n---\nText.\n", {"title": "a"}, "title: a"),
        ("---\n\ntitle: a\n\n---\nText.\n", {"title": "a"}, "title: a"),
        ("---\ntitle: a\n...\nText.\n", {"title": "a"}, "title: a"),
        (
            '+++\ntitle = "a"\ndate = 2016-12-05\n[extra]\nx = 1\n+++\nText.\n',
            {"title": "a", "date": "2016-12-05"},
            'title = "a"\ndate = 2016-12-05\n[extra]\nx = 1',
        ),
    ],
    ids=[
        "two colons",
        "a list inside",
        "tags",
        "a list below",
        "blank lines first",
        "blank lines inside",
        "ended by dots",
        "TOML",
    ],
)
def test_front_matter_as_people_write_it(text: str, metadata: dict[str, str], header: str) -> None:
    layout = parse_markdown(text)
    assert layout.header is not None
    assert (layout.metadata, layout.header.of(text)) == (metadata, header)
    assert (outline(layout, text), layout.notes) == ([("p", "Text.")], ())


def test_what_can_not_be_read_of_front_matter_is_told() -> None:
    text = "---\ntitle: a: b\ndate: last year\nauthor: [[x]]\nstray\n---\nText.\n"
    layout = parse_markdown(text)
    assert layout.metadata == {"title": "a: b"}
    assert layout.notes == (
        "the date 'last year' can't be read and is left out; write 2016, 2016-12 or 2016-12-05",
        "the author can't be read and is left out; write “author: …” on one line",
        "1 line “stray” gives no field a value and is left out",
    )


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ("\nThe gate was closed.\n\n", ["The gate was closed.", "Text."]),
        ("\nNote: it was closed.\n\n", ["Note: it was closed.", "Text."]),
        ("\nThe gate: closed.\nBy Omar.\n\n", ["The gate: closed.\nBy Omar.", "Text."]),
        ("Closed by Omar.\nOrigin: Mern\nDate: May\n\n", None),
        ("\n# The gate\n\n", ["Text."]),
        ("- a\n- b\n\n", ["- a\n- b", "Text."]),
        ("!!python/object/apply:os.system ['true']\n\n", None),
        ("Omar: I closed it.\nLina: I opened it.\n\n", None),
        ("a: 1\n" * 10_001 + "\n", None),
    ],
    ids=[
        "a sentence",
        "a sentence with a colon",
        "a broken sentence",
        "a sentence first",
        "a heading",
        "a list",
        "an object",
        "a dialogue",
        "a chapter",
    ],
)
def test_what_stands_between_two_rules_is_prose(between: str, expected: list[str] | None) -> None:
    text = f"---\n{between}---\n\nText.\n"
    layout = parse_markdown(text)
    paragraphs = [content for kind, content in outline(layout, text) if kind == "p"]
    assert (layout.header, layout.notes) == (None, ())
    assert paragraphs == (expected or [between.strip(), "Text."])


def test_a_heading_inside_a_list_is_no_section() -> None:
    text = "- # not a section\n\nText.\n"
    layout = parse_markdown(text)
    assert outline(layout, text) == [("p", "- # not a section"), ("p", "Text.")]


@pytest.mark.parametrize(
    ("text", "kept", "notes"),
    [
        (
            "~~It ended in July.~~ It ended in August.",
            " It ended in August.",
            ("left out, as it is struck out: “It ended in July.”",),
        ),
        (
            "It <del>ended in\nJuly</del> and <S>fell</S>.",
            "It  and .",
            ("left out, as it is struck out: “ended in July”, “fell”",),
        ),
        (
            "~~a~~ " * 7,
            " " * 7,
            ("left out, as it is struck out: “a”, “a”, “a”, “a”, “a” and 2 more",),
        ),
        ("~~~\ncode\n~~~\n", "~~~\ncode\n~~~\n", ()),
        ("about ~~ 5 and ~~ 6", "about ~~ 5 and ~~ 6", ()),
        ("~~open\n\nend~~", "~~open\n\nend~~", ()),
        (r"\~~not struck~~", r"\~~not struck~~", ()),
    ],
    ids=["tildes", "tags", "many", "a fence", "alone", "two paragraphs", "escaped"],
)
def test_struck_text_is_left_out_and_told(text: str, kept: str, notes: tuple[str, ...]) -> None:
    assert without_struck(text) == (kept, notes)


BYLINE = "# The Ferry\n\n*By Jane Reporter and John Writer, 19 November 2016*\n\nIt crosses.\n"


def test_a_byline_gives_author_and_date_where_no_front_matter_does() -> None:
    layout = parse_markdown(BYLINE)
    assert layout.metadata == {
        "author": "Jane Reporter and John Writer",
        "date": "2016-11-19",
        "title": "The Ferry",
    }
    assert layout.header is not None
    assert layout.header.of(BYLINE) == BYLINE[2 : BYLINE.index("\n\nIt crosses.")]
    assert outline(layout, BYLINE) == [("p", "It crosses.")]
    assert [byline.line for byline in layout.bylines] == [
        "By Jane Reporter and John Writer, 19 November 2016"
    ]


def test_front_matter_is_all_that_counts_where_there_is_some() -> None:
    text = f"---\ntitle: The Raft\n---\n{BYLINE}"
    layout = parse_markdown(text)
    assert (layout.metadata, layout.bylines) == ({"title": "The Raft"}, ())
    assert outline(layout, text)[1] == ("p", "*By Jane Reporter and John Writer, 19 November 2016*")


def test_a_text_that_is_one_byline_is_quoted_all_the_same() -> None:
    text = "By Jane Reporter, 19 November 2016\n"
    assert outline(parse_markdown(text), text) == [("p", text.strip())]
