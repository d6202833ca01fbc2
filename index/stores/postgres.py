"""Vectors in PostgreSQL with pgvector. The only module that imports psycopg and pgvector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psycopg
from pgvector.psycopg import register_vector
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

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
    server_error,
    table_name,
    tables_named,
)

_EXACT_UP_TO = 20_000
"""The most rows that are compared one by one: PostgreSQL takes some 10 ms for them."""

_EFFORTS = (64, 128, 256, 512, 1000)
"""How many candidates an HNSW search may keep (``hnsw.ef_search``); 1,000 is pgvector's most."""

_PATIENCE = 10
"""Seconds to wait for a connection, or for what a search asks."""

_AS_LONG_AS_IT_TAKES = 0

# As many as an HNSW index finds, of any snapshot: a condition would not let it find more.
_NEAREST_OF_ALL = sql.SQL(
    "SELECT id, -(vector <#> %(vector)b) FROM {} ORDER BY vector <#> %(vector)b LIMIT %(effort)s"
)
# The sum keeps PostgreSQL from using the index, which would leave out most of the rows found.
_NEAREST = sql.SQL(
    "SELECT id, -(vector <#> %(vector)b) FROM {} WHERE {} "
    "ORDER BY (vector <#> %(vector)b) + 0 LIMIT %(count)s"
)
_AMONG = sql.SQL("id = ANY(%(among)b::integer[])")
_OWN = sql.SQL("id <@ %(own)s::int4multirange")


