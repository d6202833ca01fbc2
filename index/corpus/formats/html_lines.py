"""The blocks of a page, and the text of one as it grows piece by piece. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from lxml import etree

from citadel.index.corpus.formats.html_elements import HEADINGS, LISTS, SPACES, is_apart, is_card
from citadel.index.corpus.formats.raised_text import close_seams

RAISED_MARKS = "raised marks left out"
RAISED_APART = "raised text set apart"
BREAK = "\ufdd1"
_MARKS = ("pre", "time", "link")
_CLOCK = re.compile(
    r"\W*\d{1,2}(?:[:.h]\d{2}){1,2}(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?\W*", re.IGNORECASE
)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


class BlockForm(Enum):
    """What a block of a page is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    CODE = "code"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One block of a page.

    Attributes:
        form: What it is.
        text: Its text; the rows of a table a line each.
        element: The innermost element that holds all of it.
        depth: In how many lists it is, for an item.
        linked: How many of its letters and digits are links to elsewhere.

    """

    form: BlockForm
    text: str
    element: etree._Element
    depth: int = 0
    linked: int = 0


@dataclass(slots=True)
class HtmlLine:
    """The text between two borders of blocks, under way."""

    root: etree._Element
    open: list[etree._Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    inside: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    cards: dict[etree._Element, bool] = field(default_factory=dict)

    def enter(self, element: etree._Element) -> None:
        """Go on inside an element."""
        self.open.append(element)
        self.inside.update(_marks(element))

    def leave(self, element: etree._Element) -> None:
        """Go on behind an element."""
        if self.open and self.open[-1] is element:
            self.open.pop()
            self.inside.subtract(_marks(element))

    def write(self, text: str) -> None:
        """Add text."""
        if not text:
            return
        self.pieces.append(text if self.inside["pre"] else SPACES.sub(" ", text))
        count = len(_LETTER_OR_DIGIT.findall(text))
        for mark in _MARKS:
            if self.inside[mark]:
                self.written[mark] += count

    def before(self) -> str:
        """Return what stands in the line so far."""
        return "".join(self.pieces[-12:]).rpartition(BREAK)[2]

    def flush(self) -> Iterator[PageBlock]:
        """Yield the blocks of the line; empty lines in it cut it."""
        text = close_seams("".join(self.pieces))
        written, self.written, self.pieces = self.written, Counter(), []
        if not text.replace(BREAK, "").strip():
            return
        apart = [each for each in self.open if is_apart(each)]
        block = PageBlock(
            BlockForm.CODE,
            text.replace(BREAK, "\n").strip("\n"),
            apart[-1] if apart else self.root,
            linked=written["link"],
        )
        if written["pre"]:
            yield block
            return
        lines = [SPACES.sub(" ", line).strip() for line in text.split(BREAK)]
        for paragraph in re.split(r"\n\n+", "\n".join(lines).strip("\n")):
            yield self._formed(replace(block, text=paragraph), apart, written["time"])

    def _formed(self, block: PageBlock, apart: list[etree._Element], timed: int) -> PageBlock:
        """Classify a block by the elements that it is in."""
        line = " ".join(block.text.split())
        if any(each.tag in HEADINGS for each in apart):
            return replace(block, form=BlockForm.HEADING, text=line)
        if 0 < len(_LETTER_OR_DIGIT.findall(line)) <= timed or _CLOCK.fullmatch(line):
            return replace(block, form=BlockForm.TIME, text=line)
        items = [each for each in apart if each.tag == "li" and not self._is_card(each)]
        if items:
            depth = sum(1 for each in apart if each.tag in LISTS)
            return replace(block, form=BlockForm.ITEM, text=line, element=items[-1], depth=depth)
        return replace(block, form=BlockForm.PARAGRAPH)

    def _is_card(self, item: etree._Element) -> bool:
        if item not in self.cards:
            self.cards[item] = is_card(item)
        return self.cards[item]


def _marks(element: etree._Element) -> list[str]:
    """Return what the text inside an element is to the line."""
    if element.tag in ("pre", "time"):
        return [element.tag]
    away = element.tag == "a" and not (element.get("href") or "#").startswith("#")
    return ["link"] if away else []
