"""Brings an index up to date with its articles, and tells on the terminal what came of it."""

from __future__ import annotations

import logging
import shutil
import sys
from pathlib import Path

from citadel.index.build.build import BUNDLED_SOURCES, BuildOptions, build_index, keep_earlier
from citadel.index.build.diff import unchanged, unreadable_sources
from citadel.index.build.incremental import NOTHING, Earlier, load_earlier
from citadel.index.build.report import manifest_lines, report_lines
from citadel.index.console import progress_bar
from citadel.index.corpus.corpus import Corpus, read_corpus
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.snapshots.snapshots import manifests, read_manifest
from citadel.index.stores.base import VectorStore
from citadel.index.stores.recall import below_floor

_log = logging.getLogger(__name__)


def update(
    index_dir: Path,
    sources: Path,
    encoder: Encoder,
    store: VectorStore,
    keep: int = 1,
    full: bool = False,
) -> tuple[str, ...]:
    """Read the articles, embed what is new, and make the result the current index.

    Args:
        index_dir: The folder of the index.
        sources: The folder of the articles.
        encoder: The model to embed them with.
        store: What is to keep the vectors.
        keep: How many earlier snapshots stay.
        full: Whether to embed everything anew, changed or not.

    Returns:
        What could not be read, a sentence each.

    Raises:
        CitadelError: There is no article that can be read, or the index can't be built.

    """
    earlier = NOTHING if full else load_earlier(index_dir)
    corpus = read_corpus(sources, earlier.parse_cache)
    _publish(corpus, earlier, index_dir, sources, encoder, store, keep, full)
    return corpus.failures


def update_without_loss(
    index_dir: Path, sources: Path, encoder: Encoder, store: VectorStore, keep: int
) -> None:
    """Build as ``update`` does if no article is lost by it; say why where it can't be done.

    Raises:
        CitadelError: The folder of the articles is gone.

    """
    try:
        earlier = load_earlier(index_dir)
        corpus = read_corpus(sources, earlier.parse_cache)
        unreadable = unreadable_sources(corpus, index_dir)
        if unreadable:
            print(
                f"The index stays as it is until {', '.join(unreadable)} can be read or is gone.",
                file=sys.stderr,
            )
        else:
            _publish(corpus, earlier, index_dir, sources, encoder, store, keep)
    except CitadelError as error:
        if not sources.is_dir():
            raise
        _log.error("%s", error)


def _publish(
    corpus: Corpus,
    earlier: Earlier,
    index_dir: Path,
    sources: Path,
    encoder: Encoder,
    store: VectorStore,
    keep: int,
    full: bool = False,
) -> None:
    """Build and describe an index; describe the current one where it would be the same."""
    same = None if full else unchanged(corpus.articles, index_dir, encoder, store, earlier)
    if same is None:
        with progress_bar("Embedding") as progress:
            index = build_index(
                corpus.articles,
                index_dir,
                encoder,
                progress,
                sources,
                BuildOptions(keep, not full, store, corpus.parse_cache, earlier),
            )
    else:
        keep_earlier(index_dir, keep, store)
    manifest = read_manifest(index_dir)
    for line in manifest_lines(manifest, index_dir):
        print(line)
    for name, quality in manifest.quality.items():
        if not quality.reaches_floor:
            print(below_floor(name, quality), file=sys.stderr)
    for line in report_lines(corpus):
        print(line, file=sys.stderr)
    if same is None:
        print(f"{index.snapshot} is the current index.", file=sys.stderr)
    else:
        print(f"Nothing changed: {same.snapshot} stays the current index.", file=sys.stderr)


def sources_of(index_dir: Path) -> Path:
    """Return the folder that an index was built from; that of Citadel where there is no index.

    Where the current snapshot is damaged, the newest one that can be read tells.
    """
    try:
        named = read_manifest(index_dir).sources
    except CitadelError:
        try:
            named = next((manifest.sources for manifest in manifests(index_dir)), "")
        except OSError:
            named = ""  # The folder can't be read; whoever opens the index says so.
    if named:
        return Path(named)
    own = _own_folder(index_dir)
    return own if own.is_dir() else BUNDLED_SOURCES


def changeable_sources_of(index_dir: Path) -> Path:
    """Return the folder that an index was built from, to add articles to it or take some out.

    The articles of Citadel belong to its installation. Before anything changes they are copied
    into a folder beside the index, which holds its articles from then on.

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
