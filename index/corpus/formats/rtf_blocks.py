"""Puts the text of a file in RTF together: headings, paragraphs, lists, tables and notes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.raised_text import SEAM, append_raised, close_seams
from citadel.index.corpus.formats.rtf_runs import Looks, Run
from citadel.index.corpus.formats.story import StoryBlock, notes_under, parts_of
from citadel.index.corpus.formats.tables import Cell, table_lines
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.series import series_of

_HEADING = re.compile(r"heading|title$|^subtitle|überschrift|titre", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\u00a0]+")
_EDGE = 30
"""Edges of cells no further apart than that, in twentieths of a point, are the same."""

_BREAKS = frozenset({"par", "sect", "page", "column"})
_MARGINS = {"head": "head of the pages left out", "foot": "foot of the pages left out"}
_NOT_READ = {"comment": "comments are not read", "formula": "formulas are not read"}


@dataclass(slots=True)
class _Paragraph:
    """What is said about the paragraph under way."""

    style: int = -1
    outlined: bool = False
    item: bool = False
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class _CellForm:
    """A cell as its row announces it: where it ends, and what it is merged with."""

    right: int = 0
    begins: bool = False
    goes_on_above: bool = False
    goes_on_left: bool = False


@dataclass(slots=True)
class _Row:
    """A row of a table under way."""

    texts: list[str] = field(default_factory=list)
    forms: list[_CellForm] = field(default_factory=list)
    form: _CellForm = _CellForm()
    heading: bool = False


@dataclass(slots=True)
class RtfBlocks:
    """The blocks of one file.

    Attributes:
        left_out: Where what is not read is remembered.
        title: What the file says that its title is, or "".

    """

    left_out: LeftOut
    title: str = ""
    _styles: dict[int, str] = field(default_factory=dict)
    _style: int = -1
    _pieces: list[str] = field(default_factory=list)
    _aside: dict[str, list[str]] = field(default_factory=dict)
    _notes: list[str] = field(default_factory=list)
    _boxes: list[StoryBlock] = field(default_factory=list)
    _paragraph: _Paragraph = field(default_factory=_Paragraph)
    _row: _Row = field(default_factory=_Row)
    _rows: list[_Row] = field(default_factory=list)

    def parts(self, runs: Iterable[Run]) -> Iterator[Part]:
        """Yield the parts of a file; the items of a list together."""
        return parts_of(self._blocks(runs))

    def notes(self) -> Iterator[Part]:
        """Yield the footnotes that were met, under a heading."""
        return notes_under("Footnotes", self._notes, self.left_out)

    def _blocks(self, runs: Iterable[Run]) -> Iterator[StoryBlock]:
        for run in runs:
            target = run.looks.target
            if target in _NOT_READ:
                self.left_out.add_unread(_NOT_READ[target])
            elif target != "text":
                self._take_aside(run)
            elif run.text:
                self._write(run.text, run.looks, self._pieces)
            else:
                yield from self._obey(run.word, run.number)
        yield from self._end_paragraph()
        yield from self._end_table()

    def _obey(self, word: str, number: int | None) -> Iterator[StoryBlock]:
        """Follow a word about the paragraph or the table."""
        match word:
            case "pard":
                self._paragraph = _Paragraph()
            case "s":
                self._paragraph.style = number or 0
            case "outlinelevel":
                self._paragraph.outlined = number is not None and number < 9
            case "ls":
                self._paragraph.item = bool(number)
            case "intbl":
                self._paragraph.in_table = True
            case "trowd":
                self._row.forms, self._row.form = [], _CellForm()
                self._row.heading = False
            case "nestcell" | "nestrow":
                self._pieces.append("; ")
            case "cell":
                self._row.texts.append(self._flush(self._pieces))
            case "row":
                self._rows.append(self._row)
                self._row = replace(self._row, texts=[], forms=list(self._row.forms))
            case _ if word in _BREAKS:
                yield from self._end_paragraph()
            case _:
                self._form_row(word, number)

    def _form_row(self, word: str, number: int | None) -> None:
        row = self._row
        match word:
            case "trhdr":
                row.heading = True
            case "clvmgf":
                row.form = replace(row.form, begins=True)
            case "clvmrg":
                row.form = replace(row.form, goes_on_above=True)
            case "clmrg":
                row.form = replace(row.form, goes_on_left=True)
            case "cellx":
                row.forms.append(replace(row.form, right=number or 0))
                row.form = _CellForm()

    def _end_paragraph(self) -> Iterator[StoryBlock]:
        paragraph = self._paragraph
        if paragraph.in_table:
            self._pieces.append("\n")
            return
        text = self._flush(self._pieces)
        yield from self._end_table()
        name = self._styles.get(paragraph.style, "")
        if text:
            heading = paragraph.outlined or _HEADING.search(name) is not None
            if name.casefold() == "title":
                self.title = text
            kind = BlockKind.HEADING if heading else BlockKind.PARAGRAPH
            item = not heading and (paragraph.item or "list" in name.casefold())
            yield StoryBlock(kind, text, item)
        boxes, self._boxes = self._boxes, []
        yield from boxes
        # A bullet is that of one paragraph.
        self._aside.pop("bullet", None)

    def _end_table(self) -> Iterator[StoryBlock]:
        rows, self._rows = [row for row in self._rows if row.texts], []
        if not rows:
            return
        if all(len(row.texts) == 1 for row in rows):
            # A frame around text, not a table of data.
            texts = (text for row in rows for text in row.texts if text)
            yield from (StoryBlock(BlockKind.PARAGRAPH, text) for text in texts)
            return
        marked = next((n for n, row in enumerate(rows) if not row.heading), 0)
        lines = table_lines(_cells(rows), marked)
        if lines:
            yield StoryBlock(BlockKind.PARAGRAPH, "\n".join(lines))

    def _take_aside(self, run: Run) -> None:
        """Read what is not of the running text: styles, title, notes, boxes, margins, bullets."""
        target = run.looks.target
        pieces = self._aside.setdefault(target, [])
        if target == "stylesheet" and run.word == "s":
            self._style = run.number or 0
        elif run.text:
            self._write(run.text, run.looks, pieces)
            if target == "bullet":
                self._paragraph.item = True
        elif run.word in _BREAKS:
            pieces.append("\n" if target == "box" else " ")
        elif run.word == "}" and (run.number or target == "stylesheet"):
            self._end_aside(target, self._flush(pieces))

    def _end_aside(self, target: str, text: str) -> None:
        if not text:
            return
        if target == "stylesheet":
            self._styles[self._style] = text.rstrip(";").strip()
            self._style = -1
        elif target == "title":
            self.title = self.title or text
        elif target == "footnote":
            self._notes.append(" ".join(text.split()))
            self._pieces.append(SEAM)
        elif target == "box":
            self._boxes += [
                StoryBlock(BlockKind.PARAGRAPH, line) for line in text.split("\n") if line
            ]
        elif target in _MARGINS:
            self.left_out.add(_MARGINS[target], text)

    def _write(self, text: str, looks: Looks, pieces: list[str]) -> None:
        told = looks.target in ("text", "footnote", "box")
        reasons = {
            "tracked deletions left out": looks.deleted,
            "hidden text left out": looks.hidden,
            "struck text left out": looks.struck,
            "signs of symbol fonts left out": looks.symbols,
        }
        kind = next((kind for kind, holds in reasons.items() if holds), None)
        if kind is not None and told:
            self.left_out.add(kind, text)
            pieces.append(SEAM)
        elif looks.raised and text.strip() and told:
            append_raised(text, pieces, self.left_out)
        else:
            pieces.append(text)

    def _flush(self, pieces: list[str]) -> str:
        """Return the text of pieces, which are taken away."""
        lines = close_seams("".join(pieces)).split("\n")
        pieces.clear()
        return "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()


def _cells(rows: Sequence[_Row]) -> list[list[Cell]]:
    """Lay the cells of rows out in columns, by the edges at which they end."""
    edges = _columns([form.right for row in rows for form in row.forms])
    above: dict[int, Cell] = {}
    read: list[list[Cell]] = []
    for row in rows:
        line: list[Cell] = []
        column = 0
        for number, text in enumerate(row.texts):
            form = row.forms[number] if number < len(row.forms) else _CellForm()
            end = max(bisect_left(edges, form.right - _EDGE) + 1, column + 1)
            plain = " ".join(text.split())
            if form.goes_on_left and line:
                line[-1] = replace(line[-1], width=end - line[-1].column)
            elif form.goes_on_above and column in above:
                line.append(replace(above[column], continued=True))
            else:
                line.append(Cell(plain, column, end - column))
                above.pop(column, None)
                if form.begins:
                    above[column] = line[-1]
            column = end
        read.append(line)
    return read


def _columns(rights: Sequence[int]) -> list[int]:
    """Return the edges of columns, those that are nearly the same once."""
    series = series_of(sorted(rights), lambda near, right: right - near[0] <= _EDGE)
    return [near[0] for near in series]
