"""Keeping vectors, and finding them again."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citadel.index.build.build import BuildOptions, build_index
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search
from citadel.index.snapshots.loading import load
from citadel.index.snapshots.snapshots import current_name, snapshot_names
from citadel.index.stores import milvus as milvus_module
from citadel.index.stores import postgres as postgres_module
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FAISS
from citadel.index.stores.milvus import MilvusStore
from citadel.index.stores.postgres import PostgresStore
from citadel.index.stores.recall import EXACT
from citadel.index.stores.remote import RemoteRows, table_name
from tests.servers import Server
from tests.stores.conftest import connect
from tests.stores.rows import ONE, OTHERS, ROWS, TWO, Vectors, assert_finds

QUESTION = "Who leads Jaish Halab?"


def test_a_store_finds_what_an_exact_search_finds(store: VectorStore) -> None:
    kept = store.keep(ONE, "passages", ROWS)
    again = store.open(kept.to_bytes(), f"passages.{store.name}", kept.quality)
    for vectors in (kept, again):
        assert (vectors.store, len(vectors), vectors.dimension) == (store.name, 300, 24)
        assert vectors.quality == EXACT
        for question in (ROWS[7], OTHERS[0], OTHERS[1]):
            for count in (1, 50, 1000):
                assert_finds(vectors, ROWS, question, count)
            exact = ROWS @ question
            for wanted in ([5], [299, 0, 0, 17], list(range(200)), []):
                scores = vectors.scores(question, np.array(wanted, dtype=np.int64))
                np.testing.assert_allclose(scores, exact[wanted], atol=1e-6)
                assert scores.dtype.name == "float32"


def test_snapshots_stand_apart_until_they_are_dropped(
    server: Server, server_store: Any, namespace: str
) -> None:
    kept = {
        snapshot: server_store.keep(snapshot, "sentences", rows)
        for snapshot, rows in ((ONE, ROWS), (TWO, OTHERS))
    }
    with closing(connect(server, f"{namespace}0")) as stranger:
        stranger.drop_all_but([])
    for snapshot, rows in ((ONE, ROWS), (TWO, OTHERS)):
        best, _ = kept[snapshot].search(rows[3], 1)
        assert (best.tolist(), len(kept[snapshot])) == ([3], len(rows))
    server_store.drop_all_but([kept[TWO].to_bytes()])
    assert server_store.open(kept[TWO].to_bytes(), "sentences", EXACT).search(OTHERS[3], 1)[
        0
    ].tolist() == [3]
    with pytest.raises(DamagedIndexError) as caught:
        server_store.open(kept[ONE].to_bytes(), "sentences", EXACT)
    assert str(caught.value) == (
        f"The {server.store} store at {server_store.server} has nothing under the name "
        f"{table_name(namespace, ONE, 'sentences')}, not 300 vectors; see that --store-url is "
        f"that of the build, or run “python -m index build --store {server.store}” with it to "
        "build the index again."
    )


def test_vectors_that_are_not_all_there(server_store: Any) -> None:
    receipt = server_store.keep(ONE, "passages", OTHERS).receipt
    more = RemoteRows(receipt.name, receipt.dimension, np.array([[0, 41]]))
    with pytest.raises(DamagedIndexError, match=r"has 40 vectors under the name .*, not 41"):
        server_store.open(more.to_bytes(), "passages", EXACT)


def test_a_file_that_is_no_receipt(server_store: Any) -> None:
    for data in (b"", b"[1]", b'{"name": "x"}', b'{"name": "x", "dimension": 1, "ranges": [3]}'):
        with pytest.raises(ValueError, match=r"^passages\.postgres does not tell where"):
            server_store.open(data, "passages.postgres", EXACT)


def test_a_search_among_some_rows(store: VectorStore) -> None:
    vectors = store.keep(ONE, "passages", ROWS)
    for rows in (np.array([5]), np.arange(100, 250), np.r_[0:3, 7, 298:300], np.arange(0, 300, 2)):
        allowed = np.zeros(300, dtype=bool)
        allowed[rows] = True
        assert_finds(vectors, ROWS, OTHERS[2], 50, allowed)
    ids, scores = vectors.search(OTHERS[2], 50, np.zeros(300, dtype=bool))
    assert (ids.tolist(), scores.tolist()) == ([], [])


def test_a_large_collection_gets_an_index(
    server_store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (postgres_module, milvus_module):
        monkeypatch.setattr(module, "_EXACT_UP_TO", 299)
    kept = server_store.keep(ONE, "passages", ROWS)
    assert (kept.quality.index, kept.quality.effort, kept.quality.queries) == ("HNSW16", 64, 256)
    assert kept.quality.reaches_floor
    assert kept.quality.score_error < 1e-5
    again = server_store.open(kept.to_bytes(), "passages", kept.quality)
    ids, _ = again.search(ROWS[9], 50)
    assert (ids[0], len(ids)) == (9, 50)


class Stopping:
    """Vectors on whose way to the server the server is stopped."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.shape = ROWS.shape

    def __len__(self) -> int:
        return len(ROWS)

    def __getitem__(self, rows: Any) -> Vectors:
        self._server.stop()
        return np.asarray(ROWS[rows])


