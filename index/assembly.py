"""Puts an index together from articles and the encodings of their passages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from index.answer_types import offered_types
from index.articles import Article
from index.dense import FAISS
from index.embedding import Embedded
from index.encoded_passages import Encodings, first_rows, spread
from index.encoder import Encoder, Vectors
from index.late_interaction import Ranges, TokenVectors
from index.layout import is_announcement
from index.lexical import BM25, TermIds, Vocabulary, Word, words
from index.passage_index import PassageIndex
from index.passages import Passage, split_article
from index.sentence_table import SentenceTable
from index.signals import NO_BACKGROUND
from index.spellings import NameCounts
from index.vector_store import VectorStore


def passages_of(articles: Sequence[Article]) -> tuple[Passage, ...]:
    """Cut articles into passages, article by article."""
    return tuple(chain.from_iterable(split_article(article) for article in articles))


def assemble(
    generation: str,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    encoder: Encoder,
    embedded: Embedded[Encodings],
    store: VectorStore = FAISS,
) -> PassageIndex:
    """Compute all that a search needs but the background, which takes a search to measure.

    Args:
        generation: The identifier to give to the index.
        articles: At least one, each with at least one paragraph.
        passages: Theirs.
        encoder: The model that encoded them.
        embedded: What it made of them.
        store: What is to keep their vectors.

    Raises:
        CitadelError: The store fails.

    """
    languages = {article.source: article.language for article in articles}
    passage_words = [words(p.text, languages[p.source]) for p in passages]
    vocabulary = Vocabulary.collect(passage_words)
    terms = [vocabulary.ids_of(found) for found in passage_words]
    first = np.cumsum([0, *(len(passage.sentences) for passage in passages)], dtype=np.int64)
    # Vectors first: they are laid out, indexed and let go before the larger token vectors come.
    return PassageIndex(
        generation=generation,
        articles=tuple(articles),
        passages=tuple(passages),
        encoder=encoder,
        passage_vectors=store.keep(
            generation, "passages", _passage_vectors(embedded, encoder.dimension)
        ),
        sentence_vectors=store.keep(
            generation, "sentences", _sentence_vectors(embedded, first, encoder.dimension)
        ),
        token_vectors=_token_vectors(embedded, encoder.dimension),
        sentences=_sentence_table(passages, passage_words, terms, first, embedded),
        piece_counts=_piece_counts(embedded, encoder.pieces),
        vocabulary=vocabulary,
        spelling=NameCounts.collect(passage.text for passage in passages),
        background=NO_BACKGROUND,
        bm25=BM25.build(vocabulary, terms),
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


def _token_vectors(embedded: Embedded[Encodings], dimension: int) -> TokenVectors:
    """Lay the token vectors of all parts one after another, whether their passages are wanted."""
    count = sum(int(part.contents.token_counts.sum()) for part in embedded.parts)
    whole = TokenVectors(np.empty((count, dimension), np.int8), np.empty(count, np.float32))
    first = 0
    for part in embedded.parts:
        tokens = part.tokens
        whole.codes[first : first + len(tokens)] = tokens.codes
        whole.steps[first : first + len(tokens)] = tokens.steps
        first += len(tokens)
    return whole


def _token_ranges(embedded: Embedded[Encodings], first: npt.NDArray[np.int64]) -> Ranges:
    """Return int64, (sentences, 2): the range of each sentence in ``_token_vectors``."""
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


def _sentence_table(
    passages: Sequence[Passage],
    passage_words: Sequence[Sequence[Word]],
    passage_terms: Sequence[TermIds],
    first: npt.NDArray[np.int64],
    embedded: Embedded[Encodings],
) -> SentenceTable:
    """Find the terms of every sentence by their places in its passage."""
    terms: list[TermIds] = []
    for passage, found, ids in zip(passages, passage_words, passage_terms, strict=True):
        word_starts = np.array([word.start for word in found], dtype=np.int64) + passage.start
        spans = np.array([(span.start, span.end) for span in passage.sentences])
        places = np.searchsorted(word_starts, spans)
        terms += [ids[begin:end] for begin, end in places]
    quotes = [passage.quote(span) for passage in passages for span in passage.sentences]
    return SentenceTable(
        first=first,
        passages=np.repeat(np.arange(len(passages)), np.diff(first)).astype(np.int32),
        tokens=_token_ranges(embedded, first),
        terms=np.concatenate(terms),
        first_terms=np.cumsum([0, *map(len, terms)], dtype=np.int64),
        types=np.array([offered_types(quote) for quote in quotes], dtype=bool),
        announcing=np.array([is_announcement(quote) for quote in quotes], dtype=bool),
    )
