"""The sentence that is like most others is the most central one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from citadel.index.encoders.encoder import Vectors, unit_rows
from citadel.qa.answer.lexrank import lexrank


def test_the_middle_of_a_star_is_central() -> None:
    ranks = lexrank(unit_rows(np.array([[1, 0, 0], [1, 1, 1], [0, 1, 0], [0, 0, 1]])))
    # The middle gets 0.85 of what each end has; an end 0.85 of a third of what the middle has.
    middle = (0.15 / 4 + 0.85 * 3 * 0.15 / 4) / (1 - 0.85**2)
    end = 0.15 / 4 + 0.85 * middle / 3
    assert ranks == pytest.approx([end, middle, end, end], abs=1e-6)


@pytest.mark.parametrize(
    "vectors", [[[1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [-1.0, 0.0]], [[0.0], [0.0]]]
)
def test_what_is_like_nothing_is_no_more_central_than_the_rest(vectors: list[list[float]]) -> None:
    ranks = lexrank(np.array(vectors, dtype=np.float32))
    assert ranks == pytest.approx([1 / len(vectors)] * len(vectors))


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 8), st.just(3)),
        elements=st.floats(-1, 1, width=32),
    )
)
def test_centralities_add_up_to_one(rows: Vectors) -> None:
    ranks = lexrank(unit_rows(rows))
    assert ranks.sum() == pytest.approx(1.0)
    assert (ranks > 0).all()
