import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.encoders.token_vectors import TokenVectors
from citadel.index.retrieval.late_interaction import (
    matches_in_context,
    passage_matches,
    passage_ranges,
    token_matches,
    token_weights,
)

RANGES = [(0, 3), (3, 3), (3, 4), (10, 20), (1, 12), (20, 20)]


def unit(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def best_cosines(
    question: npt.NDArray[np.float32],
    tokens: npt.NDArray[np.float32],
    ranges: list[tuple[int, int]],
) -> list[list[float]]:
    """The same by its definition, number by number."""
    return [
        [
            max(
                (
                    sum(float(a) * float(b) for a, b in zip(row, tokens[place], strict=True))
                    for place in range(first, last)
                ),
                default=-0.2,
            )
            for row in question
        ]
        for first, last in ranges
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("ranges", "firsts"),
    [
        (RANGES, [0]),
        (RANGES, [0, 3]),
        (RANGES[::-1], [0, 1, 5]),
        (RANGES, range(len(RANGES))),
        ([(4, 4), (0, 20)], [0]),
        ([(4, 4), (0, 20)], [0, 1]),
        ([(2, 5), (7, 9), (9, 9), (9, 12)], [0, 2]),
        ([(5, 6)], [0]),
    ],
)
def test_token_matches_are_the_best_cosines(
    seed: int, ranges: list[tuple[int, int]], firsts: Sequence[int]
) -> None:
    generator = np.random.default_rng(seed)
    question = unit(generator.normal(size=(4, 8)))
    rows = unit(generator.normal(size=(20, 8)))
    tokens = TokenVectors.quantise(rows)
    found = token_matches(
        question, tokens, np.array(ranges, dtype=np.int64), np.array(firsts, dtype=np.int64)
    )
    assert found.dtype == np.float32
    rounded = tokens.codes.astype(np.float32) * tokens.steps[:, np.newaxis]
    np.testing.assert_allclose(found, best_cosines(question, rounded, ranges), atol=1e-6)
    np.testing.assert_allclose(found, best_cosines(question, rows, ranges), atol=0.01)


@pytest.mark.parametrize(
    ("questions", "ranges", "expected"),
    [
        (2, [(3, 3), (0, 0)], [[-0.2, -0.2], [-0.2, -0.2]]),
        (0, [(0, 3)], [[]]),
        (2, [], np.zeros((0, 2))),
    ],
    ids=["no tokens", "no question", "no sentences"],
)
def test_nothing_to_match(
    questions: int, ranges: list[tuple[int, int]], expected: npt.ArrayLike
) -> None:
    found = token_matches(
        np.ones((questions, 1), dtype=np.float32),
        TokenVectors.quantise(np.ones((3, 1), dtype=np.float32)),
        np.array(ranges, dtype=np.int64).reshape(-1, 2),
        np.arange(len(ranges)),
    )
    np.testing.assert_array_equal(found, np.array(expected, dtype=np.float32), strict=True)


def test_quantised_rows() -> None:
    rows = np.array([[1.27, -0.5, 0.006], [0, 0, 0], [-0.25, 0.125, 0]], dtype=np.float32)
    tokens = TokenVectors.quantise(rows)
    np.testing.assert_array_equal(
        tokens.codes,
        np.array([[127, -50, 1], [0, 0, 0], [-127, 64, 0]], dtype=np.int8),
        strict=True,
    )
    assert tokens.steps.dtype == np.float32
    np.testing.assert_allclose(tokens.steps[[0, 2]], [0.01, 0.25 / 127], rtol=1e-6)
    assert (len(tokens), tokens.dimension) == (3, 3)


def test_the_bounds_of_passages() -> None:
    ranges = np.array([(5, 9), (9, 9), (10, 12), (0, 4), (30, 31)], dtype=np.int64)
    found = passage_ranges(ranges, np.array([0, 3, 4]))
    np.testing.assert_array_equal(
        found, np.array([(5, 12), (0, 4), (30, 31)], dtype=np.int64), strict=True
    )


def test_rows_without_their_steps() -> None:
    with pytest.raises(ValueError, match="2 token vectors with 1 steps"):
        TokenVectors(np.zeros((2, 4), dtype=np.int8), np.ones(1, dtype=np.float32))


Rows = list[list[float]]


@st.composite
def passages_of_matches(draw: st.DrawFn) -> list[list[tuple[list[float], bool]]]:
    """Passages of sentences: the matches of each, and whether it announces what follows."""
    cosine = st.integers(-100, 100).map(lambda number: number / 100)
    tokens = draw(st.integers(1, 3))
    sentence = st.tuples(st.lists(cosine, min_size=tokens, max_size=tokens), st.booleans())
    return draw(st.lists(st.lists(sentence, min_size=1, max_size=5), min_size=1, max_size=4))


def arrays(
    passages: list[list[tuple[list[float], bool]]],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Lay out passages as a search does."""
    sentences = [sentence for passage in passages for sentence in passage]
    firsts = [sum(len(passage) for passage in passages[:place]) for place in range(len(passages))]
    return (
        np.array([matches for matches, _ in sentences], dtype=np.float32),
        np.array(firsts, dtype=np.int64),
        np.array([announces for _, announces in sentences], dtype=bool),
    )


def in_context(passages: list[list[tuple[list[float], bool]]]) -> Rows:
    """The same by its definition, number by number."""
    found: Rows = []
    for passage in passages:
        for place, (matches, _) in enumerate(passage):
            row: list[float] = []
            for token, own in enumerate(matches):
                best = max(own, max(other[token] for other, _ in passage) - 0.2)
                for back, cost in ((1, 0.12), (2, 0.2)):
                    if place >= back:
                        best = max(best, passage[place - back][0][token] - cost)
                announced = [other[token] for other, announces in passage[:place] if announces]
                row.append(max([best, *announced]))
            found.append(row)
    return found


@given(passages_of_matches())
def test_passage_matches(passages: list[list[tuple[list[float], bool]]]) -> None:
    matches, firsts, _ = arrays(passages)
    found = passage_matches(matches, firsts)
    assert found.dtype == np.float32
    expected = [
        [max(column) for column in zip(*(m for m, _ in passage), strict=True)]
        for passage in passages
    ]
    np.testing.assert_allclose(found, expected, atol=1e-6)


@given(passages_of_matches())
def test_matches_in_context(passages: list[list[tuple[list[float], bool]]]) -> None:
    matches, firsts, announcing = arrays(passages)
    before = matches.copy()
    found = matches_in_context(matches, firsts, announcing)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, in_context(passages), atol=1e-6)
    np.testing.assert_array_equal(matches, before)


def test_what_a_sentence_borrows() -> None:
    """The same in numbers: of one token, in a passage of four sentences and one next to it."""
    matches = np.array([[0.9], [0.1], [0.2], [0.0], [0.1]], dtype=np.float32)
    firsts = np.array([0, 4], dtype=np.int64)
    quiet = np.zeros(5, dtype=bool)
    found = matches_in_context(matches, firsts, quiet)
    np.testing.assert_allclose(found[:, 0], [0.9, 0.78, 0.7, 0.7, 0.1], atol=1e-6)
    announcing = np.array([True, False, False, True, False])
    found = matches_in_context(matches, firsts, announcing)
    np.testing.assert_allclose(found[:, 0], [0.9, 0.9, 0.9, 0.9, 0.1], atol=1e-6)


@given(st.integers(1, 1000).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n)))))
def test_token_weights(corpus: tuple[int, list[int]]) -> None:
    passages, counts = corpus
    found = token_weights(np.array(counts, dtype=np.int32), passages)
    assert found.dtype == np.float32
    roots = [math.sqrt(math.log(1 + (passages - n + 0.5) / (n + 0.5))) for n in counts]
    np.testing.assert_allclose(found, [root / sum(roots) for root in roots], rtol=1e-4)


def test_a_rare_token_says_more_than_a_frequent_one() -> None:
    rare, frequent = token_weights(np.array([1, 59], dtype=np.int32), 59)
    assert rare > 5 * frequent > 0
