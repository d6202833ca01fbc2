"""A model that costs nothing: equal words have equal vectors, other words other ones."""

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Encoding, unit_rows

_PIECES = 1000


@dataclass(frozen=True)
class CheapEncoder:
    """Stands in for a model where the model is not what is tested."""

    name: str = "cheap"
    fingerprint: str = "c" * 64
    backend: str = "none"
    dimension: int = 16
    pieces: int = _PIECES

    def knows_word(self, word: str) -> bool:
        return word.isalpha()

    def reads(self, text: str) -> bool:
        return text.isascii()

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        return [self._encoding(text) for text in texts]

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        progress(len(texts))
        return [self._encoding(text) for text in texts]

    def _encoding(self, text: str) -> Encoding:
        words = list(re.finditer(r"\w+", text))
        seeds = [zlib.crc32(word.group().casefold().encode()) for word in words]
        rows = [np.random.default_rng(seed).normal(size=self.dimension) for seed in seeds]
        vectors = unit_rows(np.array(rows, dtype=np.float32).reshape(-1, self.dimension))
        whole = vectors.sum(axis=0, keepdims=True) + np.float32(1e-3)
        return Encoding(
            vector=unit_rows(whole.astype(np.float32))[0],
            token_vectors=vectors,
            token_offsets=np.array([word.span() for word in words], dtype=np.int32).reshape(-1, 2),
            token_ids=np.array([seed % self.pieces for seed in seeds], dtype=np.int32),
        )