class PostgresStore:
    """Keeps every kind of vectors in a table, which snapshots share.

    Up to ``_EXACT_UP_TO`` rows are compared one by one; more get an HNSW index, whose recall is
    measured as that of FAISS is.
    """

    name = "postgres"

    def __init__(self, url: str, namespace: str) -> None:
        """Connect to a database in which the extension “vector” is there or may be created.

        Args:
            url: As libpq takes it, for instance postgresql://user@host/database; what it leaves
                out, the password above all, libpq takes from its own environment and files.
            namespace: What distinguishes this folder of indexes from others in the same database.

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

    def keep(self, snapshot: str, kind: str, vectors: Vectors) -> RemoteVectors:
        """Fill a new table and index it in one transaction, so that it is there whole or not."""
        receipt = RemoteRows.of(table_name(self._namespace, snapshot, kind), vectors)
        table = sql.Identifier(receipt.name)
        exact = len(vectors) <= _EXACT_UP_TO
        with self.connection() as connection, connection.transaction():
            connection.execute(
                sql.SQL("CREATE TABLE {} (id integer PRIMARY KEY, vector vector({}))").format(
                    table, sql.Literal(receipt.dimension)
                )
            )
            _insert(connection, table, 0, vectors)
            if not exact:
                connection.execute(
                    sql.SQL(
                        "CREATE INDEX ON {} USING hnsw (vector vector_ip_ops) "
                        "WITH (m = {}, ef_construction = {})"
                    ).format(table, sql.Literal(LINKS), sql.Literal(CANDIDATES_BUILDING))
                )
        if exact:
            return RemoteVectors(self, receipt, EXACT)
        return RemoteVectors.measured(self, receipt, vectors, _EFFORTS)

    def follow(
        self, earlier: SearchableVectors, numbers: Ids, new: Vectors
    ) -> RemoteVectors | None:
        """Add the new rows to the table in one transaction, so that all are there or none."""
        if not isinstance(earlier, RemoteVectors):
            return None
        table = sql.Identifier(earlier.receipt.name)
        with self.connection() as connection, connection.transaction():
            # Identifiers have no gaps: those of a transaction that failed are given again.
            query = sql.SQL("SELECT coalesce(max(id) + 1, 0) FROM {}").format(table)
            rows = _number(connection, query)
            followed = earlier.followed(numbers, rows, rows, _EXACT_UP_TO)
            if followed is not None:
                _insert(connection, table, rows, new)
        return followed

    def open(self, data: bytes, file: str, quality: SearchQuality) -> RemoteVectors:
        """Find the rows of a receipt again; refuse a table that is gone or lacks some of them."""
        receipt = RemoteRows.from_bytes(data, file)
        with self.connection() as connection:
            if receipt.name not in self._tables(connection, receipt.name):
                raise missing_vectors(self, receipt, None)
            query = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(
                sql.Identifier(receipt.name), _OWN
            )
            found = _number(connection, query, {"own": _multirange(receipt)})
        if found != receipt.count:
            raise missing_vectors(self, receipt, found)
        return RemoteVectors(self, receipt, quality)

    def drop_all_but(self, remote_rows: Iterable[bytes]) -> None:
        """Drop the tables of this namespace that no receipt names."""
        needed = tables_named(remote_rows)
        with self.connection() as connection:
            for name in self._tables(connection, name_prefix(self._namespace)):
                if name not in needed:
                    connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))

    def nearest(
        self, receipt: RemoteRows, effort: int, vector: Vectors, count: int, among: Ids | None
    ) -> tuple[Ids, Vectors]:
        """See ``Engine.nearest``.

        An HNSW search finds rows of other snapshots, too. It is repeated with more effort until
        enough are found that may be returned; where none is enough, rows are compared one by one.
        """
        table = sql.Identifier(receipt.name)
        enough = max(effort, count)
        efforts = [each for each in _EFFORTS if each >= enough] if effort and among is None else []
        with self.connection(_PATIENCE) as connection:
            for each in efforts:
                connection.execute(f"SET hnsw.ef_search = {each:d}")
                query = _NEAREST_OF_ALL.format(table)
                ids, scores = _found(connection, query, {"vector": vector, "effort": each})
                own = receipt.numbers_of(ids) >= 0
                if own.sum() >= count:
                    return ids[own][:count], scores[own][:count]
            query = _NEAREST.format(table, _OWN if among is None else _AMONG)
            values = {"vector": vector, "count": count}
            if among is None:
                values["own"] = _multirange(receipt)
            else:
                values["among"] = among.tolist()
            return _found(connection, query, values)

    def scores(self, receipt: RemoteRows, vector: Vectors, ids: Ids) -> Vectors:
        """See ``Engine.scores``."""
        query = sql.SQL("SELECT -(vector <#> %b) FROM {} WHERE id = ANY(%b) ORDER BY id").format(
            sql.Identifier(receipt.name)
        )
        with self.connection(_PATIENCE) as connection:
            rows = connection.execute(query, (vector, ids.tolist()), binary=True).fetchall()
        return np.array([row[0] for row in rows], dtype=np.float32)

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
            raise server_error(self, str(error)) from error
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


def _insert(
    connection: psycopg.Connection[Any], table: sql.Identifier, first: int, vectors: Vectors
) -> None:
    """Send vectors whose identifiers follow one another."""
    with connection.cursor().copy(
        sql.SQL("COPY {} (id, vector) FROM STDIN (FORMAT BINARY)").format(table)
    ) as copy:
        copy.set_types(["int4", "vector"])
        for start in range(0, len(vectors), BLOCK):
            for row, vector in enumerate(np.asarray(vectors[start : start + BLOCK])):
                copy.write_row((first + start + row, vector))


def _found(
    connection: psycopg.Connection[Any], query: sql.Composed, values: dict[str, Any]
) -> tuple[Ids, Vectors]:
    """Return the identifiers and scores that a query gives."""
    rows = connection.execute(query, values, binary=True).fetchall()
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    return ids, np.array([row[1] for row in rows], dtype=np.float32)


def _number(
    connection: psycopg.Connection[Any], query: sql.Composed, values: dict[str, Any] | None = None
) -> int:
    """Return the only number that a query gives."""
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])


def _multirange(receipt: RemoteRows) -> str:
    """Write the identifiers of all rows of a receipt as PostgreSQL does."""
    ranges = ",".join(f"[{start},{end})" for start, end in receipt.own_ranges())
    return f"{{{ranges}}}"


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
