"""A converted model computes the vectors of the published one, and damage is mended."""

import json
import logging
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from citadel.index.encoders.backends import load_encoder, prepare_network
from citadel.index.encoders.encoder import Encoding
from citadel.index.encoders.export import (
    LEAST_COSINE,
    Backend,
    UnfaithfulError,
    converted,
    least_cosine,
)
from citadel.index.encoders.models import embedding_model
from citadel.index.encoders.openvino_backend import OpenVINONetwork
from citadel.index.encoders.torch_backend import TorchNetwork
from citadel.index.errors import CitadelError
from tests.conversions.converting import QUESTION, TEXTS


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records]


def no_conversion(*_: object) -> None:
    raise AssertionError("it was converted again")


def assert_alike(encodings: list[Encoding], expected: list[Encoding]) -> None:
    for one, other in zip(encodings, expected, strict=True):
        np.testing.assert_allclose(one.vector, other.vector, atol=1e-5)
        np.testing.assert_allclose(one.token_vectors, other.token_vectors, atol=1e-5)
        np.testing.assert_array_equal(one.token_offsets, other.token_offsets)
        np.testing.assert_array_equal(one.token_ids, other.token_ids)


@pytest.mark.parametrize("backend", ["openvino"])
def test_a_converted_model_gives_the_vectors_of_the_published_one(
    model: str, kept_in: Path, backend: str
) -> None:
    published = load_encoder(model)
    fast = load_encoder(model, backend, kept_in)
    assert (published.backend, fast.backend) == ("torch", backend)
    assert (fast.name, fast.fingerprint, fast.dimension, fast.pieces) == (
        (published.name, published.fingerprint, published.dimension, published.pieces)
    )
    assert_alike(fast.encode_texts(TEXTS), published.encode_texts(TEXTS))
    assert_alike(fast.encode_questions(TEXTS), published.encode_questions(TEXTS))


@pytest.mark.parametrize("words", [0, 1, 14, 15])
def test_a_text_alone_gets_the_vectors_that_it_gets_among_others(
    model: str, kept_in: Path, words: int
) -> None:
    fast = load_encoder(model, "openvino", kept_in)
    text = "river " * words
    assert_alike(fast.encode_questions([text]), fast.encode_questions([text, QUESTION * 9])[:1])


def test_prompts_are_kept(model: str, kept_in: Path) -> None:
    settings = Path(model) / "config_sentence_transformers.json"
    settings.write_text(json.dumps({"prompts": {"query": "river: ", "document": "the ferry "}}))
    published, fast = load_encoder(model), load_encoder(model, "openvino", kept_in)
    assert_alike(fast.encode_texts(TEXTS), published.encode_texts(TEXTS))
    assert_alike(fast.encode_questions(TEXTS), published.encode_questions(TEXTS))


def test_a_model_is_converted_once(
    model: str, kept_in: Path, openvino: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "citadel.index.encoders.export")
    traits = converted(model, openvino, kept_in).traits
    assert converted(model, replace(openvino, convert=no_conversion), kept_in).traits == traits
    assert traits == TorchNetwork(embedding_model(model)).traits
    assert told(caplog) == [f"Converting the model {model} for openvino."]


def test_nothing_is_left_of_what_was_converted_before(
    model: str, kept_in: Path, ready: Path, openvino: Backend
) -> None:
    shutil.copytree(ready, kept_in)
    (before,) = kept_in.glob("openvino-*")
    shutil.copytree(before, before.with_name(f"{before.name}.partial"))
    converted(model, replace(openvino, version="2.0"), kept_in)
    (after,) = kept_in.glob("openvino-*")
    assert after.name == before.name.removesuffix("1.0") + "2.0"


