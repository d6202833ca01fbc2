"""Vectors in Milvus. The only module that imports pymilvus."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import grpc
import numpy as np
import numpy.typing as npt
from pymilvus import DataType, MilvusClient, MilvusException

from index.encoder import Vectors
from index.errors import CitadelError
from index.recall import EXACT, Search, SearchQuality, measure_quality
from index.vector_store import (
    BLOCK,
    Receipt,
    SearchableVectors,
    generation_prefix,
    missing_vectors,
    server_error,
    stored_name,
)

_EXACT_UP_TO = 100_000
"""The most vectors that are compared one by one."""

_LINKS = 16
_CANDIDATES_BUILDING = 100
_EFFORTS = (64, 128, 256, 512, 1024)
"""How many candidates an HNSW search may keep (``ef``)."""

_PATIENCE = 10.0
"""Seconds to wait for an answer."""

_PATIENCE_BUILDING = 3600.0
"""Seconds to wait until the server has written or indexed what it was sent."""

_PATIENCE_DROPPING = 120.0
"""Seconds to wait until a collection is dropped. A server that was killed and started again first
waits until it believes that its former self is gone: half a minute, unless it is set otherwise."""

_ALL = "Strong"
"""The consistency under which a query sees all that was inserted before it. It waits for that."""

_WHAT_IS_THERE = "Eventually"
"""The consistency of a search, which need not wait: what it searches is complete."""


class MilvusStore:
    """Keeps every kind of vectors of a generation in a collection of its own.

    Up to ``_EXACT_UP_TO`` vectors are compared one by one; more get an HNSW index (Malkov and
    Yashunin 2018, arXiv:1603.09320), whose recall is measured as that of FAISS is.
    """

    name = "milvus"

    def __init__(self, url: str, namespace: str) -> None:
        """Connect to a server.

        Args:
            url: http://host:19530 or https://user:password@host:19530/database.
            namespace: What tells this folder of indexes from others on the same server.

        Raises:
            CitadelError: The URL makes no sense, or the server fails.

        """
        # It would write a traceback of every failure beside the one sentence that tells of it.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        self._namespace = namespace
        parts = _parsed(url)
        self.server = f"{parts.hostname}:{parts.port}{parts.path}"
        with self.asked():
            self.client = MilvusClient(
                uri=f"{parts.scheme}://{parts.hostname}:{parts.port}",
                user=unquote(parts.username or ""),
                password=unquote(parts.password or ""),
                db_name=parts.path.strip("/"),
                timeout=_PATIENCE,
            )
            # The client takes a connection that another one has, whether it still works or not.
            self.client.list_collections(timeout=_PATIENCE)

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    def keep(self, generation: str, kind: str, vectors: Vectors) -> MilvusVectors:
        """Fill, index and load a new collection; drop it if that fails half way."""
        receipt = Receipt.of(stored_name(self._namespace, generation, kind), vectors)
        exact = len(vectors) <= _EXACT_UP_TO
        try:
            self._fill(receipt, vectors, exact)
        except CitadelError:
            # As far as the server still answers; else it is left over for drop_all_but.
            with suppress(CitadelError), self.asked():
                self.client.drop_collection(receipt.name, timeout=_PATIENCE_DROPPING)
            raise
        if exact:
            return MilvusVectors(self, receipt, EXACT)

        def search_with(effort: int) -> Search:
            quality = SearchQuality("HNSW", effort, 0.0, 0.0, 0, 0.0)
            return MilvusVectors(self, receipt, quality).search

        quality = measure_quality(vectors, f"HNSW{_LINKS}", _EFFORTS, search_with)
        return MilvusVectors(self, receipt, quality)

    def follow(
        self, _earlier: SearchableVectors, _numbers: npt.NDArray[np.int64], _new: Vectors
    ) -> None:
        """Return None: each generation has its vectors to itself."""

    def open(self, data: bytes, file: str, quality: SearchQuality) -> MilvusVectors:
        """Find the collection of a receipt again; refuse one that is gone or has other rows."""
        receipt = Receipt.from_bytes(data, file)
        with self.asked():
            if not self.client.has_collection(receipt.name, timeout=_PATIENCE):
                raise missing_vectors(self.name, self.server, receipt, None)
            self._load(receipt)
        return MilvusVectors(self, receipt, quality)

    def drop_all_but(self, generations: Collection[str]) -> None:
        """Drop the collections of other generations of this namespace."""
        kept = tuple(generation_prefix(self._namespace, each) for each in generations)
        with self.asked():
            for name in sorted(self.client.list_collections(timeout=_PATIENCE)):
                if name.startswith(generation_prefix(self._namespace)) and not (
                    name.startswith(kept)
                ):
                    self.client.drop_collection(name, timeout=_PATIENCE_DROPPING)

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Tell of a failure of the server while it is asked.

        Raises:
            CitadelError: It fails.

        """
        try:
            yield
        except MilvusException as error:
            raise server_error(self.name, self.server, error.message) from error
        except grpc.RpcError as error:
            said = error.details() if isinstance(error, grpc.Call) else None
            raise server_error(self.name, self.server, said or "it does not answer") from error

    def _fill(self, receipt: Receipt, vectors: Vectors, exact: bool) -> None:
        with self.asked():
            self._create(receipt, exact)
            for first in range(0, len(vectors), BLOCK):
                block = np.asarray(vectors[first : first + BLOCK])
                rows = [{"id": first + row, "vector": vector} for row, vector in enumerate(block)]
                self.client.insert(receipt.name, rows, timeout=_PATIENCE_BUILDING)
            self.client.flush(receipt.name, timeout=_PATIENCE_BUILDING)
            self._load(receipt)

    def _load(self, receipt: Receipt) -> None:
        """Load a collection, and wait until all of it is seen."""
        self.client.load_collection(receipt.name, timeout=_PATIENCE_BUILDING)
        rows = self.client.query(
            receipt.name,
            filter="",
            output_fields=["count(*)"],
            consistency_level=_ALL,
            timeout=_PATIENCE,
        )
        if rows[0]["count(*)"] != receipt.count:
            raise missing_vectors(self.name, self.server, receipt, rows[0]["count(*)"])

    def _create(self, receipt: Receipt, exact: bool) -> None:
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=receipt.dimension)
        indexes = self.client.prepare_index_params()
        parameters = {} if exact else {"M": _LINKS, "efConstruction": _CANDIDATES_BUILDING}
        indexes.add_index(
            "vector", index_type="FLAT" if exact else "HNSW", metric_type="IP", params=parameters
        )
        self.client.create_collection(
            receipt.name, schema=schema, index_params=indexes, timeout=_PATIENCE_BUILDING
        )


