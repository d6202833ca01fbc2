"""Brings an index up to date with its articles, and tells on the terminal what came of it."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from index.building import build_index, keep_earlier
from index.changes import unchanged, unreadable_sources
from index.collection import Collection, read_collection
from index.console import progress_bar
from index.encoder import Encoder
from index.errors import CitadelError
from index.generations import read_manifest
from index.recall import below_floor
from index.report import manifest_lines, report_lines
from index.succession import NOTHING, Earlier
from index.taking_over import load_earlier
from index.vector_store import VectorStore

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
        keep: How many earlier generations stay.
        full: Whether to embed everything anew, changed or not.

    Returns:
        What could not be read, a sentence each.

    Raises:
        CitadelError: There is no article that can be read, or the index can't be built.

    """
    earlier = NOTHING if full else load_earlier(index_dir)
    collection = read_collection(sources, earlier.readings)
    _publish(collection, earlier, index_dir, sources, encoder, store, keep, full)
    return collection.failures


def update_without_loss(
    index_dir: Path, sources: Path, encoder: Encoder, store: VectorStore, keep: int
) -> None:
    """Build as ``update`` does if no article is lost by it; say why where it can't be done.

    Raises:
        CitadelError: The folder of the articles is gone.

    """
    try:
        earlier = load_earlier(index_dir)
        collection = read_collection(sources, earlier.readings)
        unreadable = unreadable_sources(collection, index_dir)
        if unreadable:
            print(
                f"The index stays as it is until {', '.join(unreadable)} can be read or is gone.",
                file=sys.stderr,
            )
        else:
            _publish(collection, earlier, index_dir, sources, encoder, store, keep)
    except CitadelError as error:
        if not sources.is_dir():
            raise
        _log.error("%s", error)


def _publish(
    collection: Collection,
    earlier: Earlier,
    index_dir: Path,
    sources: Path,
    encoder: Encoder,
    store: VectorStore,
    keep: int,
    full: bool = False,
) -> None:
    """Build and describe an index; describe the current one where it would be the same."""
    same = None if full else unchanged(collection.articles, index_dir, encoder, store, earlier)
    if same is None:
        with progress_bar("Embedding") as progress:
            index = build_index(
                collection.articles,
                index_dir,
                encoder,
                progress,
                sources,
                keep,
                reuse=not full,
                store=store,
                readings=collection.readings,
                earlier=earlier,
            )
    else:
        keep_earlier(index_dir, keep, store)
    manifest = read_manifest(index_dir)
    for line in manifest_lines(manifest, index_dir):
        print(line)
    for name, quality in manifest.quality.items():
        if not quality.reaches_floor:
            print(below_floor(name, quality), file=sys.stderr)
    for line in report_lines(collection):
        print(line, file=sys.stderr)
    if same is None:
        print(f"{index.generation} is the current index.", file=sys.stderr)
    else:
        print(f"Nothing changed: {same.generation} stays the current index.", file=sys.stderr)
