from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from citadel.index.encoders.encoder import Vectors, unit_rows
from citadel.index.stores.faiss_store import VectorIndex
from citadel.index.stores.recall import EXACT, SearchQuality

ROWS = np.array([[1, 0], [0, 1], [0.6, 0.8], [-1, 0]], dtype=np.float32)
QUESTION = np.array([0.8, 0.6], dtype=np.float32)
COSINES = [0.8, 0.6, 0.96, -0.8]


@pytest.mark.parametrize(("count", "expected"), [(1, [2]), (3, [2, 0, 1]), (9, [2, 0, 1, 3])])
def test_the_nearest_rows_come_first(count: int, expected: list[int]) -> None:
    ids, scores = VectorIndex.build(ROWS).search(QUESTION, count)
    assert ids.tolist() == expected
    np.testing.assert_allclose(scores, [COSINES[number] for number in expected], atol=1e-6)


@pytest.mark.parametrize("ids", [[3, 0], [2, 2, 1], []])
def test_scores_of_given_rows(ids: list[int]) -> None:
    scores = VectorIndex.build(ROWS).scores(QUESTION, np.array(ids, dtype=np.int64))
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, [COSINES[number] for number in ids], atol=1e-6)


def test_search_is_exact() -> None:
    generator = np.random.default_rng(7)
    rows = unit(generator.normal(size=(300, 32)))
    index = VectorIndex.build(rows)
    for question in unit(generator.normal(size=(5, 32))):
        ids, scores = index.search(question, 300)
        exact = rows @ question
        np.testing.assert_allclose(scores, exact[ids], atol=1e-6)
        assert sorted(ids.tolist()) == list(range(300))
        assert (np.diff(scores) <= 0).all()


def test_bytes_bring_an_index_back() -> None:
    index = VectorIndex.build(ROWS)
    data = index.to_bytes()
    again = VectorIndex.from_bytes(data, "passages.faiss", index.quality)
    assert (len(again), again.dimension, again.to_bytes(), again.quality) == (4, 2, data, EXACT)
    np.testing.assert_array_equal(
        again.scores(QUESTION, np.arange(4)), index.scores(QUESTION, np.arange(4))
    )


