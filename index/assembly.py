"""Puts an index together from articles and the encodings of their passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from index.articles import Article
from index.cut_passages import CutPassages
from index.dense import FAISS
from index.embedding import Embedded, Stored
from index.encoded_passages import Encodings, first_rows, spread
from index.encoder import Encoder, Vectors
from index.late_interaction import Ranges, TokenSource, TokenVectors
from index.lexical import BM25, Vocabulary, number_terms
from index.name_counts import NameCounts
from index.passage_index import PassageIndex
from index.sentence_table import SentenceTable
from index.signals import NO_BACKGROUND
from index.text_table import TextTable
from index.vector_store import VectorStore


def assemble(
    generation: str,
    articles: Sequence[Article],
    texts: TextTable,
    spelling: NameCounts,
    encoder: Encoder,
    embedded: Embedded[Stored],
    tokens: Callable[[Sequence[Stored], Ranges], TokenSource],
    store: VectorStore = FAISS,
) -> PassageIndex:
    """Compute all that a search needs but the background, which takes a search to measure.

    Args:
        generation: The identifier to give to the index.
        articles: At least one, each with at least one paragraph.
        texts: What they are cut into.
        spelling: How they write their words.
        encoder: The model that encoded their passages.
        embedded: What it made of them.
        tokens: Returns the token vectors of all groups of encodings, one after another, whether
            their passages are wanted; its second argument are the ranges of those that are.
        store: What is to keep their vectors.

    Raises:
        CitadelError: The store fails.

    """
    terms, of_form = number_terms(texts.form_terms)
    bm25 = BM25.build(of_form[texts.words], texts.word_counts, len(terms))
    passages = CutPassages(articles, texts)
    first = np.concatenate([[0], np.cumsum(texts.sentence_counts, dtype=np.int64)])
    sentences = SentenceTable.of(texts, _token_ranges(embedded, first))
    return PassageIndex(
        generation=generation,
        articles=tuple(articles),
        passages=passages,
        article_of=passages.article_of,
        texts=texts,
        encoder=encoder,
        passage_vectors=store.keep(
            generation, "passages", _passage_vectors(embedded, encoder.dimension)
        ),
        sentence_vectors=store.keep(
            generation, "sentences", _sentence_vectors(embedded, first, encoder.dimension)
        ),
        token_vectors=tokens(embedded.parts, sentences.passage_tokens()),
        sentences=sentences,
        piece_counts=_piece_counts(embedded, encoder.pieces),
        vocabulary=Vocabulary.count(
            texts.surfaces,
            texts.form_terms,
            texts.words,
            bm25.passage_counts(),
            len(passages),
        ),
        spelling=spelling,
        background=NO_BACKGROUND,
        bm25=bm25,
    )


def _passage_vectors(embedded: Embedded[Encodings], dimension: int) -> Vectors:
    vectors = np.empty((len(embedded.part_of), dimension), dtype=np.float32)
    for part, passages, rows in embedded.by_part():
        vectors[passages] = part.vectors[rows]
    return vectors


def _sentence_vectors(
    embedded: Embedded[Encodings], first: npt.NDArray[np.int64], dimension: int
) -> Vectors:
    vectors = np.empty((int(first[-1]), dimension), dtype=np.float32)
    for part, passages, rows in embedded.by_part():
        counts = part.contents.sentence_counts
        stored = spread(first_rows(counts)[rows], counts[rows])
        vectors[spread(first[passages], counts[rows])] = part.sentence_vectors[stored]
    return vectors


def tokens_in_memory(parts: Sequence[Encodings], _passages: Ranges) -> TokenVectors:
    """Lay the token vectors of all groups one after another, whoever wants which of them."""
    tokens = [part.tokens for part in parts]
    return TokenVectors(
        np.concatenate([each.codes for each in tokens]),
        np.concatenate([each.steps for each in tokens]),
    )


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
