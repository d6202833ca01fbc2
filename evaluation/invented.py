"""Invented articles and vectors for them: whole indexes of any size, in minutes.

The sentences are those of a real collection in any order, their words in any order, too, and an
invented name among them: so no two are equal, and the vocabulary grows with the collection.
Nothing is embedded: a text gets a vector drawn near a real one, as in ``drawn``, and each of its
words that of a real token with noise. An index of them costs, besides embedding, what one of real
articles costs; what it finds means nothing.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from evaluation.drawn import Mixture, Seed
from index.encoder import Encoder, EncoderAround, Encoding, unit_rows

PASSAGES = 50
"""How many paragraphs an invented article has."""

_SENTENCES = (4, 5, 5, 6, 6, 7)
_SYLLABLES = ("ka", "ro", "min", "tel", "sha", "vu", "dor", "pi", "len", "gas", "no", "bar")
_NAMES = 100_000
_SKEW = 4
"""Names with low numbers are frequent and those with high ones rare, as words are."""

_WORD = re.compile(r"\w+|[^\w\s]")
_TOKENS = 4096
_NOISE_ROWS = 65_536
_NOISE = 0.3


def invented_articles(seed: Seed, count: int) -> Iterator[str]:
    """Yield so many articles in Markdown, of ``PASSAGES`` paragraphs each; the same ones always."""
    quotes = [p.quote(span) for p in seed.index.passages for span in p.sentences]
    for number in range(count):
        generator = random.Random(number)
        paragraphs = (
            " ".join(_sentence(quotes, generator) for _ in range(generator.choice(_SENTENCES)))
            for _ in range(PASSAGES)
        )
        yield "\n\n".join([f"# Report {number} on {_name(generator)}", *paragraphs]) + "\n"


def _sentence(quotes: Sequence[str], generator: random.Random) -> str:
    words = [*generator.choice(quotes).split(), _name(generator)]
    generator.shuffle(words)
    sentence = " ".join(words).rstrip(".!?:;,")
    return f"{sentence[0].upper()}{sentence[1:]}."


def _name(generator: random.Random) -> str:
    number = int(_NAMES * generator.random() ** _SKEW)
    syllables = [_SYLLABLES[number % len(_SYLLABLES)]]
    while number := number // len(_SYLLABLES):
        syllables.append(_SYLLABLES[number % len(_SYLLABLES)])
    return "".join(syllables).capitalize()


class DrawingEncoder(EncoderAround):
    """Draws the vectors of texts instead of computing them. An ``Encoder`` itself."""

    def __init__(self, encoder: Encoder, seed: Seed) -> None:
        """Encode questions with the given encoder, and draw near the vectors of a collection."""
        super().__init__(encoder)
        generator = np.random.default_rng(0)
        real = np.concatenate([seed.passages, seed.sentences])
        self._count = len(real)
        self._texts = Mixture(real)
        tokens = [
            seed.index.token_vectors.read(*found)
            for found in seed.index.sentences.passage_tokens().tolist()
        ]
        vectors = np.concatenate([each.codes * each.steps[:, np.newaxis] for each in tokens])
        self._tokens = vectors[generator.choice(len(vectors), _TOKENS)]
        noise = generator.standard_normal((_NOISE_ROWS, self.dimension), dtype=np.float32)
        self._noise = noise * np.float32(_NOISE / np.sqrt(self.dimension))

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        """Return drawn encodings, equal ones for equal texts."""
        seeds = [zlib.crc32(text.encode()) for text in texts]
        progress(len(texts))
        return [self._encoding(*each) for each in zip(texts, seeds, strict=True)]

    def _encoding(self, text: str, seed: int) -> Encoding:
        found = list(_WORD.finditer(text))
        ids = np.array([zlib.crc32(m.group().lower().encode()) for m in found], dtype=np.int64)
        noise = self._noise[(seed + np.arange(len(found))) % _NOISE_ROWS]
        return Encoding(
            vector=self._texts.near(np.array([seed % self._count]), np.random.default_rng(seed))[0],
            token_vectors=unit_rows(self._tokens[ids % _TOKENS] + noise),
            token_offsets=np.array([m.span() for m in found], dtype=np.int32).reshape(-1, 2),
            token_ids=(ids % self.pieces).astype(np.int32),
        )
