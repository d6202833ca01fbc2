"""Builds an index and publishes it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

import citadel
from citadel.index.build.assembly import assemble, tokens_in_memory
from citadel.index.build.embedding import Embedded, Progress, embed
from citadel.index.build.incremental import (
    NOTHING,
    Earlier,
    Texts,
    earlier_vectors,
    follow,
    load_earlier,
    unchanged_encodings,
)
from citadel.index.build.recording import Before, Doers, record
from citadel.index.corpus.articles import Article
from citadel.index.corpus.parse_cache import EMPTY_CACHE, ParseCache
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.token_vectors import Ranges
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.retrieval.evidence import measure_background
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.passage_table import CutPassages
from citadel.index.retrieval.self_questions import measure_scale
from citadel.index.snapshots.audit_log import check_writable, settle
from citadel.index.snapshots.build_record import BuildRecord
from citadel.index.snapshots.embedding_files import (
    Checkpoint,
    DamagedEncodings,
    EncodingFile,
    open_token_vectors,
    stored_encodings,
)
from citadel.index.snapshots.loading import kept_rows
from citadel.index.snapshots.publishing import (
    build_lock,
    new_snapshot,
    not_written,
    publish,
    tidy_up,
)
from citadel.index.snapshots.snapshots import (
    current_name,
    damaged,
    read_manifest,
)
from citadel.index.snapshots.token_files import StoredTokens
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FAISS

_log = logging.getLogger(__name__)

_LEAST_TOLD_APART = 0.8
"""Of the sentences of a collection; real models separate all of them, random weights half."""

BUNDLED_SOURCES = (Path(citadel.__file__).parent / "source_texts").resolve()
"""The articles that come with Citadel; in a checkout the package has a link to them."""


def index_articles(
    snapshot: str,
    articles: Sequence[Article],
    encoder: Encoder,
    progress: Progress = lambda _done, _total: None,
    measured: PassageIndex | None = None,
) -> PassageIndex:
    """Embed the articles; the index is in memory only.

    Args:
        snapshot: The identifier to give to the index.
        articles: At least one, each with at least one paragraph.
        encoder: The model.
        progress: Called with the number of texts embedded so far, and in all.
        measured: An index whose scale and background it takes over; None to measure its own.

    """
    texts = follow(articles, NOTHING)
    passages = CutPassages(articles, texts.table)
    embedded = embed(passages, texts.table.digests, encoder, (), lambda encoded: encoded, progress)
    index = assemble(snapshot, articles, texts, encoder, embedded, tokens_in_memory)
    if measured is not None:
        return replace(index, scale=measured.scale, background=measured.background)
    return _measured(index)


def _measured(index: PassageIndex) -> PassageIndex:
    """Measure by questions what only they show of an index: its scale, and then its background."""
    index = replace(index, scale=measure_scale(index))
    return replace(index, background=measure_background(index))


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build and what to take over.

    Attributes:
        keep: How many earlier snapshots stay.
        reuse: Whether to take over what the same model made of the same passages before, for a
            snapshot that is there or in a build that was killed.
        store: What is to keep the vectors.
        parse_cache: What the files of the articles were read as, for the next reading.
        earlier: What was loaded of the current snapshot already.
        doers: Who the audit log names; None for the user of the operating system, who builds.
        is_logged: Whether there is one; not for an index that follows another one.

    """

    keep: int = 1
    reuse: bool = True
    store: VectorStore = FAISS
    parse_cache: ParseCache = EMPTY_CACHE
    earlier: Earlier | None = None
    doers: Doers | None = None
    is_logged: bool = True


DEFAULT_BUILD = BuildOptions()


def build_index(
    articles: Sequence[Article],
    index_dir: Path,
    encoder: Encoder,
    progress: Progress,
    sources: Path = BUNDLED_SOURCES,
    options: BuildOptions = DEFAULT_BUILD,
) -> PassageIndex:
    """Embed the articles and publish them as the current snapshot of the folder.

    Args:
        articles: What was read from ``sources``: at least one, each with at least one paragraph.
        index_dir: Where the index is to be.
        encoder: The model to embed them with.
        progress: Called with the number of texts embedded so far, and of all that have to be.
        sources: The folder of the articles, to be named when the index must be built again.
        options: What else there is to choose.

    Raises:
        CitadelError: Another build is running, the folder can't be written, or the store fails;
            or the change can't be logged.

    """
    build = _Build(articles, index_dir, encoder, progress, sources, options)
    with build_lock(index_dir), _tidied(options.store, index_dir), _writable(index_dir):
        if options.is_logged:
            check_writable(index_dir)
        earlier = _earlier(index_dir, options.earlier) if options.reuse else NOTHING
        before = _before(index_dir, earlier) if options.is_logged else None
        try:
            index = build.publish(earlier)
        except (DamagedEncodings, DamagedIndexError):
            if earlier.catalogue is None:
                raise
            # A file that looked as it was when it was written is not. So all are read and
            # compared with their names now, and what is damaged is reported.
            index = build.publish(replace(earlier, catalogue=None))
        if before is not None:
            doers = options.doers or Doers.system("build")
            record(index_dir, before, index.snapshot, index.articles, doers)
        return index


