"""The models that come with Citadel, read from their files: weights and traits, without PyTorch.

Both are networks of the form BERT, whose token vectors are averaged over a text; NumPy computes
them as they were published, slowly, for what is faster to be compared with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from citadel.index.encoders.encoder import Vectors, unit_rows
from citadel.index.encoders.network import IDS, KINDS, MASK, Feature, Traits
from citadel.index.encoders.unigram import without_pieces

NAME = "numpy"

Floats = npt.NDArray[np.float32]

_SETTINGS = [
    (
        "Transformer",
        {
            "transformer_task": "feature-extraction",
            "modality_config": {
                "text": {"method": "forward", "method_output_name": "last_hidden_state"}
            },
            "module_output_name": "token_embeddings",
        },
    ),
    ("Pooling", {"embedding_dimension": 384, "pooling_mode": "mean", "include_prompt": True}),
    (
        "Normalize",
        {
            "module_input_name": "sentence_embedding",
            "module_output_name": "sentence_embedding",
        },
    ),
]
"""What sentence-transformers says of its modules, which is part of a model's fingerprint."""


@dataclass(frozen=True, slots=True)
class Bert:
    """A network that turns tokens into vectors.

    Attributes:
        traits: What is to be known of it besides its weights.
        weights: float32, by the names that the library transformers has for them.
        layers: How many there are.
        heads: Of attention, in each.
        epsilon: Added to variances.

    """

    traits: Traits
    weights: Mapping[str, Floats]
    layers: int
    heads: int
    epsilon: float

    @property
    def largest_negative(self) -> float:
        """What is added to the attention that is paid to padding."""
        return float(np.finfo(np.float32).min)


def read_bert(folder: Path) -> Bert:
    """Read a model of the form BERT from its folder, as sentence-transformers keeps it.

    Raises:
        OSError: A file is missing or can't be read.

    """
    config = _json(folder / "config.json")
    library = _json(folder / "config_sentence_transformers.json")
    own = _json(folder / "tokenizer_config.json")
    tokenizer = _tokenizer(folder, own)
    kinds = (KINDS,) if own["tokenizer_class"] == "BertTokenizer" else ()
    traits = Traits(
        fingerprint="",
        dimension=config["hidden_size"],
        most_tokens=_json(folder / "sentence_bert_config.json")["max_seq_length"],
        prompts=library.get("prompts", {"query": "", "document": ""}),
        features=(IDS, MASK, *kinds),
        padding=tokenizer.token_to_id(own["pad_token"]) or 0,
        unknown=own["unk_token"],
        tokenizer=tokenizer.to_str(),
    )
    weights = load_file(folder / "model.safetensors")
    weights.pop("embeddings.position_ids", None)
    bert = Bert(
        traits,
        weights,
        config["num_hidden_layers"],
        config["num_attention_heads"],
        config["layer_norm_eps"],
    )
    # The fingerprint is that of the whole, including a vocabulary that is kept separately.
    sealed = with_weights(bert, weights)
    cut, pieces = without_pieces(sealed.traits.tokenizer)
    return replace(sealed, traits=replace(sealed.traits, tokenizer=cut, pieces=pieces))


def with_weights(bert: Bert, weights: Mapping[str, Floats]) -> Bert:
    """Return the same network with other weights, and the fingerprint that it has then."""
    traits = replace(bert.traits, fingerprint=_fingerprint(bert.traits, weights))
    return replace(bert, traits=traits, weights=weights)


