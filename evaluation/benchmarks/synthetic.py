"""Collections of any size, drawn from a small one: to measure what grows with the size.

The passages of a drawn collection are those of a real one, again and again, with their sentences,
words and token vectors. Passage and sentence vectors are drawn: each mixes the real vector with
that of one of its twenty neighbours and that of any other, by Dirichlet(3, 2, 1) weights, and adds
noise of length 0.2. So no two are equal, and the collection stays clustered as a real one is.
Words are as frequent as in the real collection, however large the drawn one is: BM25 has more to
do than in a real collection of that size, most of whose words would be rare.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from citadel.index.encoders.encoder import Encoder, EncoderAround, Encoding, Vectors, unit_rows
from citadel.index.retrieval.lexical import BM25, Vocabulary
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.postings import Postings
from citadel.index.retrieval.sentence_table import SentenceTable
from citadel.index.stores.base import SearchableVectors

_NEIGHBOURS = 20
_SHARES = (3.0, 2.0, 1.0)
_NOISE = 0.2
_BLOCK = 16_384

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Seed:
    """A real collection, to draw larger ones from.

    Attributes:
        index: The collection.
        passages: float32, (passages, dimension), unit rows.
        sentences: float32, (sentences, dimension), unit rows.

    """

    index: PassageIndex
    passages: Vectors
    sentences: Vectors

    @classmethod
    def of(cls, index: PassageIndex) -> Seed:
        """Encode the passages and sentences of an index, whose encoder may remember them."""
        texts = [passage.text for passage in index.passages]
        quotes = [p.quote(span) for p in index.passages for span in p.sentences]
        passages, sentences = map(index.encoder.encode_texts, (texts, quotes))
        return cls(
            index,
            np.stack([encoding.vector for encoding in passages]),
            np.stack([encoding.vector for encoding in sentences]),
        )

    def sentence_rows(self, size: int) -> Ids:
        """Return the number of the real sentence for each sentence of ``size`` passages."""
        whole, rest = divmod(size, len(self.index.passages))
        first = self.index.sentences.first
        return np.concatenate([np.tile(np.arange(first[-1]), whole), np.arange(first[rest])])


class Mixture:
    """Draws vectors near real ones."""

    def __init__(self, real: Vectors) -> None:
        """Draw near float32 unit rows, (n, dimension), more than twenty."""
        self._real = real
        self._near = _neighbours(real)

    def near(self, own: Ids, generator: np.random.Generator) -> Vectors:
        """Return a vector near each of the given rows: float32, (rows, dimension), unit rows."""
        real, near = self._real, self._near
        shares = generator.dirichlet(_SHARES, size=len(own)).astype(np.float32)
        parts = (
            real[own],
            real[near[own, generator.integers(near.shape[1], size=len(own))]],
            real[generator.integers(len(real), size=len(own))],
        )
        mixed = np.sum([shares[:, [n]] * part for n, part in enumerate(parts)], axis=0)
        noise = generator.standard_normal(mixed.shape, dtype=np.float32)
        mixed += np.float32(_NOISE / np.sqrt(real.shape[1])) * noise
        return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)


def draw_vectors(real: Vectors, rows: Ids, path: Path) -> Vectors:
    """Draw a vector near each of the given rows of real ones, into a file; return its map.

    Args:
        real: float32, (n, dimension), unit rows, more than twenty.
        rows: int64, (drawn,): which of them each drawn one is to be near.
        path: The file.

    """
    drawn = np.lib.format.open_memmap(
        path, mode="w+", dtype=np.float32, shape=(len(rows), real.shape[1])
    )
    generator = np.random.default_rng(0)
    mixture = Mixture(real)
    for first in range(0, len(rows), _BLOCK):
        drawn[first : first + _BLOCK] = mixture.near(rows[first : first + _BLOCK], generator)
    drawn.flush()
    return drawn


def drawn_index(
    seed: Seed, size: int, passages: SearchableVectors, sentences: SearchableVectors
) -> PassageIndex:
    """Put a collection of ``size`` passages together around its vectors."""
    real = seed.index
    rows = seed.sentence_rows(size)
    table = real.sentences
    counts = np.diff(table.first)[np.arange(size) % len(real.passages)]
    ends = np.cumsum(table.lengths(rows))
    terms = table.terms_in(rows)
    first = np.concatenate([[0], np.cumsum(counts)])
    times = size / len(real.passages)
    vocabulary = Vocabulary.of(
        real.vocabulary.terms,
        real.vocabulary.forms,
        [max(1, round(count * times)) for count in real.vocabulary.passage_counts],
        size,
    )
    words = np.diff(np.append(0, ends)[first]).astype(np.int32)
    return replace(
        real,
        passages=tuple(islice(cycle(real.passages), size)),
        article_of=np.resize(real.article_of, size),
        passage_vectors=passages,
        sentence_vectors=sentences,
        sentences=SentenceTable(
            first=first,
            passages=np.repeat(np.arange(size, dtype=np.int32), counts),
            tokens=table.tokens[rows],
            words=terms,
            word_ranges=np.stack([np.append(0, ends[:-1]), ends], axis=1),
            term_of=np.arange(len(vocabulary.terms), dtype=np.int32),
            types=table.types[rows],
            announcing=table.announcing[rows],
        ),
        piece_counts=np.rint(real.piece_counts * times).astype(np.int32),
        vocabulary=vocabulary,
        bm25=BM25(Postings.count(terms, words, len(vocabulary.terms)), words),
    )


def token_bytes(seed: Seed, size: int) -> int:
    """Return how many bytes the token vectors of a collection of ``size`` passages take."""
    bytes_each = seed.index.token_vectors.dimension + np.dtype(np.float32).itemsize
    return round(size / len(seed.index.passages) * len(seed.index.token_vectors) * bytes_each)


def _neighbours(real: Vectors) -> Ids:
    """Return int64, (n, neighbours): the rows nearest to each, itself left out."""

    def blocks() -> Iterator[Ids]:
        for first in range(0, len(real), _BLOCK):
            scores = real[first : first + _BLOCK] @ real.T
            scores[np.arange(len(scores)), first + np.arange(len(scores))] = -np.inf
            yield np.argpartition(-scores, _NEIGHBOURS - 1, axis=1)[:, :_NEIGHBOURS]

    return np.concatenate(list(blocks()))


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
    """Yield articles in Markdown, of ``PASSAGES`` paragraphs each; always the same ones."""
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
