"""Writes the reader into its file: a byte for each weight that differs from the default model."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

from citadel.evaluation.fitting.reader_training import ReaderNetwork
from citadel.index.encoders.models import BODY, DEFAULT_MODEL, embedding_model

READER_FILE = Path(str(files("citadel.index.encoders").joinpath("reader.safetensors")))
"""The file of the reader."""

_CODES = 127


def difference(network: ReaderNetwork) -> dict[str, npt.NDArray[Any]]:
    """Return how the network differs from the default model: a byte for each weight.

    Rows of matrices have a step each, vectors stay as they are; so do the heads.
    """
    published = embedding_model(DEFAULT_MODEL)[0].auto_model.state_dict()
    parts: dict[str, npt.NDArray[Any]] = {
        name: parameter.detach().numpy().copy()
        for head in ("sentence", "span")
        for name, parameter in network.named_parameters()
        if name.startswith(f"{head}.")
    }
    for name, weight in network.bert.state_dict().items():
        delta = (weight - published[name]).numpy()
        if not delta.any():
            continue
        if delta.ndim == 1:
            parts[f"{BODY}{name}.difference"] = delta.astype(np.float32)
            continue
        steps = np.abs(delta).max(axis=1) / _CODES + np.float32(1e-12)
        parts[f"{BODY}{name}.codes"] = np.rint(delta / steps[:, None]).astype(np.int8)
        parts[f"{BODY}{name}.steps"] = steps.astype(np.float32)
    return parts


def write_reader(path: Path, network: ReaderNetwork) -> None:
    """Write the file: equal networks give equal files."""
    save_file(difference(network), path)
