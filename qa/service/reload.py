"""Watches for a new snapshot of the index while a server runs, and moves to it."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.snapshots.loading import EncoderOf, load_current
from citadel.index.snapshots.pointer import CURRENT
from citadel.index.snapshots.publishing import is_building
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FAISS
from citadel.index.wording import message
from citadel.qa.service.live_index import LiveIndex

_log = logging.getLogger(__name__)

_INTERVAL = 1.0
"""Seconds between two looks at CURRENT, a file of a hundred bytes."""

_RETRY = 60.0
"""Seconds until what could not be loaded is tried again, though CURRENT is the same."""

_DAMAGED = message(
    "The newest version of the sources is damaged; until it is mended, the version before answers."
)
_NOT_LOADED = message(
    "The newest version of the sources can't be loaded; until it can, the version before answers."
)


class Reloader:
    """Moves a server to each new snapshot of a folder as soon as it is published.

    A snapshot that is damaged, or that this version can't read, is reported and left aside: what
    is served stays, and readers are informed.
    """

    def __init__(
        self,
        live_index: LiveIndex,
        index_dir: Path,
        encoder_of: EncoderOf,
        store: VectorStore = FAISS,
    ) -> None:
        """Watch a folder, whose vectors a store keeps, for the live_index."""
        self._encoder_of = encoder_of
        self._store = store
        self._live_index = live_index
        self._index_dir = index_dir
        self._stopped = threading.Event()
        self._failed: bytes | None = None
        self._retry_at = 0.0
        self._looking = threading.Lock()

    def start(self) -> None:
        """Watch in the background until ``stop``, or until the process ends."""
        threading.Thread(target=self._watch, name="renewal", daemon=True).start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.wait(_INTERVAL):
            try:
                self.look()
            except Exception:  # A defect of ours: the log gets the traceback, the server goes on.
                _log.exception("The watch for a new index failed.")

    def look(self) -> None:
        """Look once, and move to the current snapshot if it is another one."""
        with self._looking:
            self._look()

    def _look(self) -> None:
        self._live_index.rebuilding = is_building(self._index_dir)
        served = self._live_index.current.answerer.index
        pointer = self._pointer()
        if pointer.startswith(f"{served.snapshot} ".encode()):
            self._failed, self._live_index.behind = None, ""
            return
        if pointer == self._failed and time.monotonic() < self._retry_at:
            return
        try:
            index = load_current(self._index_dir, self._encoder, self._store, served)
        except CitadelError as error:
            if pointer != self._failed:
                _log.warning("%s Until then, %s is served.", error, served.snapshot)
            damaged = isinstance(error, DamagedIndexError)
            self._live_index.behind = _DAMAGED if damaged else _NOT_LOADED
            self._failed = pointer
            self._retry_at = time.monotonic() + _RETRY
            return
        self._failed, self._live_index.behind = None, ""
        if index.snapshot != served.snapshot:
            self._live_index.swap(self._live_index.current.answerer.over(index))
            _log.info("%s is served instead of %s.", index.snapshot, served.snapshot)

    def _pointer(self) -> bytes:
        try:
            return (self._index_dir / CURRENT).read_bytes()
        except OSError:
            return b""  # Loading reports why it can't be read.

    def _encoder(self, model: str) -> Encoder:
        """Return the model that is loaded already, if it is that one."""
        encoder = self._live_index.current.answerer.index.encoder
        return encoder if encoder.name == model else self._encoder_of(model)
