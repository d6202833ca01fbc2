"""A model that comes with Citadel as a graph of OpenVINO's operations, made from its weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from citadel.index.encoders.bert import Bert, Floats
from citadel.index.encoders.network import IDS, KINDS, MASK


class BertGraph:
    """The operations of a network, from features to the vectors of texts and of their tokens.

    Attributes:
        parameters: One for each of the features that the model takes, in their order.
        results: The vectors of texts, (texts, dimension), and those of tokens, (texts, tokens,
            dimension).

    """

    def __init__(self, operations: Any, bert: Bert) -> None:
        """Lay out a network in a set of operations, such as openvino.opset13."""
        self._ops = operations
        self._bert = bert
        self.parameters = [
            operations.parameter([-1, -1], np.int64, name) for name in bert.traits.features
        ]
        features = dict(zip(bert.traits.features, self.parameters, strict=True))
        seen = operations.convert(features[MASK], "f32")
        tokens = self._embedded(features)
        hidden = self._hidden(seen)
        for layer in range(bert.layers):
            tokens = self._layer(f"encoder.layer.{layer}", tokens, hidden)
        self.results = [self._mean(tokens, seen), tokens]

    def _embedded(self, features: dict[str, Any]) -> Any:
        ops, ids = self._ops, features[IDS]
        pieces = self._rows("word_embeddings", ids)
        length = ops.gather(ops.shape_of(ids), np.int64(1), np.int64(0))
        places = self._rows(
            "position_embeddings", ops.range(np.int64(0), length, np.int64(1), "i64")
        )
        if KINDS in features:
            kinds = self._rows("token_type_embeddings", features[KINDS])
        else:
            kinds = self._bert.weights["embeddings.token_type_embeddings.weight"][:1]
        both = ops.add(ops.add(pieces, kinds), places)
        return self._normalised("embeddings.LayerNorm", both)

    def _rows(self, table: str, numbers: Any) -> Any:
        return self._ops.gather(self._weights(f"embeddings.{table}"), numbers, np.int64(0))

    def _weights(self, name: str) -> Any:
        """Return a constant: an operation that takes an array needs ten times its size a while."""
        return self._ops.constant(self._bert.weights[f"{name}.weight"])

    def _hidden(self, seen: Any) -> Any:
        """Return what is added to attention: 0 for a token, (texts, 1, 1, tokens)."""
        ops = self._ops
        is_seen = ops.unsqueeze(seen, np.array([1, 2]))
        return ops.multiply(
            ops.subtract(np.float32(1), is_seen), np.float32(self._bert.largest_negative)
        )

    def _layer(self, name: str, tokens: Any, hidden: Any) -> Any:
        ops = self._ops
        own = f"{name}.attention.self"
        queries, keys, values = (
            self._by_head(self._dense(f"{own}.{part}", tokens))
            for part in ("query", "key", "value")
        )
        looked_at = ops.scaled_dot_product_attention(queries, keys, values, hidden)
        joined = ops.reshape(
            ops.transpose(looked_at, np.array([0, 2, 1, 3])),
            np.array([0, 0, self._bert.traits.dimension]),
            special_zero=True,
        )
        tokens = self._added(f"{name}.attention.output", tokens, joined)
        inner = ops.gelu(self._dense(f"{name}.intermediate.dense", tokens), "erf")
        return self._added(f"{name}.output", tokens, inner)

    def _by_head(self, rows: Any) -> Any:
        heads = self._bert.heads
        shape = np.array([0, 0, heads, self._bert.traits.dimension // heads])
        cut = self._ops.reshape(rows, shape, special_zero=True)
        return self._ops.transpose(cut, np.array([0, 2, 1, 3]))

    def _added(self, name: str, tokens: Any, more: Any) -> Any:
        both = self._ops.add(tokens, self._dense(f"{name}.dense", more))
        return self._normalised(f"{name}.LayerNorm", both)

    def _dense(self, name: str, rows: Any) -> Any:
        product = self._ops.matmul(rows, self._weights(name), False, True)
        return self._ops.add(product, _row(self._bert.weights[f"{name}.bias"]))

    def _normalised(self, name: str, rows: Any) -> Any:
        ops, weights = self._ops, self._bert.weights
        centred = ops.mvn(rows, np.array([-1]), True, self._bert.epsilon, "inside_sqrt")
        scaled = ops.multiply(centred, _row(weights[f"{name}.weight"]))
        return ops.add(scaled, _row(weights[f"{name}.bias"]))

    def _mean(self, tokens: Any, seen: Any) -> Any:
        """Return the mean of each text's tokens, of unit length."""
        ops = self._ops
        weighted = ops.multiply(tokens, ops.unsqueeze(seen, np.array([2])))
        sums = ops.reduce_sum(weighted, np.array([1]))
        counts = ops.maximum(ops.reduce_sum(seen, np.array([1]), True), np.float32(1e-9))
        return ops.normalize_l2(ops.divide(sums, counts), np.array([1]), 1e-12, "max")


def _row(numbers: Floats) -> Floats:
    return numbers.reshape(1, 1, -1)
