"""Adds articles that readers send, and corrects what is known about them, one after another.

The index before goes on answering meanwhile.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from citadel.index.build.build import BuildOptions, build_index
from citadel.index.build.diff import unchanged, unreadable_sources
from citadel.index.build.incremental import load_earlier
from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import Corpus, FileReport, read_corpus
from citadel.index.corpus.describing import describe
from citadel.index.corpus.uploads import Upload, give_back, keep, receive
from citadel.index.errors import CitadelError
from citadel.index.snapshots.loading import load_parses
from citadel.index.snapshots.publishing import BuildRunningError
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FAISS
from citadel.index.wording import message
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.request_log import log_failure
from citadel.qa.service.searches import BusyError

_log = logging.getLogger(__name__)

WAITING = 10
"""How many files may wait for those before them."""

_TOLD = 200
"""What became of so many files is remembered."""

_PATIENCE = 600.0
"""Seconds for which somebody else's build is waited for."""

_WAITS = message("The sources are being read anew; this file comes after that.")
_STAYS = "The correction is kept next to the file, and goes into the next index."

_PAUSE = 1.0
"""Seconds between two looks whether it is done."""


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


@dataclass(frozen=True, slots=True)
class SourceFolder:
    """Where articles are added.

    Attributes:
        sources: The folder that the index is built from.
        index_dir: The folder of the index.
        store: What keeps its vectors.

    """

    sources: Path
    index_dir: Path
    store: VectorStore = FAISS


