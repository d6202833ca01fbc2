"""A second opinion on the best passages, from a model that reads question and text together.

Such a CrossEncoder is slow, some milliseconds a text, and often the better judge. None comes with
Citadel; users may bring one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from citadel.index.encoders.models import reranking_model
from citadel.index.retrieval.ranking import Scores

_BATCH = 16


class Reranker(Protocol):
    """What a search needs of a reranking model."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Return how well each text answers the question: higher is better, on any scale."""


def load_reranker(model: str) -> Reranker:
    """Load a sentence-transformers CrossEncoder by hub name or local path.

    Raises:
        CitadelError: There is no such model, or it was not trained to score pairs.

    """
    return _CrossEncoderReranker(reranking_model(model))


def second_opinion(first: Scores, second: Scores) -> Scores:
    """Average two opinions on the same texts, on the scale of the first.

    A reranker's scores have a scale of its own, so both are brought to mean 0 and deviation 1
    before. Neither may overrule the other: a reranker is wrong about other texts than the first
    stages are.

    Args:
        first: float32, (texts,).
        second: float32, (texts,).

    Returns:
        float32, (texts,).

    """
    mean = (_standardised(first) + _standardised(second)) / 2
    return np.asarray(first.mean() + first.std() * mean, dtype=np.float32)


def _standardised(scores: Scores) -> Scores:
    deviation = scores.std()
    centred = scores - scores.mean()
    return np.asarray(centred / deviation if deviation > 0 else centred, dtype=np.float32)


class _CrossEncoderReranker:
    """A CrossEncoder of sentence-transformers."""

    def __init__(self, network: Any) -> None:
        self._network = network

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        pairs = [(question, text) for text in texts]
        scores = self._network.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32).reshape(len(texts))
