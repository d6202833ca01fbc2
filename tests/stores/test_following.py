"""Snapshots that share a table: what each finds, and what is sent to the server for it."""

from contextlib import closing
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.stores import milvus as milvus_module
from citadel.index.stores import postgres as postgres_module
from citadel.index.stores.base import SearchableVectors, VectorStore
from citadel.index.stores.faiss_store import FAISS
from citadel.index.stores.recall import EXACT
from tests.servers import Server
from tests.stores.conftest import connect, remove_row, rows_there
from tests.stores.rows import ONE, OTHERS, ROWS, TWO, Vectors, assert_finds, unit

Numbers = npt.NDArray[np.int64]

QUESTIONS = (ROWS[7], OTHERS[0], OTHERS[1])


def merged(rows: Vectors, numbers: Numbers, new: Vectors) -> Vectors:
    """The vectors of a snapshot that keeps some rows and has new ones."""
    after = np.empty((len(numbers), rows.shape[1]), dtype=np.float32)
    after[numbers >= 0] = rows[numbers[numbers >= 0]]
    after[numbers < 0] = new
    return after


def followed(
    store: VectorStore, earlier: SearchableVectors, numbers: Numbers, new: Vectors
) -> SearchableVectors:
    vectors = store.follow(earlier, numbers, new)
    assert vectors is not None
    return vectors


def assert_answers(vectors: SearchableVectors, rows: Vectors) -> None:
    """See that searches and scores are those of these rows and no others."""
    assert (len(vectors), vectors.dimension) == rows.shape
    some = np.zeros(len(rows), dtype=bool)
    some[::3] = True
    some[20:60] = True
    for question in (*QUESTIONS, rows[-1]):
        for count in (1, 50, 1000):
            assert_finds(vectors, rows, question, count)
        assert_finds(vectors, rows, question, 50, some)
        wanted = np.array([len(rows) - 1, 0, 17, 0])
        np.testing.assert_allclose(
            vectors.scores(question, wanted), rows[wanted] @ question, atol=1e-6
        )


def inserted(count: int, place: int, new: int) -> Numbers:
    """Numbers of all rows that there were, and of new ones before one of them."""
    return np.insert(np.arange(count), place, [-1] * new)


def test_snapshots_one_after_another(store: VectorStore) -> None:
    snapshots = [(store.keep(ONE, "passages", ROWS), ROWS)]

    def follow(before: int, numbers: Numbers, new: Vectors) -> None:
        vectors, rows = snapshots[before]
        snapshots.append((followed(store, vectors, numbers, new), merged(rows, numbers, new)))

    # Some are added in the middle, some removed, one is changed, some are added at the end; and
    # after a rollback to the first of these, one is added before all.
    follow(0, inserted(300, 100, 4), OTHERS[:4])
    follow(1, np.delete(np.arange(304), [0, 50, 51, 102, 303]), OTHERS[:0])
    follow(2, np.where(np.arange(299) == 7, -1, np.arange(299)), OTHERS[4:5])
    follow(3, inserted(299, 299, 6), OTHERS[5:11])
    follow(1, inserted(304, 0, 1), OTHERS[39:])
    for vectors, rows in snapshots:
        assert_answers(vectors, rows)
        again = store.open(vectors.to_bytes(), f"passages.{store.name}", vectors.quality)
        assert_answers(again, rows)
        assert vectors.quality == EXACT


def test_only_new_rows_are_sent(server_store: Any) -> None:
    founded = server_store.keep(ONE, "passages", ROWS)
    more = followed(server_store, founded, inserted(300, 5, 4), OTHERS[:4])
    fewer = followed(server_store, more, np.delete(np.arange(304), [0, 1]), OTHERS[:0])
    assert rows_there(server_store) == {founded.receipt.name: 304}
    # After a rollback, rows of the snapshot that was left stay.
    other = followed(server_store, founded, inserted(300, 300, 2), OTHERS[4:6])
    assert rows_there(server_store) == {founded.receipt.name: 306}
    assert [len(each) for each in (founded, more, fewer, other)] == [300, 304, 302, 302]


