"""Recall is measured against an exact search, and the least effort that reaches the floor taken."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from citadel.index.stores.recall import (
    EXACT,
    SearchQuality,
    below_floor,
    describe_quality,
    measure_quality,
)

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Search = Callable[[Vectors, int], tuple[Ids, Vectors]]


def unit(rows: npt.NDArray[np.float64]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return unit(np.random.default_rng(3).normal(size=(700, 16)))


def exact(vectors: Vectors) -> Search:
    def search(query: Vectors, count: int) -> tuple[Ids, Vectors]:
        scores = vectors @ query
        ids = np.argsort(-scores)[:count]
        return ids, scores[ids]

    return search


def forgetful(vectors: Vectors, forgotten: int) -> Search:
    """An exact search that leaves out the best but for the first of what it finds."""

    def search(query: Vectors, count: int) -> tuple[Ids, Vectors]:
        ids, scores = exact(vectors)(query, count + forgotten)
        kept = np.r_[0, 1 + forgotten : count + forgotten]
        return ids[kept], scores[kept]

    return search


def test_an_exact_search_misses_nothing(vectors: Vectors) -> None:
    quality = measure_quality(vectors, "Exact", [5], lambda _: exact(vectors))
    assert quality == SearchQuality("Exact", 5, 1.0, 1.0, 256, quality.score_error)
    assert quality.score_error < 1e-6


def test_what_is_forgotten_is_missed(vectors: Vectors) -> None:
    quality = measure_quality(vectors, "Forgetful", [1], lambda _: forgetful(vectors, 3))
    # Of an own vector the first found is itself, so three of the ten others are forgotten; of a
    # mixture the first of the ten is kept and three of the other nine are.
    assert (quality.recall, quality.recall_of_mixtures, quality.among_proposed) == (0.7, 0.7, 0.7)
    assert not quality.reaches_floor


def test_what_stands_further_down_is_among_the_proposed(vectors: Vectors) -> None:
    def mistaken(query: Vectors, count: int) -> tuple[Ids, Vectors]:
        """The second to the fourth best come after the first twenty."""
        ids, scores = exact(vectors)(query, count)
        order = np.r_[0, 4:20, 1:4, 20:count]
        return ids[order], scores[order]

    quality = measure_quality(vectors, "Mistaken", [1], lambda _: mistaken)
    assert (quality.recall, quality.recall_of_mixtures, quality.among_proposed) == (0.7, 0.7, 1.0)


def test_the_least_effort_that_reaches_the_floor_is_taken(vectors: Vectors) -> None:
    tried = []

    def search_with(effort: int) -> Search:
        tried.append(effort)
        return forgetful(vectors, max(0, 3 - effort))

    quality = measure_quality(vectors, "Forgetful", [1, 2, 3, 4], search_with)
    assert tried == [1, 2, 3]
    assert (quality.effort, quality.recall, quality.recall_of_mixtures) == (3, 1.0, 1.0)


def test_no_more_effort_than_helps_when_none_reaches_the_floor(vectors: Vectors) -> None:
    quality = measure_quality(
        vectors, "Forgetful", [1, 2, 3, 4], lambda effort: forgetful(vectors, max(3, 5 - effort))
    )
    assert (quality.effort, quality.recall, quality.recall_of_mixtures) == (2, 0.7, 0.7)


def test_equal_vectors_stand_for_one_another(vectors: Vectors) -> None:
    doubled = np.repeat(vectors[:20], 20, axis=0)

    def backwards(query: Vectors, count: int) -> tuple[Ids, Vectors]:
        scores = doubled @ query
        ids = np.lexsort((-np.arange(len(scores)), -scores.round(5)))[:count]
        return ids, scores[ids]

    quality = measure_quality(doubled, "Backwards", [1], lambda _: backwards)
    assert (quality.recall, quality.recall_of_mixtures) == (1.0, 1.0)


def test_a_wrong_score_is_seen(vectors: Vectors) -> None:
    def generous(query: Vectors, count: int) -> tuple[Ids, Vectors]:
        ids, scores = exact(vectors)(query, count)
        return ids, scores + np.float32(0.25)

    quality = measure_quality(vectors, "Generous", [1], lambda _: generous)
    assert quality.score_error == pytest.approx(0.25, abs=1e-5)


def test_a_collection_smaller_than_a_sample() -> None:
    vectors = unit(np.random.default_rng(3).normal(size=(12, 4)))
    quality = measure_quality(vectors, "Exact", [1], lambda _: exact(vectors))
    assert (quality.recall, quality.recall_of_mixtures, quality.queries) == (1.0, 1.0, 12)


@pytest.mark.parametrize(
    ("recall", "of_mixtures", "reached"),
    [(0.98, 0.98, True), (0.979, 1.0, False), (1.0, 0.979, False)],
)
def test_both_kinds_must_reach_the_floor(recall: float, of_mixtures: float, reached: bool) -> None:
    assert SearchQuality("IVF9,SQ8", 8, recall, of_mixtures, 256, 0.0).reaches_floor is reached


def test_in_words() -> None:
    quality = SearchQuality("IVF1024,SQ8", 64, 0.991, 0.9761, 256, 0.00231, 0.9982)
    assert describe_quality(EXACT) == "exact"
    assert describe_quality(quality) == (
        "IVF1024,SQ8 with effort 64, recall@10 0.991 (mixtures 0.976; among 50 0.998), scores "
        "within 0.0023"
    )
    assert below_floor("sentences", quality) == (
        "The sentences are found with a recall@10 of 0.991 (mixtures 0.976), below 0.98; of the "
        "ten nearest, 0.998 are among the 50 that are compared more closely, the others are missed."
    )
