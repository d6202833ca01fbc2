"""Every store passes the same tests: FAISS, and the real servers of PostgreSQL and Milvus."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FaissStore
from citadel.index.stores.milvus import MilvusStore
from citadel.index.stores.postgres import PostgresStore
from citadel.index.stores.remote import name_prefix
from tests.servers import Server, milvus, postgres


@pytest.fixture(scope="package")
def postgres_server() -> Iterator[Server]:
    with postgres() as server:
        yield server


@pytest.fixture(scope="package")
def milvus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with milvus(tmp_path_factory.mktemp("milvus") / "data") as server:
        yield server


# Milvus takes seconds to keep anything, and half a minute to start: make torture has the time.
MILVUS = pytest.param("milvus", marks=pytest.mark.torture)


@pytest.fixture(params=["postgres", MILVUS])
def server(request: pytest.FixtureRequest) -> Server:
    running: Server = request.getfixturevalue(f"{request.param}_server")
    return running


def connect(server: Server, namespace: str) -> Any:
    """A store on a server; in the end to be closed."""
    return {"postgres": PostgresStore, "milvus": MilvusStore}[server.store](server.url, namespace)


@pytest.fixture
def namespace() -> str:
    """What no other test uses."""
    return f"{np.random.default_rng().integers(2**32):08x}"


@pytest.fixture
def server_store(server: Server, namespace: str) -> Iterator[Any]:
    with closing(connect(server, namespace)) as opened:
        yield opened


@pytest.fixture(params=["faiss", "postgres", MILVUS])
def store(request: pytest.FixtureRequest, namespace: str) -> Iterator[VectorStore]:
    if request.param == "faiss":
        yield FaissStore()
        return
    with closing(connect(request.getfixturevalue(f"{request.param}_server"), namespace)) as opened:
        yield opened


def rows_there(store: Any) -> dict[str, int]:
    """How many rows each table of a store has on its server, whosever they are."""
    prefix = name_prefix(store._namespace)
    if isinstance(store, PostgresStore):
        with store.connection() as connection:
            names = store._tables(connection, prefix)
            query = "SELECT count(*) FROM {}"
            counts = {name: connection.execute(query.format(name)).fetchone() for name in names}
        return {name: count[0] for name, count in counts.items() if count is not None}
    names = [name for name in store.client.list_collections() if name.startswith(prefix)]
    return {name: store._count(name, "") for name in names}


def remove_row(store: Any, table: str, row: int) -> None:
    """Take away a row behind the back of a store."""
    if isinstance(store, PostgresStore):
        with store.connection() as connection:
            connection.execute(f"DELETE FROM {table} WHERE id = {row}")
    else:
        store.client.delete(table, ids=[row])
