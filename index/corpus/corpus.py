"""The articles of a sources folder, and what became of each of its files."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from citadel.index.corpus.articles import Article
from citadel.index.corpus.duplicates import Duplicate, find_duplicates, find_shared_paragraphs
from citadel.index.corpus.formats.registry import FORMATS
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.parse_cache import EMPTY_CACHE, ParseCache
from citadel.index.corpus.sandbox.files import ParsedFile
from citadel.index.corpus.sandbox.processes import Request, read_files
from citadel.index.corpus.source_files import LeftOut, list_source_files
from citadel.index.errors import CitadelError
from citadel.index.named_paths import sources_folder

_log = logging.getLogger(__name__)

_NAMED = 3
"""How many articles with the same paragraphs are named; more are counted."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    Attributes:
        name: Its path below the sources folder.
        articles: How many articles it gave to the collection.
        passages: How many paragraphs they have.
        languages: Of its articles: ISO 639-1 codes, the most frequent first.
        notes: What was left out, mended or guessed, a phrase each.
        failures: What could not be read, a sentence each.

    """

    name: str
    articles: int
    passages: int
    languages: tuple[str, ...]
    notes: tuple[str, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a folder holds.

    Attributes:
        articles: All of them, in the order of their names.
        reports: One for every file, in the order of their names.
        parse_cache: What the next reading can take over.

    """

    articles: tuple[Article, ...]
    reports: tuple[FileReport, ...]
    parse_cache: ParseCache = field(default=EMPTY_CACHE, compare=False, repr=False)

    @property
    def failures(self) -> tuple[str, ...]:
        """What could not be read, a sentence each."""
        return tuple(failure for report in self.reports for failure in report.failures)


def read_articles(folder: Path) -> tuple[Article, ...]:
    """Read every article of a folder; what can't be read is named in a warning.

    Raises:
        CitadelError: There is no such folder, or no article in it.

    """
    return read_corpus(folder).articles


def read_corpus(folder: Path, before: ParseCache = EMPTY_CACHE) -> Corpus:
    """Read every file of a folder as far as it can be read; warn of what can't.

    An article whose words are those of an earlier one is left out, and reported.

    Args:
        folder: The sources folder.
        before: What was read before; files that are as they were are not read again.

    Raises:
        CitadelError: There is no such folder, or no article in it.

    """
    files = list_source_files(sources_folder(folder))
    parse_cache = _readings(folder, files.requests, before)
    read = {name: each for name, each in parse_cache.items() if isinstance(each, ParsedFile)}
    sketches = {
        article.source: before.sketch(article)
        for reading in read.values()
        for article in reading.articles
    }
    duplicates = find_duplicates(sketches)
    shared = find_shared_paragraphs(
        {source: each for source, each in sketches.items() if source not in duplicates}
    )
    articles: list[Article] = []
    reports = [_left_out(file) for file in files.left_out]
    for name, reading in parse_cache.items():
        if isinstance(reading, CitadelError):
            reports.append(FileReport(name, 0, 0, (), (), (str(reading),)))
        else:
            kept = _without_copies(reading.articles, duplicates, shared)
            articles += kept
            reports.append(_report(name, reading, kept, duplicates))
    corpus = Corpus(
        tuple(articles),
        tuple(sorted(reports, key=lambda report: report.name)),
        ParseCache.record(read, articles, sketches),
    )
    for failure in corpus.failures:
        _log.warning("%s", failure)
    if not articles:
        raise CitadelError(
            f"The sources folder {folder} holds no article that can be read; put one into it "
            f"({', '.join(FORMATS)})."
        )
    return corpus


def _readings(
    folder: Path, requests: Sequence[Request], before: ParseCache
) -> dict[str, ParsedFile | CitadelError]:
    """Return what became of each file, by its name; read only those that are not as they were."""
    found: dict[str, ParsedFile | CitadelError | None] = {
        request.name: before.of(folder, request) for request in requests
    }
    changed = [request for request in requests if found[request.name] is None]
    for request, reading in zip(changed, read_files(folder, changed), strict=True):
        found[request.name] = reading
    return {name: reading for name, reading in found.items() if reading is not None}


def _without_copies(
    articles: tuple[Article, ...],
    duplicates: Mapping[str, Duplicate],
    shared: Mapping[str, Counter[str]],
) -> tuple[Article, ...]:
    """Leave out articles that have the words of another; mark those that nearly or partly do."""
    kept: list[Article] = []
    for article in articles:
        duplicate = duplicates.get(article.source)
        if article.source in shared:
            note = _sharing(shared[article.source])
            kept.append(replace(article, notes=(*article.notes, note)))
        elif duplicate is None:
            kept.append(article)
        elif duplicate.resemblance < 1:
            note = f"{duplicate.resemblance:.0%} the same as {duplicate.original}"
            kept.append(replace(article, notes=(*article.notes, note)))
    return tuple(kept)


def _sharing(paragraphs: Counter[str]) -> str:
    count = paragraphs.total()
    stands = "1 paragraph stands" if count == 1 else f"{count} paragraphs stand"
    named = [source for source, _ in paragraphs.most_common(_NAMED)]
    more = len(paragraphs) - len(named)
    where = ", ".join(named) + (f" and {more} more" if more else "")
    return f"{stands} in {where}, too"


def _report(
    name: str, reading: ParsedFile, kept: tuple[Article, ...], duplicates: Mapping[str, Duplicate]
) -> FileReport:
    copied = {
        article: duplicates[article.source].original
        for article in reading.articles
        if article.source in duplicates and duplicates[article.source].resemblance == 1
    }
    copies = [
        f"{_label(article, name)}is left out: it has the text of {original}"
        for article, original in copied.items()
    ]
    notes = [f"{_label(article, name)}{note}" for article in kept for note in article.notes]
    languages = Counter(article.language for article in kept)
    return FileReport(
        name=name,
        articles=len(kept),
        passages=sum(
            block.kind is BlockKind.PARAGRAPH for article in kept for block in article.blocks
        ),
        languages=tuple(language for language, _ in languages.most_common()),
        notes=(*copies, *notes),
        failures=tuple(f"{name}, {failure}" for failure in reading.failures),
    )


def _label(article: Article, file: str) -> str:
    """Name the article, where its file has more than one."""
    _, _, name = article.source.removeprefix(file).partition("#")
    return f"#{name}: " if name else ""


def _left_out(file: LeftOut) -> FileReport:
    sentence = f"{file.name} {file.why}"
    if file.failed:
        return FileReport(file.name, 0, 0, (), (), (sentence,))
    return FileReport(file.name, 0, 0, (), (file.why.rstrip("."),), ())