def failing_calls(
    store: Any, vectors: Any, server: Server, namespace: str
) -> dict[str, Callable[[], object]]:
    return {
        "search": lambda: vectors.search(ROWS[0], 3),
        "scores": lambda: vectors.scores(ROWS[0], np.array([3])),
        "keep": lambda: store.keep(TWO, "passages", OTHERS),
        "open": lambda: store.open(vectors.to_bytes(), "passages", EXACT),
        "drop": lambda: store.drop_all_but([]),
        "connect": lambda: connect(server, namespace),
    }


def test_a_server_that_stops(server: Server, server_store: Any, namespace: str) -> None:
    kept = server_store.keep(ONE, "passages", ROWS)
    try:
        with pytest.raises(CitadelError) as during_build:
            server_store.keep(TWO, "passages", Stopping(server))
        errors = {"build": during_build}
        for name, call in failing_calls(server_store, kept, server, namespace).items():
            with pytest.raises(CitadelError) as errors[name]:
                call()
    finally:
        server.start()
    for name, caught in errors.items():
        said = str(caught.value)
        assert said.startswith(f"The {server.store} store at {server_store.server} failed ("), name
        assert said.endswith(
            "); see that the server runs and that --store-url is right, then try again."
        ), name
        assert "\n" not in said, name
    # It answers again, has all that it had, and nothing of the build that failed once that is
    # tidied up.
    server_store.drop_all_but([kept.to_bytes()])
    receipt = RemoteRows.of(table_name(namespace, TWO, "passages"), ROWS)
    with pytest.raises(DamagedIndexError, match="has nothing under the name"):
        server_store.open(receipt.to_bytes(), "passages", EXACT)
    again = server_store.open(kept.to_bytes(), "passages", EXACT)
    for vectors in (kept, again):
        assert vectors.search(ROWS[7], 1)[0].tolist() == [7]


def test_postgres_gives_up_what_takes_too_long(postgres_server: Server, namespace: str) -> None:
    with closing(PostgresStore(postgres_server.url, namespace)) as store:
        with (
            pytest.raises(CitadelError, match="canceling statement due to statement timeout"),
            store.connection(1) as connection,
        ):
            connection.execute("SELECT pg_sleep(60)")
        for seconds in (1, 0, 7):
            with store.connection(seconds) as connection:
                limit = connection.execute("SHOW statement_timeout").fetchone()
            assert limit == (f"{seconds}s" if seconds else "0",)


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        (PostgresStore, "postgresql://citadel:secret@@host:x y/db"),
        (PostgresStore, "secret"),
        (MilvusStore, "secret"),
        (MilvusStore, "http://citadel:secret@host"),
        (MilvusStore, "http://citadel:secret@host:port"),
        (MilvusStore, "ftp://citadel:secret@host:19530"),
        (PostgresStore, "postgresql://citadel:secret@127.0.0.1:1/db"),
        (MilvusStore, "http://citadel:secret@127.0.0.1:1/db"),
    ],
)
def test_no_message_shows_a_password(kind: Any, url: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(CitadelError) as caught:
        kind(url, "0")
    assert "secret" not in str(caught.value) + caplog.text
    assert "--store-url" in str(caught.value)


def test_an_index_answers_alike_whatever_keeps_its_vectors(
    server: Server,
    server_store: Any,
    tmp_path: Path,
    passage_index: PassageIndex,
    encoder: Encoder,
) -> None:
    built = build_index(
        passage_index.articles,
        tmp_path,
        encoder,
        lambda *_: None,
        options=BuildOptions(store=server_store),
    )
    for index in (built, load(tmp_path, encoder, server_store)):
        expected = search(passage_index, Query(QUESTION), 5)
        found = search(index, Query(QUESTION), 5)
        assert [hit.passage for hit in found.hits] == [hit.passage for hit in expected.hits]
        assert found.quotable == expected.quotable
        np.testing.assert_allclose(
            [hit.score for hit in found.hits], [hit.score for hit in expected.hits], atol=1e-5
        )
    with pytest.raises(CitadelError) as caught:
        load(tmp_path, encoder, FAISS)
    assert str(caught.value) == (
        f"The index in {tmp_path} keeps its vectors in the {server.store} store; "
        f"give --store {server.store} and its --store-url."
    )


def test_a_build_that_fails_leaves_the_current_snapshot(
    server: Server, server_store: Any, tmp_path: Path, passage_index: PassageIndex, encoder: Encoder
) -> None:
    articles = passage_index.articles
    build_index(
        articles, tmp_path, encoder, lambda *_: None, options=BuildOptions(store=server_store)
    )
    current = current_name(tmp_path)

    def stop_when_all_is_embedded(done: int, total: int) -> None:
        if done == total:
            server.stop()

    try:
        with pytest.raises(CitadelError, match=f"The {server.store} store at .* failed"):
            build_index(
                articles,
                tmp_path,
                encoder,
                stop_when_all_is_embedded,
                options=BuildOptions(store=server_store),
            )
    finally:
        server.start()
    assert (current_name(tmp_path), snapshot_names(tmp_path)) == (current, (current,))
    hits = search(load(tmp_path, encoder, server_store), Query(QUESTION), 1).hits
    assert hits[0].passage == search(passage_index, Query(QUESTION), 1).hits[0].passage
