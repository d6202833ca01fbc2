"""Vectors in PostgreSQL with pgvector. The only module that imports psycopg and pgvector."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from pgvector.psycopg import register_vector
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

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

_EXACT_UP_TO = 20_000
"""The most rows that are compared one by one: PostgreSQL takes some 10 ms for them."""

_LINKS = 16
_CANDIDATES_BUILDING = 100
_EFFORTS = (64, 128, 256, 512, 1000)
"""How many candidates an HNSW search may keep (``hnsw.ef_search``); 1,000 is pgvector's most."""

_PATIENCE = 10
"""Seconds to wait for a connection, or for what a search asks."""

_AS_LONG_AS_IT_TAKES = 0

_NEAREST = sql.SQL(
    "SELECT id, -(vector <#> %(vector)b) FROM {} ORDER BY vector <#> %(vector)b LIMIT %(count)s"
)
# The sum keeps PostgreSQL from using the index, which would leave out most of the rows found.
_NEAREST_AMONG = sql.SQL(
    "SELECT id, -(vector <#> %(vector)b) FROM {} WHERE id = ANY(%(allowed)b::integer[]) "
    "ORDER BY (vector <#> %(vector)b) + 0 LIMIT %(count)s"
)


class PostgresStore:
    """Keeps every kind of vectors of a generation in a table of its own.

    Up to ``_EXACT_UP_TO`` rows are compared one by one; more get an HNSW index (Malkov and
    Yashunin 2018, arXiv:1603.09320), whose recall is measured as that of FAISS is.
    """

    name = "postgres"

    def __init__(self, url: str, namespace: str) -> None:
        """Connect to a database in which the extension “vector” is there or may be created.

        Args:
            url: As libpq takes it, for instance postgresql://user@host/database; what it leaves
                out, the password above all, libpq takes from its own environment and files.
            namespace: What tells this folder of indexes from others in the same database.

        Raises:
            CitadelError: The URL makes no sense, or the server fails.

        """
        self._url = url
        self._namespace = namespace
        self._idle: list[psycopg.Connection[Any]] = []
        self.server = _without_password(url)
        with self.connection():
            pass

    def close(self) -> None:
        """Close all connections."""
        while self._idle:
            self._idle.pop().close()

    def keep(self, generation: str, kind: str, vectors: Vectors) -> PostgresVectors:
        """Fill a new table and index it in one transaction, so that it is there whole or not."""
        receipt = Receipt.of(stored_name(self._namespace, generation, kind), vectors)
        table = sql.Identifier(receipt.name)
        exact = len(vectors) <= _EXACT_UP_TO
        with self.connection() as connection, connection.transaction():
            connection.execute(
                sql.SQL("CREATE TABLE {} (id integer PRIMARY KEY, vector vector({}))").format(
                    table, sql.Literal(receipt.dimension)
                )
            )
            with connection.cursor().copy(
                sql.SQL("COPY {} (id, vector) FROM STDIN (FORMAT BINARY)").format(table)
            ) as copy:
                copy.set_types(["int4", "vector"])
                for first in range(0, len(vectors), BLOCK):
                    for row, vector in enumerate(np.asarray(vectors[first : first + BLOCK])):
                        copy.write_row((first + row, vector))
            if not exact:
                connection.execute(
                    sql.SQL(
                        "CREATE INDEX ON {} USING hnsw (vector vector_ip_ops) "
                        "WITH (m = {}, ef_construction = {})"
                    ).format(table, sql.Literal(_LINKS), sql.Literal(_CANDIDATES_BUILDING))
                )
        if exact:
            return PostgresVectors(self, receipt, EXACT)

        def search_with(effort: int) -> Search:
            quality = SearchQuality("HNSW", effort, 0.0, 0.0, 0, 0.0)
            return PostgresVectors(self, receipt, quality).search

        quality = measure_quality(vectors, f"HNSW{_LINKS}", _EFFORTS, search_with)
        return PostgresVectors(self, receipt, quality)

    def follow(
        self, _earlier: SearchableVectors, _numbers: npt.NDArray[np.int64], _new: Vectors
    ) -> None:
        """Return None: each generation has its vectors to itself."""

    def open(self, data: bytes, file: str, quality: SearchQuality) -> PostgresVectors:
        """Find the table of a receipt again; refuse one that is gone or has other rows."""
        receipt = Receipt.from_bytes(data, file)
        with self.connection() as connection:
            if not self._tables(connection, receipt.name):
                raise missing_vectors(self.name, self.server, receipt, None)
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(receipt.name))
            found = connection.execute(query).fetchone()
        assert found is not None
        if found[0] != receipt.count:
            raise missing_vectors(self.name, self.server, receipt, found[0])
        return PostgresVectors(self, receipt, quality)

    def drop_all_but(self, generations: Collection[str]) -> None:
        """Drop the tables of other generations of this namespace."""
        kept = tuple(generation_prefix(self._namespace, each) for each in generations)
        with self.connection() as connection:
            for name in self._tables(connection, generation_prefix(self._namespace)):
                if not name.startswith(kept):
                    connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))

    @contextmanager
    def connection(self, seconds: int = _AS_LONG_AS_IT_TAKES) -> Iterator[psycopg.Connection[Any]]:
        """Lend a connection that no other thread uses meanwhile.

        Args:
            seconds: How long the server may take for each statement; 0 for any time.

        Raises:
            CitadelError: There is none, or it fails while it is lent.

        """
        try:
            connection = self._idle_connection(seconds) or self._new_connection(seconds)
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
        except psycopg.Error as error:
            raise server_error(self.name, self.server, str(error)) from error
        self._idle.append(connection)

    def _idle_connection(self, seconds: int) -> psycopg.Connection[Any] | None:
        """Return a connection that still works after its last use, if there is one."""
        while self._idle:
            connection = self._idle.pop()
            try:
                _limit(connection, seconds)
            except psycopg.OperationalError:
                # The server was restarted since.
                connection.close()
            else:
                return connection
        return None

    def _new_connection(self, seconds: int) -> psycopg.Connection[Any]:
        connection = psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=_PATIENCE,
            # A machine that is gone says nothing; the system would wait a quarter of an hour.
            tcp_user_timeout=1000 * _PATIENCE,
            keepalives_idle=_PATIENCE,
            keepalives_interval=2,
            keepalives_count=3,
        )
        connection.execute("SET client_min_messages TO warning")
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        register_vector(connection)
        _limit(connection, seconds)
        return connection

    def _tables(self, connection: psycopg.Connection[Any], prefix: str) -> list[str]:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables "
            "WHERE schemaname = current_schema() AND starts_with(tablename, %s) "
            "ORDER BY tablename",
            (prefix,),
        )
        return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class PostgresVectors:
    """The vectors of one table.

    Attributes:
        engine: Where the table is.
        receipt: What it holds.
        quality: How well the nearest are found.

    """

    engine: PostgresStore
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
        query = _NEAREST if allowed is None else _NEAREST_AMONG
        rows_allowed = None if allowed is None else np.flatnonzero(allowed).tolist()
        with self.engine.connection(_PATIENCE) as connection:
            if self.quality.effort:
                connection.execute(f"SET hnsw.ef_search = {self.quality.effort:d}")
            rows = connection.execute(
                query.format(sql.Identifier(self.receipt.name)),
                {"vector": vector, "count": count, "allowed": rows_allowed},
                binary=True,
            ).fetchall()
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        return ids, np.array([row[1] for row in rows], dtype=np.float32)

    def scores(self, vector: Vectors, ids: npt.NDArray[np.int64]) -> Vectors:
        """Return the score of each given row for the vector, in the order of ``ids``."""
        wanted, places = np.unique(ids, return_inverse=True)
        query = sql.SQL("SELECT -(vector <#> %b) FROM {} WHERE id = ANY(%b) ORDER BY id").format(
            sql.Identifier(self.receipt.name)
        )
        with self.engine.connection(_PATIENCE) as connection:
            rows = connection.execute(query, (vector, wanted.tolist()), binary=True).fetchall()
        if len(rows) != len(wanted):
            raise missing_vectors(self.engine.name, self.engine.server, self.receipt, len(rows))
        return np.array([row[0] for row in rows], dtype=np.float32)[places]

    def to_bytes(self) -> bytes:
        """Return the receipt."""
        return self.receipt.to_bytes()


def _limit(connection: psycopg.Connection[Any], seconds: int) -> None:
    """Let the server give up what takes longer."""
    connection.execute(f"SET statement_timeout = '{seconds:d}s'")


def _without_password(url: str) -> str:
    """Return where a URL leads to, to be printed.

    Raises:
        CitadelError: It makes no sense. The message does not repeat it: it may hold a password.

    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise CitadelError(
            "--store-url is no address of a PostgreSQL database; give one like "
            "postgresql://user@host:5432/database."
        ) from None
    host = parts.get("host") or "localhost"
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{host}{port}/{parts.get('dbname') or ''}"
