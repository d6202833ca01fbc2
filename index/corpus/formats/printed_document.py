"""A document from its printed pages, with a note on all that was left out or is doubtful. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from citadel.index.corpus.decoding import visible
from citadel.index.corpus.formats.document import Document, Part, compose, with_doubtful_pages
from citadel.index.corpus.formats.page_layout import PageLayout, lay_out
from citadel.index.corpus.formats.page_rows import lines_of
from citadel.index.corpus.formats.pdf_information import borne_out, said_only
from citadel.index.corpus.formats.printed_lines import Line, parts_of
from citadel.index.corpus.formats.printed_pages import PrintedPage
from citadel.index.corpus.formats.printed_runs import runs_of, without_overprints
from citadel.index.corpus.formats.running_lines import running_lines, with_fields
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import BlockKind, Doubt
from citadel.index.corpus.metadata import plausible_metadata
from citadel.index.corpus.series import series_of
from citadel.index.errors import CitadelError

_UNKNOWN = re.compile(r"[\ufffd\ue000-\uf8ff]")
_UNKNOWN_SHARE = 0.1
_RECOGNISE = "have the text recognised (OCR), for example with ocrmypdf"
_NAMED_PAGES = 5
_QUOTED = 80
_LONGEST_LABEL = 20


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """A page in reading order, and what in it is no text.

    Attributes:
        printed: The page as it is printed.
        layout: Its lines, and those that are turned to another side.
        running: Its running heads and feet and its number.
        overprints: How many letters were printed a second time.
        turned: Whether some of its text runs to another side than the rest.

    """

    printed: PrintedPage
    layout: PageLayout
    running: tuple[Line, ...]
    overprints: int
    turned: bool

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why it may have been read otherwise than it was written."""
        causes = {Doubt.PICTURE: self.printed.recognised, Doubt.LAYOUT: bool(self.layout.doubts)}
        return tuple(doubt for doubt, given in causes.items() if given)


def document_of(
    pages: Sequence[PrintedPage], told: Mapping[str, str], source: str, known: Mapping[str, str]
) -> Document:
    """Put a document together from its pages.

    Args:
        pages: All of them.
        told: What the file says about itself, by the names of PDF: Title, Author, CreationDate.
        source: The name of the file, for messages.
        known: What is known about it from elsewhere, which wins.

    Raises:
        CitadelError: It has no text that can be read.

    """
    read = _read(pages)
    text = " ".join(line.text for page in read for line in (*page.layout.lines, *page.running))
    _check_text(text, source, next((page.unread for page in pages if page.unread), ""))
    parts = parts_of(with_fields([page.layout.lines for page in read]))
    metadata = {"language": detect_language(text), **_about(told, parts, text), **known}
    document = compose(
        metadata,
        parts,
        tuple(_notes(read)),
        page_count=len(pages),
        page_labels=_labels(pages),
        otherwise=said_only(told),
    )
    return with_doubtful_pages(document, {page.printed.number: page.doubts for page in read})


def _read(pages: Sequence[PrintedPage]) -> list[_ReadPage]:
    single = [without_overprints(page.words) for page in pages]
    rows = [
        lines_of(runs_of(words, page.uprights), page.number)
        for page, (words, _) in zip(pages, single, strict=True)
    ]
    running = set(running_lines([[line for line, _ in page] for page in rows]))
    read: list[_ReadPage] = []
    for page, (_, overprints), lines in zip(pages, single, rows, strict=True):
        left = [run for line, runs in lines if line not in running for run in runs]
        layout = lay_out(left, page.rules, page.number, recognised=page.recognised)
        sideways = [
            lay_out(runs_of(without_overprints(words)[0]), (), page.number)
            for words in page.sideways
        ]
        read.append(
            _ReadPage(
                page,
                PageLayout(
                    (*layout.lines, *(line for other in sideways for line in other.lines)),
                    tuple(dict.fromkeys(d for each in (layout, *sideways) for d in each.doubts)),
                    layout.line_numbers,
                    layout.has_notes,
                ),
                tuple(line for line, _ in lines if line in running),
                overprints,
                bool(sideways),
            )
        )
    return read


def _check_text(text: str, source: str, unread: str) -> None:
    letters = "".join(text.split())
    if not letters:
        raise CitadelError(
            f"{source} has no text layer, it is pictures of pages; {unread or _RECOGNISE}."
        )
    if len(_UNKNOWN.findall(letters)) > _UNKNOWN_SHARE * len(letters):
        raise CitadelError(f"{source} does not tell which letters its fonts show; {_RECOGNISE}.")


def _about(told: Mapping[str, str], parts: Sequence[Part], text: str) -> dict[str, str]:
    """Return what the document says of itself as far as its pages bear it out.

    Without a title that stands in the text, the first heading of the first page is it.
    """
    first = next(
        (p.text for p in parts if p.kind is BlockKind.HEADING and p.pages[0][0] == 1), None
    )
    return {**plausible_metadata({"title": first}), **borne_out(told, text)}


