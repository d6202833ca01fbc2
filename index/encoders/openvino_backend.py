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
from citadel.index.encoders.converted_files import ConvertedFiles
from citadel.index.encoders.encoder import Vectors
from citadel.index.encoders.network import IDS, Feature, Traits, seal
from citadel.index.encoders.small_steps import taken_apart
from citadel.index.encoders.torch_backend import TorchNetwork, tracing
from citadel.index.encoders.word_table import WordTable, write_words

NAME = "openvino"

_XML, _WEIGHTS, _WORDS = "network.xml", "network.bin", "words.f16"

_SHORT = 16
"""Tokens of a short text, special ones included: two questions of three have no more. What is
compiled for one shape takes a sixth less time for them than what takes any, and 50 MB: so it is
compiled when the first short text comes, which a reader never gets."""

_LARGE_TABLE = 64 << 20
"""In bytes: that of 30,000 English pieces is smaller, that of 250,000 is 370 MB. From this size on
it is no part of the network, which takes vectors of words instead."""


def is_installed() -> bool:
    """Return whether OpenVINO is there: it has wheels for most platforms, not for all."""
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
    _part_large_table(openvino, model, network.traits, folder / _WORDS)
    _keep_in_bytes(openvino, model)
    # The library numbers what it converts in a process: the same model would not come out the same.
    model.set_friendly_name("model")
    for number, operation in enumerate(model.get_ordered_ops()):
        operation.set_friendly_name(f"{operation.get_type_name()}_{number}")
    # Other weights stay as exact as they were published.
    openvino.save_model(model, folder / _XML, compress_to_fp16=False)


def _part_large_table(openvino: Any, model: Any, traits: Traits, words: Path) -> None:
    """Write the vectors of a multilingual vocabulary into a file: they are most of the model."""
    pieces = model.inputs[traits.features.index(IDS)].get_node()
    for lookup in model.get_ordered_ops():
        if lookup.get_type_name() != "Gather":
            continue
        table, asked = (lookup.input(place).get_source_output().get_node() for place in (0, 1))
        while asked.get_type_name() == "Convert":
            asked = asked.input(0).get_source_output().get_node()
        if (
            table.get_type_name() != "Constant"
            or table.get_byte_size() < _LARGE_TABLE
            or asked.get_friendly_name() != pieces.get_friendly_name()
        ):
            continue
        write_words(words, table.data)
        dimension = table.data.shape[1]
        given = openvino.opset13.parameter([-1, -1, dimension], openvino.Type.f32, "words")
        for user in lookup.output(0).get_target_inputs():
            user.replace_source_output(given.output(0))
        model.add_parameters([given])
        model.validate_nodes_and_infer_types()
        return


def _keep_in_bytes(openvino: Any, model: Any) -> None:
    """Keep weights that were published in four bits in a byte each: they are computed with so.

    Four bits each, in OpenVINO 2026.4, give other products than these on processors with AVX2.
    """
    opset = openvino.opset13
    for product in model.get_ordered_ops():
        if product.get_type_name() != "MatMul":
            continue
        weights = product.input(1).get_source_output().get_node()
        if weights.get_type_name() != "Constant":
            continue
        parts = taken_apart(weights.data)
        if parts is None:
            continue
        numbers, steps = (opset.constant(part) for part in parts)
        blocks = opset.multiply(opset.convert(numbers, "f32"), steps)
        whole = opset.reshape(blocks, np.array(weights.data.shape), special_zero=False)
        product.input(1).replace_source_output(whole.output(0))


class OpenVINONetwork:
    """A ``Network`` that ``convert`` has made."""

    backend = NAME

    def __init__(self, traits: Traits, files: ConvertedFiles) -> None:
        """Load the files of a folder.

        Raises:
            DamagedError: One is not what was written.
            OSError: One can't be read.
            RuntimeError: They are no model.

        """
        self._core = _openvino().Core()
        # From memory, not from a map of a file that another process may cut off. It stays there
        # anyway: what is compiled refers to it.
        self._model = self._core.read_model(files.read(_XML), files.read(_WEIGHTS))
        made_with = ", ".join(f"{name} {version(name)}" for name in _makers())
        self._words: WordTable | None = None
        if _WORDS in files:
            dimension = self._model.inputs[-1].get_partial_shape()[2].get_length()
            self._words = WordTable(files.opened(_WORDS), dimension)
            # Earlier, too, were there such models, which had the words in them.
            made_with += ", words apart"
        self._any = self._compiled()
        self._width = min(_SHORT, traits.most_tokens or _SHORT)
        self._short: Any = None
        self._alone = threading.Lock()
        self.traits = traits
        self.conversion = seal(traits, files.sha256, made_with)

    def run(self, features: Mapping[str, Feature], prompt_tokens: int) -> tuple[Vectors, Vectors]:  # noqa: ARG002
        """See ``Network``. All cores work on one call at a time; others wait."""
        texts, tokens = features[IDS].shape
        # A model for other languages is in memory next to one for English: it has no second form.
        short = texts == 1 and tokens <= self._width and self._words is None
        rows: list[Any] = [
            self._padded(name, features[name]) if short else features[name]
            for name in self.traits.features
        ]
        if self._words is not None:
            rows.append(self._words.of(rows[self.traits.features.index(IDS)]))
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
# Nor does it round what weights of a byte are multiplied with.
_SETTINGS: dict[str, Any] = {
    "PERFORMANCE_HINT": "LATENCY",
    "INFERENCE_PRECISION_HINT": "f32",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0,
}


def _makers() -> list[str]:
    """Return the libraries that a conversion depends on, as far as they are installed."""
    return [name for name in ("openvino", "torch") if find_spec(name) is not None]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _openvino() -> Any:
    """Import the library without its telemetry, which would report the import to Google."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino  # noqa: PLC0415

    return openvino