@dataclass(frozen=True, slots=True)
class _Build:
    """The steps from articles to a published snapshot."""

    articles: Sequence[Article]
    index_dir: Path
    encoder: Encoder
    progress: Progress
    sources: Path
    options: BuildOptions

    def publish(self, earlier: Earlier) -> PassageIndex:
        """Cut, embed, assemble and publish, taking over what an earlier snapshot holds.

        Raises:
            DamagedEncodings: A file of the earlier snapshot that its catalogue vouched for.
            OSError: The folder can't be written.
            CitadelError: The store fails.

        """
        texts = follow(self.articles, earlier)
        embedded = self._embed(texts, earlier)
        index = self._assemble(texts, embedded, earlier)
        record = BuildRecord(
            self.options.parse_cache,
            tuple(part.path for part in embedded.parts),
            tuple(part.contents for part in embedded.parts),
        )
        # A question is too little work to be shared: its threads would wait for one another.
        with threadpool_limits(1, user_api="blas"):
            index = _measured(index)
            _warn_of_hopeless(index)
            sources = self.sources.resolve()
            named = "" if sources == BUNDLED_SOURCES else str(sources)
            publish(index, self.index_dir, self.options.keep, named, record)
        # What of the checkpoint is open stays readable; the snapshot has the same files.
        Checkpoint(self.index_dir, self.encoder).remove()
        return index

    def _embed(self, texts: Texts, earlier: Earlier) -> Embedded[EncodingFile]:
        passages = CutPassages(self.articles, texts.table)
        known = unchanged_encodings(self.index_dir, earlier, self.encoder)
        reusable = (
            stored_encodings(self.index_dir, self.encoder, known) if self.options.reuse else []
        )
        write = Checkpoint(self.index_dir, self.encoder).write
        return embed(passages, texts.table.digests, self.encoder, reusable, write, self.progress)

    def _assemble(
        self, texts: Texts, embedded: Embedded[EncodingFile], earlier: Earlier
    ) -> PassageIndex:
        store = self.options.store
        return assemble(
            new_snapshot(),
            self.articles,
            texts,
            self.encoder,
            embedded,
            self._stored_tokens,
            store,
            partial(earlier_vectors, self.index_dir, earlier, self.encoder, store),
        )

    def _stored_tokens(
        self,
        parts: Sequence[EncodingFile],
        ranges: Ranges,
        checksums: npt.NDArray[np.uint32],
    ) -> StoredTokens:
        dimension, report = self.encoder.dimension, partial(damaged, self.index_dir)
        return open_token_vectors(parts, ranges, checksums, dimension, report)


def _warn_of_hopeless(index: PassageIndex) -> None:
    """Warn that a model can't separate the texts of a collection, which leads to refusals."""
    told_apart = index.scale.told_apart
    if told_apart < _LEAST_TOLD_APART:
        _log.warning(
            "The model %s finds only %.0f%% of this collection's sentences nearer to their own "
            "words than to unrelated questions, so most questions will be refused; build the "
            "index with another --model.",
            index.encoder.name,
            100 * told_apart,
        )


@contextmanager
def _writable(index_dir: Path) -> Iterator[None]:
    """Say in one sentence that a folder can't be written."""
    try:
        yield
    except OSError as error:
        raise not_written(index_dir, error) from error


def keep_earlier(index_dir: Path, keep: int, store: VectorStore = FAISS) -> None:
    """Keep this many snapshots before the current one, and mend the audit log, as after a build.

    Raises:
        CitadelError: A build is running, there is no index, or the log can't be written.

    """
    with build_lock(index_dir), _tidied(store, index_dir):
        tidy_up(index_dir, read_manifest(index_dir), keep)
        settle(index_dir)


def _earlier(index_dir: Path, loaded: Earlier | None) -> Earlier:
    """Return what was loaded of the current snapshot, or load it.

    Where nothing could be loaded, that was reported, and it is not tried again.
    """
    if loaded is not None and loaded.snapshot in ("", current_name(index_dir)):
        return loaded
    return load_earlier(index_dir)


def _before(index_dir: Path, earlier: Earlier) -> Before:
    """Return what the new snapshot is compared with for the audit log."""
    if earlier.snapshot and earlier.snapshot == current_name(index_dir):
        return Before(earlier.snapshot, earlier.articles)
    return Before.of(index_dir)


@contextmanager
def _tidied(store: VectorStore, index_dir: Path) -> Iterator[None]:
    """Drop what a store keeps for no snapshot: left over before, outlived or in vain after.

    A snapshot whose receipts can't be read may need anything that is there, so nothing is
    dropped before it is gone.
    """
    try:
        with suppress(DamagedIndexError):
            store.drop_all_but(kept_rows(index_dir, store))
    except OSError as error:
        raise not_written(index_dir, error) from error
    try:
        yield
    except BaseException:
        # What failed matters more; the next build drops what is left over.
        with suppress(CitadelError, OSError):
            store.drop_all_but(kept_rows(index_dir, store))
        raise
    try:
        store.drop_all_but(kept_rows(index_dir, store))
    except (CitadelError, OSError) as error:
        _log.warning("Vectors of removed snapshots are left over. %s", error)
