"""Reads one file of the sources folder as its articles. Runs in a process of its own."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from citadel.index.corpus.articles import Article
from citadel.index.corpus.formats.document import Document, check_length
from citadel.index.corpus.formats.registry import reader
from citadel.index.corpus.layout import Block, BlockKind, split_long
from citadel.index.corpus.metadata import Stated, parse_yaml
from citadel.index.corpus.sandbox.opening import read_beneath
from citadel.index.errors import CitadelError

SIDECAR = ".yaml"
"""“report.pdf.yaml” holds what is known about “report.pdf”."""

_REPEATED_LENGTH = 80
"""A shorter paragraph may well stand twice in an article: “No.” in an interview."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What became of one file.

    Attributes:
        articles: Those in it.
        failures: What in it could not be read, a phrase each.
        sha256: See ``file_digest``.

    """

    articles: tuple[Article, ...]
    failures: tuple[str, ...] = ()
    sha256: str = field(default="", compare=False)


def file_digest(data: bytes, sidecar: bytes | None) -> str:
    """Return the SHA-256, in hexadecimal, of a file and of the metadata next to it, if any."""
    digest = hashlib.sha256(data)
    if sidecar is not None:
        digest.update(b"\0%d\0" % len(data) + sidecar)
    return digest.hexdigest()


def read_file(root: Path, name: str, *, sidecar: bool) -> ParsedFile:
    """Read the articles of a file.

    Args:
        root: The sources folder.
        name: The file's path below it, with “/” between its parts.
        sidecar: Whether a file of metadata stands next to it.

    Raises:
        CitadelError: Nothing of it can be read; the message names the file and the mend.

    """
    source = unicodedata.normalize("NFC", name)
    metadata = read_beneath(root, name + SIDECAR) if sidecar else None
    known = Stated({}) if metadata is None else _parse_sidecar(metadata, name)
    data = read_beneath(root, name)
    contents = reader(name)(data, source, known.fields)
    articles: list[Article] = []
    failures = list(contents.failures)
    sha256 = hashlib.sha256(data).hexdigest()
    for document in contents.documents:
        try:
            articles.append(_article(source, document, known.notes, sha256))
        except CitadelError as error:
            if not document.name:
                raise
            failures.append(str(error))
    if not articles and not failures:
        raise CitadelError(f"{source} has no paragraph to quote from; add the article's text.")
    return ParsedFile(tuple(articles), tuple(failures), file_digest(data, metadata))


def _parse_sidecar(data: bytes, name: str) -> Stated:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CitadelError(f"{name}{SIDECAR} is not UTF-8; save it as UTF-8.") from error
    stated = parse_yaml(text)
    return replace(stated, notes=tuple(f"in {name}{SIDECAR}, {note}" for note in stated.notes))


def _article(file: str, document: Document, more_notes: Sequence[str], file_sha256: str) -> Article:
    source = f"{file}#{document.name}" if document.name else file
    metadata = document.layout.metadata
    check_length(document.text, source)
    blocks, repeated = _without_repeats(document)
    if not any(block.kind is BlockKind.PARAGRAPH for block in blocks):
        raise CitadelError(f"{source} has no paragraph to quote from; add the article's text.")
    notes = [*more_notes, *document.notes]
    if repeated:
        notes.append(f"{repeated} repeated paragraph{'s' if repeated > 1 else ''} left out")
    return Article(
        source=source,
        text=document.text,
        title=metadata.get("title", source),
        subtitle=metadata.get("subtitle", ""),
        author=metadata.get("author", ""),
        publisher=metadata.get("publisher", ""),
        date=metadata.get("date", ""),
        language=metadata["language"].split("-")[0],
        origin=metadata.get("origin", ""),
        header=document.layout.header,
        blocks=split_long(document.text, blocks),
        url=metadata.get("url", ""),
        pages=document.pages,
        notes=tuple(notes),
        places=document.places,
        doubtful=document.doubtful,
        page_labels=document.page_labels,
        file_sha256=file_sha256,
        read_on=datetime.now(UTC).date().isoformat(),
    )


def _without_repeats(document: Document) -> tuple[tuple[Block, ...], int]:
    """Keep the first of the long paragraphs that an article repeats; count the others."""
    kept: list[Block] = []
    seen: set[str] = set()
    for block in document.layout.blocks:
        words = " ".join(block.span.of(document.text).casefold().split())
        if block.kind is BlockKind.PARAGRAPH and len(words) >= _REPEATED_LENGTH:
            if words in seen:
                continue
            seen.add(words)
        kept.append(block)
    return tuple(kept), len(document.layout.blocks) - len(kept)