def test_another_model_of_the_same_folder_is_converted(
    model: str, kept_in: Path, ready: Path, openvino: Backend
) -> None:
    shutil.copytree(ready, kept_in)
    before = converted(model, openvino, kept_in).traits
    network = embedding_model(model)
    next(network.parameters()).data[0, 0] += 1
    network.save(model)
    after = converted(model, openvino, kept_in).traits
    assert after == TorchNetwork(embedding_model(model)).traits
    assert after.fingerprint != before.fingerprint


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [cut_off, flip])
@pytest.mark.parametrize("file", ["network.xml", "network.bin", "record.json"])
def test_damage_is_said_and_mended(
    model: str,
    kept_in: Path,
    ready: Path,
    openvino: Backend,
    damage: Callable[[Path], None],
    file: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    shutil.copytree(ready, kept_in)
    (place,) = kept_in.glob("openvino-*")
    intact = {path.name: path.read_bytes() for path in place.iterdir()}
    damage(place / file)
    converted(model, openvino, kept_in)
    assert told(caplog) == [f"In the converted model {place}, {file} is damaged; it is made anew."]
    assert {path.name for path in place.iterdir()} == set(intact)
    assert (place / "network.bin").read_bytes() == intact["network.bin"]


def test_a_file_that_is_missing_is_made_anew(
    model: str, kept_in: Path, ready: Path, openvino: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(ready, kept_in)
    (place,) = kept_in.glob("openvino-*")
    (place / "network.bin").unlink()
    converted(model, openvino, kept_in)
    assert told(caplog) == [
        f"In the converted model {place}, [Errno 2] No such file or directory: "
        f"'{place / 'network.bin'}'; it is made anew."
    ]


class Wrong(OpenVINONetwork):
    """Gives the vectors of other tokens."""

    def run(self, features, prompt_tokens):  # type: ignore[no-untyped-def]
        return super().run(
            {name: np.roll(row, 1, axis=1) for name, row in features.items()}, prompt_tokens
        )


def test_a_conversion_that_gives_other_vectors_is_refused(
    model: str, kept_in: Path, openvino: Backend
) -> None:
    with pytest.raises(UnfaithfulError) as caught:
        converted(model, replace(openvino, load=Wrong), kept_in)
    said = re.fullmatch(
        f"Converted for openvino, the model {re.escape(model)} gives other vectors "
        r"\(cosine (-?[01]\.[0-9]{5})\); choose --backend torch\.",
        str(caught.value),
    )
    assert said is not None
    assert float(said[1]) < LEAST_COSINE
    assert sorted(path.name for path in kept_in.iterdir()) == ["lock"]


def test_a_model_that_cannot_be_converted(
    model: str,
    kept_in: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "citadel")
    settings = Path(model) / "1_Pooling" / "config.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text()), "include_prompt": False}))
    message = (
        f"The model {model} can't be converted for openvino (it leaves prompts out of its "
        "vectors); choose --backend torch."
    )
    with pytest.raises(UnfaithfulError) as caught:
        load_encoder(model, "openvino", kept_in)
    assert str(caught.value) == message
    assert load_encoder(model, None, kept_in).backend == "torch"
    assert told(caplog) == [f"{message} It is computed by PyTorch."]


def test_how_far_two_models_agree(model: str) -> None:
    network = TorchNetwork(embedding_model(model))
    changed = embedding_model(model)
    words = next(changed.parameters()).data
    words[:] = words.roll(1, dims=0)
    assert least_cosine(network, network) == pytest.approx(1, abs=1e-6)
    assert least_cosine(network, TorchNetwork(changed)) < LEAST_COSINE


def test_a_folder_that_cannot_be_written(model: str, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("")
    with pytest.raises(CitadelError) as caught:
        load_encoder(model, "openvino", tmp_path / "models")
    assert str(caught.value) == (
        f"The converted model can't be kept in {tmp_path / 'models'} (File exists); "
        "mend that, or choose --backend torch."
    )


def test_a_model_is_converted_before_it_is_needed(model: str, tmp_path: Path) -> None:
    prepare_network(model, "torch", tmp_path / "none")
    assert not (tmp_path / "none").exists()
    prepare_network(model, "openvino", tmp_path / "models")
    (made,) = (tmp_path / "models").glob("openvino-*")
    before = {path: path.stat().st_mtime_ns for path in made.iterdir()}
    assert load_encoder(model, "openvino", tmp_path / "models").backend == "openvino"
    assert {path: path.stat().st_mtime_ns for path in made.iterdir()} == before
