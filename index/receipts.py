"""What the files of a generation tell of vectors on a server: the table, and which rows are theirs.

Generations share a table: one founds it, those that follow add the rows that are new to them. No
row is ever changed, and none is taken away as long as the table is there. So each generation finds
all of its own rows, whatever others added before and after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from index.encoder import Vectors

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Receipt:
    """Which rows of a table, or of a collection, hold the vectors of one kind of one generation.

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
    def of(cls, name: str, vectors: Vectors) -> Receipt:
        """Describe the table that is founded with vectors: their numbers are the identifiers."""
        return cls(name, int(vectors.shape[1]), np.array([[0, len(vectors)]], dtype=np.int64))

    @classmethod
    def from_bytes(cls, data: bytes, file: str) -> Receipt:
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
        """Return the contents of the generation's file."""
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
        """Return int64, (n,): the numbers of the vectors; -1 for those of other generations."""
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

    def followed(self, numbers: Ids, first: int) -> Receipt:
        """Return the receipt of a generation that has some of these vectors, and new ones.

        Args:
            numbers: int64, (n,): the number that each vector has here; -1 for a new one.
            first: The identifier of the first new one; the others have those that follow.

        """
        is_new = numbers < 0
        ids = np.empty(len(numbers), dtype=np.int64)
        ids[~is_new] = self.ids_of(numbers[~is_new])
        ids[is_new] = first + np.arange(is_new.sum())
        return Receipt(self.name, self.dimension, ranges_of(ids))


def ranges_of(ids: Ids) -> Ids:
    """Return int64, (ranges, 2): the ranges of identifiers that follow one another, in order."""
    starts = np.flatnonzero(np.diff(ids, prepend=-2) != 1)
    lengths = np.diff(starts, append=len(ids))
    return np.stack([ids[starts], ids[starts] + lengths], axis=1)


def tables_named(receipts: Iterable[bytes]) -> set[str]:
    """Return the names of all tables that generations need, given what their files hold."""
    return {Receipt.from_bytes(receipt, "The file of a generation").name for receipt in receipts}


def table_name(namespace: str, generation: str, kind: str) -> str:
    """Return the name of the table that a generation founds: letters, digits and underscores.

    Args:
        namespace: What tells this folder of indexes from others that use the server.
        generation: The identifier of the generation.
        kind: "passages" or "sentences".

    """
    return f"{name_prefix(namespace)}{generation.replace('-', '_').lower()}_{kind}"


def name_prefix(namespace: str) -> str:
    """Return what the names of all tables of a folder of indexes begin with."""
    return f"citadel_{namespace}_"
