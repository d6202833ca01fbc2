"""Vectors in a table on a server, whatever the engine: numbers here, identifiers there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.disk import Sink
from index.encoder import Vectors
from index.errors import CitadelError, DamagedIndexError
from index.recall import EXACT, Search, SearchQuality, measure_quality
from index.receipts import Ids, Receipt

BLOCK = 8192
"""How many vectors are sent to a server at once."""

LINKS = 16
CANDIDATES_BUILDING = 100
"""With which an HNSW index is built (Malkov and Yashunin 2018, arXiv:1603.09320)."""

_CHANGED_ONE_IN = 20
"""A table is founded anew when more vectors than one in so many have changed."""


class Engine(Protocol):
    """What vectors ask of the server that keeps them. Identifiers are those of the table."""

    @property
    def name(self) -> str:
        """What ``--store`` calls it."""

    @property
    def server(self) -> str:
        """Its address, without a password."""

    def nearest(
        self, receipt: Receipt, effort: int, vector: Vectors, count: int, among: Ids | None
    ) -> tuple[Ids, Vectors]:
        """Return the identifiers and scores of the nearest rows, best first.

        Args:
            receipt: Which rows may be returned.
            effort: How many candidates an HNSW search keeps; 0 for an exact search.
            vector: float32, (dimension,), of unit length.
            count: How many rows, at most as many as may be returned.
            among: int64, ascending: which of them only; None for all.

        Raises:
            CitadelError: The server fails.

        """

    def scores(self, receipt: Receipt, vector: Vectors, ids: Ids) -> Vectors:
        """Return the score of each row that is there, in ascending order of the identifiers.

        Args:
            receipt: Where they are.
            vector: float32, (dimension,).
            ids: int64, ascending.

        Raises:
            CitadelError: The server fails.

        """


@dataclass(frozen=True, slots=True)
class ServerVectors:
    """The vectors of one kind of one generation.

    Attributes:
        engine: Where they are.
        receipt: Which they are.
        quality: How well the nearest are found.

    """

    engine: Engine
    receipt: Receipt
    quality: SearchQuality

    @classmethod
    def measured(
        cls, engine: Engine, receipt: Receipt, vectors: Vectors, efforts: Sequence[int]
    ) -> ServerVectors:
        """Measure how well an HNSW index finds the vectors that are in it.

        Args:
            engine: Where they are.
            receipt: Which they are.
            vectors: float32, (n, dimension), unit rows: all of them.
            efforts: How many candidates a search may keep, ascending.

        Raises:
            CitadelError: The server fails.

        """

        def search_with(effort: int) -> Search:
            return cls(engine, receipt, SearchQuality("HNSW", effort, 0.0, 0.0, 0, 0.0)).search

        return cls(engine, receipt, measure_quality(vectors, f"HNSW{LINKS}", efforts, search_with))

    @property
    def store(self) -> str:
        """The name of the engine."""
        return self.engine.name

    def __len__(self) -> int:
        """Return the number of vectors."""
        return self.receipt.count

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self.receipt.dimension

    def search(
        self, vector: Vectors, count: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Ids, Vectors]:
        """Return the numbers and scores (-1 to 1) of the nearest vectors, best first.

        Args:
            vector: float32, (dimension,), of unit length.
            count: How many, or all when there are fewer; an approximate search may find fewer.
            allowed: bool, (n,): which may be returned; None for all.

        """
        among = None if allowed is None else np.sort(self.receipt.ids_of(np.flatnonzero(allowed)))
        most = min(count, len(self) if among is None else len(among))
        if most == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        ids, scores = self.engine.nearest(self.receipt, self.quality.effort, vector, most, among)
        return self.receipt.numbers_of(ids), scores

    def scores(self, vector: Vectors, ids: Ids) -> Vectors:
        """Return the score of each given vector, in the order of ``ids``, their numbers."""
        wanted, places = np.unique(self.receipt.ids_of(ids), return_inverse=True)
        scores = self.engine.scores(self.receipt, vector, wanted)
        if len(scores) != len(wanted):
            raise missing_vectors(self.engine, self.receipt, len(scores))
        return scores[places]

    def followed(
        self, numbers: Ids, first: int, rows: int, exact_up_to: int
    ) -> ServerVectors | None:
        """Return the vectors of a generation that keeps most of these, before the new ones are in.

        Args:
            numbers: int64, (n,): the number that each vector has here; -1 for a new one.
            first: The identifier of the first new one; the others have those that follow.
            rows: How many rows the table has without them, those of other generations included.
            exact_up_to: How many vectors are compared one by one at most.

        Returns:
            None where a new table has to be founded: it would be searched in another way, an
            approximate search was not measured for too many of its vectors, or too many rows
            would be of no use. An exact search stays exact, however many are added.

        """
        new = int((numbers < 0).sum())
        kept = len(numbers) - new
        useless = rows - kept
        changed = 0
        if self.quality != EXACT:
            changed = self.quality.changed + new + len(self) - kept
        too_many = max(useless, changed) * _CHANGED_ONE_IN > len(numbers)
        if too_many or (self.quality == EXACT) != (len(numbers) <= exact_up_to):
            return None
        receipt = self.receipt.followed(numbers, first)
        return ServerVectors(self.engine, receipt, replace(self.quality, changed=changed))

    def to_bytes(self) -> bytes:
        """Return the receipt."""
        return self.receipt.to_bytes()

    def write(self, sink: Sink) -> None:
        """Write the receipt."""
        sink.write(self.to_bytes())


def server_error(engine: Engine, happened: str) -> CitadelError:
    """Return the error that says what went wrong with a server, and the mend.

    Args:
        engine: The server.
        happened: What it says, in any number of lines.

    """
    said = " ".join(happened.split()).rstrip(".")
    return CitadelError(
        f"The {engine.name} store at {engine.server} failed ({said}); see that the server runs "
        "and that --store-url is right, then try again."
    )


def missing_vectors(engine: Engine, receipt: Receipt, found: int | None) -> DamagedIndexError:
    """Return the error that says that a server does not have what a receipt says.

    Args:
        engine: The server.
        receipt: What should be there.
        found: How many of the vectors are there; None where not even the table is.

    """
    there = "nothing" if found is None else f"{found} vectors"
    return DamagedIndexError(
        f"The {engine.name} store at {engine.server} has {there} under the name {receipt.name}, "
        f"not {receipt.count} vectors; see that --store-url is that of the build, or run "
        f"“python -m index build --store {engine.name}” with it to build the index again."
    )
