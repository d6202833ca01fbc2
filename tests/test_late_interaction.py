import numpy as np
import numpy.typing as npt
import pytest

from index.late_interaction import TokenVectors, token_matches, weighted_mean

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
                default=-1.0,
            )
            for row in question
        ]
        for first, last in ranges
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ranges", [RANGES, RANGES[::-1], [(4, 4), (0, 20)], [(5, 6)]])
def test_token_matches_are_the_best_cosines(seed: int, ranges: list[tuple[int, int]]) -> None:
    generator = np.random.default_rng(seed)
    question = unit(generator.normal(size=(4, 8)))
    rows = unit(generator.normal(size=(20, 8)))
    tokens = TokenVectors.quantise(rows)
    found = token_matches(question, tokens, np.array(ranges, dtype=np.int64))
    assert found.dtype == np.float32
    rounded = tokens.codes.astype(np.float32) * tokens.steps[:, np.newaxis]
    np.testing.assert_allclose(found, best_cosines(question, rounded, ranges), atol=1e-6)
    np.testing.assert_allclose(found, best_cosines(question, rows, ranges), atol=0.01)


@pytest.mark.parametrize(
    ("questions", "ranges", "expected"),
    [
        (2, [(3, 3), (0, 0)], [[-1, -1], [-1, -1]]),
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


def test_rows_without_their_steps() -> None:
    with pytest.raises(ValueError, match="2 token vectors with 1 steps"):
        TokenVectors(np.zeros((2, 4), dtype=np.int8), np.ones(1, dtype=np.float32))


MATCHES = np.array([[1.0, 0.5, -1.0], [0.0, 1.0, 0.0]], dtype=np.float32)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([1, 1, 0], [0.75, 0.5]),
        ([3, 1, 0], [0.875, 0.25]),
        ([0, 0, 9], [-1, 0]),
        ([0, 0, 0], [0, 0]),
    ],
)
def test_weighted_mean(weights: list[float], expected: list[float]) -> None:
    found = weighted_mean(MATCHES, np.array(weights, dtype=np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)
