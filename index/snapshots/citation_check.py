"""Checks that what was cited still stands at its place in the stored sources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citadel.index.corpus.articles import Article
from citadel.index.errors import CitadelError
from citadel.index.snapshots.loading import load_articles
from citadel.index.snapshots.snapshots import manifests, read_manifest, reading

_SHOWN = 60
"""How much of a quote a message shows, in code points."""


@dataclass(frozen=True, slots=True)
class StoredSources:
    """The articles of all snapshots that are kept.

    Attributes:
        current: Those of the snapshot that is served, by their file names.
        of_snapshot: Those of each snapshot.
        of_hash: By file name and the SHA-256 of their text.

    """

    current: Mapping[str, Article]
    of_snapshot: Mapping[str, Mapping[str, Article]]
    of_hash: Mapping[tuple[str, str], Article]

    @classmethod
    def read(cls, index_dir: Path) -> StoredSources:
        """Read the articles of a folder of snapshots.

        Raises:
            CitadelError: There is no index.
            DamagedIndexError: A file of articles is damaged.

        """
        current = read_manifest(index_dir).snapshot
        with reading(index_dir):
            kept = manifests(index_dir)
        of_snapshot = {
            manifest.snapshot: {a.source: a for a in load_articles(index_dir, manifest)}
            for manifest in kept
        }
        found = [article for by_source in of_snapshot.values() for article in by_source.values()]
        of_hash = {(article.source, article.sha256): article for article in found}
        return cls(of_snapshot[current], of_snapshot, of_hash)

    def article(self, cited: Cited) -> Article | None:
        """Return the article that a citation is to be looked for in.

        That is the one whose hash it names; else the one of the snapshot that answered; where
        neither is kept any more, the one of that name which is served.
        """
        by_hash = self.of_hash.get((cited.source, cited.sha256))
        answered = self.of_snapshot.get(cited.snapshot, {}).get(cited.source)
        return by_hash or answered or self.current.get(cited.source)


def complaints(citations: Iterable[Cited], stored: StoredSources) -> tuple[str, ...]:
    """Return a sentence for each citation that does not stand."""
    found = (_complaint(cited, stored) for cited in citations)
    return tuple(complaint for complaint in found if complaint)


def _complaint(cited: Cited, stored: StoredSources) -> str:
    article = stored.article(cited)
    if article is None:
        return f"{cited.where}: there is no source {cited.source} in the index."
    text = article.text[cited.start : cited.end] if cited.start >= 0 else ""
    if text and cited.text == (" ".join(text.split()) if cited.one_line else text):
        return ""
    changed = cited.sha256 and cited.sha256 != article.sha256
    return (
        f"{cited.where}: “{_shortened(cited.text)}” does not stand at {cited.start} to {cited.end} "
        f"of {cited.source}{', which was changed since' if changed else ''}."
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|~!&])")
_INDEX = re.compile(r"Asked .* UTC, of the index (?P<snapshot>\S+)\.")
_PLACE = re.compile(r"\\\[\d+\\\] .*\((?P<source>.*), characters (?P<start>\d+) to (?P<end>\d+)\)")


@dataclass(frozen=True, slots=True)
class Cited:
    """A text that is said to stand at a place of a source.

    Attributes:
        where: Where in the file it is cited.
        source: The file name of the article.
        start: First code point in the stored text.
        end: One past its last.
        text: What is said to stand there.
        sha256: Of the stored text of the article; "" where the file does not give it.
        snapshot: Of the index that answered; "" where the file does not give it.
        one_line: Whether line breaks and runs of spaces were made single spaces.

    """

    where: str
    source: str
    start: int
    end: int
    text: str
    sha256: str
    snapshot: str
    one_line: bool = False


def read_citations(path: Path) -> tuple[Cited, ...]:
    """Read the citations of a file, in order.

    Args:
        path: An answer as JSON, answers as JSON Lines, or a transcript in Markdown.

    Raises:
        CitadelError: It can't be read, or is none of these.

    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise CitadelError(f"{path} can't be read ({reason}); name a file of answers.") from error
    if not text.lstrip().startswith(("{", "[")):
        return _of_transcript(path, text)
    try:
        return tuple(_of_answers(path, text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CitadelError(
            f"{path} is no file of answers; write one with “python -m qa ask --json” or --batch."
        ) from error


def _of_answers(path: Path, text: str) -> Iterator[Cited]:
    for where, answer in _answers(path, text):
        if "error" in answer:
            continue  # A line of a batch that was no question.
        hashes: dict[str, str] = answer.get("sources", {})
        for kind, name, records in (
            ("quote", "quote", answer["answers"]),
            ("passage", "text", answer["passages"]),
        ):
            for number, record in enumerate(records, start=1):
                yield Cited(
                    where=f"{where}, {kind} {number}",
                    source=str(record["source"]),
                    start=int(record["start"]),
                    end=int(record["end"]),
                    text=str(record[name]),
                    sha256=str(hashes.get(record["source"], "")),
                    snapshot=str(answer["index"]),
                )


def _answers(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each answer, and where it stands."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield f"{path}, line {number}", json.loads(line)
        return
    if isinstance(whole, list):
        yield from ((f"{path}, answer {n}", answer) for n, answer in enumerate(whole, start=1))
    else:
        yield str(path), whole


def _of_transcript(path: Path, text: str) -> tuple[Cited, ...]:
    found = []
    snapshot = quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("> "):
            quote = _unescaped(line.removeprefix("> "))
        elif index := _INDEX.fullmatch(line):
            snapshot = _unescaped(index["snapshot"])
        elif place := _PLACE.fullmatch(line):
            start, end = int(place["start"]), int(place["end"])
            where, source = f"{path}, line {number}", _unescaped(place["source"])
            found.append(Cited(where, source, start, end, quote, "", snapshot, one_line=True))
    if not snapshot:
        raise CitadelError(f"{path} is neither a file of answers nor a transcript; name another.")
    return tuple(found)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
