"""What the reader of a format makes of a file: texts with their layouts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from citadel.index.corpus.bylines import byline_notes, find_bylines, no_paragraphs
from citadel.index.corpus.decoding import notes_on_removed, visible
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import (
    Block,
    BlockKind,
    Doubt,
    DoubtfulRange,
    Layout,
    Place,
    Span,
    join_announcements,
)
from citadel.index.corpus.metadata import FIELDS
from citadel.index.errors import CitadelError


@dataclass(frozen=True, slots=True)
class Document:
    """One article as its file gives it.

    Attributes:
        text: The text to store, in which all offsets count code points.
        layout: How it is laid out, and what it says about itself.
        pages: The offset at which each page begins, the first page first; empty for what has
            no pages.
        notes: What was left out or mended, a phrase each.
        name: Which article of the file it is, "" for the only one.
        places: The rows or times that its parts stand at; empty for what has none.
        doubtful: The parts of the text that may be otherwise than they were written.
        page_labels: What the file calls its pages; empty where they are only counted.

    """

    text: str
    layout: Layout
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    name: str = ""
    places: tuple[Place, ...] = ()
    doubtful: tuple[DoubtfulRange, ...] = ()
    page_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileContents:
    """All articles of one file, and what in it could not be read, a phrase each."""

    documents: tuple[Document, ...]
    failures: tuple[str, ...] = ()


Reader = Callable[[bytes, str, Mapping[str, str]], FileContents]
"""Reads a file of one format, given its bytes, its name for messages, and the metadata that
stand next to it, which win over what the file itself says."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading or paragraph taken out of a file that is not text itself.

    Attributes:
        kind: Which of them it is.
        text: Its text.
        pages: For each page that begins with or in it, the page's number, from 1, and the
            offset in ``text`` at which it begins.
        places: The rows or times at which it or pieces of it stand, by their starts in ``text``.

    """

    kind: BlockKind
    text: str
    pages: tuple[tuple[int, int], ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    text: str
    blocks: tuple[Block, ...]
    pages: dict[int, int] = field(default_factory=dict)
    places: tuple[Place, ...] = ()


TEXT_LENGTH = 5_000_000
"""Code points in one article at most: about ten thick books."""


def check_length(text: str, source: str) -> None:
    """Refuse a text that would take hours to embed.

    Raises:
        CitadelError: It is too long; the message names the file.

    """
    if len(text) > TEXT_LENGTH:
        raise CitadelError(
            f"{source} has {len(text):,} characters of text, and {TEXT_LENGTH:,} are read at most; "
            "split it."
        )


def contents_of(
    parts: Sequence[Part], about: Mapping[str, str], notes: Iterable[str], language: str = ""
) -> FileContents:
    """Compose the only article of a file, in the language that its text is recognised as.

    A language that is known about it wins; of a text too short to judge it is the one given. What
    nobody could see in the text is noted first.
    """
    text = "\n".join(part.text for part in parts)
    metadata = {"language": detect_language(text, language), **about}
    return FileContents((compose(metadata, parts, [*notes_on_removed(text), *notes]),))


def compose(
    metadata: Mapping[str, str],
    parts: Sequence[Part],
    notes: Sequence[str] = (),
    page_count: int = 0,
    name: str = "",
    page_labels: tuple[str, ...] = (),
    otherwise: Mapping[str, str] = MappingProxyType({}),
) -> Document:
    """Write out what was taken from a file: what it says about itself, then its parts.

    The text begins with a line “name: value” for each field that is known, as front matter does,
    so that questions about the source are answered by a quote. A heading that repeats the title
    is no section. What is not known is taken from a byline at the head of the parts, which is then
    no paragraph.

    Args:
        metadata: The fields that are known.
        parts: Headings and paragraphs in reading order.
        notes: What was left out or mended, a phrase each.
        page_count: How many pages there are; 0 for what has none.
        name: Which article of the file it is, "" for the only one.
        page_labels: What the file calls its pages, if it does.
        otherwise: What the file says of itself and does not show; taken where nothing else says so.

    """
    bylines = find_bylines([visible(part.text) for part in parts])
    told = {name: value for byline in bylines for name, value in byline.fields.items()}
    said = {name: value for name, value in otherwise.items() if name not in {**metadata, **told}}
    notes = (*notes, *byline_notes(bylines, metadata), *map(_said_only, said.items()))
    metadata = {**said, **told, **metadata}
    known = {name: " ".join(visible(metadata[name]).split()) for name in FIELDS if name in metadata}
    head = "\n".join(f"{name}: {value}" for name, value in known.items())
    placed = _place(
        parts,
        f"{head}\n" if head else "",
        known.get("title"),
        no_paragraphs([part.kind for part in parts], bylines),
    )
    return Document(
        text=placed.text,
        layout=Layout(
            known,
            Span(0, len(head)) if head else None,
            join_announcements(placed.text, placed.blocks),
        ),
        pages=_page_starts(placed.pages, page_count, len(placed.text)),
        notes=tuple(notes),
        name=name,
        places=placed.places,
        page_labels=page_labels,
    )


def with_doubtful_pages(document: Document, doubts: Mapping[int, Sequence[Doubt]]) -> Document:
    """Return a document whose pages are marked as doubtful.

    Args:
        document: It has pages.
        doubts: What is doubtful about pages, by their numbers, from 1.

    """
    ends = (*document.pages[1:], len(document.text))
    doubtful = tuple(
        DoubtfulRange(Span(start, end), doubt)
        for number, (start, end) in enumerate(zip(document.pages, ends, strict=True), start=1)
        for doubt in doubts.get(number, ())
        if start < end
    )
    return replace(document, doubtful=doubtful)


def _said_only(field: tuple[str, str]) -> str:
    return f"the {field[0]} {field[1]} is what the file says of itself, and does not show"


def _place(
    parts: Sequence[Part], head: str, title: str | None, not_quoted: Collection[int]
) -> _Placed:
    pieces = [head]
    length = len(head)
    blocks: list[Block] = []
    pages: dict[int, int] = {}
    places: list[Place] = []
    for number, part in enumerate(parts):
        text = visible(part.text)
        stripped = text.strip()
        indent = len(text) - len(text.lstrip())
        gap = "\n" if length else ""
        start = length + len(gap)
        for page, offset in part.pages:
            within = len(visible(part.text[:offset])) - indent
            pages.setdefault(page, start + min(max(within, 0), len(stripped)))
        if not stripped:
            continue
        for place in part.places:
            within = len(visible(part.text[: place.start])) - indent
            places.append(Place(start + min(max(within, 0), len(stripped)), place.name))
        is_title = part.kind is BlockKind.HEADING and stripped == title
        if not is_title and number not in not_quoted:
            blocks.append(Block(part.kind, Span(start, start + len(stripped))))
        pieces += [gap, stripped, "\n"]
        length = start + len(stripped) + 1
    return _Placed("".join(pieces), tuple(blocks), pages, tuple(places))


def _page_starts(found: Mapping[int, int], count: int, end: int) -> tuple[int, ...]:
    """Give every page a beginning: a page without text begins where the next one does."""
    starts: list[int] = []
    following = end
    for page in range(count, 0, -1):
        following = min(found.get(page, following), following)
        starts.append(following)
    return tuple(reversed(starts))
