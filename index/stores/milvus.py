"""Vectors in Milvus. The only module that imports pymilvus."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, unquote, urlsplit

import grpc
import numpy as np
from pymilvus import DataType, MilvusClient, MilvusException

from citadel.index.encoders.encoder import Vectors
from citadel.index.errors import CitadelError
from citadel.index.stores.base import SearchableVectors
from citadel.index.stores.recall import EXACT, SearchQuality
from citadel.index.stores.remote import (
    BLOCK,
    CANDIDATES_BUILDING,
    LINKS,
    Ids,
    RemoteRows,
    RemoteVectors,
    missing_vectors,
    name_prefix,
    ranges_of,
    server_error,
    table_name,
    tables_named,
)

_EXACT_UP_TO = 100_000
"""The most vectors that are compared one by one."""

_EFFORTS = (64, 128, 256, 512, 1024)
"""How many candidates an HNSW search may keep (``ef``)."""

_PATIENCE = 10.0
"""Seconds to wait for an answer."""

_PATIENCE_COUNTING = 60.0
"""Seconds to wait until it has counted rows."""

_PATIENCE_BUILDING = 3600.0
"""Seconds to wait until the server has written or indexed what it was sent."""

_PATIENCE_DROPPING = 120.0
"""Seconds to wait until a collection is dropped. A server that was killed and started again first
waits until it believes that its former self is gone: half a minute, unless it is set otherwise."""

_ALL = "Strong"
"""The consistency under which a query sees all that was inserted before it. It waits for that."""

_WHAT_IS_THERE = "Eventually"
"""The consistency of a search, which need not wait: what it searches is complete."""

_MOST = 16_384
"""The most rows that Milvus returns."""

_LISTED_ONE_IN = 700
"""Milvus compares all rows with the two ends of a range in the time that it takes to look up one
identifier of this many rows: 0.4 ms and 5 µs for 60,000 rows, measured with Milvus 2.3.5."""


class MilvusStore:
    """Keeps every kind of vectors in a collection, which snapshots share.

    Up to ``_EXACT_UP_TO`` vectors are compared one by one; more get an HNSW index, whose recall is
    measured as that of FAISS is.
    """

    name = "milvus"

    def __init__(self, url: str, namespace: str) -> None:
        """Connect to a server.

        Args:
            url: http://host:19530 or https://user:password@host:19530/database.
            namespace: What distinguishes this folder of indexes from others on the same server.

        Raises:
            CitadelError: The URL makes no sense, or the server fails.

        """
        # It would write a traceback of every failure next to the one sentence that reports it.
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

    def keep(self, snapshot: str, kind: str, vectors: Vectors) -> RemoteVectors:
        """Fill, index and load a new collection; drop it if that fails half way."""
        receipt = RemoteRows.of(table_name(self._namespace, snapshot, kind), vectors)
        exact = len(vectors) <= _EXACT_UP_TO
        try:
            with self.asked():
                self._create(receipt, exact)
                self._insert(receipt, 0, vectors)
        except CitadelError:
            # As far as the server still answers; else it is left over for drop_all_but.
            with suppress(CitadelError), self.asked():
                self.client.drop_collection(receipt.name, timeout=_PATIENCE_DROPPING)
            raise
        if exact:
            return RemoteVectors(self, receipt, EXACT)
        return RemoteVectors.measured(self, receipt, vectors, _EFFORTS)

    def follow(
        self, earlier: SearchableVectors, numbers: Ids, new: Vectors
    ) -> RemoteVectors | None:
        """Add the new rows to the collection.

        If that fails half way, some may be left over: rows that no receipt has.
        """
        if not isinstance(earlier, RemoteVectors):
            return None
        with self.asked():
            free = self._first_free(earlier.receipt)
            rows = self._count(earlier.receipt.name, "")
            followed = earlier.followed(numbers, free, rows, _EXACT_UP_TO)
            if followed is not None and len(new):
                self._insert(followed.receipt, free, new)
        return followed

    def open(self, data: bytes, file: str, quality: SearchQuality) -> RemoteVectors:
        """Find the rows of a receipt again; refuse a collection that is gone or lacks some."""
        receipt = RemoteRows.from_bytes(data, file)
        with self.asked():
            if not self.client.has_collection(receipt.name, timeout=_PATIENCE):
                raise missing_vectors(self, receipt, None)
            self._load(receipt)
        return RemoteVectors(self, receipt, quality)

    def drop_all_but(self, remote_rows: Iterable[bytes]) -> None:
        """Drop the collections of this namespace that no receipt names."""
        needed = tables_named(remote_rows)
        with self.asked():
            for name in sorted(self.client.list_collections(timeout=_PATIENCE)):
                if name.startswith(name_prefix(self._namespace)) and name not in needed:
                    self.client.drop_collection(name, timeout=_PATIENCE_DROPPING)

    def nearest(
        self, receipt: RemoteRows, effort: int, vector: Vectors, count: int, among: Ids | None
    ) -> tuple[Ids, Vectors]:
        """See ``Engine.nearest``.

        Rows of other snapshots are found, too. The search is repeated without those, and for
        twice as many rows, until enough are found that may be returned.
        """
        only = "" if among is None else _among(ranges_of(among), receipt.count)
        strangers = np.zeros(0, dtype=np.int64)
        # Some more than are wanted, in which a few strangers don't matter.
        limit = count if among is not None else count + count // 4 + 1
        while True:
            limit = min(limit, _MOST)
            ids, scores = self._found(receipt, vector, limit, effort, only)
            own = receipt.numbers_of(ids) >= 0
            if own.sum() >= count or len(ids) < limit or own.all():
                return ids[own][:count], scores[own][:count]
            # Those that were added after all of its own need no list.
            strangers = np.concatenate([strangers, ids[~own & (ids < receipt.end)]])
            only = f"id < {receipt.end} and id not in {strangers.tolist()}"
            limit *= 2

    def scores(self, receipt: RemoteRows, vector: Vectors, ids: Ids) -> Vectors:
        """See ``Engine.scores``."""
        if not len(ids):
            return np.zeros(0, dtype=np.float32)
        with self.asked():
            rows = self.client.get(
                receipt.name,
                ids=ids.tolist(),
                output_fields=["id", "vector"],
                consistency_level=_WHAT_IS_THERE,
                timeout=_PATIENCE,
            )
        rows = sorted(rows, key=lambda row: int(row["id"]))
        stored = np.array([row["vector"] for row in rows], dtype=np.float32)
        return np.asarray(stored.reshape(-1, receipt.dimension) @ vector, dtype=np.float32)

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Report a failure of the server while it is asked.

        Raises:
            CitadelError: It fails.

        """
        try:
            yield
        except MilvusException as error:
            raise server_error(self, error.message) from error
        except grpc.RpcError as error:
            said = error.details() if isinstance(error, grpc.Call) else None
            raise server_error(self, said or "it does not answer") from error

    def _insert(self, receipt: RemoteRows, first: int, vectors: Vectors) -> None:
        """Send vectors whose identifiers follow one another, and wait until all are seen."""
        for start in range(0, len(vectors), BLOCK):
            block = np.asarray(vectors[start : start + BLOCK])
            rows = [
                {"id": first + start + row, "vector": vector} for row, vector in enumerate(block)
            ]
            self.client.insert(receipt.name, rows, timeout=_PATIENCE_BUILDING)
        self.client.flush(receipt.name, timeout=_PATIENCE_BUILDING)
        self._load(receipt)

    def _load(self, receipt: RemoteRows) -> None:
        """Load a collection, and wait until all rows of a receipt are seen."""
        self.client.load_collection(receipt.name, timeout=_PATIENCE_BUILDING)
        found = self._count(receipt.name, _among(receipt.own_ranges(), receipt.count))
        if found != receipt.count:
            raise missing_vectors(self, receipt, found)

    def _count(self, collection: str, only: str) -> int:
        """Return how many rows a filter lets through, all that were inserted before included."""
        rows = self.client.query(
            collection,
            filter=only,
            output_fields=["count(*)"],
            consistency_level=_ALL,
            timeout=_PATIENCE_COUNTING,
        )
        return int(rows[0]["count(*)"])

    def _first_free(self, receipt: RemoteRows) -> int:
        """Return an identifier that is greater than all that the collection has or will get.

        A block that was on its way when a build was killed may still arrive, and Milvus would
        keep two rows of the same identifier: those that it may have are passed over.
        """
        free = receipt.end
        while True:
            rows = self.client.query(
                receipt.name,
                filter=f"id >= {free}",
                output_fields=["id"],
                limit=_MOST,
                consistency_level=_ALL,
                timeout=_PATIENCE_COUNTING,
            )
            if not rows:
                return free + BLOCK
            free = 1 + max(int(row["id"]) for row in rows)

    def _found(
        self, receipt: RemoteRows, vector: Vectors, limit: int, effort: int, only: str
    ) -> tuple[Ids, Vectors]:
        """Return the identifiers and scores of the nearest rows that a filter lets through."""
        with self.asked():
            (found,) = self.client.search(
                receipt.name,
                data=[vector],
                filter=only,
                limit=limit,
                search_params={
                    "metric_type": "IP",
                    "params": {"ef": max(effort, limit)} if effort else {},
                },
                consistency_level=_WHAT_IS_THERE,
                timeout=_PATIENCE,
            )
        ids = np.array([hit["id"] for hit in found], dtype=np.int64)
        return ids, np.array([hit["distance"] for hit in found], dtype=np.float32)

    def _create(self, receipt: RemoteRows, exact: bool) -> None:
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=receipt.dimension)
        indexes = self.client.prepare_index_params()
        parameters = {} if exact else {"M": LINKS, "efConstruction": CANDIDATES_BUILDING}
        indexes.add_index(
            "vector", index_type="FLAT" if exact else "HNSW", metric_type="IP", params=parameters
        )
        self.client.create_collection(
            receipt.name, schema=schema, index_params=indexes, timeout=_PATIENCE_BUILDING
        )


def _among(ranges: Ids, rows: int) -> str:
    """Return the filter for rows whose identifiers are in some ranges, not overlapping.

    Args:
        ranges: int64, (n, 2): each from its first up to, but not including, its second.
        rows: About how many rows the collection has.

    """
    is_long = (ranges[:, 1] - ranges[:, 0]) * _LISTED_ONE_IN > rows
    alternatives = [f"({start} <= id < {end})" for start, end in ranges[is_long]]
    listed = [each for start, end in ranges[~is_long].tolist() for each in range(start, end)]
    if listed:
        alternatives.append(f"(id in {listed})")
    # In pairs, and pairs of pairs: Milvus refuses what is nested deeper than some dozens.
    while len(alternatives) > 1:
        pairs = zip(alternatives[::2], [*alternatives[1::2], ""], strict=False)
        alternatives = [f"({one} or {other})" if other else one for one, other in pairs]
    return alternatives[0]


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
