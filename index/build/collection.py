"""A folder of articles and the index of it, as a program changes the one and renews the other."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from citadel.index.build.build import BUNDLED_SOURCES
from citadel.index.build.opening import open_index
from citadel.index.build.recording import Doers
from citadel.index.build.update import (
    ArticlesLostError,
    Update,
    changeable_sources_of,
    model_of,
    sources_of,
    update,
    update_without_loss,
)
from citadel.index.errors import CitadelError
from citadel.index.named_paths import named_folder, named_path
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import EncoderOf, load_current
from citadel.index.snapshots.pointer import default_index_dir, index_dir_of
from citadel.index.stores.base import VectorStore

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Collection:
    """Where the articles are, and where the index.

    Attributes:
        index_dir: The folder of the index.
        named: The folder of the articles; None for the one that the index was built from.

    """

    index_dir: Path
    named: Path | None

    @classmethod
    def at(cls, articles: Path | str | None, index_dir: Path | str | None) -> Self:
        """Return a collection of articles, whose index has a place of its own if none is named.

        Raises:
            CitadelError: There is no folder of the articles, or the index is in none.

        """
        # Its whole path: the program may go to another folder later.
        folder = None if articles is None else _existing(named_path(articles)).resolve()
        if index_dir is not None:
            return cls(named_folder(index_dir), folder)
        return cls(default_index_dir() if folder is None else index_dir_of(folder), folder)

    @property
    def folder(self) -> Path:
        """The folder of the articles."""
        return self.named or sources_of(self.index_dir)

    def changeable_folder(self) -> Path:
        """Return the folder of the articles, to be changed: those of Citadel are copied before.

        Raises:
            CitadelError: They can't be copied.

        """
        if self.named == BUNDLED_SOURCES:
            # From now on the index has a folder of its own, which it names.
            self.named = None
        return self.named or changeable_sources_of(self.index_dir)

    def open(self, model: str | None, encoder_of: EncoderOf, store: VectorStore) -> PassageIndex:
        """Load the index; bring it up to date with the folder before, where one is named.

        Args:
            model: The model to use; None for the one that built the index, or the default one.
            encoder_of: Loads a model.
            store: What keeps the vectors.

        Raises:
            CitadelError: The index is damaged or was built with another model, or can't be built.

        """
        if self.named is None:
            return open_index(self.index_dir, self.folder, model, encoder_of, _ignore, store)
        encoder = encoder_of(model or model_of(self.index_dir))
        try:
            update_without_loss(self.index_dir, self.named, encoder, store, _ignore)
        except ArticlesLostError as error:
            _log.warning("%s", error)
        return load_current(self.index_dir, lambda _model: encoder, store)

    def update(
        self,
        folder: Path,
        served: PassageIndex,
        store: VectorStore,
        *,
        full: bool = False,
        doers: Doers | None = None,
    ) -> tuple[Update, PassageIndex]:
        """Build the index of the articles as they are now, and load it if it is another one.

        Args:
            folder: Of the articles, ``folder`` or ``changeable_folder``.
            served: What was loaded before, whose model builds the index.
            store: What keeps the vectors.
            full: Whether to embed everything again.
            doers: Who the audit log names; None for the user of the operating system, who builds.

        Raises:
            CitadelError: There is no article that can be read, or the index can't be built.

        """
        encoder = served.encoder
        done = update(self.index_dir, folder, encoder, store, _ignore, full=full, doers=doers)
        if done.manifest.snapshot == served.snapshot:
            return done, served
        return done, load_current(self.index_dir, lambda _model: encoder, store, served)


def _ignore(_done: int, _total: int) -> None:
    """Show no progress: a library writes nothing to its program's terminal."""


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        raise CitadelError(f"There is no folder of articles at {folder}; name one that is there.")
    return folder
