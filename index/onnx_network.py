"""A model converted for ONNX Runtime, which has wheels for more platforms than OpenVINO.

The only module that imports onnxruntime.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from index.encoder import Vectors
from index.networks import Feature, Traits
from index.torch_network import TorchNetwork, tracing

NAME = "onnx"

_FILE = "network.onnx"


def is_installed() -> bool:
    """Tell whether the extra “onnx” is installed: what converts, and what computes."""
    return find_spec("onnx") is not None and find_spec("onnxruntime") is not None


def convert(network: TorchNetwork, features: Mapping[str, Feature], folder: Path) -> None:
    """Convert a model into a file of a folder, by running it once on the given features.

    Raises:
        RuntimeError, TypeError, ValueError: ONNX can't express something that the model does.
        OSError: The file can't be written.

    """
    import torch  # noqa: PLC0415

    names = network.traits.features
    with tracing():
        torch.onnx.export(
            network.as_function(),
            network.tensors(features),
            folder / _FILE,
            # By tracing: the exporter that reads the code of a model can't read transformers'.
            dynamo=False,
            input_names=list(names),
            output_names=["texts", "tokens"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names},
        )


class ONNXNetwork:
    """A ``Network`` that ``convert`` has made."""

    backend = NAME

    def __init__(self, traits: Traits, files: Mapping[str, bytes]) -> None:
        """Load the contents of the files of a folder.

        Raises:
            RuntimeError: They are no model.

        """
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = os.cpu_count() or 1
        self._session = onnxruntime.InferenceSession(
            files[_FILE], options, providers=["CPUExecutionProvider"]
        )
        self.traits = traits

    def run(self, features: Mapping[str, Feature], prompt_tokens: int) -> tuple[Vectors, Vectors]:  # noqa: ARG002
        """See ``Network``."""
        text_vectors, token_vectors = self._session.run(None, dict(features))
        return text_vectors, token_vectors
