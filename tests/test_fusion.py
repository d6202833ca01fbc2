import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.retrieval.fusion import convex_fusion, min_max


def scores(*values: float) -> npt.NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


@pytest.mark.parametrize(
    ("raw", "scaled"),
    [
        (scores(2, -2, 0), scores(1, 0, 0.5)),
        (scores(3, 3), scores(0, 0)),
        (scores(5), scores(0)),
        (scores(), scores()),
    ],
)
def test_min_max(raw: npt.NDArray[np.float32], scaled: npt.NDArray[np.float32]) -> None:
    np.testing.assert_array_equal(min_max(raw), scaled, strict=True)


def test_convex_fusion_is_the_weighted_mean() -> None:
    fused = convex_fusion([(3, scores(10, 0, 5)), (1, scores(-1, 1, 0))])
    np.testing.assert_allclose(fused, scores(0.75, 0.25, 0.5))


def test_a_score_without_weight_says_nothing() -> None:
    fused = convex_fusion([(1, scores(1, 2, 3)), (0, scores(3, 2, 1))])
    np.testing.assert_allclose(fused, scores(0, 0.5, 1))


@given(
    st.lists(
        st.tuples(
            st.floats(0.125, 10, width=32),
            st.lists(st.floats(-1e3, 1e3, width=32), min_size=4, max_size=4),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_fused_scores_lie_between_0_and_1(parts: list[tuple[float, list[float]]]) -> None:
    fused = convex_fusion([(weight, scores(*values)) for weight, values in parts])
    assert fused.shape == (4,)
    assert ((fused >= 0) & (fused <= 1 + 1e-6)).all()


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([(1, scores(1, 2)), (1, scores(1))], r"scores of \[2, 1\] candidates can't be fused"),
        ([], r"scores of \[\] candidates can't be fused"),
        ([(0, scores(1))], "the weights must sum to more than 0, got 0"),
    ],
)
def test_what_cannot_be_fused(
    parts: list[tuple[float, npt.NDArray[np.float32]]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        convex_fusion(parts)
