from textwrap import dedent

import pytest

from citadel.index.corpus.formats.markdown import parse_markdown
from citadel.index.corpus.layout import BlockKind, Layout
from citadel.index.errors import CitadelError

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
    layout = parse_markdown(text, "a.md")
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
    layout = parse_markdown(text, "a.md")
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
    layout = parse_markdown(text, "a.md")
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
    layout = parse_markdown(text, "a.md")
    assert outline(layout, text)[:1] == expected


@pytest.mark.parametrize(
    ("front_matter", "message"),
    [
        (
            "title: a\nsubtitle: b: c\n",
            "a.md, line 3: not valid YAML; write one “name: value” on each line.",
        ),
        (
            "- a\n- b\n",
            "a.md: metadata must be names with plain values; write one “name: value” on each line.",
        ),
        (
            "authors: [a, b]\n",
            "a.md: metadata must be names with plain values; write one “name: value” on each line.",
        ),
        (
            "!!python/object/apply:os.system ['true']\n",
            "a.md: metadata must be names with plain values; write one “name: value” on each line.",
        ),
    ],
    ids=["two colons", "a list", "a list inside", "an object"],
)
def test_wrong_front_matter(front_matter: str, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        parse_markdown(f"---\n{front_matter}---\nText.\n", "a.md")
    assert str(caught.value) == message


def test_a_heading_inside_a_list_is_no_section() -> None:
    text = "- # not a section\n\nText.\n"
    layout = parse_markdown(text, "a.md")
    assert outline(layout, text) == [("p", "- # not a section"), ("p", "Text.")]
