"""Brings an index up to date with its articles, and finds the folder that these are in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from citadel.index.build.build import BUNDLED_SOURCES, BuildOptions, build_index, keep_earlier
from citadel.index.build.diff import unchanged, unreadable_sources
from citadel.index.build.embedding import Progress
from citadel.index.build.incremental import NOTHING, Earlier, load_earlier
from citadel.index.build.recording import Doers
from citadel.index.corpus.corpus import Corpus, read_corpus
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.errors import CitadelError
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.snapshots import (
    has_index,
    manifests,
    read_manifest,
    sources_of_other_formats,
)
from citadel.index.stores.base import VectorStore


class ArticlesLostError(CitadelError):
    """A build would lose articles, because their files can't be read now."""


@dataclass(frozen=True, slots=True)
class Update:
    """What came of bringing an index up to date with its articles.

    Attributes:
        manifest: Of the current snapshot: what it holds, and what it was made with.
        corpus: The articles that were read, and a report on each file.
        changed: Whether the snapshot was built now; False where a build would have made the
            same one again.

    """

    manifest: Manifest
    corpus: Corpus
    changed: bool

    @property
    def failures(self) -> tuple[str, ...]:
        """What could not be read, a sentence each."""
        return self.corpus.failures


def update(
    index_dir: Path,
    sources: Path,
    encoder: Encoder,
    store: VectorStore,
    progress: Progress,
    keep: int = 1,
    full: bool = False,
    doers: Doers | None = None,
) -> Update:
    """Read the articles, embed what is new, and make the result the current index.

    Args:
        index_dir: The folder of the index.
        sources: The folder of the articles.
        encoder: The model to embed them with.
        store: What is to keep the vectors.
        progress: Called with the number of texts embedded so far, and of all that have to be.
        keep: How many earlier snapshots stay.
        full: Whether to embed everything again, changed or not.
        doers: Who the audit log names; None for the user of the operating system, who builds.

    Raises:
        CitadelError: There is no article that can be read, or the index can't be built.

    """
    earlier = NOTHING if full else load_earlier(index_dir)
    corpus = read_corpus(sources, earlier.parse_cache)
    return _publish(
        corpus, earlier, index_dir, sources, encoder, store, progress, keep, full, doers
    )


def update_without_loss(
    index_dir: Path,
    sources: Path,
    encoder: Encoder,
    store: VectorStore,
    progress: Progress,
    keep: int = 1,
) -> Update:
    """Build as ``update`` does if no article is lost by it.

    Raises:
        ArticlesLostError: Files of articles that the index has can't be read; it stays as it is.
        CitadelError: As for ``update``.

    """
    earlier = load_earlier(index_dir)
    corpus = read_corpus(sources, earlier.parse_cache)
    unreadable = unreadable_sources(corpus, index_dir)
    if unreadable:
        raise ArticlesLostError(
            f"The index stays as it is until {', '.join(unreadable)} can be read or is gone."
        )
    return _publish(corpus, earlier, index_dir, sources, encoder, store, progress, keep)


def _publish(
    corpus: Corpus,
    earlier: Earlier,
    index_dir: Path,
    sources: Path,
    encoder: Encoder,
    store: VectorStore,
    progress: Progress,
    keep: int,
    full: bool = False,
    doers: Doers | None = None,
) -> Update:
    """Build an index, unless it would be the current one again."""
    same = None if full else unchanged(corpus.articles, index_dir, encoder, store, earlier)
    if same is None:
        build_index(
            corpus.articles,
            index_dir,
            encoder,
            progress,
            sources,
            BuildOptions(keep, not full, store, corpus.parse_cache, earlier, doers),
        )
    else:
        keep_earlier(index_dir, keep, store)
    return Update(read_manifest(index_dir), corpus, changed=same is None)


def model_of(index_dir: Path) -> str:
    """Return the model that an index was built with; the default one where there is no index.

    Raises:
        CitadelError: The index is damaged.

    """
    return read_manifest(index_dir).model if has_index(index_dir) else DEFAULT_MODEL


def sources_of(index_dir: Path) -> Path:
    """Return the folder that an index was built from; that of Citadel where there is no index.

    Where the current snapshot is damaged, the newest one that can be read decides.
    """
    try:
        named = read_manifest(index_dir).sources
    except CitadelError:
        try:
            named = next(
                (manifest.sources for manifest in manifests(index_dir)),
                sources_of_other_formats(index_dir) or "",
            )
        except OSError:
            named = ""  # The folder can't be read; opening the index says so.
    if named:
        return Path(named)
    own = _own_folder(index_dir)
    return own if own.is_dir() else BUNDLED_SOURCES


def changeable_sources_of(index_dir: Path) -> Path:
    """Return the folder that an index was built from, to add articles to it or take some out.

    The articles of Citadel belong to its installation. Before anything changes they are copied
    into a folder next to the index, which holds its articles from then on.

    Raises:
        CitadelError: They can't be copied.

    """
    folder = sources_of(index_dir)
    if folder.resolve() != BUNDLED_SOURCES:
        return folder
    own = _own_folder(index_dir)
    partial = own.with_name(f".{own.name}.partial")
    try:
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(BUNDLED_SOURCES, partial, copy_function=shutil.copyfile)
        partial.rename(own)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise CitadelError(
            f"The articles can't be copied to {own} ({error.strerror or error}); make room, or "
            "name a folder for them with --sources."
        ) from error
    return own


def _own_folder(index_dir: Path) -> Path:
    """Return “my_index-articles” for “my_index”: it outlives an index that is deleted."""
    resolved = index_dir.resolve()
    return resolved.with_name(f"{resolved.name}-articles")
