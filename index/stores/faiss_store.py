"""Vectors and their FAISS index. The only module that imports faiss."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from citadel.index.disk import Sink
from citadel.index.encoders.encoder import Vectors
from citadel.index.stores.base import SearchableVectors
from citadel.index.stores.recall import EXACT, Ids, Search, SearchQuality, measure_quality

_library: Any = faiss
_parameters: Any = faiss.SearchParameters
_list_parameters: Any = faiss.SearchParametersIVF

FAISS_VERSION: str = faiss.__version__

EXACT_UP_TO = 20_000
"""The most vectors that are compared one by one, which takes about a millisecond for 384 numbers
each. A hundred thousand would take longer than all the rest of a search."""

_FEW = 10_000
"""Rows that are compared one by one where a search is limited to some; it takes milliseconds."""

_BLOCK = 65_536
_ROWS_PER_LIST = 40
"""FAISS asks for 39 training vectors for each list at least."""
_LISTS = 6.0
"""How many lists there are, times the square root of the number of vectors. At equal recall, a
search of 560,000 vectors in 4,096 lists takes two thirds of the time that it takes in 2,048."""

_MOST_LISTS = 8192
"""More take longer to fill, each vector being compared with every centre, than they save."""

_ROUNDS = 10
"""Of k-means; more of them no longer change the recall."""

_CHANGED_ONE_IN = 20
"""Lists are rebuilt when more than one vector in this many has changed."""

_EFFORTS = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
"""How many lists may be searched."""


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """Search by inner product over unit vectors: the cosine of question and text.

    Up to ``EXACT_UP_TO`` vectors it is exact. Above, vectors are kept in inverted lists around
    the centres that k-means finds (Jégou et al. 2011, doi:10.1109/TPAMI.2010.57), and only the
    lists near the question are searched; of each vector, a byte for each number of its difference
    from the centre is kept. Against HNSW over the same bytes, this takes a quarter less memory and
    is built three times as fast, at no worse recall in the same time.

    Attributes:
        quality: How well it finds what is nearest.

    """

    _index: Any
    quality: SearchQuality

    @property
    def store(self) -> str:
        """The name of the engine."""
        return FaissStore.name

    @classmethod
    def build(cls, vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> VectorIndex:
        """Index float32 unit rows of shape (n, dimension); row numbers are the identifiers.

        Args:
            vectors: At least one; read in blocks, so they may be a memory map.
            exact_up_to: How many vectors are compared one by one at most.

        """
        if len(vectors) <= exact_up_to:
            return cls(_filled(faiss.IndexFlatIP(vectors.shape[1]), vectors), EXACT)
        index = _filled(_trained_lists(vectors), vectors)
        # The place of every row, without which no vector could be got back by its number.
        index.make_direct_map()

        def search_with(effort: int) -> Search:
            index.nprobe = effort
            return cls(index, EXACT).search

        efforts = [effort for effort in _EFFORTS if effort < index.nlist] or [index.nlist]
        quality = measure_quality(vectors, f"IVF{index.nlist},SQ8", efforts, search_with)
        index.nprobe = quality.effort
        return cls(index, quality)

    def followed(
        self, numbers: Ids, new: Vectors, exact_up_to: int = EXACT_UP_TO
    ) -> VectorIndex | None:
        """Return the index of other rows, most of which are in this one.

        Lists keep their centres, and the recall is not measured again, until one vector in twenty
        has changed: those that are added fall into the lists as those before did.

        Args:
            numbers: int64, (rows,): the number that each row has here; -1 for a new one.
            new: float32, unit rows: the vectors of the new rows, in their order.
            exact_up_to: How many vectors are compared one by one at most.

        Returns:
            None where an index has to be rebuilt, because it would be of another type or too
            much has changed.

        """
        if self.quality == EXACT:
            return self._exact_followed(numbers, new) if len(numbers) <= exact_up_to else None
        places = np.full(len(self), -1, dtype=np.int64)
        places[numbers[numbers >= 0]] = np.flatnonzero(numbers >= 0)
        dropped = np.flatnonzero(places < 0)
        changed = self.quality.changed + len(new) + len(dropped)
        if changed * _CHANGED_ONE_IN > len(numbers) or len(numbers) <= exact_up_to:
            return None
        index: Any = faiss.clone_index(self._index)
        index.set_direct_map_type(_library.DirectMap.NoMap)
        index.remove_ids(faiss.IDSelectorBatch(dropped))
        lists = index.invlists
        for number in range(index.nlist):
            ids = faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number))
            ids[:] = places[ids]
        index.add_with_ids(new, np.flatnonzero(numbers < 0))
        index.make_direct_map()
        return VectorIndex(index, replace(self.quality, changed=changed))

    def _exact_followed(self, numbers: Ids, new: Vectors) -> VectorIndex:
        vectors = np.empty((len(numbers), self.dimension), dtype=np.float32)
        kept = numbers >= 0
        vectors[kept] = self._index.reconstruct_batch(numbers[kept])
        vectors[~kept] = new
        return VectorIndex.build(vectors)

    @classmethod
    def from_bytes(cls, data: bytes, name: str, quality: SearchQuality) -> VectorIndex:
        """Read an index back from what ``to_bytes`` gave.

        Raises:
            ValueError: The bytes are no FAISS index; ``name`` says whose they are.

        """
        try:
            # Not deserialize_index, which copies all of it first.
            reader = _library.PyCallbackIOReader(io.BytesIO(data).read)
            return cls(faiss.read_index(reader), quality)
        except RuntimeError as error:
            raise ValueError(f"{name} is no FAISS index") from error

    def to_bytes(self) -> bytes:
        """Return the index, its effort included, in FAISS's own format."""
        buffer = io.BytesIO()
        self.write(buffer)
        return buffer.getvalue()

    def write(self, sink: Sink) -> None:
        """Write what ``to_bytes`` returns, a piece at a time."""

        def take(piece: bytes) -> int:
            sink.write(piece)
            return len(piece)

        faiss.write_index(self._index, _library.PyCallbackIOWriter(take))

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return int(self._index.d)

    def search(
        self, vector: Vectors, count: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Return the identifiers and scores (-1 to 1) of the nearest rows, best first.

        Args:
            vector: float32, (dimension,), of unit length.
            count: How many rows, or all when there are fewer; an approximate search may find fewer.
            allowed: bool, (rows,): which rows may be returned; None for all.

        """
        if allowed is not None:
            return self._search_among(np.flatnonzero(allowed), vector, count)
        scores, ids = self._index.search(vector[np.newaxis, :], min(count, len(self)))
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]

    def _search_among(
        self, rows: npt.NDArray[np.int64], vector: Vectors, count: int
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Search among some rows only: a few are compared one by one, which misses none."""
        if len(rows) <= _FEW:
            scores = self.scores(vector, rows)
            best = np.argsort(-scores, kind="stable")[:count]
            return rows[best], scores[best]
        selector = faiss.IDSelectorBatch(rows)
        among = _parameters(sel=selector)
        if self.quality != EXACT:
            among = _list_parameters(sel=selector, nprobe=self.quality.effort)
        scores, ids = self._index.search(vector[np.newaxis, :], count, params=among)
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]

    def scores(self, vector: Vectors, ids: npt.NDArray[np.int64]) -> Vectors:
        """Return the score of each given row for the vector, in the order of ``ids``."""
        rows = self._index.reconstruct_batch(ids)
        return np.asarray(rows @ vector, dtype=np.float32)


