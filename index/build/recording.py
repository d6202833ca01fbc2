"""Writes into the audit log how a new snapshot changed the articles of the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from citadel.index.corpus.articles import Article
from citadel.index.corpus.source_files import composed
from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_entries import Doer, Happening, system_user
from citadel.index.snapshots.audit_log import check_writable, log
from citadel.index.snapshots.loading import load_articles
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.publishing import rollback
from citadel.index.snapshots.snapshots import current_name, has_index, read_manifest

_LINES = ".jsonl#"
"""Stands between the name of a file of several articles and that of the article."""


@dataclass(frozen=True, slots=True)
class Doers:
    """Who changes which files.

    Attributes:
        of_rest: Who is named for files that nobody below changes.
        of_files: Who changes a file, by its path in the folder of the articles; given in any
            spelling of its letters, and kept as articles have it.

    """

    of_rest: Doer
    of_files: Mapping[str, Doer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        of_files = {composed(name): doer for name, doer in self.of_files.items()}
        object.__setattr__(self, "of_files", of_files)

    @classmethod
    def system(cls, what: str, names: Sequence[str] = ()) -> Doers:
        """Return the user of the operating system; who builds, besides doing so to some files."""
        doer = system_user(what)
        return cls(system_user("build") if names else doer, dict.fromkeys(names, doer))

    def of(self, file: str) -> Doer:
        """Return who changes a file."""
        return self.of_files.get(file, self.of_rest)


@dataclass(frozen=True, slots=True)
class Before:
    """The current index before a change.

    Attributes:
        snapshot: Its identifier; "" for none.
        articles: Its articles; None where they can't be read.

    """

    snapshot: str
    articles: tuple[Article, ...] | None

    @classmethod
    def of(cls, index_dir: Path) -> Before:
        """Read it from the folder of an index."""
        if not has_index(index_dir):
            return cls("", ())
        try:
            manifest = read_manifest(index_dir)
            return cls(manifest.snapshot, load_articles(index_dir, manifest))
        except CitadelError:
            # It is damaged or of another version: what is built in its place is logged as such.
            return cls(current_name(index_dir) or "", None)


def record(
    index_dir: Path, before: Before, snapshot: str, articles: Sequence[Article], doers: Doers
) -> None:
    """Log who changed the articles of the one before into those of a new snapshot.

    Raises:
        CitadelError: The log can't be written.

    """
    happenings = (
        [] if before.articles is None else list(_happenings(before.articles, articles, doers))
    )
    log(index_dir, before.snapshot, snapshot, happenings or [Happening(doers.of_rest)])


def recorded_rollback(index_dir: Path, to: str | None) -> Manifest:
    """Do as ``rollback`` does, and write it into the log. Call it while holding ``build_lock``.

    Raises:
        CitadelError: As for ``rollback``, or the log can't be written.

    """
    if has_index(index_dir):
        check_writable(index_dir)
    before = Before.of(index_dir)
    manifest = rollback(index_dir, to)
    articles = load_articles(index_dir, manifest)
    record(index_dir, before, manifest.snapshot, articles, Doers.system("rollback"))
    return manifest


def _happenings(
    before: Sequence[Article], after: Sequence[Article], doers: Doers
) -> Iterator[Happening]:
    were, are = _by_file(before), _by_file(after)
    for file in sorted(were.keys() | are.keys()):
        was, now = were.get(file), are.get(file)
        if was is None:
            change = "added"
        elif now is None:
            change = "removed"
        elif was == now and _sha256(was) == _sha256(now):
            continue
        else:
            change = "changed"
        yield Happening(doers.of(file), change, file, _sha256(now or was or []))


def _by_file(articles: Sequence[Article]) -> dict[str, list[Article]]:
    found: dict[str, list[Article]] = {}
    for article in articles:
        found.setdefault(file_of(article), []).append(article)
    return found


def file_of(article: Article) -> str:
    """Return the file that an article is from, by its path in the folder of the articles."""
    source = article.source
    return source.partition("#")[0] if _LINES in source.lower() else source


def _sha256(articles: Sequence[Article]) -> str:
    return articles[0].file_sha256 if articles else ""
