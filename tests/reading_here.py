"""Reads the sources of tests in the process of the tests, where each file is plain text.

A process of its own takes a third of a second to start, and most tests that build an index are
about something else. That and how files are read apart is what ``test_reading_processes.py``,
``test_hostile_files.py``, the programs that tests start, and ``make torture`` are about; files of
which a library makes sense are read apart by all tests.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article, article_from_record, article_record
from citadel.index.corpus.formats.registry import suffix
from citadel.index.corpus.sandbox import processes
from citadel.index.corpus.sandbox.files import SIDECAR, ParsedFile, read_file
from citadel.index.corpus.sandbox.processes import Request
from citadel.index.errors import CitadelError

_PLAIN_TEXT = {".md", ".markdown", ".txt", ".text", ".jsonl"}

_READERS = (
    "citadel.index.corpus.corpus.read_files",
    "citadel.index.corpus.source_folder.read_files",
    "citadel.index.corpus.uploads.read_files",
)


def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files of plain text read in this process from now on."""
    for reader in _READERS:
        monkeypatch.setattr(reader, _read_files)


def read_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file read by another process, as it is outside of tests."""
    for reader in _READERS:
        monkeypatch.setattr(reader, processes.read_files)


def read_article(path: Path) -> Article:
    """Read a file that holds one article, with the metadata next to it if there are any."""
    sidecar = path.with_name(path.name + SIDECAR)
    return read_file(path.parent, path.name, sidecar=sidecar.exists()).articles[0]


def _read_files(root: Path, requests: Sequence[Request]) -> Iterator[ParsedFile | CitadelError]:
    """Read files as ``read_files`` does."""
    if all(suffix(request.name) in _PLAIN_TEXT for request in requests):
        return (_read(root.resolve(), request) for request in requests)
    return processes.read_files(root, requests)


def _read(root: Path, request: Request) -> ParsedFile | CitadelError:
    try:
        read = read_file(root, request.name, sidecar=request.sidecar)
    except CitadelError as error:
        return error
    # What comes from another process comes as JSON.
    records = json.loads(json.dumps([article_record(article) for article in read.articles]))
    return ParsedFile(tuple(map(article_from_record, records)), read.failures, read.sha256)
