import hashlib
import json
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from citadel.index.build.build import build_index
from citadel.index.disk import record_of_file
from citadel.index.encoders import openvino_backend as openvino_network
from citadel.index.encoders.backends import check_conversion, load_encoder, prepare_network
from citadel.index.encoders.encoder import Encoder, Encoding
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.encoders.export import (
    LEAST_COSINE,
    Backend,
    UnfaithfulError,
    converted,
    least_cosine,
)
from citadel.index.encoders.models import embedding_model
from citadel.index.encoders.network import Feature, is_replaced
from citadel.index.encoders.openvino_backend import OpenVINONetwork
from citadel.index.encoders.torch_backend import TorchNetwork
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import load
from citadel.index.snapshots.snapshots import read_manifest
from tests.command_line import ROOT
from tests.small_index import articles_of, refusal
from tests.tiny_models import tiny_model

QUESTION = "When does the ferry cross the river?"
TEXTS = [QUESTION, "The ferry crosses at noon.", "", "river " * 300]


@pytest.fixture(scope="module")
def saved_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = f"{QUESTION} the ferry crosses at noon.".lower().split()
    return Path(tiny_model(tmp_path_factory.mktemp("tiny"), words))


@pytest.fixture
def model(tmp_path: Path, saved_model: Path) -> str:
    """The folder of a model; it may be changed."""
    return str(shutil.copytree(saved_model, tmp_path / "tiny" / "model"))


Convert = Callable[[TorchNetwork, Mapping[str, Feature], Path], None]


def remembering(convert: Convert) -> Convert:
    """What converts a model like another one by a copy of that one's files.

    A conversion takes a second, and comes out alike each time: a test sees to that.
    """
    known: dict[str, dict[str, bytes]] = {}

    def convert_once(network: TorchNetwork, features: Mapping[str, Feature], folder: Path) -> None:
        made_from = network.traits.fingerprint
        if made_from not in known:
            convert(network, features, folder)
            known[made_from] = {path.name: path.read_bytes() for path in folder.iterdir()}
        for name, data in known[made_from].items():
            (folder / name).write_bytes(data)

    return convert_once


_convert = openvino_network.convert


@pytest.fixture(scope="module", autouse=True)
def conversions_are_remembered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(openvino_network, "convert", remembering(_convert))
        yield


