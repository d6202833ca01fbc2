"""Which rows of a table are those of a snapshot."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.stores.remote import RemoteRows, name_prefix, ranges_of, table_name, tables_named

Ids = npt.NDArray[np.int64]

FOUNDED = RemoteRows.of("table", np.zeros((10, 4), dtype=np.float32))
# Number 3 was replaced by two, number 8 is gone, and one was added at the end.
NUMBERS = np.array([0, 1, 2, -1, -1, 4, 5, 6, 7, 9, -1])
FOLLOWED = FOUNDED.followed(NUMBERS, 100)
IDS = [0, 1, 2, 100, 101, 4, 5, 6, 7, 9, 102]


def ids_of(receipt: RemoteRows) -> list[int]:
    return list(map(int, receipt.ids_of(np.arange(receipt.count))))


def test_a_table_is_founded_with_the_numbers() -> None:
    assert (FOUNDED.name, FOUNDED.dimension, FOUNDED.count, FOUNDED.end) == ("table", 4, 10, 10)
    assert ids_of(FOUNDED) == list(range(10))
    assert FOUNDED.own_ranges().tolist() == [[0, 10]]


def test_a_snapshot_follows_another_one() -> None:
    assert (FOLLOWED.name, FOLLOWED.dimension, FOLLOWED.count, FOLLOWED.end) == (
        "table",
        4,
        11,
        103,
    )
    assert ids_of(FOLLOWED) == IDS
    assert FOLLOWED.ids_of(np.array([10, 3, 3])).tolist() == [102, 100, 100]
    assert FOLLOWED.ranges.tolist() == [[0, 3], [100, 102], [4, 8], [9, 10], [102, 103]]
    assert FOLLOWED.own_ranges().tolist() == [[0, 3], [4, 8], [9, 10], [100, 103]]
    # What it follows is as it was.
    assert ids_of(FOUNDED) == list(range(10))


def test_rows_of_other_snapshots_have_no_number() -> None:
    found = np.array([102, 8, 0, 3, 103, 101, 99, 9])
    assert FOLLOWED.numbers_of(found).tolist() == [10, -1, 0, -1, -1, 4, -1, 9]
    assert FOUNDED.numbers_of(found).tolist() == [-1, 8, 0, 3, -1, -1, -1, 9]
    assert FOUNDED.numbers_of(found[:0]).tolist() == []


def test_a_receipt_is_read_back() -> None:
    assert FOLLOWED.to_bytes() == (
        b'{"name": "table", "dimension": 4, '
        b'"ranges": [[0, 3], [100, 102], [4, 8], [9, 10], [102, 103]]}'
    )
    again = RemoteRows.from_bytes(FOLLOWED.to_bytes(), "file")
    assert (again.name, again.dimension, ids_of(again)) == ("table", 4, IDS)


def test_a_receipt_of_no_vectors() -> None:
    for nothing in (
        RemoteRows.of("table", np.zeros((0, 4), dtype=np.float32)),
        FOUNDED.followed(np.zeros(0, dtype=np.int64), 10),
    ):
        assert (nothing.count, nothing.end, nothing.own_ranges().tolist()) == (0, 0, [])
        assert nothing.numbers_of(np.array([0, 7])).tolist() == [-1, -1]
        assert ids_of(nothing.followed(np.array([-1, -1]), 5)) == [5, 6]


@given(st.data())
def test_many_snapshots_one_after_another(data: st.DataObject) -> None:
    receipt, ids, free = FOUNDED, list(range(10)), 10
    for _ in range(data.draw(st.integers(1, 6))):
        kept = [number for number in range(len(ids)) if data.draw(st.booleans())]
        numbers: list[int] = []
        for number in [*kept, -1]:
            numbers += [-1] * data.draw(st.integers(0, 2)) + [number] * (number >= 0)
        free += data.draw(st.integers(0, 3))
        fresh = iter(range(free, free + len(numbers)))
        ids = [ids[number] if number >= 0 else next(fresh) for number in numbers]
        receipt = receipt.followed(np.array(numbers, dtype=np.int64), free)
        free = max([*ids, free - 1]) + 1
    assert ids_of(receipt) == ids
    assert receipt.count == len(ids)
    known = {each: number for number, each in enumerate(ids)}
    found = receipt.numbers_of(np.arange(free + 2)).tolist()
    assert found == [known.get(each, -1) for each in range(free + 2)]
    ranges = receipt.own_ranges().tolist()
    assert [each for start, end in ranges for each in range(start, end)] == sorted(ids)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))


def test_ranges_of_identifiers() -> None:
    assert ranges_of(np.array([0, 1, 2, 7, 5, 6, 9])).tolist() == [[0, 3], [7, 8], [5, 7], [9, 10]]
    assert ranges_of(np.zeros(0, dtype=np.int64)).tolist() == []


def test_names_of_tables() -> None:
    one = table_name("0a1b2c3d", "gen-20261122T101500-1a2b3c", "passages")
    assert one == "citadel_0a1b2c3d_gen_20261122t101500_1a2b3c_passages"
    assert one.startswith(name_prefix("0a1b2c3d"))
    assert tables_named([FOUNDED.to_bytes(), FOLLOWED.to_bytes()]) == {"table"}