def test_a_table_stays_as_long_as_a_snapshot_needs_it(server_store: Any) -> None:
    founded = server_store.keep(ONE, "passages", ROWS)
    server_store.keep(TWO, "sentences", OTHERS)
    more = followed(server_store, founded, inserted(300, 5, 4), OTHERS[:4])
    server_store.drop_all_but([more.to_bytes()])
    assert rows_there(server_store) == {founded.receipt.name: 304}
    assert_answers(more, merged(ROWS, inserted(300, 5, 4), OTHERS[:4]))
    server_store.drop_all_but([])
    assert rows_there(server_store) == {}


def test_rows_left_over_by_builds_that_failed(server_store: Any) -> None:
    founded = server_store.keep(ONE, "passages", ROWS)
    for number in range(3):
        followed(server_store, founded, inserted(300, 5, 4), OTHERS[4 * number :][:4])
    more = followed(server_store, founded, inserted(300, 5, 2), OTHERS[20:22])
    assert rows_there(server_store) == {founded.receipt.name: 314}
    assert_answers(founded, ROWS)
    assert_answers(more, merged(ROWS, inserted(300, 5, 2), OTHERS[20:22]))
    # When they are too many, a new table is founded.
    assert server_store.follow(more, np.arange(2, 302), OTHERS[:0]) is not None
    assert server_store.follow(more, np.arange(3, 302), OTHERS[:0]) is None


def near(question: Vectors, count: int) -> Vectors:
    """Vectors that are nearer to a question than any of ``ROWS``."""
    noise = 0.05 * np.random.default_rng(7).normal(size=(count, len(question)))
    return unit(question + noise)


def test_rows_of_others_that_are_nearer_than_all(server_store: Any) -> None:
    question = OTHERS[3]
    stale = near(question, 14)
    rows = np.concatenate([ROWS[:150], stale, ROWS[150:]])
    founded = server_store.keep(ONE, "passages", rows)
    fewer = followed(server_store, founded, np.delete(np.arange(314), range(150, 164)), OTHERS[:0])
    newer = near(-question, 120)
    more = followed(server_store, fewer, inserted(300, 0, 120), newer)
    for vectors, own in ((founded, rows), (fewer, ROWS), (more, np.concatenate([newer, ROWS]))):
        for asked in (question, -question):
            for count in (1, 3, 50, 300):
                assert_finds(vectors, own, asked, count)


def approximate(monkeypatch: pytest.MonkeyPatch, *efforts: int) -> None:
    """Let more than 299 vectors get an HNSW index that is searched with no other efforts."""
    for module in (postgres_module, milvus_module):
        monkeypatch.setattr(module, "_EXACT_UP_TO", 299)
        monkeypatch.setattr(module, "_EFFORTS", efforts)