class Additions:
    """Takes files, and adds them to the index that is served.

    Those that wait together are added by one build. Whatever goes wrong, the index that was
    served before stays, and the sources folder is left as it was.
    """

    def __init__(
        self, source_folder: SourceFolder, live_index: LiveIndex, take_up: Callable[[], None]
    ) -> None:
        """Add to a shelf; ``take_up`` has the live_index move to the newest snapshot."""
        self._source_folder = source_folder
        self._live_index = live_index
        self._take_up = take_up
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="adding")
        self._lock = threading.Lock()
        self._known: dict[str, Addition] = {}
        self._waiting: list[tuple[str, Upload, TemporaryDirectory[str]]] = []
        self._corrected: dict[str, str] = {}

    def begin(self, name: str, data: bytes, known: Mapping[str, str]) -> Addition:
        """Take a file to add it soon.

        Args:
            name: Its name, as it was sent.
            data: Its bytes.
            known: Fields of front matter; empty ones are left out.

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
                self._remember(addition)
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

    def correct(self, name: str, corrections: Mapping[str, str]) -> Addition:
        """Write what is known better about an article next to its file, to index it soon.

        Args:
            name: The file of the article, by its path below the sources folder.
            corrections: Values as ``describe`` takes them.

        Raises:
            CitadelError: There is no such file, nothing is corrected, or a value is wrong.
            BusyError: Too many corrections wait.

        """
        if not corrections:
            raise CitadelError(
                "Say what is to be corrected: title, author, publisher, date or url."
            )
        with self._lock:
            if len(self._corrected) >= WAITING:
                raise BusyError("Many corrections wait for an index; send this one later.", 30)
            describe(self._source_folder.sources, name, corrections)
            addition = Addition(secrets.token_urlsafe(12), name)
            self._remember(addition)
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

    def _remember(self, addition: Addition) -> None:
        self._known[addition.id] = addition
        for old in list(self._known)[:-_TOLD]:
            del self._known[old]

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
            self._add({identifier: upload for identifier, upload, _ in batch})
            self._take_in(corrected)
        finally:
            for _, _, folder in batch:
                folder.cleanup()

    def _add(self, batch: Mapping[str, Upload]) -> None:
        copied: list[Upload] = []
        kept: dict[str, Upload] = {}
        try:
            articles, parse_cache = load_parses(self._source_folder.index_dir)
            for identifier, upload in batch.items():
                self._tell(identifier, stage=Stage.READING)
                try:
                    if keep(upload, self._source_folder.sources, articles, parse_cache):
                        copied.append(upload)
                    kept[identifier] = upload
                except CitadelError as error:
                    self._tell(identifier, stage=Stage.REFUSED, detail=str(error))
            if kept:
                self._build(kept)
        except CitadelError as error:
            self._refuse(kept or batch, copied, str(error))
        except Exception:  # A defect of ours: the person gets a code, the log the traceback.
            code = log_failure("Adding")
            said = message("It could not be added. Give this code: {code}.", code=code)
            self._refuse(batch, copied, said)

    def _take_in(self, corrected: Mapping[str, str]) -> None:
        """Build and serve an index with what was corrected of some files."""
        if not corrected:
            return
        try:
            snapshot = self._built(corrected)
        except CitadelError as error:
            self._refuse_all(corrected, f"{error} {_STAYS}")
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
            # What failed matters more; the file that stays is told by the next build.
            with suppress(CitadelError):
                give_back(upload, self._source_folder.sources)
        self._refuse_all(batch, detail)

    def _refuse_all(self, identifiers: Iterable[str], detail: str) -> None:
        for identifier in identifiers:
            self._tell(identifier, stage=Stage.REFUSED, detail=detail)

    def _build(self, batch: Mapping[str, Upload]) -> None:
        """Build and serve an index with the files of a batch.

        Raises:
            CitadelError: It can't be built now.

        """
        snapshot = self._built({identifier: upload.name for identifier, upload in batch.items()})
        for identifier, upload in batch.items():
            addition = self._known[identifier]
            if addition.articles:
                self._tell(identifier, stage=Stage.ADDED, detail="", index=snapshot)
            else:
                # It came together with another one of the same words.
                give_back(upload, self._source_folder.sources)
                notes = addition.report.notes if addition.report is not None else ()
                why = "; ".join(notes) or "has nothing to quote from"
                self._tell(identifier, stage=Stage.REFUSED, detail=f"{upload.name} {why}.")
        _log.info("Added %d files: %s.", len(batch), snapshot)

    def _built(self, names: Mapping[str, str]) -> str:
        """Build and serve an index of the sources folder as it is now; return its snapshot.

        Args:
            names: The files that are told about, by identifier.

        Raises:
            CitadelError: It can't be built now.

        """
        given_up = time.monotonic() + _PATIENCE
        while True:
            try:
                snapshot = self._build_once(names)
                break
            except BuildRunningError:
                if time.monotonic() > given_up:
                    raise
                for identifier in names:
                    self._tell(identifier, stage=Stage.WAITING, detail=_WAITS)
                time.sleep(_PAUSE)
        self._take_up()
        if self._live_index.current.articles.snapshot != snapshot:
            _log.warning("%s was built, and something else is served.", snapshot)
        return snapshot

    def _build_once(self, names: Mapping[str, str]) -> str:
        """Build an index if there is not one with the same articles; return its snapshot."""
        source_folder = self._source_folder
        earlier = load_earlier(source_folder.index_dir)
        corpus = read_corpus(source_folder.sources, earlier.parse_cache)
        unreadable = unreadable_sources(corpus, source_folder.index_dir)
        if unreadable:
            raise CitadelError(
                message(
                    "Nothing can be added until {names} can be read or is gone.",
                    names=", ".join(unreadable),
                )
            )
        for identifier, name in names.items():
            self._tell(identifier, **_what_was_read(corpus, name))

        def progress(done: int, total: int) -> None:
            for identifier in names:
                self._tell(identifier, stage=Stage.EMBEDDING, detail="", done=done, total=total)

        encoder = self._live_index.current.answerer.index.encoder
        same = unchanged(
            corpus.articles, source_folder.index_dir, encoder, source_folder.store, earlier
        )
        if same is not None:
            return same.snapshot
        built = build_index(
            corpus.articles,
            source_folder.index_dir,
            encoder,
            progress,
            source_folder.sources,
            BuildOptions(
                store=source_folder.store, parse_cache=corpus.parse_cache, earlier=earlier
            ),
        )
        return built.snapshot


def _what_was_read(corpus: Corpus, name: str) -> dict[str, Any]:
    """Return the report about a file, and the articles that it gave to a collection."""
    report = next((each for each in corpus.reports if each.name == name), None)
    articles = tuple(
        article for article in corpus.articles if article.source.partition("#")[0] == name
    )
    return {"report": report, "articles": articles}
