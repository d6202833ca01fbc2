"""What the reader of a file left out of its article or wrote in another way, to be reported."""

from __future__ import annotations

_TOLD = 20
"""How many pieces of one kind are listed one by one."""

_LENGTH = 200
"""Letters of a piece that are listed; its beginning is enough to find it by."""


class LeftOut:
    """Pieces of text, by what became of them, and kinds of things that are not read at all.

    ``notes`` names every kind, and its pieces one by one, so that nothing is lost unnamed.
    """

    def __init__(self) -> None:
        self._pieces: dict[str, dict[str, int]] = {}
        self._unread: dict[str, None] = {}

    def add(self, kind: str, text: str) -> None:
        """Remember a piece; white space alone is none.

        Args:
            kind: What became of it, as the beginning of a phrase: “hidden text left out”.
            text: The piece.

        """
        words = " ".join(text.split())
        if words:
            pieces = self._pieces.setdefault(kind, {})
            pieces[words] = pieces.get(words, 0) + 1

    def add_unread(self, phrase: str) -> None:
        """Remember that something is missing whose words are not known: “comments are not read”."""
        self._unread[phrase] = None

    def notes(self) -> list[str]:
        """Return a phrase for each kind, in the order in which they were met; unread ones last."""
        named = [f"{kind}: {_listed(pieces)}" for kind, pieces in self._pieces.items()]
        return [*named, *self._unread]


def _listed(pieces: dict[str, int]) -> str:
    told = [_quoted(text, count) for text, count in list(pieces.items())[:_TOLD]]
    more = len(pieces) - len(told)
    return f"{', '.join(told)}{f' and {more:,} more' if more else ''}"


def _quoted(text: str, count: int) -> str:
    short = text if len(text) <= _LENGTH else f"{text[:_LENGTH].rstrip()}…"
    return f"“{short}”{f' ({count} times)' if count > 1 else ''}"
