import pytest

from citadel.index.corpus.layout import (
    LONGEST_PARAGRAPH,
    Block,
    BlockKind,
    Span,
    join_announcements,
    split_long,
    trim,
)

HEADING, PARAGRAPH = BlockKind.HEADING, BlockKind.PARAGRAPH


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2)])
def test_no_span_is_empty_or_reversed(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"0 <= start < end, got {start} and {end}"):
        Span(start, end)


def test_a_span_is_a_slice_of_code_points() -> None:
    assert Span(2, 5).of("a 🌊é b") == "🌊é "


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        (0, 12, Span(2, 9)),
        (2, 9, Span(2, 9)),
        (5, 8, Span(7, 8)),
        (0, 2, None),
        (9, 12, None),
        (4, 4, None),
    ],
)
def test_trim(start: int, end: int, span: Span | None) -> None:
    assert trim(" \nabc\u00a0 de\u3000\t\n", start, end) == span


def blocks(text: str) -> tuple[Block, ...]:
    """Cut a text at “|”; a piece in upper case is a heading."""
    found = []
    start = 0
    for piece in text.split("|"):
        kind = HEADING if piece.isupper() else PARAGRAPH
        found.append(Block(kind, Span(start, start + len(piece))))
        start += len(piece) + 1
    return tuple(found)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("a:|b|c", ["a:|b", "c"]),
        ("a:|b:|c|d", ["a:|b:|c", "d"]),
        ("a：|b", ["a：|b"]),
        ("a:|B|c", ["a:", "B", "c"]),
        ("A:|b", ["A:", "b"]),
        ("a|b:", ["a", "b:"]),
        (": a|b", [": a", "b"]),
    ],
)
def test_announcements_are_joined(text: str, joined: list[str]) -> None:
    found = join_announcements(text, blocks(text))
    assert [block.span.of(text) for block in found] == joined
    assert [block.kind is HEADING for block in found] == [piece.isupper() for piece in joined]


def test_a_paragraph_that_nobody_wrote_is_cut_after_sentences() -> None:
    sentence = "The ferry crosses the river every half hour. "
    text = "Title\n\n" + sentence * 200
    blocks = (
        Block(BlockKind.HEADING, Span(0, 5)),
        Block(BlockKind.PARAGRAPH, Span(7, len(text) - 1)),
    )
    heading, *pieces = split_long(text, blocks)
    assert heading == blocks[0]
    assert [len(piece.span.of(text)) for piece in pieces] == [3959, 3959, 1079]
    assert " ".join(piece.span.of(text) for piece in pieces) == text[7:].rstrip()


@pytest.mark.parametrize(("unit", "count"), [("a", 10_000), ("word ", 2000), ("。", 9000)])
def test_a_paragraph_without_sentences_is_cut_anyway(unit: str, count: int) -> None:
    text = (unit * count).strip()
    pieces = split_long(text, (Block(BlockKind.PARAGRAPH, Span(0, len(text))),))
    assert max(piece.span.end - piece.span.start for piece in pieces) <= LONGEST_PARAGRAPH
    assert "".join(piece.span.of(text) for piece in pieces).replace(" ", "") == text.replace(
        " ", ""
    )
