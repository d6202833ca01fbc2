"""A model converted for OpenVINO, which computes the same vectors several times as fast.

The only module that imports openvino.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from citadel.index.encoders.bert import NumPyNetwork
from citadel.index.encoders.bert_graph import BertGraph
from citadel.index.encoders.encoder import Vectors
from citadel.index.encoders.network import IDS, Feature, Traits, seal
from citadel.index.encoders.torch_backend import TorchNetwork, tracing

NAME = "openvino"

_XML, _WEIGHTS = "network.xml", "network.bin"

_SHORT = 16
"""Tokens of a short text, special ones included: two questions of three have no more. What is
compiled for one shape takes a sixth less time for them than what takes any, and 50 MB: so it is
compiled when the first short text comes, which a reader never gets."""

_LARGE_TABLE = 64 << 20
"""In bytes: that of 30,000 English pieces is smaller, that of 250,000 is 370 MB. Rounded to 16
bits, it changes cosines in the seventh digit."""


def is_installed() -> bool:
    """Tell whether OpenVINO is there: it has wheels for most platforms, not for all."""
    return find_spec("openvino") is not None


def convert(
    network: TorchNetwork | NumPyNetwork, features: Mapping[str, Feature], folder: Path
) -> None:
    """Convert a model into files of a folder.

    One that comes with Citadel is laid out by its weights; any other is run once on the given
    features.

    Raises:
        RuntimeError, TypeError, ValueError: OpenVINO can't compute something that the model does.
        OSError: The files can't be written.

    """
    openvino = _openvino()
    if isinstance(network, NumPyNetwork):
        graph = BertGraph(openvino.opset13, network.bert)
        model = openvino.Model(graph.results, graph.parameters)
    else:
        with tracing():
            model = openvino.convert_model(
                network.as_function(), example_input=network.tensors(features)
            )
    _halve_large_tables(openvino, model)
    # The library numbers what it converts in a process: the same model would not come out the same.
    model.set_friendly_name("model")
    for number, operation in enumerate(model.get_ordered_ops()):
        operation.set_friendly_name(f"{operation.get_type_name()}_{number}")
    # Other weights stay as exact as they were published.
    openvino.save_model(model, folder / _XML, compress_to_fp16=False)


def _halve_large_tables(openvino: Any, model: Any) -> None:
    """Keep the vectors of a multilingual vocabulary in 16 bits: they are most of the model."""
    for table in model.get_ordered_ops():
        if table.get_type_name() != "Constant" or table.get_byte_size() < _LARGE_TABLE:
            continue
        halved = openvino.opset13.constant(table.data.astype(np.float16))
        restored = openvino.opset13.convert(halved, "f32").output(0)
        for user in table.output(0).get_target_inputs():
            user.replace_source_output(restored)


class OpenVINONetwork:
    """A ``Network`` that ``convert`` has made."""

    backend = NAME

    def __init__(self, traits: Traits, files: Mapping[str, bytes]) -> None:
        """Load the contents of the files of a folder.

        Raises:
            RuntimeError: They are no model.

        """
        self._core = _openvino().Core()
        # From memory, not from a map of a file that another process may cut off.
        self._model = self._core.read_model(files[_XML], files[_WEIGHTS])
        self._any = self._compiled()
        self._width = min(_SHORT, traits.most_tokens or _SHORT)
        self._short: Any = None
        self._alone = threading.Lock()
        self.traits = traits
        made_with = ", ".join(f"{name} {version(name)}" for name in _makers())
        self.conversion = seal(traits, files, made_with)

    def run(self, features: Mapping[str, Feature], prompt_tokens: int) -> tuple[Vectors, Vectors]:  # noqa: ARG002
        """See ``Network``. All cores work on one call at a time; others wait."""
        texts, tokens = features[IDS].shape
        short = texts == 1 and tokens <= self._width
        rows = [
            self._padded(name, features[name]) if short else features[name]
            for name in self.traits.features
        ]
        with self._alone:
            request = self._for_short() if short else self._any
            text_vectors, token_vectors = request.infer(rows).values()
        return text_vectors, token_vectors

    def _for_short(self) -> Any:
        """Return what computes short texts, compiled when the first of them comes."""
        if self._short is None:
            features = range(len(self.traits.features))
            self._model.reshape({place: [1, self._width] for place in features})
            self._short = self._compiled()
        return self._short

    def _compiled(self) -> Any:
        settings = _SETTINGS | {"INFERENCE_NUM_THREADS": _cores()}
        return self._core.compile_model(self._model, "CPU", settings).create_infer_request()

    def _padded(self, name: str, row: Feature) -> Feature:
        """Return a feature of a short text, as wide as all of them are computed."""
        padding = self.traits.padding if name == IDS else 0
        padded = np.full((1, self._width), padding, dtype=np.int64)
        padded[:, : row.shape[1]] = row
        return padded


# One question at a time on all cores: as many as arrive together are one batch. On a processor
# that has it, OpenVINO would compute in bfloat16, which is not what the model was published as.
_SETTINGS: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}


def _makers() -> list[str]:
    """Return the libraries that a conversion depends on, as far as they are installed."""
    return [name for name in ("openvino", "torch") if find_spec(name) is not None]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _openvino() -> Any:
    """Import the library without its telemetry, which would tell Google that it was imported."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino  # noqa: PLC0415

    return openvino
