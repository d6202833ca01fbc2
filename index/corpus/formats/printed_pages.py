"""Pages as they are printed: their words, however they are turned. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from citadel.index.corpus.formats.printed_tables import Rule
from citadel.index.corpus.formats.printed_words import Upright, Word


class Direction(Enum):
    """Where the lines of a text run on the page, in quarters of a turn to the left."""

    RIGHT = 0
    UP = 1
    LEFT = 2
    DOWN = 3

    def turned(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        """Return a box as it stands when the page is turned so that the lines run to the right."""
        match self:
            case Direction.RIGHT:
                return left, bottom, right, top
            case Direction.UP:
                return bottom, -right, top, -left
            case Direction.LEFT:
                return -right, -top, -left, -bottom
            case Direction.DOWN:
                return -top, left, -bottom, right

    def baseline(self, x: float, y: float) -> float:
        """Return the height of a point when the page is turned so that the lines run right."""
        return {Direction.RIGHT: y, Direction.UP: -x, Direction.LEFT: -y, Direction.DOWN: x}[self]


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """What is printed on one page.

    Attributes:
        number: From 1.
        label: The number that the document itself gives the page, "" for none.
        words: Those of most of its text, in the order in which they were written, the page
            turned so that the lines run to the right.
        sideways: The words of each other direction, the page turned likewise.
        rules: The lines along the text, and the edges of boxes.
        uprights: The lines across the text, and the sides of boxes.
        hidden: Text that nobody sees: white on white, or beyond the edges of the page.
        slanted: Text that runs across the page, as watermarks do.
        recognised: Whether its words were recognised in a picture.
        unread: Why nothing was recognised in its picture, "" for what has text or no picture.

    """

    number: int
    label: str
    words: tuple[Word, ...]
    sideways: tuple[tuple[Word, ...], ...] = ()
    rules: tuple[Rule, ...] = ()
    uprights: tuple[Upright, ...] = ()
    hidden: str = ""
    slanted: str = ""
    recognised: bool = False
    unread: str = ""
