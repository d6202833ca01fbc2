"""How much of known texts survives in the files that are read: exactly, told, or in silence."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import add
from pathlib import Path

from rapidfuzz import fuzz

from citadel.evaluation.benchmarks.files.truth import NOTE, RUNNING_HEAD, TrueSentence, Truth
from citadel.evaluation.benchmarks.files.writers import WRITERS, Writer
from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import split_article
from citadel.index.corpus.sandbox.processes import Request, read_files
from citadel.index.errors import CitadelError

_ALIKE = 85.0
"""How much of a sentence must be found, in per cent, to call it altered and not lost."""

_UNREAD = "no text on page"
_SHEETS = frozenset({".csv", ".tsv", ".xlsx"})

_HEAD = "| format | files | sentences | exactly | lost, and told | lost in silence | altered |"
_RULE = "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What became of the sentences of some files, rows of tables among them.

    Attributes:
        files: How many files.
        sentences: How many sentences their authors wrote and did not withdraw.
        exact: Those that stand in what was read, letter by letter.
        told: Those that do not, and the report names them.
        silent: Those that do not, and nothing is said.
        altered: Those that stand there otherwise, sentences that nobody wrote, and withdrawn
            ones that could be quoted.

    """

    files: int = 0
    sentences: int = 0
    exact: int = 0
    told: int = 0
    silent: int = 0
    altered: int = 0

    def __add__(self, other: Fidelity) -> Fidelity:
        """Return both together."""
        mine, theirs = (
            (f.files, f.sentences, f.exact, f.told, f.silent, f.altered) for f in (self, other)
        )
        return Fidelity(*map(add, mine, theirs))


def measure_files(
    truths: Sequence[Truth], writers: Sequence[Writer] = WRITERS
) -> dict[str, Fidelity]:
    """Write each text with each writer, read the files, and compare; by the writers' names."""
    measured: dict[str, Fidelity] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        written = [
            (f"{number}-{place}{writer.suffix}", writer, writer.fitted(truth))
            for number, writer in enumerate(writers)
            for place, truth in enumerate(truths)
        ]
        for name, writer, truth in written:
            (root / name).write_bytes(writer.write(truth))
        requests = [Request(name, sidecar=False) for name, _, _ in written]
        for (_, writer, truth), reading in zip(written, read_files(root, requests), strict=True):
            if isinstance(reading, CitadelError):
                found = judge(truth, writer, (), (str(reading),))
            else:
                found = judge(truth, writer, reading.articles, reading.failures)
            measured[writer.name] = measured.get(writer.name, Fidelity()) + found
    return measured


def judge(
    truth: Truth, writer: Writer, articles: Sequence[Article], failures: Sequence[str]
) -> Fidelity:
    """Compare what was read of a file with what was written into it."""
    blocks = [
        _plain(block.span.of(article.text)) for article in articles for block in article.blocks
    ]
    blocks += [_plain(article.title) for article in articles]
    told = _plain(" ".join([*failures, *(note for a in articles for note in a.notes)]))
    unread = (not articles and bool(failures)) or _UNREAD in told
    fates = [_fate(sentence, blocks, told) for sentence in _written(truth, writer)]
    if unread:
        # A file or page that is named as unread names all of its sentences.
        fates = ["told" if fate == "silent" else fate for fate in fates]
    quotes = list(_quotable(articles))
    rows = truth.table.rows if truth.table is not None else ()
    fates += [_row_fate(row, quotes, told) for row in rows]
    invented = sum(
        not (_is_written(quote, truth) or _is_row(quote, truth, writer)) for quote in quotes
    )
    withdrawn = sum(
        any(reading in block for reading in sentence.readings() for block in blocks)
        for sentence in truth.sentences()
        if sentence.withdrawn
    )
    return Fidelity(
        files=1,
        sentences=len(fates),
        exact=fates.count("exact"),
        told=fates.count("told"),
        silent=fates.count("silent"),
        altered=fates.count("altered") + invented + withdrawn,
    )


def _written(truth: Truth, writer: Writer) -> Iterator[TrueSentence]:
    """Yield the sentences that should be read."""
    if writer.sentences:
        yield from (sentence for sentence in truth.sentences() if not sentence.withdrawn)


def _fate(sentence: TrueSentence, blocks: Sequence[str], told: str) -> str:
    readings = [_plain(reading) for reading in sentence.readings()]
    if any(reading in block for reading in readings for block in blocks):
        return "exact"
    if any(reading[:60] in told for reading in readings):
        return "told"
    long = [block for block in blocks if 100 * len(block) >= _ALIKE * len(readings[0])]
    best = max((fuzz.partial_ratio(readings[0], block) for block in long), default=0.0)
    return "altered" if best >= _ALIKE else "silent"


def _row_fate(row: Sequence[str], quotes: Iterable[str], told: str) -> str:
    """Return what became of a row: its cells must stand in one quote, in their order."""
    begun = [quote for quote in quotes if _begins(row, quote)]
    if any(_holds(row, quote) for quote in begun):
        return "exact"
    if begun:
        return "altered"
    return "told" if all(cell in told for cell in row) else "silent"


def _begins(row: Sequence[str], quote: str) -> bool:
    return quote.removeprefix("| ").startswith(row[0])


def _holds(row: Sequence[str], quote: str) -> bool:
    place = 0
    for cell in row:
        place = quote.find(cell, place)
        if place < 0:
            return False
        place += len(cell)
    return True


def _quotable(articles: Sequence[Article]) -> Iterator[str]:
    """Yield what could be quoted as a sentence."""
    for article in articles:
        for passage in split_article(article):
            for span in passage.sentences:
                yield _plain(passage.quote(span))


def _is_row(quote: str, truth: Truth, writer: Writer) -> bool:
    """Return whether a sentence is the row of a table, whose cells are judged by themselves."""
    if writer.suffix in _SHEETS and quote.startswith("|"):
        return True
    rows = () if truth.table is None else (truth.table.headings, *truth.table.rows)
    return any(_begins(row, quote) and _holds(row, quote) for row in rows)


def _is_written(quote: str, truth: Truth) -> bool:
    """Return whether a quote is made of what the author wrote, and of nothing else."""
    texts = (
        " ".join(sentence.readings()[which] for sentence in truth.sentences()) for which in (0, -1)
    )
    return quote in (NOTE, RUNNING_HEAD) or any(quote in _plain(text) for text in texts)


def _plain(text: str) -> str:
    return " ".join(text.split())


def markdown_fidelity(measured: Mapping[str, Fidelity]) -> str:
    """Return a table of what became of the sentences, a line for each format."""
    rows = [*sorted(measured.items()), ("**together**", sum(measured.values(), Fidelity()))]
    lines = [
        f"| {name} | {f.files} | {f.sentences:,} | {f.exact / max(f.sentences, 1):.2%} | "
        f"{f.told / max(f.sentences, 1):.2%} | {f.silent} | {f.altered} |"
        for name, f in rows
    ]
    return "\n".join([_HEAD, _RULE, *lines])