class FaissStore:
    """Keeps vectors in the files of their snapshot, and so has nothing to keep or drop itself."""

    name = "faiss"

    def keep(self, snapshot: str, kind: str, vectors: Vectors) -> VectorIndex:  # noqa: ARG002
        """Index the vectors in memory."""
        return VectorIndex.build(vectors)

    def follow(self, earlier: SearchableVectors, numbers: Ids, new: Vectors) -> VectorIndex | None:
        """Take over what is indexed already."""
        return earlier.followed(numbers, new) if isinstance(earlier, VectorIndex) else None

    def open(self, data: bytes, file: str, quality: SearchQuality) -> VectorIndex:
        """Read an index back from the contents of its file."""
        return VectorIndex.from_bytes(data, file, quality)

    def drop_all_but(self, remote_rows: Iterable[bytes]) -> None:
        """Drop nothing, and so read nothing: files go with their snapshot."""


FAISS = FaissStore()
"""The default store."""


def _filled(index: Any, vectors: Vectors) -> Any:
    for first in range(0, len(vectors), _BLOCK):
        index.add(np.ascontiguousarray(vectors[first : first + _BLOCK]))
    return index


def _trained_lists(vectors: Vectors) -> Any:
    """Find the centres of 6√n lists, within limits, in a sample drawn with a fixed seed."""
    count, dimension = vectors.shape
    lists = max(1, min(round(_LISTS * np.sqrt(count)), count // _ROWS_PER_LIST, _MOST_LISTS))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.niter = _ROUNDS
    generator = np.random.default_rng(0)
    rows = generator.choice(count, lists * _ROWS_PER_LIST, replace=False)
    index.train(np.ascontiguousarray(vectors[np.sort(rows)]))
    return index
