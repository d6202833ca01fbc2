"""Puts an index together from articles and the encodings of their passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from citadel.index.build.embedding import Embedded, Stored
from citadel.index.build.incremental import Texts
from citadel.index.corpus.articles import Article
from citadel.index.encoders.embeddings import Encodings, first_rows, spread
from citadel.index.encoders.encoder import Encoder, Vectors
from citadel.index.encoders.token_vectors import Ranges, TokenSource, TokenVectors
from citadel.index.retrieval.lexical import BM25
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.passage_table import CutPassages
from citadel.index.retrieval.scale import AS_FITTED
from citadel.index.retrieval.sentence_table import SentenceTable
from citadel.index.retrieval.signals import NO_BACKGROUND
from citadel.index.retrieval.text_table import TextTable
from citadel.index.stores.base import SearchableVectors, VectorStore
from citadel.index.stores.faiss_store import FAISS

Checksums = npt.NDArray[np.uint32]

EarlierVectors = Callable[[str], SearchableVectors | None]
"""Returns the vectors of a kind of the snapshot before, if they can be taken over."""


def assemble(
    snapshot: str,
    articles: Sequence[Article],
    texts: Texts,
    encoder: Encoder,
    embedded: Embedded[Stored],
    tokens: Callable[[Sequence[Stored], Ranges, Checksums], TokenSource],
    store: VectorStore = FAISS,
    before: EarlierVectors = lambda _kind: None,
) -> PassageIndex:
    """Compute all that a search needs but scale and background, which take questions to measure.

    Args:
        snapshot: The identifier to give to the index.
        articles: At least one, each with at least one paragraph.
        texts: Theirs.
        encoder: The model that encoded their passages.
        embedded: Their encodings.
        tokens: Returns the token vectors of all groups of encodings, one after another, whether
            their passages are wanted; it also takes the ranges of those that are, and uint32,
            (passages,), what the checksums of these have to be.
        store: What is to keep their vectors.
        before: What can be taken over.

    Raises:
        CitadelError: The store fails.

    """
    table = texts.table
    passages = CutPassages(articles, table)
    first = np.concatenate([[0], np.cumsum(table.sentence_counts, dtype=np.int64)])
    kept = partial(_kept, snapshot, texts, store, before)
    sentences = SentenceTable.of(table, _token_ranges(embedded, first))
    return PassageIndex(
        snapshot=snapshot,
        articles=tuple(articles),
        passages=passages,
        article_of=passages.article_of,
        texts=table,
        encoder=encoder,
        passage_vectors=kept("passages", partial(_passage_vectors, embedded, encoder.dimension)),
        sentence_vectors=kept(
            "sentences", partial(_sentence_vectors, embedded, encoder.dimension, table)
        ),
        token_vectors=tokens(
            embedded.parts, sentences.passage_tokens(), _token_checksums(embedded)
        ),
        sentences=sentences,
        piece_counts=_piece_counts(embedded, encoder.pieces),
        vocabulary=table.vocabulary(texts.postings.passage_counts()),
        spelling=texts.spelling,
        scale=AS_FITTED,
        background=NO_BACKGROUND,
        bm25=BM25(texts.postings, table.word_counts),
    )


def _kept(
    snapshot: str,
    texts: Texts,
    store: VectorStore,
    before: EarlierVectors,
    kind: str,
    laid_out: Callable[[npt.NDArray[np.bool_]], Vectors],
) -> SearchableVectors:
    """Have a store keep vectors: only those that are new, where it can follow the earlier ones.

    Args:
        snapshot: The identifier of the index.
        texts: Whose vectors these are.
        store: What is to keep them.
        before: What can be taken over.
        kind: "passages" or "sentences".
        laid_out: Returns the vectors of the passages that are wanted.

    """
    numbers = texts.passages if kind == "passages" else texts.sentences
    is_new = texts.passages < 0
    earlier = before(kind) if not is_new.all() else None
    if earlier is not None:
        followed = store.follow(earlier, numbers, laid_out(is_new))
        if followed is not None:
            return followed
    return store.keep(snapshot, kind, laid_out(np.ones_like(is_new)))


def _passage_vectors(
    embedded: Embedded[Encodings], dimension: int, wanted: npt.NDArray[np.bool_]
) -> Vectors:
    """Return the vectors of the passages that are wanted, in their order."""
    places = np.cumsum(wanted) - 1
    vectors = np.empty((int(wanted.sum()), dimension), dtype=np.float32)
    for part, passages, rows in embedded.by_part():
        inside = wanted[passages]
        if inside.any():
            vectors[places[passages[inside]]] = part.vectors[rows[inside]]
    return vectors


def _sentence_vectors(
    embedded: Embedded[Encodings], dimension: int, texts: TextTable, wanted: npt.NDArray[np.bool_]
) -> Vectors:
    """Return the vectors of the sentences of the passages that are wanted, in their order."""
    first = first_rows(np.where(wanted, texts.sentence_counts, 0))
    count = int(texts.sentence_counts[wanted].sum())
    vectors = np.empty((count, dimension), dtype=np.float32)
    for part, passages, rows in embedded.by_part():
        inside = wanted[passages]
        if inside.any():
            counts = part.contents.sentence_counts
            own = rows[inside]
            stored = spread(first_rows(counts)[own], counts[own])
            places = spread(first[passages[inside]], counts[own])
            vectors[places] = part.sentence_vectors[stored]
    return vectors


def tokens_in_memory(
    parts: Sequence[Encodings], _passages: Ranges, _checksums: Checksums
) -> TokenVectors:
    """Lay the token vectors of all groups one after another, whatever group wants them."""
    tokens = [part.tokens for part in parts]
    return TokenVectors(
        np.concatenate([each.codes for each in tokens]),
        np.concatenate([each.steps for each in tokens]),
    )


def _token_checksums(embedded: Embedded[Encodings]) -> Checksums:
    found = np.empty(len(embedded.part_of), dtype=np.uint32)
    for part, passages, rows in embedded.by_part():
        found[passages] = part.contents.checksums[rows]
    return found


def _token_ranges(embedded: Embedded[Encodings], first: npt.NDArray[np.int64]) -> Ranges:
    """Return int64, (sentences, 2): the range of each sentence among those of all groups."""
    ranges = np.empty((int(first[-1]), 2), dtype=np.int64)
    base = 0
    for part, passages, rows in embedded.by_part():
        contents = part.contents
        counts = contents.sentence_counts[rows]
        stored = spread(first_rows(contents.sentence_counts)[rows], counts)
        passage_tokens = np.repeat(base + first_rows(contents.token_counts)[rows], counts)
        ranges[spread(first[passages], counts)] = (
            contents.sentence_tokens[stored] + passage_tokens[:, np.newaxis]
        )
        base += int(contents.token_counts.sum())
    return ranges


def _piece_counts(embedded: Embedded[Encodings], pieces: int) -> npt.NDArray[np.int32]:
    counts = np.zeros(pieces, dtype=np.int32)
    for part, _, rows in embedded.by_part():
        contents = part.contents
        stored = spread(first_rows(contents.piece_counts)[rows], contents.piece_counts[rows])
        counts += np.bincount(contents.pieces[stored], minlength=pieces).astype(np.int32)
    return counts
