"""Vectors in a table on a server, whatever the engine: numbers here, identifiers there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from citadel.index.disk import Sink
from citadel.index.encoders.encoder import Vectors
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.stores.recall import EXACT, Search, SearchQuality, measure_quality

BLOCK = 8192
"""How many vectors are sent to a server at once."""

LINKS = 16
CANDIDATES_BUILDING = 100
"""With which an HNSW index is built (Malkov and Yashunin 2018, arXiv:1603.09320)."""

_CHANGED_ONE_IN = 20
"""A new table is made when more than one vector in this many has changed."""


class Engine(Protocol):
    """What vectors ask of the server that keeps them. Identifiers are those of the table."""

    @property
    def name(self) -> str:
        """What ``--store`` calls it."""

    @property
    def server(self) -> str:
        """Its address, without a password."""

    def nearest(
        self, receipt: RemoteRows, effort: int, vector: Vectors, count: int, among: Ids | None
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

    def scores(self, receipt: RemoteRows, vector: Vectors, ids: Ids) -> Vectors:
        """Return the score of each row that is there, in ascending order of the identifiers.

        Args:
            receipt: Where they are.
            vector: float32, (dimension,).
            ids: int64, ascending.

        Raises:
            CitadelError: The server fails.

        """


@dataclass(frozen=True, slots=True)
class RemoteVectors:
    """The vectors of one kind of one snapshot.

    Attributes:
        engine: Where they are.
        receipt: Which they are.
        quality: How well the nearest are found.

    """

    engine: Engine
    receipt: RemoteRows
    quality: SearchQuality

    @classmethod
    def measured(
        cls, engine: Engine, receipt: RemoteRows, vectors: Vectors, efforts: Sequence[int]
    ) -> RemoteVectors:
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
    ) -> RemoteVectors | None:
        """Return the vectors of a snapshot that keeps most of these, before the new ones are in.

        Args:
            numbers: int64, (n,): the number that each vector has here; -1 for a new one.
            first: The identifier of the first new one; the others have those that follow.
            rows: How many rows the table has without them, those of other snapshots included.
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
        return RemoteVectors(self.engine, receipt, replace(self.quality, changed=changed))

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


def missing_vectors(engine: Engine, receipt: RemoteRows, found: int | None) -> DamagedIndexError:
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


Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RemoteRows:
    """Which rows of a table, or of a collection, hold the vectors of one kind of one snapshot.

    Attributes:
        name: Of the table.
        dimension: The length of each vector.
        ranges: int64, (ranges, 2): the identifiers of the vectors in the order of their numbers,
            each range from its first up to, but not including, its second; they don't overlap.

    """

    name: str
    dimension: int
    ranges: Ids
    _first_numbers: Ids = field(init=False, repr=False)
    _ascending: Ids = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Count the vectors up to each range."""
        lengths = self.ranges[:, 1] - self.ranges[:, 0]
        object.__setattr__(self, "_first_numbers", np.concatenate([[0], np.cumsum(lengths)]))
        object.__setattr__(self, "_ascending", np.argsort(self.ranges[:, 0]))

    @classmethod
    def of(cls, name: str, vectors: Vectors) -> RemoteRows:
        """Describe the table that is created with vectors: their numbers are the identifiers."""
        return cls(name, int(vectors.shape[1]), np.array([[0, len(vectors)]], dtype=np.int64))

    @classmethod
    def from_bytes(cls, data: bytes, file: str) -> RemoteRows:
        """Read back what ``to_bytes`` gave.

        Raises:
            ValueError: The bytes are no receipt; ``file`` says whose they are.

        """
        try:
            values = json.loads(data)
            ranges = np.array(values["ranges"], dtype=np.int64).reshape(-1, 2)
            return cls(values["name"], values["dimension"], ranges)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file} does not tell where its vectors are") from error

    def to_bytes(self) -> bytes:
        """Return the contents of the snapshot's file."""
        values = {"name": self.name, "dimension": self.dimension, "ranges": self.ranges.tolist()}
        return json.dumps(values).encode()

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return int(self._first_numbers[-1])

    @property
    def end(self) -> int:
        """The least identifier that is greater than those of all vectors."""
        return int(self.ranges[:, 1].max(initial=0))

    def ids_of(self, numbers: Ids) -> Ids:
        """Return int64, (n,): the identifiers of the vectors of the given numbers."""
        places = np.searchsorted(self._first_numbers, numbers, side="right") - 1
        return np.asarray(self.ranges[places, 0] + numbers - self._first_numbers[places])

    def numbers_of(self, ids: Ids) -> Ids:
        """Return int64, (n,): the numbers of the vectors; -1 for those of other snapshots."""
        if not len(self.ranges):
            return np.full(len(ids), -1, dtype=np.int64)
        starts = self.ranges[self._ascending, 0]
        # The first range stands for identifiers that are less than all; they are not in it.
        places = self._ascending[np.maximum(np.searchsorted(starts, ids, side="right") - 1, 0)]
        inside = (ids >= self.ranges[places, 0]) & (ids < self.ranges[places, 1])
        return np.where(inside, self._first_numbers[places] + ids - self.ranges[places, 0], -1)

    def own_ranges(self) -> Ids:
        """Return int64, (ranges, 2): the ranges in ascending order, as few as there can be."""
        ranges = self.ranges[self._ascending]
        # An identifier at which one range ends and another one starts is no bound.
        starts, ends = (np.setdiff1d(ranges[:, a], ranges[:, b]) for a, b in ((0, 1), (1, 0)))
        return np.stack([starts, ends], axis=1)

    def followed(self, numbers: Ids, first: int) -> RemoteRows:
        """Return the receipt of a snapshot that has some of these vectors, and new ones.

        Args:
            numbers: int64, (n,): the number that each vector has here; -1 for a new one.
            first: The identifier of the first new one; the others have those that follow.

        """
        is_new = numbers < 0
        ids = np.empty(len(numbers), dtype=np.int64)
        ids[~is_new] = self.ids_of(numbers[~is_new])
        ids[is_new] = first + np.arange(is_new.sum())
        return RemoteRows(self.name, self.dimension, ranges_of(ids))


def ranges_of(ids: Ids) -> Ids:
    """Return int64, (ranges, 2): the ranges of identifiers that follow one another, in order."""
    starts = np.flatnonzero(np.diff(ids, prepend=-2) != 1)
    lengths = np.diff(starts, append=len(ids))
    return np.stack([ids[starts], ids[starts] + lengths], axis=1)


def tables_named(remote_rows: Iterable[bytes]) -> set[str]:
    """Return the names of all tables that snapshots need, given what their files hold."""
    return {
        RemoteRows.from_bytes(receipt, "The file of a snapshot").name for receipt in remote_rows
    }


def table_name(namespace: str, snapshot: str, kind: str) -> str:
    """Return the name of the table that a snapshot founds: letters, digits and underscores.

    Args:
        namespace: What distinguishes this folder of indexes from others that use the server.
        snapshot: The identifier of the snapshot.
        kind: "passages" or "sentences".

    """
    return f"{name_prefix(namespace)}{snapshot.replace('-', '_').lower()}_{kind}"


def name_prefix(namespace: str) -> str:
    """Return what the names of all tables of a folder of indexes begin with."""
    return f"citadel_{namespace}_"