def _notes(pages: Sequence[_ReadPage]) -> Iterator[str]:
    """Yield a phrase for each thing that was left out or is doubtful."""
    running = [line for page in pages for line in page.running]
    if running:
        yield (
            "1 running head, foot or page number left out"
            if len(running) == 1
            else f"{len(running)} running heads, feet and page numbers left out"
        ) + f": {_running_names(running)}"
    marks = [mark for page in pages for line in page.layout.lines for mark in line.marks]
    if marks:
        yield f"{_count(len(marks), 'raised mark')} left out: {', '.join(marks)}"
    for page in pages:
        where = f"on page {page.printed.number}"
        if page.layout.line_numbers:
            numbers = page.layout.line_numbers
            yield f"numbers of lines {where} left out: {numbers[0]} to {numbers[-1]}"
        for text, why in (
            (page.printed.hidden, "text that can't be seen"),
            (page.printed.slanted, "text across the page"),
        ):
            if text:
                yield f"{why} {where} left out: “{_shortened(text)}”"
    overprints = sum(page.overprints for page in pages)
    if overprints:
        yield f"{_count(overprints, 'letter')} printed twice and read once"
    for what, chosen in (
        ("text in the margin is read last", [p for p in pages if p.layout.has_notes]),
        ("text turned sideways is read last", [p for p in pages if p.turned]),
    ):
        if chosen:
            yield f"{what} on {_page_names([page.printed.number for page in chosen])}"
    for doubt in dict.fromkeys(doubt for page in pages for doubt in page.layout.doubts):
        doubted = [page.printed.number for page in pages if doubt in page.layout.doubts]
        yield f"{Doubt.LAYOUT} on {_page_names(doubted, all_of_them=True)}: {doubt}"
    recognised = [page.printed.number for page in pages if page.printed.recognised]
    if recognised:
        yield f"{_page_names(recognised, all_of_them=True)} {Doubt.PICTURE}"
    yield from _told_labels(pages)
    empty = [page.printed for page in pages if not (page.layout.lines or page.running)]
    for why in dict.fromkeys(page.unread for page in empty):
        named = _page_names([p.number for p in empty if p.unread == why], all_of_them=bool(why))
        yield f"no text on {named}: {why or 'pictures are not read'}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _shortened(text: str) -> str:
    shown = " ".join(visible(text).split())
    return shown if len(shown) <= _QUOTED else f"{shown[:_QUOTED].rstrip()} …"


def _page_names(numbers: Sequence[int], *, all_of_them: bool = False) -> str:
    named = ", ".join(map(str, numbers if all_of_them else numbers[:_NAMED_PAGES]))
    cut = len(numbers) > _NAMED_PAGES and not all_of_them
    more = f" and {len(numbers) - _NAMED_PAGES} more" if cut else ""
    return f"page{'s' if len(numbers) > 1 else ''} {named}{more}"


def _running_names(lines: Sequence[Line]) -> str:
    """Return every line that was left out with its pages; those that count them as a range."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(re.sub(r"\d+", "#", line.text), []).append(line)
    return "; ".join(
        _series_name(each) for group in groups.values() for each in series_of(group, _counts_on)
    )


def _counts_on(before: Sequence[Line], following: Line) -> bool:
    """Return whether a line is the same as the last one but for a number that counts the pages."""
    line = before[-1]
    ahead = following.page - line.page
    numbers = zip(
        *(map(int, re.findall(r"\d+", each.text)) for each in (line, following)), strict=True
    )
    changes = {other - one for one, other in numbers} - {0}
    return line.text == following.text or changes == {ahead}


def _series_name(series: Sequence[Line]) -> str:
    first, last = series[0].text, series[-1].text
    named = f"“{first}”" if first == last else f"“{first}” to “{last}”"
    pages = [line.page for line in series]
    ranges = series_of(pages, lambda before, page: page == before[-1] + 1)
    told = ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in ranges)
    return f"{named} on page{'s' if len(pages) > 1 else ''} {told}"


def _labels(pages: Sequence[PrintedPage]) -> tuple[str, ...]:
    """Return what the document calls its pages; () where it only counts them."""
    labels = tuple(" ".join(visible(page.label).split())[:_LONGEST_LABEL] for page in pages)
    counted = all(label in ("", str(number)) for number, label in enumerate(labels, start=1))
    return () if counted else labels


def _is_labelled_on(before: Sequence[PrintedPage], page: PrintedPage) -> bool:
    one, other = before[-1].label, page.label
    return one.isdecimal() and other.isdecimal() and int(other) == int(one) + 1


def _told_labels(pages: Sequence[_ReadPage]) -> Iterator[str]:
    """Yield a phrase for the numbers that the document gives its pages, if they are others."""
    labelled = [page.printed for page in pages]
    if not _labels(labelled):
        return
    told = (
        f"{s[0].number} is “{s[0].label}”"
        if len(s) == 1
        else f"{s[0].number} to {s[-1].number} are “{s[0].label}” to “{s[-1].label}”"
        for s in series_of(labelled, _is_labelled_on)
    )
    yield f"pages are named as in print: {', '.join(told)}"
