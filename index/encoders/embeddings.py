"""What a model makes of passages, kept so that nothing has to be encoded twice. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain, pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from citadel.index.corpus.passages import Passage
from citadel.index.encoders.encoder import Encoder, Encoding, Vectors, unit_rows
from citadel.index.encoders.token_vectors import TokenVectors

Counts = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Contents:
    """Which passages some encodings are of, and where those of each stand.

    Attributes:
        digests: uint8, (passages, 32): see ``passage_digest``.
        sentence_counts: int32, (passages,): how many sentences each has.
        token_counts: int32, (passages,): how many tokens each has.
        piece_counts: int32, (passages,): how many different pieces of the vocabulary each has.
        sentence_tokens: int32, (sentences, 2): the range of tokens of each sentence, counted from
            the first token of its passage.
        pieces: int32, (pieces,): the different pieces of each passage, one after another.
        checksums: uint32, (passages,): that of the token vectors from the first sentence of each
            passage to its last.

    """

    digests: npt.NDArray[np.uint8]
    sentence_counts: Counts
    token_counts: Counts
    piece_counts: Counts
    sentence_tokens: Counts
    pieces: Counts
    checksums: npt.NDArray[np.uint32]

    def __post_init__(self) -> None:
        """Refuse columns that do not go together."""
        passages = len(self.digests)
        columns = (self.sentence_counts, self.token_counts, self.piece_counts, self.checksums)
        sums = (int(self.sentence_counts.sum()), int(self.piece_counts.sum()))
        if any(len(column) != passages for column in columns) or sums != (
            len(self.sentence_tokens),
            len(self.pieces),
        ):
            raise ValueError(f"the columns of {passages} encoded passages disagree")

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.digests)

    def digest(self, row: int) -> bytes:
        """Return the digest of one passage."""
        return bytes(self.digests[row])

    def all_digests(self) -> frozenset[bytes]:
        """Return the digests of all the passages."""
        return frozenset(split_digests(self.digests))


_NONE = Contents(
    digests=np.zeros((0, 32), np.uint8),
    sentence_counts=np.zeros(0, np.int32),
    token_counts=np.zeros(0, np.int32),
    piece_counts=np.zeros(0, np.int32),
    sentence_tokens=np.zeros((0, 2), np.int32),
    pieces=np.zeros(0, np.int32),
    checksums=np.zeros(0, np.uint32),
)


class Encodings(Protocol):
    """The encodings of some passages, in memory or in a file."""

    @property
    def contents(self) -> Contents:
        """Which passages they are of."""

    @property
    def vectors(self) -> Vectors:
        """float32, (passages, dimension), unit rows: each passage as a whole."""

    @property
    def sentence_vectors(self) -> Vectors:
        """float32, (sentences, dimension), unit rows: each sentence alone."""

    @property
    def tokens(self) -> TokenVectors:
        """The vectors of all tokens, passage by passage."""


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Encodings in memory. See ``Encodings``."""

    contents: Contents
    vectors: Vectors
    sentence_vectors: Vectors
    tokens: TokenVectors

    def __post_init__(self) -> None:
        """Refuse vectors of other passages."""
        expected = (
            len(self.contents),
            len(self.contents.sentence_tokens),
            int(self.contents.token_counts.sum()),
        )
        found = (len(self.vectors), len(self.sentence_vectors), len(self.tokens))
        if found != expected:
            raise ValueError(
                f"vectors of {found} passages, sentences and tokens where there are {expected}"
            )


def passage_digest(passage: Passage) -> bytes:
    """Return the SHA-256 of all of a passage that decides about its vectors: text and sentences."""
    digest = hashlib.sha256(passage.text.encode("utf-8", "surrogatepass"))
    for span in passage.sentences:
        digest.update(b"\0%d-%d" % (span.start - passage.start, span.end - passage.start))
    return digest.digest()


def split_digests(digests: npt.NDArray[np.uint8]) -> list[bytes]:
    """Return uint8 rows of 32 as bytes, each of them."""
    data = digests.tobytes()
    return [data[first : first + 32] for first in range(0, len(data), 32)]


def texts_of(passages: Sequence[Passage]) -> list[str]:
    """Return what has to be encoded of passages: each of them and each sentence, none twice."""
    sentences = (passage.quote(span) for passage in passages for span in passage.sentences)
    return list(dict.fromkeys(chain((passage.text for passage in passages), sentences)))