@pytest.fixture
def kept_in(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture(scope="module")
def openvino() -> Backend:
    return Backend("openvino", "1.0", openvino_network.convert, OpenVINONetwork)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, saved_model: Path, openvino: Backend) -> Path:
    """A folder in which the model is converted."""
    kept_in = tmp_path_factory.mktemp("ready") / "models"
    converted(str(saved_model), openvino, kept_in)
    return kept_in


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
def test_a_text_alone_gets_the_vectors_that_it_gets_beside_others(
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


@pytest.mark.parametrize("backend", ["openvino"])
def test_a_backend_that_is_not_installed(
    model: str, kept_in: Path, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"citadel.index.encoders.{backend}_backend.is_installed", lambda: False)
    with pytest.raises(CitadelError) as caught:
        load_encoder(model, backend, kept_in)
    assert str(caught.value) == (
        f"What --backend {backend} needs is not installed; run “pip install "
        f"'citadel-qa[{backend}]'”, or choose --backend torch."
    )


def test_the_fastest_that_is_installed_is_chosen(
    model: str, kept_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [load_encoder(model, None, kept_in).backend]
    for missing in ("openvino",):
        monkeypatch.setattr(f"citadel.index.encoders.{missing}_backend.is_installed", lambda: False)
        chosen.append(load_encoder(model, None, kept_in).backend)
    assert chosen == ["openvino", "torch"]


def test_an_unknown_backend(model: str) -> None:
    with pytest.raises(CitadelError) as caught:
        load_encoder(model, "abacus")
    assert str(caught.value) == "There is no backend 'abacus'; choose openvino, torch."


def test_neither_pytorch_nor_telemetry_is_loaded(encoder: Encoder, new_index_dir: Path) -> None:
    """In a process of its own, the model having been converted before."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from citadel.index.encoders.backends import load_encoder\n"
        "encoder = load_encoder(backend=None, kept_in=Path(sys.argv[1]))\n"
        "encoder.encode_questions(['Who?'])\n"
        "loaded = {name.split('.')[0] for name, module in sys.modules.items() if module}\n"
        "unwanted = {'torch', 'transformers', 'sentence_transformers', 'openvino_telemetry'}\n"
        "print(encoder.backend, encoder.fingerprint, sorted(loaded & unwanted))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, new_index_dir / MODELS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"openvino {encoder.fingerprint} []\n"


def replace_weights(place: Path) -> None:
    """Change a converted model, and its record with it, as somebody who means it would."""
    weights = place / "network.bin"
    numbers = np.frombuffer(weights.read_bytes(), np.uint8).copy()
    floats = numbers[: len(numbers) // 4 * 4].view(np.float32)
    # What is stored as something else, such as an axis, looks like no weight.
    weight = (np.abs(np.nan_to_num(floats)) > 1e-4) & (np.abs(np.nan_to_num(floats)) < 10)
    floats[np.flatnonzero(weight)[::7]] *= -1
    weights.write_bytes(numbers.tobytes())
    _, record = (place / "record.json").read_bytes().split(b"\n", 1)
    known = json.loads(record)
    known["files"]["network.bin"] = asdict(record_of_file(weights))
    changed = json.dumps(known).encode()
    digest = hashlib.sha256(changed).hexdigest().encode()
    (place / "record.json").write_bytes(digest + b"\n" + changed)


def test_a_model_is_converted_alike_each_time(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_network, "convert", _convert)
    one, other = (load_encoder(model, "openvino", tmp_path / name) for name in ("a", "b"))
    assert one.conversion == other.conversion != ""
    assert load_encoder(model, "openvino", tmp_path / "a").conversion == one.conversion
    assert load_encoder(model).conversion == ""


def test_a_converted_model_that_was_replaced_is_noticed(model: str, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    articles = articles_of(tmp_path / "sources", ferry=f"{QUESTION} The ferry crosses at noon.\n")
    encoder = load_encoder(model, "openvino", index_dir / MODELS)
    build_index(articles, index_dir, encoder, lambda _done, _total: None)

    def load_again() -> PassageIndex:
        return load(index_dir, load_encoder(model, "openvino", index_dir / MODELS))

    assert read_manifest(index_dir).conversion == encoder.conversion
    assert len(load_again().articles) == 1
    assert check_conversion(encoder, index_dir / MODELS, TEXTS) == pytest.approx(1)
    assert check_conversion(load_encoder(model), index_dir / MODELS, TEXTS) is None
    (place,) = (index_dir / MODELS).glob("openvino-*")
    replace_weights(place)
    assert refusal(load_again) == (
        f"The converted model in {index_dir / MODELS} is not the one that the index in "
        f"{index_dir} was built with; remove that folder, and it is made anew."
    )
    changed = load_encoder(model, "openvino", index_dir / MODELS)
    told = refusal(check_conversion, changed, index_dir / MODELS, TEXTS)
    assert re.fullmatch(
        f"The converted model in {re.escape(str(index_dir / MODELS))} gives other vectors than the "
        r"published one \(cosine -?[01]\.[0-9]{5}\); remove that folder, and it is made anew\.",
        told,
    )
    shutil.rmtree(index_dir / MODELS)
    assert len(load_again().articles) == 1


@pytest.mark.parametrize(
    ("sealed", "found", "replaced"),
    [
        ("a openvino 1", "a openvino 1", False),
        ("a openvino 1", "b openvino 1", True),
        ("a openvino 1", "b openvino 2", False),
        ("", "b openvino 1", False),
    ],
)
def test_other_versions_may_convert_otherwise(sealed: str, found: str, replaced: bool) -> None:
    assert is_replaced(sealed, found) == replaced


def test_a_model_is_converted_before_it_is_needed(model: str, tmp_path: Path) -> None:
    prepare_network(model, "torch", tmp_path / "none")
    assert not (tmp_path / "none").exists()
    prepare_network(model, "openvino", tmp_path / "models")
    (made,) = (tmp_path / "models").glob("openvino-*")
    before = {path: path.stat().st_mtime_ns for path in made.iterdir()}
    assert load_encoder(model, "openvino", tmp_path / "models").backend == "openvino"
    assert {path: path.stat().st_mtime_ns for path in made.iterdir()} == before
