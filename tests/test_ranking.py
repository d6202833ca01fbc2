"""Scores follow their definitions, and sentences are chosen for what they add."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.retrieval.answer_types import ANSWER_TYPES
from citadel.index.retrieval.ranking import (
    FEATURES,
    RankingWeights,
    choose_sentences,
    feature_matrix,
    fitted_weights,
    passage_scores,
)

SCORES = st.floats(-60, 60, width=32)


def test_the_features() -> None:
    assert FEATURES == (
        "context",
        "date",
        "number",
        "person",
        "place",
        "statement",
        "list",
        "length",
    )
    assert FEATURES[1:-1] == ANSWER_TYPES


def test_a_feature_matrix() -> None:
    found = feature_matrix(
        np.array([0.5, -0.25, 0.0], dtype=np.float32),
        (True, False, True, False, False, True),
        np.array([[1, 1, 0, 0, 1, 0], [0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]], dtype=bool),
        np.array([10, 1, 0], dtype=np.int64),
    )
    expected = [
        [0.5, 1, 0, 0, 0, 0, 0, math.log(10)],
        [-0.25, 0, 0, 1, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]
    np.testing.assert_array_equal(found, np.array(expected, dtype=np.float32), strict=True)


def test_weights_are_taken_by_name() -> None:
    named = {name: float(place) for place, name in enumerate(FEATURES, start=7)}
    weights = RankingWeights.of(dict(reversed(named.items())))
    np.testing.assert_array_equal(weights.values, np.arange(7, 15, dtype=np.float32), strict=True)
    assert weights.unit == 7.0
    with pytest.raises(KeyError, match="length"):
        RankingWeights.of(dict.fromkeys(FEATURES[:-1], 1.0))


def test_the_weights_that_come_with_citadel() -> None:
    weights = fitted_weights()
    assert weights.values.shape == (len(FEATURES),)
    assert np.isfinite(weights.values).all()
    # A match counts for a sentence, and so does every kind of answer that is asked for.
    assert weights.unit > 0
    assert (weights.values[:-1] > 0).all()


@given(st.lists(st.lists(SCORES, min_size=1, max_size=6), min_size=1, max_size=6))
def test_passage_scores(passages: list[list[float]]) -> None:
    scores = np.array([score for passage in passages for score in passage], dtype=np.float32)
    firsts = np.cumsum([0, *map(len, passages[:-1])])
    found = passage_scores(scores, firsts)
    assert found.dtype == np.float32
    expected = [math.log(math.fsum(map(math.exp, passage))) for passage in passages]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)


def test_large_scores_do_not_overflow() -> None:
    found = passage_scores(np.array([500, 500, -500], dtype=np.float32), np.array([0, 2]))
    np.testing.assert_allclose(found, [500 + math.log(2), -500], rtol=1e-6)


def chosen(scores: list[float], weighted: npt.NDArray[np.float32], count: int) -> list[int]:
    """The same by its definition."""
    left = dict(enumerate(scores))
    picked: list[int] = []
    while left and len(picked) < count:
        value = {}
        for row, score in left.items():
            gain = 0.0
            if picked:
                for token in range(weighted.shape[1]):
                    covered = max(float(weighted[other, token]) for other in picked)
                    gain += max(float(weighted[row, token]) - covered, 0.0)
            value[row] = score + 20.0 * gain
        best = max(value, key=lambda row: (value[row], -row))
        picked.append(best)
        del left[best]
    return picked


@given(
    st.lists(st.tuples(*[st.integers(-8, 8)] * 4), min_size=1, max_size=7),
    st.integers(0, 9),
)
def test_chosen_sentences(rows: list[tuple[int, ...]], count: int) -> None:
    # Eighths are exact in float32, so that equal values stay equal.
    scores = [row[0] / 8 for row in rows]
    weighted = np.array([row[1:] for row in rows], dtype=np.float32) / np.float32(8)
    before = weighted.copy()
    array = np.array(scores, dtype=np.float32)
    found = choose_sentences(array, weighted, count)
    assert found == chosen(scores, weighted, count)
    assert array.tolist() == scores
    np.testing.assert_array_equal(weighted, before)


def test_what_adds_something_comes_before_what_repeats() -> None:
    scores = np.array([3.0, 2.9, 1.0], dtype=np.float32)
    weighted = np.array([[0.5, 0.0], [0.5, 0.0], [0.0, 0.4]], dtype=np.float32)
    assert choose_sentences(scores, weighted, 3) == [0, 2, 1]
    assert choose_sentences(scores, weighted, 1) == [0]
    assert choose_sentences(scores, np.zeros((3, 2), dtype=np.float32), 3) == [0, 1, 2]
    assert choose_sentences(scores, weighted, 0) == []
