"""Which backend is chosen, and what is said where it is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from citadel.index.encoders.backends import load_encoder
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.errors import CitadelError
from tests.command_line import ROOT


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


@pytest.mark.parametrize("backend", ["openvino", "torch"])
def test_an_empty_name_is_no_folder_of_a_model(backend: str, tmp_path: Path) -> None:
    with pytest.raises(CitadelError) as caught:
        load_encoder(" ", backend, tmp_path)
    assert str(caught.value) == (
        "The name of the model is empty; give its folder or name on the hub."
    )


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
