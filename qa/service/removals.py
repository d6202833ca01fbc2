"""Removes articles and restores them, one after another, while the index before goes on answering.

What is removed is moved, and never deleted: whenever the process ends, a file is among the articles
or among the removed ones. Where the index can't be built without it, or with it, it goes back.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from citadel.index.build.recording import Doers
from citadel.index.build.rolled_back import align_folder
from citadel.index.corpus.corpus import Corpus
from citadel.index.corpus.removed_files import RemovedFile, list_removed, remove_file, restore_file
from citadel.index.corpus.source_files import composed
from citadel.index.corpus.source_folder import put_away, take_back
from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_entries import Doer, system_user
from citadel.index.snapshots.snapshots import current_name
from citadel.qa.service.rebuilding import Rebuilding, SourceFolder
from citadel.qa.service.request_log import log_failure
from citadel.qa.service.searches import BusyError

_log = logging.getLogger(__name__)

_WAITING = 20
"""How many changes may wait, each of which takes a build."""

_TOLD = 200
"""For how many changes the outcome is remembered."""

_WAITS = "The sources are being read anew; this comes after that."


class Stage(StrEnum):
    """How far a change has come."""

    WAITING = "waiting"
    BUILDING = "building"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Change:
    """A removal or a restoration, and what became of it so far.

    Attributes:
        id: By which to ask for it.
        what: “remove” or “restore”.
        name: The file that it is about.
        stage: How far it has come.
        detail: Why it waits, or was refused; a sentence.
        index: The snapshot that has it; "" before there is one.

    """

    id: str
    what: str
    name: str
    stage: Stage = Stage.WAITING
    detail: str = ""
    index: str = ""


class Removals:
    """Removes articles from the index that is served, and restores them."""

    def __init__(self, rebuilding: Rebuilding) -> None:
        """Change the folder that something builds an index of."""
        self._rebuilding = rebuilding
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="removing")
        self._lock = threading.Lock()
        self._known: dict[str, Change] = {}

    def removed(self) -> tuple[RemovedFile, ...]:
        """Return what was removed, and can be restored."""
        return list_removed(self._rebuilding.source_folder.sources)

    def remove(self, name: str, doer: Doer) -> Change:
        """Remove a file soon.

        Raises:
            BusyError: Too many changes wait.

        """
        return self._begin("remove", name, self._remove, doer)

    def restore(self, kept: str, doer: Doer) -> Change:
        """Restore a file soon that is kept under some name.

        Raises:
            BusyError: Too many changes wait.

        """
        return self._begin("restore", kept, self._restore, doer)

    def find(self, identifier: str) -> Change | None:
        """Return what became of a change so far; None for what is not remembered."""
        return self._known.get(identifier)

    def close(self) -> None:
        """Begin no more changes; the one that is made ends with the process, if not before."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _begin(
        self, what: str, name: str, make: Callable[[str, str, Doer], None], doer: Doer
    ) -> Change:
        change = Change(secrets.token_urlsafe(12), what, name)
        with self._lock:
            ended = (Stage.DONE, Stage.REFUSED)
            if sum(each.stage not in ended for each in self._known.values()) >= _WAITING:
                raise BusyError("Many articles wait to be removed or restored; do so later.", 30)
            self._known[change.id] = change
            for old in list(self._known)[:-_TOLD]:
                del self._known[old]
        try:
            self._worker.submit(self._work, change.id, make, name, doer)
        except RuntimeError as error:
            raise BusyError("Citadel is being stopped; try again soon.", 10) from error
        return change

    def _tell(self, identifier: str, **news: Any) -> None:
        with self._lock:
            if identifier in self._known:
                self._known[identifier] = replace(self._known[identifier], **news)

    def _work(
        self, identifier: str, make: Callable[[str, str, Doer], None], name: str, doer: Doer
    ) -> None:
        try:
            make(identifier, name, doer)
        except CitadelError as error:
            told = self._rebuilding.source_folder.told(error)
            self._tell(identifier, stage=Stage.REFUSED, detail=told)
        except Exception:  # A defect of ours: the person gets a code, the log the traceback.
            code = log_failure("A removal or restoration")
            self._tell(
                identifier, stage=Stage.REFUSED, detail=f"It did not work. Give this code: {code}."
            )

    def _remove(self, identifier: str, name: str, doer: Doer) -> None:
        with self._rebuilding.turn() as folder:
            align_folder(folder.index_dir, folder.sources)
            remove_file(folder.sources, name)
            with _unless_published(folder, lambda: take_back(folder.sources, name)):
                self._build(identifier, "removed", name, doer)
        _log.info("Removed %s.", name)

    def _restore(self, identifier: str, kept: str, doer: Doer) -> None:
        with self._rebuilding.turn() as folder:
            align_folder(folder.index_dir, folder.sources)
            name = restore_file(folder.sources, kept)
            self._tell(identifier, name=name)
            with _unless_published(folder, lambda: put_away(folder.sources, name)):
                self._build(identifier, "restored", name, doer)
        _log.info("Restored %s.", name)

    def _build(self, identifier: str, kind: str, name: str, doer: Doer) -> None:
        self._tell(identifier, stage=Stage.BUILDING)
        onlooker = _Telling(lambda **news: self._tell(identifier, **news), name, kind == "restored")
        doers = Doers(system_user("build"), {name: doer})

        def blocked(names: str) -> str:
            return f"Nothing can be {kind} until {names} can be read or is gone."

        snapshot = self._rebuilding.build(blocked, doers, onlooker)
        self._tell(identifier, stage=Stage.DONE, detail="", index=snapshot)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Reports how far a change has come; refuses to restore what gives no article."""

    tell: Callable[..., None]
    name: str
    is_restored: bool

    def waits(self) -> None:
        self.tell(stage=Stage.WAITING, detail=_WAITS)

    def read(self, corpus: Corpus) -> None:
        names = {article.source for article in corpus.articles}
        names |= {source.partition("#")[0] for source in names}
        if self.is_restored and composed(self.name) not in names:
            report = next((each for each in corpus.reports if each.name == self.name), None)
            notes = () if report is None else report.notes
            why = "; ".join(notes) or "gives no article that can be read"
            raise CitadelError(f"{self.name} {why}, so it stays removed.")
        self.tell(stage=Stage.BUILDING, detail="")

    def embeds(self, done: int, total: int) -> None:
        """Say nothing of how much is embedded: it is little."""


@contextmanager
def _unless_published(folder: SourceFolder, move_back: Callable[[], object]) -> Iterator[None]:
    """Leave the folder as it was where a build fails before an index is published."""
    before = current_name(folder.index_dir)
    try:
        yield
    except Exception:
        if current_name(folder.index_dir) == before:
            # What failed before that matters more.
            with suppress(CitadelError):
                move_back()
        raise