@pytest.mark.parametrize("efforts", [(64, 128, 256), (16, 32)])
def test_an_approximate_search_among_rows_of_others(
    server_store: Any, efforts: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No 64 candidates hold twenty of its own; 128 do, or all are compared one by one."""
    approximate(monkeypatch, *efforts)
    rows = unit(np.random.default_rng(8).normal(size=(1200, 24)))
    question = OTHERS[3]
    founded = server_store.keep(ONE, "passages", np.concatenate([rows, near(question, 56)]))
    fewer = followed(server_store, founded, np.arange(1200), OTHERS[:0])
    assert (fewer.quality.index, fewer.quality.changed) == ("HNSW16", 56)
    assert_finds(fewer, rows, question, 20)
    some = np.zeros(1200, dtype=bool)
    some[300:900] = True
    assert_finds(fewer, rows, question, 20, some)


def test_too_much_has_changed_to_follow(server_store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    founded = server_store.keep(ONE, "passages", ROWS)
    assert server_store.follow(founded, np.arange(14, 300), OTHERS[:0]) is not None
    assert server_store.follow(founded, np.arange(15, 300), OTHERS[:0]) is None
    for module in (postgres_module, milvus_module):
        monkeypatch.setattr(module, "_EXACT_UP_TO", 304)
    assert server_store.follow(founded, inserted(300, 0, 4), OTHERS[:4]) is not None
    assert server_store.follow(founded, inserted(300, 0, 5), OTHERS[:5]) is None
    other = FAISS.keep(ONE, "passages", ROWS)
    assert server_store.follow(other, np.arange(300), OTHERS[:0]) is None
    assert rows_there(server_store) == {founded.receipt.name: 304}


def test_too_much_has_changed_since_recall_was_measured(
    server_store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    approximate(monkeypatch, 64)
    founded = server_store.keep(ONE, "passages", np.concatenate([ROWS, OTHERS]))
    one = followed(server_store, founded, inserted(340, 9, 10), OTHERS[:10])
    two = followed(server_store, one, np.arange(3, 350), OTHERS[:0])
    three = followed(server_store, two, inserted(347, 9, 4), OTHERS[:4])
    assert [each.quality.changed for each in (founded, one, two, three)] == [0, 10, 13, 17]
    assert server_store.follow(three, inserted(351, 9, 1), OTHERS[:1]) is None
    assert server_store.follow(founded, np.arange(299), OTHERS[:0]) is None


def test_rows_that_a_server_lost_though_it_has_more(server_store: Any) -> None:
    founded = server_store.keep(ONE, "passages", ROWS)
    more = followed(server_store, founded, inserted(300, 5, 4), OTHERS[:4])
    remove_row(server_store, founded.receipt.name, 3)
    for vectors, found in ((founded, 299), (more, 303)):
        with pytest.raises(DamagedIndexError, match=rf"has {found} vectors under the name"):
            server_store.open(vectors.to_bytes(), "passages", EXACT)
    # A snapshot that has no use for that row is whole.
    numbers = np.delete(np.arange(304), 3)
    without = followed(server_store, more, numbers, OTHERS[:0])
    again = server_store.open(without.to_bytes(), "passages", EXACT)
    assert_answers(again, merged(ROWS, inserted(300, 5, 4), OTHERS[:4])[numbers])


class Stopping:
    """New vectors; the server is stopped when the second block of them is to be sent."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.shape = OTHERS[:12].shape

    def __len__(self) -> int:
        return 12

    def __getitem__(self, rows: slice) -> Vectors:
        if rows.start > 0:
            self._server.stop()
        return OTHERS[rows]


def test_a_server_that_stops_while_rows_are_sent(
    server: Server, server_store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (postgres_module, milvus_module):
        monkeypatch.setattr(module, "BLOCK", 5)
    founded = server_store.keep(ONE, "passages", ROWS)
    numbers = inserted(300, 5, 12)
    try:
        with pytest.raises(CitadelError, match=f"The {server.store} store at .* failed"):
            server_store.follow(founded, numbers, Stopping(server))
    finally:
        server.start()
    again = server_store.open(founded.to_bytes(), "passages", EXACT)
    # Milvus has the first block, which is of no use to anybody; a transaction leaves nothing.
    left_over = {"postgres": 0, "milvus": 5}[server.store]
    assert rows_there(server_store) == {founded.receipt.name: 300 + left_over}
    assert_answers(again, ROWS)
    more = followed(server_store, again, numbers, OTHERS[12:24])
    assert_answers(more, merged(ROWS, numbers, OTHERS[12:24]))
    assert_answers(founded, ROWS)


def test_rows_outlive_a_server_that_stops(server: Server, server_store: Any) -> None:
    founded = server_store.keep(ONE, "passages", ROWS)
    more = followed(server_store, founded, inserted(300, 5, 4), OTHERS[:4])
    server.stop()
    server.start()
    again = server_store.open(more.to_bytes(), "passages", EXACT)
    assert_answers(again, merged(ROWS, inserted(300, 5, 4), OTHERS[:4]))


@pytest.mark.torture
def test_rows_that_reach_milvus_after_their_build_was_killed(
    milvus_server: Server, namespace: str
) -> None:
    with closing(connect(milvus_server, namespace)) as store:
        founded = store.keep(ONE, "passages", ROWS)
        more = followed(store, founded, inserted(300, 5, 4), OTHERS[:4])
        late = [{"id": 300 + row, "vector": vector} for row, vector in enumerate(near(ROWS[7], 9))]
        store.client.insert(founded.receipt.name, late)
        assert rows_there(store) == {founded.receipt.name: 313}
        assert_answers(more, merged(ROWS, inserted(300, 5, 4), OTHERS[:4]))
