import numpy as np
import numpy.typing as npt
import pytest

from index.dense import VectorIndex
from index.errors import CitadelError

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
    again = VectorIndex.from_bytes(data, "passages.faiss")
    assert (len(again), again.dimension, again.to_bytes()) == (4, 2, data)
    np.testing.assert_array_equal(
        again.scores(QUESTION, np.arange(4)), index.scores(QUESTION, np.arange(4))
    )


@pytest.mark.parametrize("data", [b"", b"no index", VectorIndex.build(ROWS).to_bytes()[:-9]])
def test_bytes_that_are_no_index(data: bytes) -> None:
    with pytest.raises(CitadelError) as caught:
        VectorIndex.from_bytes(data, "passages.faiss")
    assert str(caught.value) == (
        "passages.faiss is no FAISS index; run “python -m index build” to build it again."
    )


def unit(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
