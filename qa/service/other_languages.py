"""Loads, or builds, the index for other languages next to each snapshot that is served.

That takes seconds, for a new collection minutes: questions in English are answered meanwhile, and
others by their words.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from citadel.index.build.multilingual import MultilingualIndex, multilingual_index
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import EncoderOf
from citadel.qa.service.live_index import LiveIndex

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OtherLanguages:
    """Keeps the second index of a folder up to date with what is served."""

    _second: MultilingualIndex | None
    _another_is_served: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, index_dir: Path, encoder_of: EncoderOf, languages: str) -> Self:
        """Take the second index of a folder; arguments and errors as ``multilingual_index``."""
        return cls(multilingual_index(index_dir, encoder_of, languages))

    def loaded(self, index: PassageIndex) -> PassageIndex | None:
        """Return what is loaded next to an index; None before that is done."""
        return None if self._second is None else self._second.loaded(index)

    def keep_up(self, live_index: LiveIndex) -> None:
        """Load what belongs to the snapshot that is served, now and after each swap."""
        if self._second is None:
            return
        live_index.follow(lambda _served: self._another_is_served.set())
        self._another_is_served.set()
        watch = threading.Thread(
            target=self._watch, args=(self._second, live_index), name="languages", daemon=True
        )
        watch.start()

    def _watch(self, second: MultilingualIndex, live_index: LiveIndex) -> None:
        while self._another_is_served.wait():
            self._another_is_served.clear()
            try:
                second.of(live_index.current.answerer.index)
            except CitadelError as error:
                _log.warning("Questions are answered in English only. %s", error)
            except Exception:  # A defect of ours: the log gets the traceback, the server goes on.
                _log.exception("The index for other languages failed.")