def encode_passages(
    passages: Sequence[Passage], encoder: Encoder, progress: Callable[[int], None]
) -> Embeddings:
    """Encode passages and their sentences.

    Args:
        passages: At least one.
        encoder: The model.
        progress: Called with the number of texts that were encoded since the last call.

    """
    texts = texts_of(passages)
    found = dict(zip(texts, encoder.encode_texts(texts, progress), strict=True))
    encodings = [found[passage.text] for passage in passages]
    sentences = [[found[p.quote(span)] for span in p.sentences] for p in passages]
    ranges = [_sentence_tokens(p, e) for p, e in zip(passages, encodings, strict=True)]
    pieces = [np.unique(encoding.token_ids) for encoding in encodings]
    tokens = [
        TokenVectors.quantise(_token_vectors(encoding, alone, token_range))
        for encoding, alone, token_range in zip(encodings, sentences, ranges, strict=True)
    ]
    return Embeddings(
        Contents(
            digests=np.frombuffer(b"".join(map(passage_digest, passages)), np.uint8).reshape(
                -1, 32
            ),
            sentence_counts=_lengths(sentences),
            token_counts=_lengths(tokens),
            piece_counts=_lengths(pieces),
            sentence_tokens=np.concatenate(ranges),
            pieces=np.concatenate(pieces).astype(np.int32),
            checksums=np.array(list(map(_checksum, tokens, ranges)), dtype=np.uint32),
        ),
        np.stack([encoding.vector for encoding in encodings]),
        np.stack([alone.vector for alone in chain.from_iterable(sentences)]),
        _join_tokens(tokens),
    )


def _lengths(columns: Sequence[Sequence[object] | TokenVectors | Counts]) -> Counts:
    return np.array([len(column) for column in columns], dtype=np.int32)


def _sentence_tokens(passage: Passage, encoding: Encoding) -> Counts:
    spans = np.array([(span.start, span.end) for span in passage.sentences]) - passage.start
    return np.searchsorted(encoding.token_offsets[:, 0], spans).astype(np.int32)


def _token_vectors(encoding: Encoding, sentences: Sequence[Encoding], ranges: Counts) -> Vectors:
    """Average each token's vector in its paragraph and in its sentence alone.

    The one knows what the paragraph is about, the other what the sentence itself says. Where the
    two encodings cut the text into different tokens, the paragraph's stay as they are.
    """
    vectors = encoding.token_vectors.copy()
    for alone, (first, last) in zip(sentences, ranges, strict=True):
        if np.array_equal(encoding.token_ids[first:last], alone.token_ids):
            vectors[first:last] += alone.token_vectors
    return unit_rows(vectors)


def _checksum(tokens: TokenVectors, sentences: Counts) -> int:
    return tokens.read(int(sentences[:, 0].min()), int(sentences[:, 1].max())).checksum()


def spread(firsts: Rows, counts: Counts | Rows) -> Rows:
    """Return the rows of ranges, range by range.

    Args:
        firsts: int64, (ranges,): the first row of each.
        counts: (ranges,): how many rows each has.

    """
    ends = np.cumsum(counts, dtype=np.int64)
    return np.repeat(firsts - (ends - counts), counts) + np.arange(ends[-1] if len(ends) else 0)


def first_rows(counts: Counts | Rows) -> Rows:
    """Return where each of several ranges begins that stand one after another."""
    return np.cumsum(counts, dtype=np.int64) - counts


def take(encodings: Encodings, passages: Rows) -> Embeddings:
    """Return the encodings of some of the passages, given by their rows."""
    whole = encodings.contents
    sentences = spread(first_rows(whole.sentence_counts)[passages], whole.sentence_counts[passages])
    tokens = spread(first_rows(whole.token_counts)[passages], whole.token_counts[passages])
    pieces = spread(first_rows(whole.piece_counts)[passages], whole.piece_counts[passages])
    stored = encodings.tokens
    return Embeddings(
        Contents(
            whole.digests[passages],
            whole.sentence_counts[passages],
            whole.token_counts[passages],
            whole.piece_counts[passages],
            whole.sentence_tokens[sentences],
            whole.pieces[pieces],
            whole.checksums[passages],
        ),
        encodings.vectors[passages],
        encodings.sentence_vectors[sentences],
        TokenVectors(stored.codes[tokens], stored.steps[tokens]),
    )


def join(parts: Sequence[Embeddings]) -> Embeddings:
    """Put the encodings of several groups of passages, at least one, together."""
    return Embeddings(
        join_contents([part.contents for part in parts]),
        np.concatenate([part.vectors for part in parts]),
        np.concatenate([part.sentence_vectors for part in parts]),
        _join_tokens([part.tokens for part in parts]),
    )


def join_contents(contents: Sequence[Contents]) -> Contents:
    """Put the contents of several groups one after another."""
    return Contents(
        **{
            column.name: np.concatenate(
                [getattr(_NONE, column.name), *(getattr(each, column.name) for each in contents)]
            )
            for column in fields(Contents)
        }
    )


def split_contents(whole: Contents, counts: Sequence[int]) -> Iterator[Contents]:
    """Split what ``join_contents`` joined into groups of these many passages."""
    ends = np.cumsum([0, *counts])
    sentences = np.append(0, np.cumsum(whole.sentence_counts))[ends].tolist()
    pieces = np.append(0, np.cumsum(whole.piece_counts))[ends].tolist()
    for number, (first, last) in enumerate(pairwise(ends.tolist())):
        yield Contents(
            whole.digests[first:last],
            whole.sentence_counts[first:last],
            whole.token_counts[first:last],
            whole.piece_counts[first:last],
            whole.sentence_tokens[slice(*sentences[number : number + 2])],
            whole.pieces[slice(*pieces[number : number + 2])],
            whole.checksums[first:last],
        )


def _join_tokens(parts: Sequence[TokenVectors]) -> TokenVectors:
    return TokenVectors(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.steps for part in parts]),
    )
