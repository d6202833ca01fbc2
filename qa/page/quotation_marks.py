"""Quotation marks of a copied quote: balanced, and double and single ones in turn. Pure.

A sentence is often cut out of a longer quotation, so that one of its marks stands elsewhere; and
what stands in quotation marks already is quoted within a quotation when it is copied.
"""

from __future__ import annotations

from collections.abc import Iterator

_PAIRS = (("“", "”"), ("‘", "’"))
_DOUBLE = '“”„"«»'
_SINGLE = "‘’'"
_BEFORE_A_WORD = " \t\n\N{NO-BREAK SPACE}([—–-/“„«‘"

Quoted = tuple[int, int]
"""Where the marks of a quotation stand: -1 where it begins before the text, and the length of the
text where it goes on after it."""


def within_marks(text: str) -> str:
    """Return a quote in “ ”, with ‘ ’ for what is quoted in it, and “ ” again inside that."""
    return f"“{balanced(text, outer=1)}”"


def balanced(text: str, outer: int = 0) -> str:
    """Return a text in which every mark has its other, double and single ones in turn.

    A quotation that begins before the text is opened at its beginning, and one that goes on after
    it is closed at its end. Apostrophes and inches stay.

    Args:
        text: The text.
        outer: In how many quotations it stands already.

    """
    quotations = sorted(_quotations(text), key=lambda each: (each[0], -each[1]))
    opening: dict[int, str] = {}
    closing: dict[int, str] = {}
    for start, end in quotations:
        around = sum(a <= start and end <= b for a, b in quotations) - 1
        before, after = _PAIRS[(outer + around) % 2]
        opening[start] = opening.get(start, "") + before
        closing[end] = after + closing.get(end, "")
    inside = (opening.get(n, closing.get(n, char)) for n, char in enumerate(text))
    return "".join([opening.get(-1, ""), *inside, closing.get(len(text), "")])


def without_outer_marks(text: str) -> str:
    """Return a title without the marks that enclose all of it."""
    enclosed = (0, len(text) - 1) in set(_quotations(text))
    return text[1:-1] if enclosed else text


def _quotations(text: str) -> Iterator[Quoted]:
    """Yield the quotations of a text; those that begin before it are the outer ones."""
    begun: list[int] = []
    for place, char in enumerate(text):
        family = _DOUBLE if char in _DOUBLE else _SINGLE
        same = [start for start in begun if text[start] in family]
        if family == _SINGLE and begun[-1:] != same[-1:]:
            same = []  # Inside of double marks it is an apostrophe.
        if char not in family or _is_inch(text, place, same):
            continue
        if _opens(text, place, same):
            begun.append(place)
        elif same:
            # A single mark that was taken to begin something inside is an apostrophe.
            del begun[begun.index(same[-1]) :]
            yield same[-1], place
        elif family == _DOUBLE:
            yield -1, place
    yield from ((start, len(text)) for start in begun if text[start] in _DOUBLE)


def _opens(text: str, place: int, same: list[int]) -> bool:
    """Distinguish a mark that opens from one that closes, and a single one from an apostrophe.

    Where it stands the marks ``same`` of its kind are open.
    """
    char, after = text[place], text[place + 1 : place + 2]
    first = place == 0 or text[place - 1] in _BEFORE_A_WORD
    if char in _SINGLE:
        return first and after.isalnum() and char != "’" and _is_closed(text, place)
    if char == "“":
        return not (same and text[same[-1]] == "„")
    if char in "„":
        return True
    return first and (after.isalnum() or (char == "«" and after != ""))


def _is_closed(text: str, place: int) -> bool:
    """Return whether a single mark that may close stands behind another."""
    return any(
        char in "’'" and not text[n + 1 : n + 2].isalnum() and not text[n - 1].isspace()
        for n, char in enumerate(text[place + 1 :], start=place + 1)
    )


def _is_inch(text: str, place: int, same: list[int]) -> bool:
    return text[place] == '"' and not same and text[:place][-1:].isdigit()
