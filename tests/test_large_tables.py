"""The vectors of a large vocabulary are no part of the network: they are read from a file."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from citadel.index.encoders import openvino_backend
from citadel.index.encoders.backends import load_encoder
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import LEAST_COSINE, least_cosine_of
from citadel.index.encoders.small_steps import taken_apart
from citadel.index.encoders.word_table import WordTable, write_words
from citadel.index.open_files import OpenFile
from tests.small_index import refusal
from tests.tiny_models import tiny_model

WORDS = [f"word{number}" for number in range(2000)]
DIMENSION = 32
TABLE = (len(WORDS) + 4) * DIMENSION
"""Numbers: 4 special pieces more."""


def size(kept_in: Path, name: str) -> int:
    (found,) = kept_in.rglob(name)
    return found.stat().st_size


@pytest.fixture
def model(tmp_path: Path) -> str:
    return tiny_model(tmp_path, WORDS)


@pytest.fixture
def parted(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Encoder:
    monkeypatch.setattr(openvino_backend, "_LARGE_TABLE", 4 * TABLE)
    return load_encoder(model, "openvino", tmp_path / "parted")


def test_a_large_table_is_kept_in_16_bits_in_a_file_of_its_own(
    model: str, parted: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_backend, "_LARGE_TABLE", 4 * TABLE + 1)
    exact = load_encoder(model, "openvino", tmp_path / "exact")
    assert not list((tmp_path / "exact").rglob("words.f16"))
    assert size(tmp_path / "parted", "words.f16") == 2 * TABLE
    saved = size(tmp_path / "exact", "network.bin") - size(tmp_path / "parted", "network.bin")
    assert abs(saved - 4 * TABLE) < 100
    assert least_cosine_of(parted, exact, WORDS[:3]) > LEAST_COSINE
    (one,), (other,) = parted.encode_texts(WORDS[:1]), exact.encode_texts(WORDS[:1])
    np.testing.assert_allclose(one.vector, other.vector, atol=1e-3)
    assert (parted.knows_word("word7"), parted.knows_word("word")) == (True, False)
    assert parted.pieces == len(WORDS) + 4


def test_a_converted_model_with_a_large_table_is_loaded_again(
    model: str, parted: Encoder, tmp_path: Path
) -> None:
    again = load_encoder(model, "openvino", tmp_path / "parted")
    assert again.conversion == parted.conversion
    assert least_cosine_of(again, parted, WORDS[:3]) == pytest.approx(1, abs=1e-6)


def test_a_table_that_was_damaged_is_made_anew(
    model: str, parted: Encoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (table,) = (tmp_path / "parted").rglob("words.f16")
    intact = table.read_bytes()
    table.write_bytes(bytes(2 * TABLE))
    again = load_encoder(model, "openvino", tmp_path / "parted")
    assert [record.message for record in caplog.records] == [
        f"In the converted model {table.parent}, words.f16 is damaged; it is made anew."
    ]
    assert again.conversion == parted.conversion
    assert table.read_bytes() == intact


def test_a_text_may_come_after_the_files_are_gone(parted: Encoder, tmp_path: Path) -> None:
    expected = parted.encode_texts([" ".join(WORDS[:30]), "word1"])[1]
    shutil.rmtree(tmp_path / "parted")
    (found,) = parted.encode_texts(["word1"])
    np.testing.assert_allclose(found.vector, expected.vector, atol=1e-5)


def test_rows_are_those_of_the_pieces(tmp_path: Path) -> None:
    vectors = np.arange(12, dtype=np.float32).reshape(4, 3)
    write_words(tmp_path / "words", vectors)
    pieces = np.array([[3, 0, 3], [1, 1, 2]])
    found = WordTable(OpenFile(tmp_path / "words"), 3).of(pieces)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, vectors[pieces])


def test_a_table_that_got_shorter(tmp_path: Path) -> None:
    write_words(tmp_path / "words", np.zeros((4, 3), np.float32))
    table = WordTable(OpenFile(tmp_path / "words"), 3)
    (tmp_path / "words").write_bytes(bytes(18))
    np.testing.assert_array_equal(table.of(np.array([[2]])), np.zeros((1, 1, 3)))
    assert re.fullmatch(
        f"{re.escape(str(tmp_path / 'words'))} was changed while it was in use; start Citadel "
        "again, and the model is converted anew.",
        refusal(table.of, np.array([[3]])),
    )


def blocks_in_four_bits(
    rows: int, columns: int, seed: int = 0
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Weights whose blocks of 32 have steps of either sign, and one block of nothing."""
    drawn = np.random.default_rng(seed)
    numbers = drawn.integers(-8, 8, (rows, columns // 32, 32)).astype(np.float32)
    steps = drawn.normal(size=(rows, columns // 32, 1)).astype(np.float16).astype(np.float32)
    steps[0, 0] = 0
    return (numbers * steps).reshape(rows, columns)


def test_weights_of_four_bits_are_taken_apart_without_loss() -> None:
    weights = blocks_in_four_bits(50, 64)
    parts = taken_apart(weights)
    assert parts is not None
    numbers, steps = parts
    assert (numbers.shape, steps.shape) == ((50, 2, 32), (50, 2, 1))
    assert (str(numbers.dtype), str(steps.dtype)) == ("int8", "float32")
    assert (numbers.min(), numbers.max()) == (-8, 7)
    np.testing.assert_array_equal((numbers * steps).reshape(50, 64), weights)


@pytest.mark.parametrize("row", [0, 30])
def test_other_weights_stay_as_they_are(row: int) -> None:
    weights = blocks_in_four_bits(50, 64)
    weights[row, 40] = np.pi
    assert taken_apart(weights) is None
    assert taken_apart(weights[:, :40]) is None
    assert taken_apart(weights.astype(np.float64)) is None
    assert taken_apart(weights[0]) is None


def test_a_model_of_four_bits_is_kept_in_bytes(model: str, tmp_path: Path) -> None:
    exact = load_encoder(model, "openvino", tmp_path / "exact")
    path = Path(model) / "model.safetensors"
    weights = load_file(path)
    # OpenVINO would write equal ones once.
    for seed, (name, weight) in enumerate(weights.items()):
        if name.startswith("encoder") and weight.ndim == 2:
            rows, columns = weight.shape
            weights[name] = blocks_in_four_bits(rows, columns, seed) / 16
    save_file(weights, path, {"format": "pt"})
    kept = load_encoder(model, "openvino", tmp_path / "kept")
    products = sum(each.size for name, each in weights.items() if name.startswith("encoder"))
    saved = size(tmp_path / "exact", "network.bin") - size(tmp_path / "kept", "network.bin")
    assert 2.5 * products < saved < 3 * products
    assert least_cosine_of(kept, load_encoder(model), WORDS[:3]) > LEAST_COSINE
    assert least_cosine_of(kept, exact, WORDS[:3]) < LEAST_COSINE
