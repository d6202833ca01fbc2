import pytest

from index.layout import Block, BlockKind, Span, join_announcements, trim

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