@pytest.mark.parametrize("data", [b"", b"no index", VectorIndex.build(ROWS).to_bytes()[:-9]])
def test_bytes_that_are_no_index(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^passages\.faiss is no FAISS index$"):
        VectorIndex.from_bytes(data, "passages.faiss", EXACT)


@pytest.fixture(scope="module")
def clustered() -> npt.NDArray[np.float32]:
    """3,000 vectors around 60 centres, as texts about 60 things are."""
    generator = np.random.default_rng(11)
    centres = unit(generator.normal(size=(60, 32)))
    return unit(np.repeat(centres, 50, axis=0) + 0.1 * generator.normal(size=(3000, 32)))


def test_the_type_follows_the_size(clustered: npt.NDArray[np.float32]) -> None:
    assert VectorIndex.build(clustered, exact_up_to=3000).quality == EXACT
    listed = VectorIndex.build(clustered, exact_up_to=2999)
    assert listed.quality == SearchQuality(
        index="IVF75,SQ8",
        effort=listed.quality.effort,
        recall=listed.quality.recall,
        recall_of_mixtures=listed.quality.recall_of_mixtures,
        queries=256,
        among_proposed=listed.quality.among_proposed,
        score_error=listed.quality.score_error,
    )
    assert listed.quality.effort in (8, 12, 16, 24, 32, 48, 64)
    assert listed.quality.reaches_floor
    assert listed.quality.score_error < 0.01


def test_what_is_kept_in_lists_is_found(clustered: npt.NDArray[np.float32]) -> None:
    listed = VectorIndex.build(clustered, exact_up_to=0)
    assert (len(listed), listed.dimension) == (3000, 32)
    rows = np.arange(0, 3000, 100)
    for row in rows:
        ids, scores = listed.search(clustered[row], 5)
        assert ids[0] == row
        np.testing.assert_allclose(scores, clustered[ids] @ clustered[row], atol=0.01)
    np.testing.assert_allclose(
        listed.scores(clustered[7], rows), clustered[rows] @ clustered[7], atol=0.01
    )


def test_lists_are_brought_back(clustered: npt.NDArray[np.float32]) -> None:
    listed = VectorIndex.build(clustered, exact_up_to=0)
    again = VectorIndex.from_bytes(listed.to_bytes(), "passages.faiss", listed.quality)
    for question in clustered[:20]:
        ids, scores = listed.search(question, 50)
        found, found_scores = again.search(question, 50)
        assert found.tolist() == ids.tolist()
        np.testing.assert_array_equal(found_scores, scores)
        np.testing.assert_array_equal(again.scores(question, ids), listed.scores(question, ids))


def test_lists_are_the_same_every_time(clustered: npt.NDArray[np.float32]) -> None:
    first = VectorIndex.build(clustered, exact_up_to=0)
    assert VectorIndex.build(clustered, exact_up_to=0).to_bytes() == first.to_bytes()


def test_a_memory_map_is_indexed_like_an_array(
    clustered: npt.NDArray[np.float32], tmp_path: Path
) -> None:
    np.save(tmp_path / "vectors.npy", clustered)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    for exact_up_to in (0, 3000):
        from_map = VectorIndex.build(mapped, exact_up_to)
        assert from_map.to_bytes() == VectorIndex.build(clustered, exact_up_to).to_bytes()


@pytest.mark.parametrize("exact_up_to", [0, 3000])
@pytest.mark.parametrize("few", [0, 3000])
def test_a_search_may_be_limited_to_some_rows(
    clustered: npt.NDArray[np.float32],
    monkeypatch: pytest.MonkeyPatch,
    exact_up_to: int,
    few: int,
) -> None:
    monkeypatch.setattr("citadel.index.stores.faiss_store._FEW", few)
    index = VectorIndex.build(clustered, exact_up_to)
    allowed = np.zeros(3000, dtype=bool)
    allowed[[5, 6, 7, 2999]] = True
    ids, scores = index.search(clustered[7], 3, allowed)
    expected = clustered[allowed] @ clustered[7]
    assert ids.tolist() == np.flatnonzero(allowed)[np.argsort(-expected)[:3]].tolist()
    np.testing.assert_allclose(scores, np.sort(expected)[::-1][:3], atol=0.01)


def unit(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def among(index: VectorIndex, queries: Vectors) -> list[list[int]]:
    return [index.search(query, 10)[0].tolist() for query in queries]


@pytest.mark.parametrize("exact_up_to", [100, 5000], ids=["lists", "exact"])
def test_vectors_that_follow_others(exact_up_to: int) -> None:
    vectors = unit_rows(np.random.default_rng(3).normal(size=(2000, 16)))
    added = unit_rows(np.random.default_rng(4).normal(size=(30, 16)))
    before = VectorIndex.build(vectors, exact_up_to)
    # Some are dropped, the rest is moved, and new ones stand between.
    numbers = np.concatenate([np.arange(40, 900), np.full(10, -1), np.arange(900, 2000), [-1] * 20])
    after = before.followed(numbers, added, exact_up_to)
    assert after is not None
    whole = np.empty((len(numbers), 16), dtype=np.float32)
    whole[numbers >= 0] = vectors[numbers[numbers >= 0]]
    whole[numbers < 0] = added
    every = np.arange(len(numbers))
    for query in added[:5]:
        error = np.abs(after.scores(query, every) - whole @ query).max()
        assert error <= (before.quality.score_error + 0.01 if exact_up_to == 100 else 0)
    expected = [np.argsort(-(whole @ query), kind="stable")[:10].tolist() for query in added]
    shares = [
        len(set(one) & set(other)) / 10
        for one, other in zip(among(after, added), expected, strict=True)
    ]
    assert np.mean(shares) >= (0.9 if exact_up_to == 100 else 1)
    changed = 70 if exact_up_to == 100 else 0
    assert after.quality == replace(before.quality, changed=changed)
    again = VectorIndex.from_bytes(after.to_bytes(), "again", after.quality)
    assert among(again, added) == among(after, added)
    # The index that was followed is as it was.
    assert among(before, added) == among(VectorIndex.build(vectors, exact_up_to), added)


def test_too_much_has_changed_to_follow() -> None:
    vectors = unit_rows(np.random.default_rng(3).normal(size=(2000, 16)))
    index = VectorIndex.build(vectors, 100)
    numbers = np.concatenate([np.arange(2000), np.full(104, -1)])
    followed = index.followed(numbers, vectors[:104], 100)
    assert followed is not None
    assert followed.followed(np.append(np.arange(2104), -1), vectors[:1], 100) is not None
    numbers = np.concatenate([np.arange(2000), np.full(106, -1)])
    assert index.followed(numbers, vectors[:106], 100) is None
    assert index.followed(np.arange(2000), vectors[:0], 2000) is None
    exact = VectorIndex.build(vectors[:50])
    assert exact.followed(np.append(np.arange(50), -1), vectors[:1], 50) is None
