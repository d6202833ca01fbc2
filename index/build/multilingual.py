"""A second index of the same articles, for questions in languages that the first model lacks.

It is a folder of snapshots of its own inside that of the index, made with the multilingual model.
The articles decide which snapshots of the two belong together, so it needs no pointer: whatever
snapshot of the index is served, the second index of its articles is loaded, or brought up to date
with them. Its vectors are kept by FAISS, whatever keeps those of the index.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from citadel.index.build.build import BuildOptions, build_index, index_articles
from citadel.index.build.embedding import Progress
from citadel.index.build.update import sources_of
from citadel.index.corpus.articles import Article
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.models import MULTILINGUAL_MODEL, has_multilingual_model
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import EncoderOf, load, load_articles, verify
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.publishing import BuildRunningError
from citadel.index.snapshots.snapshots import has_index, read_manifest, rebuild

_log = logging.getLogger(__name__)

FOLDER = "multilingual"

ALL, ENGLISH = "all", "english"
LANGUAGES = (ALL, ENGLISH)
"""What ``--languages`` takes: whether there is a second index."""

_PATIENCE = 600.0
"""How many seconds to wait for a build of another process."""

_PAUSE = 1.0


class MultilingualIndex:
    """The second index of a folder: the newest one is kept loaded."""

    def __init__(self, index_dir: Path, encoder_of: EncoderOf) -> None:
        """Keep the second index of a folder.

        Args:
            index_dir: The folder of the index.
            encoder_of: Loads a model; called once, and not before it is needed.

        """
        self._index_dir = index_dir
        self._folder = index_dir / FOLDER
        self._encoder_of = encoder_of
        self._encoder: Encoder | None = None
        self._kept: PassageIndex | None = None
        self._working = threading.Lock()

    def loaded(self, index: PassageIndex) -> PassageIndex | None:
        """Return what is loaded of an index; None before that is done."""
        if index.encoder.name == MULTILINGUAL_MODEL:
            return index
        kept = self._kept
        return kept if kept is not None and kept.snapshot == index.snapshot else None

    def of(self, index: PassageIndex) -> PassageIndex:
        """Return the second index of an index; load it, or build it, if that is not done yet.

        It shares with the index all that does not depend on the model, its identifier included:
        citations of either are of the same snapshot.

        Raises:
            CitadelError: There is no multilingual model, or the folder can't be written.

        """
        with self._working:
            found = self.loaded(index)
            if found is None:
                found = _shared(index, self._up_to_date(index.articles, _ignore))
                self._kept = found
            return found

    def update(self, manifest: Manifest, articles: Sequence[Article], progress: Progress) -> None:
        """Bring the folder up to date; errors as for ``of``.

        Args:
            manifest: Of the current snapshot of the index.
            articles: Its articles.
            progress: Called with the number of texts embedded so far, and of all that have to be.

        """
        if manifest.model == MULTILINGUAL_MODEL:
            return
        with self._working:
            self._up_to_date(articles, progress)

    def _up_to_date(self, articles: Sequence[Article], progress: Progress) -> PassageIndex:
        given_up = time.monotonic() + _PATIENCE
        while True:
            try:
                return self._load(articles) or self._build(articles, progress)
            except BuildRunningError:
                if time.monotonic() > given_up:
                    raise
                time.sleep(_PAUSE)

    def _load(self, articles: Sequence[Article]) -> PassageIndex | None:
        """Load the current snapshot, if it is intact and of these articles and this model."""
        if not has_index(self._folder):
            return None
        try:
            manifest = read_manifest(self._folder)
            if load_articles(self._folder, manifest) != tuple(articles):
                return None
            return load(self._folder, self._model())
        except CitadelError as error:
            _log.warning("%s It is built again now.", error)
            return None

    def _build(self, articles: Sequence[Article], progress: Progress) -> PassageIndex:
        _log.info("Building the index for other languages in %s.", self._folder)
        # The articles change in the first index, which has the audit log.
        options = BuildOptions(is_logged=False)
        sources = sources_of(self._index_dir)
        return build_index(articles, self._folder, self._model(), progress, sources, options)

    def _model(self) -> Encoder:
        if self._encoder is None:
            self._encoder = self._encoder_of(MULTILINGUAL_MODEL)
        return self._encoder


def multilingual_index(
    index_dir: Path, encoder_of: EncoderOf, languages: str
) -> MultilingualIndex | None:
    """Return the second index of a folder; None where it is not wanted, or its model not installed.

    Args:
        index_dir: The folder of the index.
        encoder_of: Loads a model.
        languages: One of ``LANGUAGES``.

    Raises:
        CitadelError: It is none of them.

    """
    return MultilingualIndex(index_dir, encoder_of) if _is_wanted(languages) else None


def verify_second(index_dir: Path, encoder_of: EncoderOf) -> tuple[Manifest, ...]:
    """Check every file of the second index of a folder, and that it answers as it did.

    Args:
        index_dir: The folder of the index.
        encoder_of: Loads a model.

    Returns:
        What its snapshots were made from, newest first; nothing where there is no second index, or
        nothing that reads it.

    Raises:
        CitadelError: Another model built it.
        DamagedIndexError: Something is damaged; the message names all that is.

    """
    folder = index_dir / FOLDER
    if not has_index(folder) or not has_multilingual_model():
        return ()
    try:
        return verify(folder, encoder_of)
    except DamagedIndexError as damage:
        # Whatever builds the index builds this one with it.
        mended = str(damage).replace(rebuild(folder), rebuild(index_dir))
        raise DamagedIndexError(mended) from damage


def multilingual_in_memory(
    encoder_of: EncoderOf, languages: str
) -> Callable[[PassageIndex], PassageIndex | None]:
    """Return what makes the second index of an index in memory, and keeps the last one.

    Arguments and errors as for ``multilingual_index``; the function returns None where there is
    no second index.
    """
    made: dict[str, PassageIndex] = {}
    if not _is_wanted(languages):
        return lambda _index: None

    def of(index: PassageIndex) -> PassageIndex:
        if index.snapshot not in made:
            encoder = encoder_of(MULTILINGUAL_MODEL)
            made.clear()
            made[index.snapshot] = index_articles(index.snapshot, index.articles, encoder)
        return made[index.snapshot]

    return of


def _is_wanted(languages: str) -> bool:
    if languages not in LANGUAGES:
        raise CitadelError(f"There are no languages {languages!r}; choose all or english.")
    return languages == ALL and has_multilingual_model()


def _shared(index: PassageIndex, second: PassageIndex) -> PassageIndex:
    return replace(
        second,
        snapshot=index.snapshot,
        articles=index.articles,
        passages=index.passages,
        article_of=index.article_of,
        texts=index.texts,
        vocabulary=index.vocabulary,
        bm25=index.bm25,
        spelling=index.spelling,
    )


def _ignore(_done: int, _total: int) -> None:
    """Show no progress: a reader who asks a question sees the answer, not how it comes about."""
