from citadel.index.corpus.formats.document import Document, Part, compose
from citadel.index.corpus.layout import Block, BlockKind, Layout, Span


def test_what_is_known_stands_first() -> None:
    document = compose(
        {"url": "https://a.example/", "title": "The\u202e Ferry", "shoe size": "9"},
        [
            Part(BlockKind.HEADING, "The Ferry"),
            Part(BlockKind.PARAGRAPH, "  It crosses.\0 "),
            Part(BlockKind.PARAGRAPH, " \n"),
            Part(BlockKind.HEADING, "Why"),
            Part(BlockKind.PARAGRAPH, "These cross:"),
            Part(BlockKind.PARAGRAPH, "- a boat\n- a raft"),
        ],
        notes=["a note"],
        name="7",
    )
    text = (
        "title: The Ferry\nurl: https://a.example/\n"
        "\nThe Ferry\n\nIt crosses.\n\nWhy\n\nThese cross:\n\n- a boat\n- a raft\n"
    )
    assert document == Document(
        text=text,
        layout=Layout(
            {"title": "The Ferry", "url": "https://a.example/"},
            Span(0, 40),
            (
                Block(BlockKind.PARAGRAPH, Span(53, 64)),
                Block(BlockKind.HEADING, Span(66, 69)),
                Block(BlockKind.PARAGRAPH, Span(71, 102)),
            ),
        ),
        notes=("a note",),
        name="7",
    )
    blocks = document.layout.blocks
    assert [block.span.of(text) for block in blocks] == [
        "It crosses.",
        "Why",
        "These cross:\n\n- a boat\n- a raft",
    ]


def test_where_pages_begin() -> None:
    document = compose(
        {},
        [
            Part(BlockKind.PARAGRAPH, " One and\u200e two.", ((1, 1), (2, 10))),
            Part(BlockKind.PARAGRAPH, "Four.", ((4, 0),)),
        ],
        page_count=5,
    )
    assert (document.text, document.pages) == ("One and two.\n\nFour.\n", (0, 8, 14, 14, 20))
    assert (document.layout.header, document.layout.metadata) == (None, {})


def test_a_file_without_text() -> None:
    document = compose({}, [], page_count=2)
    assert (document.text, document.layout.blocks, document.pages) == ("", (), (0, 0))