class NumPyNetwork:
    """A ``Network`` that NumPy computes."""

    backend = NAME
    conversion = ""

    def __init__(self, bert: Bert) -> None:
        """Compute a model that comes with Citadel."""
        self.bert = bert
        self.traits = bert.traits

    def run(self, features: Mapping[str, Feature], prompt_tokens: int) -> tuple[Vectors, Vectors]:  # noqa: ARG002
        """See ``Network``."""
        # So little work is done soonest by one thread: more of them wait for one another.
        with threadpool_limits(1, user_api="blas"):
            return self._run(features)

    def _run(self, features: Mapping[str, Feature]) -> tuple[Vectors, Vectors]:
        seen = features[MASK].astype(np.float32)
        tokens = self._embedded(features[IDS], features.get(KINDS))
        hidden = np.where(seen[:, None, None, :] > 0, np.float32(0), self.bert.largest_negative)
        for layer in range(self.bert.layers):
            tokens = self._layer(f"encoder.layer.{layer}", tokens, hidden)
        sums = np.einsum("ntd,nt->nd", tokens, seen)
        return unit_rows(sums / np.maximum(seen.sum(axis=1, keepdims=True), 1e-9)), tokens

    def _embedded(self, ids: Feature, kinds: Feature | None) -> Floats:
        weights = self.bert.weights
        kind = weights["embeddings.token_type_embeddings.weight"]
        pieces = weights["embeddings.word_embeddings.weight"][ids]
        places = weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        of_kind = kind[0] if kinds is None else kind[kinds]
        return self._normalised("embeddings.LayerNorm", pieces + places + of_kind)

    def _layer(self, name: str, tokens: Floats, hidden: Floats) -> Floats:
        own = f"{name}.attention.self"
        queries, keys, values = (
            self._by_head(self._dense(f"{own}.{part}", tokens))
            for part in ("query", "key", "value")
        )
        scores = queries @ keys.swapaxes(-1, -2) / np.float32(np.sqrt(queries.shape[-1])) + hidden
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        looked_at = (shares @ values).swapaxes(1, 2).reshape(tokens.shape)
        tokens = self._added(f"{name}.attention.output", tokens, looked_at)
        inner = _gelu(self._dense(f"{name}.intermediate.dense", tokens))
        return self._added(f"{name}.output", tokens, inner)

    def _added(self, name: str, tokens: Floats, more: Floats) -> Floats:
        return self._normalised(f"{name}.LayerNorm", tokens + self._dense(f"{name}.dense", more))

    def _by_head(self, rows: Floats) -> Floats:
        texts, tokens, width = rows.shape
        heads = self.bert.heads
        return rows.reshape(texts, tokens, heads, width // heads).swapaxes(1, 2)

    def _dense(self, name: str, rows: Floats) -> Floats:
        weights = self.bert.weights
        return np.asarray(rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])

    def _normalised(self, name: str, rows: Floats) -> Floats:
        weights = self.bert.weights
        centred = rows - rows.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self.bert.epsilon))
        return np.asarray(centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"])


def _gelu(rows: Floats) -> Floats:
    """Return ``x Φ(x)``, with the error function to seven digits (Abramowitz & Stegun 7.1.26)."""
    scaled = np.abs(rows) / np.float32(np.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * scaled)
    powers = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        powers = (powers + np.float32(factor)) * t
    erf = np.sign(rows) * (1 - powers * np.exp(-scaled * scaled))
    return np.asarray(rows * (1 + erf) / 2, dtype=np.float32)


def _fingerprint(traits: Traits, weights: Mapping[str, Floats]) -> str:
    """Hash what ``torch_backend`` hashes of the same model."""
    digest = hashlib.sha256()
    for name, tensor in sorted(weights.items()):
        digest.update(f"0.model.{name}".encode())
        digest.update(np.ascontiguousarray(tensor).data)
    tokenizer = json.loads(traits.tokenizer)
    settings = {
        "modules": _SETTINGS,
        "prompts": traits.prompts,
        "most tokens": traits.most_tokens,
        "tokenizer": {k: v for k, v in tokenizer.items() if k not in ("padding", "truncation")},
    }
    digest.update(json.dumps(settings, sort_keys=True).encode())
    return digest.hexdigest()


def _tokenizer(folder: Path, own: Mapping[str, Any]) -> Tokenizer:
    tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    # Special pieces are never cut; a folder may leave that to its loader.
    special = {own[mark] for mark in ("cls_token", "sep_token", "pad_token", "unk_token")}
    tokenizer.add_special_tokens(sorted(special, key=lambda mark: tokenizer.token_to_id(mark) or 0))
    return tokenizer


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found