@dataclass(frozen=True, slots=True)
class MilvusVectors:
    """The vectors of one collection.

    Attributes:
        engine: Where the collection is.
        receipt: What it holds.
        quality: How well the nearest are found.

    """

    engine: MilvusStore
    receipt: Receipt
    quality: SearchQuality

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
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Return the identifiers and scores (-1 to 1) of the nearest rows, best first.

        Args:
            vector: float32, (dimension,), of unit length.
            count: How many rows, or all when there are fewer; an approximate search may find fewer.
            allowed: bool, (rows,): which rows may be returned; None for all.

        """
        effort = {"ef": self.quality.effort} if self.quality.effort else {}
        limit = min(count, len(self) if allowed is None else int(allowed.sum()))
        if limit == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        with self.engine.asked():
            (found,) = self.engine.client.search(
                self.receipt.name,
                data=[vector],
                filter="" if allowed is None else _among(allowed),
                limit=limit,
                search_params={"metric_type": "IP", "params": effort},
                consistency_level=_WHAT_IS_THERE,
                timeout=_PATIENCE,
            )
        ids = np.array([hit["id"] for hit in found], dtype=np.int64)
        return ids, np.array([hit["distance"] for hit in found], dtype=np.float32)

    def scores(self, vector: Vectors, ids: npt.NDArray[np.int64]) -> Vectors:
        """Return the score of each given row for the vector, in the order of ``ids``."""
        wanted, places = np.unique(ids, return_inverse=True)
        rows: list[dict[str, Any]] = []
        if len(wanted):
            with self.engine.asked():
                rows = self.engine.client.get(
                    self.receipt.name,
                    ids=wanted.tolist(),
                    output_fields=["id", "vector"],
                    consistency_level=_WHAT_IS_THERE,
                    timeout=_PATIENCE,
                )
        if len(rows) != len(wanted):
            raise missing_vectors(self.engine.name, self.engine.server, self.receipt, len(rows))
        rows = sorted(rows, key=lambda row: int(row["id"]))
        stored = np.array([row["vector"] for row in rows], dtype=np.float32)
        scores = stored.reshape(-1, self.dimension) @ vector
        return np.asarray(scores[places], dtype=np.float32)

    def to_bytes(self) -> bytes:
        """Return the receipt."""
        return self.receipt.to_bytes()


def _among(allowed: npt.NDArray[np.bool_]) -> str:
    """Return the filter for some rows; those of an article follow one another."""
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], allowed, [False]]).astype(np.int8)))
    runs = zip(bounds[::2], bounds[1::2], strict=True)
    return " or ".join(f"({first} <= id < {end})" for first, end in runs)


def _parsed(url: str) -> SplitResult:
    """Take a URL apart.

    Raises:
        CitadelError: It makes no sense. The message does not repeat it: it may hold a password.

    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and bool(parts.port)
    except ValueError:
        usable = False
    if not usable:
        raise CitadelError(
            "--store-url is no address of a Milvus server; give one like "
            "http://user:password@host:19530/database."
        )
    return parts
