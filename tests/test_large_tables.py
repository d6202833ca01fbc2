"""The vectors of a large vocabulary are kept in half of the bytes."""

from pathlib import Path

import numpy as np
import pytest

from citadel.index.encoders import openvino_backend
from citadel.index.encoders.backends import load_encoder
from citadel.index.encoders.export import LEAST_COSINE, least_cosine_of
from tests.tiny_models import tiny_model

WORDS = [f"word{number}" for number in range(2000)]
TABLE = (len(WORDS) + 4) * 32
"""Numbers: 4 special pieces more, in 32 dimensions."""


def size_of_weights(kept_in: Path) -> int:
    (weights,) = kept_in.rglob("network.bin")
    return weights.stat().st_size


def test_a_large_table_is_kept_in_16_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tiny_model(tmp_path, WORDS)
    exact = load_encoder(model, "openvino", tmp_path / "exact")
    monkeypatch.setattr(openvino_backend, "_LARGE_TABLE", 4 * TABLE)
    halved = load_encoder(model, "openvino", tmp_path / "halved")
    saved = size_of_weights(tmp_path / "exact") - size_of_weights(tmp_path / "halved")
    assert abs(saved - 2 * TABLE) < 100
    assert least_cosine_of(halved, exact, WORDS[:3]) > LEAST_COSINE
    (one,), (other,) = halved.encode_texts(WORDS[:1]), exact.encode_texts(WORDS[:1])
    np.testing.assert_allclose(one.vector, other.vector, atol=1e-3)
    assert (halved.knows_word("word7"), halved.knows_word("word")) == (True, False)
    assert halved.pieces == len(WORDS) + 4
