"""A small model, converted once for all tests of a module."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from citadel.index.encoders import openvino_backend as openvino_network
from citadel.index.encoders.export import (
    Backend,
    converted,
)
from citadel.index.encoders.openvino_backend import OpenVINONetwork
from tests.conversions.converting import QUESTION, really_convert, remembering
from tests.tiny_models import tiny_model


@pytest.fixture(scope="module")
def saved_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = f"{QUESTION} the ferry crosses at noon.".lower().split()
    return Path(tiny_model(tmp_path_factory.mktemp("tiny"), words))


@pytest.fixture
def model(tmp_path: Path, saved_model: Path) -> str:
    """The folder of a model; it may be changed."""
    return str(shutil.copytree(saved_model, tmp_path / "tiny" / "model"))


@pytest.fixture(scope="module", autouse=True)
def conversions_are_remembered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(openvino_network, "convert", remembering(really_convert))
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
