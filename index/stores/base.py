"""Where the vectors of an index are kept: what every engine must do for them.

FAISS keeps them in files of the snapshot. A database keeps them on a server, in a table that
snapshots share; the snapshot's files then hold a receipt that says which rows are its own. So
publishing stays one step, whatever the engine: until CURRENT moves, nobody knows of the new rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from citadel.index.disk import Sink
from citadel.index.encoders.encoder import Vectors
from citadel.index.stores.recall import SearchQuality


class SearchableVectors(Protocol):
    """The vectors of one kind, of passages or of sentences, of one snapshot.

    Vectors are float32 and of unit length; row numbers are their identifiers.
    """

    @property
    def store(self) -> str:
        """The name of the engine that keeps them, see ``VectorStore.name``."""

    @property
    def quality(self) -> SearchQuality:
        """How well the nearest are found."""

    @property
    def dimension(self) -> int:
        """The length of every vector."""

    def __len__(self) -> int:
        """Return the number of vectors."""

    def search(
        self, vector: Vectors, count: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Return the identifiers and scores (-1 to 1) of the nearest rows, best first.

        Args:
            vector: float32, (dimension,), of unit length.
            count: How many rows, or all when there are fewer; an approximate search may find fewer.
            allowed: bool, (rows,): which rows may be returned; None for all.

        """

    def scores(self, vector: Vectors, ids: npt.NDArray[np.int64]) -> Vectors:
        """Return the score of each given row for the vector, in the order of ``ids``."""

    def to_bytes(self) -> bytes:
        """Return what the snapshot's file keeps of them, for ``VectorStore.open``."""

    def write(self, sink: Sink) -> None:
        """Write that, without having it in memory as a whole."""


class VectorStore(Protocol):
    """An engine that keeps vectors."""

    @property
    def name(self) -> str:
        """What ``--store`` calls the engine; also the suffix of the snapshot's files."""

    def keep(self, snapshot: str, kind: str, vectors: Vectors) -> SearchableVectors:
        """Keep the vectors of one kind for a snapshot that is being built.

        Raises:
            CitadelError: The server fails; what it kept so far goes with ``drop_all_but``.

        """

    def follow(
        self, earlier: SearchableVectors, numbers: npt.NDArray[np.int64], new: Vectors
    ) -> SearchableVectors | None:
        """Make the vectors of a snapshot out of those of the one before.

        Args:
            earlier: Those, which stay as they are.
            numbers: int64, (rows,): the number that each row had there; -1 for a new one.
            new: float32, unit rows: the vectors of the new rows, in their order.

        Returns:
            They are searched as well as those before; None where ``keep`` has to be called.

        Raises:
            CitadelError: The server fails; those before are as they were.

        """

    def open(self, data: bytes, file: str, quality: SearchQuality) -> SearchableVectors:
        """Find vectors again by what ``to_bytes`` gave.

        Args:
            data: The verified contents of the snapshot's file.
            file: Its name, for messages.
            quality: How well they are found, from the manifest.

        Raises:
            CitadelError: The server fails.
            DamagedIndexError: The server no longer has what was kept.
            ValueError: The file is damaged.

        """

    def drop_all_but(self, remote_rows: Iterable[bytes]) -> None:
        """Drop what was kept for this folder of indexes and no snapshot needs any more.

        Args:
            remote_rows: What ``to_bytes`` gave for each kind of vectors of each snapshot that is
                there; all of them are read before anything is dropped.

        Raises:
            CitadelError: The server fails.

        """
