"""Adds articles that readers send, and corrects what is known about them, one after another.

The index before goes on answering meanwhile.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from citadel.index.build.recording import Doers
from citadel.index.build.rolled_back import align_folder
from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import Corpus, FileReport
from citadel.index.corpus.describing import UnknownFileError, describe
from citadel.index.corpus.uploads import Upload, give_back, keep, receive
from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_entries import Doer, system_user
from citadel.index.snapshots.loading import load_parses
from citadel.index.snapshots.snapshots import current_name
from citadel.index.wording import message
from citadel.qa.answer.markup import plural
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.rebuilding import Rebuilding, SourceFolder
from citadel.qa.service.request_log import log_failure
from citadel.qa.service.searches import BusyError

_log = logging.getLogger(__name__)

WAITING = 10
"""How many files may wait for those before them."""

_TOLD = 200
"""For how many files the outcome is remembered."""

_WAITS = message("The sources are being read anew; this file comes after that.")
_STAYS = "The correction is kept next to the file, and goes into the next index."


class Stage(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    READING = "reading"
    EMBEDDING = "embedding"
    ADDED = "added"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Addition:
    """A file that somebody sent, and what became of it so far.

    Attributes:
        id: By which to ask for it.
        name: The name of the file.
        stage: How far it has come.
        detail: Why it waits, or was refused; a sentence.
        done: How many texts of all that are new are embedded.
        total: How many there are.
        report: What was read of it; None before it was read.
        articles: What it gave to the collection.
        index: The snapshot that has it; "" before there is one.

    """

    id: str
    name: str
    stage: Stage = Stage.WAITING
    detail: str = ""
    done: int = 0
    total: int = 0
    report: FileReport | None = None
    articles: tuple[Article, ...] = ()
    index: str = ""


class Additions:
    """Takes files, and adds them to the index that is served.

    Those that wait together are added by one build. Whatever goes wrong before an index is
    published, the one before stays, and the sources folder is left as it was.
    """

    def __init__(
        self, source_folder: SourceFolder, live_index: LiveIndex, take_up: Callable[[], None]
    ) -> None:
        """Add to a folder; ``take_up`` has the live_index move to the newest snapshot."""
        self.rebuilding = Rebuilding(source_folder, live_index, take_up)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="adding")
        self._lock = threading.Lock()
        self._known: dict[str, Addition] = {}
        self._doers: dict[str, Doer] = {}
        self._waiting: list[tuple[str, Upload, TemporaryDirectory[str]]] = []
        self._corrected: dict[str, str] = {}

    def begin(self, name: str, data: bytes, known: Mapping[str, str], doer: Doer) -> Addition:
        """Take a file to add it soon.

        Args:
            name: Its name, as it was sent.
            data: Its bytes.
            known: Fields of front matter; empty ones are left out.
            doer: Who adds it, for the audit log.

        Raises:
            CitadelError: Its name or a field is wrong, it is too large, or there is no room.
            BusyError: Too many files wait.

        """
        try:
            folder = TemporaryDirectory(prefix="citadel-", ignore_cleanup_errors=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise CitadelError(
                message("There is no room for files ({reason}).", reason=reason)
            ) from error
        try:
            upload = receive(Path(folder.name), name, data, known)
            with self._lock:
                if len(self._waiting) >= WAITING:
                    raise BusyError("Many files wait to be added; send this one later.", 30)
                addition = Addition(secrets.token_urlsafe(12), upload.name)
                self._remember(addition, doer)
                self._waiting.append((addition.id, upload, folder))
        except CitadelError:
            folder.cleanup()
            raise
        try:
            self._worker.submit(self._work)
        except RuntimeError as error:
            self._drop_waiting()
            raise BusyError("Citadel is being stopped; send the file again soon.", 10) from error
        return addition

    def correct(self, name: str, corrections: Mapping[str, str], doer: Doer) -> Addition:
        """Write what is known better about an article next to its file, to index it soon.

        Args:
            name: The file of the article, by its path below the sources folder.
            corrections: Values as ``describe`` takes them.
            doer: Who corrects it, for the audit log.

        Raises:
            CitadelError: There is no such file, nothing is corrected, or a value is wrong.
            BusyError: Too many corrections wait, or somebody else corrects the same article.

        """
        if not corrections:
            raise CitadelError(
                "Say what is to be corrected: title, author, publisher, date or url."
            )
        with self._lock:
            if len(self._corrected) >= WAITING:
                raise BusyError("Many corrections wait for an index; send this one later.", 30)
            sources = self.rebuilding.source_folder.sources
            try:
                self.rebuilding.described.write(
                    name, doer, lambda: describe(sources, name, corrections)
                )
            except UnknownFileError as error:
                # No command lists them here.
                raise CitadelError(
                    f"There is no file {name} among the articles; look at their list again."
                ) from error
            addition = Addition(secrets.token_urlsafe(12), name)
            self._remember(addition, doer)
            self._corrected[addition.id] = name
        try:
            self._worker.submit(self._work)
        except RuntimeError as error:
            raise BusyError(f"Citadel is being stopped. {_STAYS}", 10) from error
        return addition

    def find(self, identifier: str) -> Addition | None:
        """Return what became of a file so far; None for what is not remembered."""
        return self._known.get(identifier)

    def close(self) -> None:
        """Take no more files; what is being added ends with the process, if not before."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._drop_waiting()

    def _drop_waiting(self) -> None:
        """Forget the files that nobody will add any more."""
        with self._lock:
            dropped, self._waiting = self._waiting, []
        for _, _, folder in dropped:
            folder.cleanup()

    def _remember(self, addition: Addition, doer: Doer) -> None:
        self._known[addition.id] = addition
        self._doers[addition.id] = doer
        for old in list(self._known)[:-_TOLD]:
            del self._known[old], self._doers[old]

    def _tell(self, identifier: str, **news: Any) -> None:
        with self._lock:
            if identifier in self._known:
                self._known[identifier] = replace(self._known[identifier], **news)

    def _work(self) -> None:
        """Add all files that wait; after those that wait with it, one has nothing to do."""
        with self._lock:
            batch, self._waiting = self._waiting, []
            corrected, self._corrected = self._corrected, {}
        try:
            with self.rebuilding.turn() as source_folder:
                self._add({identifier: upload for identifier, upload, _ in batch}, source_folder)
                self._take_in(corrected, source_folder)
        finally:
            for _, _, folder in batch:
                folder.cleanup()

    def _add(self, batch: Mapping[str, Upload], source_folder: SourceFolder) -> None:
        if not batch:
            return
        copied: list[Upload] = []
        kept: dict[str, Upload] = {}
        before = current_name(source_folder.index_dir)
        try:
            align_folder(source_folder.index_dir, source_folder.sources)
            articles, parse_cache = load_parses(source_folder.index_dir)
            for identifier, upload in batch.items():
                self._tell(identifier, stage=Stage.READING)
                try:
                    if keep(upload, source_folder.sources, articles, parse_cache):
                        copied.append(upload)
                    kept[identifier] = upload
                except CitadelError as error:
                    told = source_folder.told(error)
                    self._tell(identifier, stage=Stage.REFUSED, detail=told)
            if kept:
                self._build(kept)
        except CitadelError as error:
            told = source_folder.told(error)
            self._refuse(kept or batch, self._unpublished(copied, before), told)
        except Exception:  # A defect of ours: the person gets a code, the log the traceback.
            code = log_failure("Adding")
            said = message("It could not be added. Give this code: {code}.", code=code)
            self._refuse(batch, self._unpublished(copied, before), said)

    def _unpublished(self, copied: Sequence[Upload], before: str | None) -> Sequence[Upload]:
        """Return what can be given back: nothing, where an index that has it was published."""
        now = current_name(self.rebuilding.source_folder.index_dir)
        return copied if now == before else ()

    def _take_in(self, corrected: Mapping[str, str], source_folder: SourceFolder) -> None:
        """Build and serve an index with what was corrected of some files."""
        if not corrected:
            return
        try:
            align_folder(source_folder.index_dir, source_folder.sources)
            snapshot = self._built(corrected)
        except CitadelError as error:
            self._refuse_all(corrected, f"{source_folder.told(error)} {_STAYS}")
            return
        except Exception:  # A defect of ours: the person gets a code, the log the traceback.
            code = log_failure("Correcting")
            self._refuse_all(corrected, f"It could not be indexed. Give this code: {code}.")
            return
        for identifier in corrected:
            self._tell(identifier, stage=Stage.ADDED, detail="", index=snapshot)
        _log.info("Corrected %d articles: %s.", len(corrected), snapshot)

    def _refuse(self, batch: Mapping[str, Upload], copied: Sequence[Upload], detail: str) -> None:
        """Leave the sources folder as it was, and say why."""
        for upload in copied:
            # What failed matters more; the file that stays is reported by the next build.
            with suppress(CitadelError):
                give_back(upload, self.rebuilding.source_folder.sources)
        self._refuse_all(batch, detail)

    def _refuse_all(self, identifiers: Iterable[str], detail: str) -> None:
        for identifier in identifiers:
            self._tell(identifier, stage=Stage.REFUSED, detail=detail)

    def _build(self, batch: Mapping[str, Upload]) -> None:
        """Build and serve an index with the files of a batch."""
        snapshot = self._built({identifier: upload.name for identifier, upload in batch.items()})
        for identifier, upload in batch.items():
            addition = self._known[identifier]
            if addition.articles:
                self._tell(identifier, stage=Stage.ADDED, detail="", index=snapshot)
            else:
                # It came together with another one of the same words.
                give_back(upload, self.rebuilding.source_folder.sources)
                notes = addition.report.notes if addition.report is not None else ()
                why = "; ".join(notes) or "has nothing to quote from"
                self._tell(identifier, stage=Stage.REFUSED, detail=f"{upload.name} {why}.")
        _log.info("Added %s: %s.", plural(len(batch), "file"), snapshot)

    def _built(self, names: Mapping[str, str]) -> str:
        """Build and serve an index of the sources folder, report on files; return its snapshot."""
        of_files = {name: self._doers[identifier] for identifier, name in names.items()}
        doers = Doers(system_user("build"), of_files)
        return self.rebuilding.build(_blocked, doers, _Telling(names, self._tell))


def _blocked(names: str) -> str:
    return message("Nothing can be added until {names} can be read or is gone.", names=names)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Reports how far the build of some files has come, named by identifier."""

    names: Mapping[str, str]
    tell: Callable[..., None]

    def waits(self) -> None:
        for identifier in self.names:
            self.tell(identifier, stage=Stage.WAITING, detail=_WAITS)

    def read(self, corpus: Corpus) -> None:
        for identifier, name in self.names.items():
            self.tell(identifier, **_what_was_read(corpus, name))

    def embeds(self, done: int, total: int) -> None:
        for identifier in self.names:
            self.tell(identifier, stage=Stage.EMBEDDING, detail="", done=done, total=total)


def _what_was_read(corpus: Corpus, name: str) -> dict[str, Any]:
    """Return the report about a file, and the articles that it gave to a collection."""
    report = next((each for each in corpus.reports if each.name == name), None)
    articles = tuple(
        article for article in corpus.articles if article.source.partition("#")[0] == name
    )
    return {"report": report, "articles": articles}
