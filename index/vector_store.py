"""Where the vectors of an index are kept: what every engine must do for them.

FAISS keeps them in files of the generation. A database keeps them on a server, under a name that
no other generation has; the generation's files then hold a receipt of them. So publishing stays
one step, whatever the engine: until CURRENT moves, nobody knows of the new name.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.encoder import Vectors
from index.errors import CitadelError, DamagedIndexError
from index.recall import SearchQuality

BLOCK = 8192
"""How many vectors are sent to a server, or fetched from it, at once."""


class SearchableVectors(Protocol):
    """The vectors of one kind, of passages or of sentences, of one generation.

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
        """Return what the generation's file keeps of them, for ``VectorStore.open``."""


class VectorStore(Protocol):
    """An engine that keeps vectors."""

    @property
    def name(self) -> str:
        """What ``--store`` calls the engine; also the suffix of the generation's files."""

    def keep(self, generation: str, kind: str, vectors: Vectors) -> SearchableVectors:
        """Keep the vectors of one kind for a generation that is being built.

        Raises:
            CitadelError: The server fails; what it kept so far goes with ``drop_all_but``.

        """

    def follow(
        self, earlier: SearchableVectors, numbers: npt.NDArray[np.int64], new: Vectors
    ) -> SearchableVectors | None:
        """Make the vectors of a generation out of those of the one before.

        Args:
            earlier: Those, which stay as they are.
            numbers: int64, (rows,): the number that each row had there; -1 for a new one.
            new: float32, unit rows: the vectors of the new rows, in their order.

        Returns:
            They are searched as well as those before; None where ``keep`` has to be called.

        """

    def open(self, data: bytes, file: str, quality: SearchQuality) -> SearchableVectors:
        """Find vectors again by what ``to_bytes`` gave.

        Args:
            data: The verified contents of the generation's file.
            file: Its name, for messages.
            quality: How well they are found, from the manifest.

        Raises:
            CitadelError: The server fails.
            DamagedIndexError: The server no longer has what was kept.
            ValueError: The file is damaged.

        """

    def drop_all_but(self, generations: Collection[str]) -> None:
        """Drop what was kept for other generations of this folder of indexes.

        Raises:
            CitadelError: The server fails.

        """


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a server keeps of one kind of vectors of one generation.

    Attributes:
        name: Of the table or collection.
        count: How many vectors.
        dimension: The length of each.

    """

    name: str
    count: int
    dimension: int

    @classmethod
    def of(cls, name: str, vectors: Vectors) -> Receipt:
        """Describe vectors that are to be kept under a name."""
        return cls(name, len(vectors), int(vectors.shape[1]))

    @classmethod
    def from_bytes(cls, data: bytes, file: str) -> Receipt:
        """Read back what ``to_bytes`` gave.

        Raises:
            ValueError: The bytes are no receipt; ``file`` says whose they are.

        """
        try:
            return cls(**json.loads(data))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{file} does not tell where its vectors are") from error

    def to_bytes(self) -> bytes:
        """Return the contents of the generation's file."""
        return json.dumps(asdict(self), indent=1).encode()


def server_error(store: str, server: str, happened: str) -> CitadelError:
    """Return the error that says what went wrong with the server of a store, and the mend.

    Args:
        store: What ``--store`` calls the engine.
        server: Its address, without a password.
        happened: What it says, in any number of lines.

    """
    said = " ".join(happened.split()).rstrip(".")
    return CitadelError(
        f"The {store} store at {server} failed ({said}); see that the server runs and that "
        "--store-url is right, then try again."
    )


def missing_vectors(
    store: str, server: str, receipt: Receipt, found: int | None
) -> DamagedIndexError:
    """Return the error that says that a server does not have what a receipt says.

    Args:
        store: What ``--store`` calls the engine.
        server: Its address, without a password.
        receipt: What should be there.
        found: How many vectors are there; None where not even the name is.

    """
    there = "nothing" if found is None else f"{found} vectors"
    return DamagedIndexError(
        f"The {store} store at {server} has {there} under the name {receipt.name}, not "
        f"{receipt.count} vectors; see that --store-url is that of the build, or run “python -m "
        f"index build --store {store}” with it to build the index again."
    )


def stored_name(namespace: str, generation: str, kind: str) -> str:
    """Return the name under which a server keeps vectors: letters, digits and underscores.

    Args:
        namespace: What tells this folder of indexes from others that use the server.
        generation: The identifier of the generation.
        kind: "passages" or "sentences".

    """
    return f"{generation_prefix(namespace, generation)}{kind}"


def generation_prefix(namespace: str, generation: str = "") -> str:
    """Return what all names of a generation begin with; without one, those of a namespace."""
    of_generation = f"{generation.replace('-', '_').lower()}_" if generation else ""
    return f"citadel_{namespace}_{of_generation}"
