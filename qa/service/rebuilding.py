"""Builds the index that is served anew after a change of its folder, one change after another."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from citadel.index.build.build import BuildOptions, build_index
from citadel.index.build.diff import unchanged, unreadable_sources
from citadel.index.build.incremental import load_earlier
from citadel.index.build.recording import Doers
from citadel.index.corpus.corpus import Corpus, read_corpus
from citadel.index.errors import CitadelError
from citadel.index.snapshots.publishing import BuildRunningError
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FAISS
from citadel.qa.service.described import Described
from citadel.qa.service.hidden_paths import without_paths
from citadel.qa.service.live_index import LiveIndex

_log = logging.getLogger(__name__)

_PATIENCE = 600.0
"""How many seconds to wait for somebody else's build."""

_PAUSE = 1.0
"""Seconds between two looks whether it is done."""


@dataclass(frozen=True, slots=True)
class SourceFolder:
    """Where articles are added and removed.

    Attributes:
        sources: The folder that the index is built from.
        index_dir: The folder of the index.
        store: What keeps its vectors.

    """

    sources: Path
    index_dir: Path
    store: VectorStore = FAISS

    def told(self, error: CitadelError) -> str:
        """Return what went wrong for people elsewhere, who need not know where the folders are."""
        return without_paths(str(error), self.sources, self.index_dir)


class Onlooker(Protocol):
    """To whom a build reports how far it has come."""

    def waits(self) -> None:
        """Somebody else's build is waited for."""

    def read(self, corpus: Corpus) -> None:
        """All articles are read."""

    def embeds(self, done: int, total: int) -> None:
        """Some of all new texts are embedded."""


class Rebuilding:
    """Changes the folder of the articles and builds the index of it, one at a time.

    The index that is served goes on answering until the new one is there.
    """

    def __init__(
        self, source_folder: SourceFolder, live_index: LiveIndex, take_up: Callable[[], None]
    ) -> None:
        """Build the index of a folder; ``take_up`` has the live_index move to the newest one."""
        self.source_folder = source_folder
        self.live_index = live_index
        self._take_up = take_up
        self.described = Described()
        self._turn = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[SourceFolder]:
        """Hold the right to change the folder: what is built then is what was changed."""
        with self._turn:
            yield self.source_folder

    def build(self, blocked: Callable[[str], str], doers: Doers, onlooker: Onlooker) -> str:
        """Build and serve an index of the folder as it is. Call it while holding the ``turn``.

        Args:
            blocked: Returns what is said where files that can't be read now would be lost.
            doers: Who the audit log names, besides those who corrected something before.
            onlooker: Whom to inform how far it has come.

        Returns:
            The snapshot that is now the current one.

        Raises:
            CitadelError: It can't be built now.

        """
        given_up = time.monotonic() + _PATIENCE
        while True:
            try:
                snapshot = self._build_once(blocked, doers, onlooker)
                break
            except BuildRunningError:
                if time.monotonic() > given_up:
                    raise
                onlooker.waits()
                time.sleep(_PAUSE)
        self._take_up()
        if self.live_index.current.articles.snapshot != snapshot:
            _log.warning("%s was built, and something else is served.", snapshot)
        return snapshot

    def _build_once(self, blocked: Callable[[str], str], doers: Doers, onlooker: Onlooker) -> str:
        """Build an index if there is not one with the same articles; return its snapshot."""
        source_folder = self.source_folder
        earlier = load_earlier(source_folder.index_dir)
        described = self.described.so_far()
        corpus = read_corpus(source_folder.sources, earlier.parse_cache)
        # What was corrected while files were read may be in there, and may not.
        of_files = {**self.described.so_far(), **doers.of_files}
        unreadable = unreadable_sources(corpus, source_folder.index_dir)
        if unreadable:
            raise CitadelError(blocked(", ".join(unreadable)))
        onlooker.read(corpus)
        encoder = self.live_index.current.answerer.index.encoder
        same = unchanged(
            corpus.articles, source_folder.index_dir, encoder, source_folder.store, earlier
        )
        if same is not None:
            self.described.forget(described)
            return same.snapshot
        built = build_index(
            corpus.articles,
            source_folder.index_dir,
            encoder,
            onlooker.embeds,
            source_folder.sources,
            BuildOptions(
                store=source_folder.store,
                parse_cache=corpus.parse_cache,
                earlier=earlier,
                doers=replace(doers, of_files=of_files),
            ),
        )
        self.described.forget(described)
        return built.snapshot
