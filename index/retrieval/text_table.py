"""What the texts of a collection are cut into, in arrays: passages, sentences and words.

The rows of an article whose text is unchanged can be reused: besides embedding, cutting is most of
what it costs to index an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain, compress
from typing import Any

import numpy as np
import numpy.typing as npt

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import BlockKind, is_announcement
from citadel.index.corpus.passages import Passage, split_article
from citadel.index.corpus.sentences import SENTENCEX_VERSION
from citadel.index.encoders.embeddings import first_rows, passage_digest, spread
from citadel.index.retrieval.answer_types import ANSWER_TYPES, offered_types
from citadel.index.retrieval.lexical import (
    STEMMER_VERSION,
    Vocabulary,
    Word,
    number_terms,
    words,
)

RECIPE = f"2, sentencex {SENTENCEX_VERSION}, PyStemmer {STEMMER_VERSION}"
"""Changes whenever the same text might be cut in another way: raise the number for a change of
the code that cuts."""

Counts = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TextTable:
    """The passages, sentences and words of articles, one after another.

    A word is known by its form: how it is written, and the term that it is indexed by.

    Attributes:
        passage_counts: int32, (articles,): how many passages each article has.
        spans: int32, (passages, 2): where each stands in the stored text of its article.
        headings: int32, (passages, 2): where the heading above it stands; twice 0 where there is
            none, so that the title of the article is.
        digests: uint8, (passages, 32): see ``passage_digest``.
        sentence_counts: int32, (passages,): how many sentences each has.
        word_counts: int32, (passages,): how many words each has.
        sentence_spans: int32, (sentences, 2): where each stands in the stored text.
        sentence_words: int32, (sentences, 2): the range of its words, counted from the first word
            of its passage.
        types: bool, (sentences, answer types): which kinds of answer stand in each.
        announcing: bool, (sentences,): whether each ends in a colon.
        words: int32, (words,): the form of each word.
        surfaces: How each form is written, with ``form_terms`` ascending and none twice.
        form_terms: The term of each form.

    """

    passage_counts: Counts
    spans: Counts
    headings: Counts
    digests: npt.NDArray[np.uint8]
    sentence_counts: Counts
    word_counts: Counts
    sentence_spans: Counts
    sentence_words: Counts
    types: npt.NDArray[np.bool_]
    announcing: npt.NDArray[np.bool_]
    words: Counts
    surfaces: tuple[str, ...]
    form_terms: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse columns that do not go together."""
        passages, sentences = len(self.spans), len(self.sentence_spans)
        found = (
            int(self.passage_counts.sum()),
            *(len(rows) for rows in (self.headings, self.digests)),
            *(len(rows) for rows in (self.sentence_counts, self.word_counts)),
            int(self.sentence_counts.sum()),
            *(len(rows) for rows in (self.sentence_words, self.types, self.announcing)),
            int(self.word_counts.sum()),
            len(self.form_terms),
            int(self.words.max(initial=-1)) < len(self.surfaces),
        )
        expected = (*[passages] * 5, *[sentences] * 4, len(self.words), len(self.surfaces), True)
        if found != expected:
            raise ValueError(f"the columns of {passages} passages disagree")

    def first_passages(self) -> Rows:
        """Return int64, (articles + 1,): the first passage of each article; then their number."""
        return np.concatenate([[0], np.cumsum(self.passage_counts, dtype=np.int64)])

    def terms(self) -> Counts:
        """Return int32, (forms,): the number of each form's term, in alphabetical order."""
        return number_terms(self.form_terms)[1]

    def occurrences(self) -> Rows:
        """Return int64, (forms,): how often each form of a word stands in the articles."""
        return _occurrences(self.words, len(self.surfaces))

    def vocabulary(self, passage_counts: npt.NDArray[np.int64]) -> Vocabulary:
        """Return the vocabulary of the articles.

        Args:
            passage_counts: int64, (terms,): in how many passages each term occurs.

        """
        return Vocabulary.count(
            self.surfaces,
            self.form_terms,
            self.occurrences(),
            passage_counts,
            len(self.sentence_counts),
        )

    def bounds(self) -> tuple[Rows, Rows, Rows, Rows]:
        """Return where the rows of each article begin: articles, passages, sentences and words.

        Each is int64, (articles + 1,); the last entry is the number of rows.
        """
        first = self.first_passages()
        of_passages = (self.sentence_counts, self.word_counts)
        sentences, in_words = (np.append(0, np.cumsum(c, dtype=np.int64)) for c in of_passages)
        return np.arange(len(first)), first, sentences[first], in_words[first]


COLUMNS = tuple(field.name for field in fields(TextTable))[:-2]
"""The names of the arrays."""

_LEVELS = (
    ("passage_counts",),
    ("spans", "headings", "digests", "sentence_counts", "word_counts"),
    ("sentence_spans", "sentence_words", "types", "announcing"),
)
"""Which of them have a row for each article, for each passage, for each sentence."""

_WORDS = len(_LEVELS)

_AT_ONCE = 1 << 20
"""How many words are counted at once."""


def cut(articles: Sequence[Article]) -> TextTable:
    """Cut articles into passages, sentences and words."""
    by_article = [split_article(article) for article in articles]
    passages = tuple(chain.from_iterable(by_article))
    sentences = [(passage, span) for passage in passages for span in passage.sentences]
    quotes = [passage.quote(span) for passage, span in sentences]
    languages = {article.source: article.language for article in articles}
    found = [words(passage.text, languages[passage.source]) for passage in passages]
    forms = sorted({(word.surface, word.term) for each in found for word in each})
    numbers = {form: number for number, form in enumerate(forms)}
    return TextTable(
        passage_counts=_counts(by_article),
        spans=_pairs((passage.start, passage.end) for passage in passages),
        headings=_pairs(chain.from_iterable(map(_headings, articles))),
        digests=np.frombuffer(b"".join(map(passage_digest, passages)), np.uint8).reshape(-1, 32),
        sentence_counts=_counts([passage.sentences for passage in passages]),
        word_counts=_counts(found),
        sentence_spans=_pairs((span.start, span.end) for _, span in sentences),
        sentence_words=_sentence_words(passages, found),
        types=np.array([offered_types(quote) for quote in quotes], dtype=bool).reshape(
            -1, len(ANSWER_TYPES)
        ),
        announcing=np.array([is_announcement(quote) for quote in quotes], dtype=bool),
        words=np.array(
            [numbers[word.surface, word.term] for each in found for word in each], dtype=np.int32
        ),
        surfaces=tuple(surface for surface, _ in forms),
        form_terms=tuple(term for _, term in forms),
    )


def _headings(article: Article) -> Iterator[tuple[int, int]]:
    """Yield where the heading above each paragraph stands."""
    heading = (0, 0)
    for block in article.blocks:
        if block.kind is BlockKind.HEADING:
            heading = (block.span.start, block.span.end)
        else:
            yield heading


def _sentence_words(passages: Sequence[Passage], found: Sequence[Sequence[Word]]) -> Counts:
    ranges = [
        np.searchsorted(
            [word.start + passage.start for word in inside],
            [(span.start, span.end) for span in passage.sentences],
        )
        for passage, inside in zip(passages, found, strict=True)
    ]
    return np.concatenate([np.zeros((0, 2), np.int32), *ranges]).astype(np.int32)


def _counts(groups: Sequence[Sequence[object]]) -> Counts:
    return np.array([len(group) for group in groups], dtype=np.int32)


def _pairs(pairs: Iterable[tuple[int, int]]) -> Counts:
    return np.array(list(pairs), dtype=np.int32).reshape(-1, 2)


def compose(tables: Sequence[TextTable], articles: Rows) -> TextTable:
    """Return the rows of some articles of several tables, in the order in which they are given.

    Articles that follow one another in a table are copied together, not one by one.

    Args:
        tables: Those of at least these articles.
        articles: int64: their numbers, counted through all the tables.

    """
    bounds = [table.bounds() for table in tables]
    runs = list(_runs([len(table.passage_counts) for table in tables], articles))

    def rows(level: int, columns: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        pieces = [columns[t][slice(*bounds[t][level][[a, b]])] for t, a, b in runs]
        return np.concatenate([columns[0][:0], *pieces])

    columns = {
        name: rows(level, [getattr(table, name) for table in tables])
        for level, names in enumerate(_LEVELS)
        for name in names
    }
    words_taken = [(t, tables[t].words[slice(*bounds[t][_WORDS][[a, b]])]) for t, a, b in runs]
    forms, numbers = _numbered_forms(tables, words_taken)
    pieces = [numbers[t][found] for t, found in words_taken]
    return TextTable(
        **columns,
        words=np.concatenate([np.zeros(0, np.int32), *pieces]),
        surfaces=tuple(surface for surface, _ in forms),
        form_terms=tuple(term for _, term in forms),
    )


def _numbered_forms(
    tables: Sequence[TextTable], words_taken: Iterable[tuple[int, Counts]]
) -> tuple[list[tuple[str, str]], list[Counts]]:
    """Number the forms of words anew.

    Args:
        tables: Those that the words are of.
        words_taken: The number of a table, and forms of some of its words.

    Returns:
        The forms of these words, in their order; and for each table, int32, (forms,), the new
        number of each of its forms that is among them.

    """
    often = [np.zeros(len(table.surfaces), dtype=np.int64) for table in tables]
    for table, found in words_taken:
        often[table] += _occurrences(found, len(often[table]))
    pairs = [list(zip(table.surfaces, table.form_terms, strict=True)) for table in tables]
    used = (compress(each, count > 0) for each, count in zip(pairs, often, strict=True))
    forms = sorted(set(chain.from_iterable(used)))
    number_of = {form: number for number, form in enumerate(forms)}
    numbers = [np.array([number_of.get(f, -1) for f in each], dtype=np.int32) for each in pairs]
    return forms, numbers


def _occurrences(numbers: Counts, count: int) -> Rows:
    """Return int64, (count,): how often each number below ``count`` is among int32 numbers."""
    often = np.zeros(count, dtype=np.int64)
    # In blocks: bincount makes a copy in twice the memory.
    for first in range(0, len(numbers), _AT_ONCE):
        often += np.bincount(numbers[first : first + _AT_ONCE], minlength=count)
    return often


def _runs(counts: Sequence[int], articles: Rows) -> Iterator[tuple[int, int, int]]:
    """Yield the articles that follow one another: their table, the first, and one past the last.

    Args:
        counts: How many articles each table has.
        articles: int64: numbers of articles, counted through all the tables.

    """
    firsts = np.cumsum([0, *counts])
    tables = np.searchsorted(firsts, articles, side="right") - 1
    follows = (np.diff(articles) == 1) & (np.diff(tables) == 0)
    begins = np.flatnonzero(np.concatenate([[len(articles) > 0], ~follows]))
    ends = np.append(begins[1:], len(articles)) - 1
    own = articles - firsts[tables]
    yield from zip(
        tables[begins].tolist(), own[begins].tolist(), (own[ends] + 1).tolist(), strict=True
    )


def row_numbers(tables: Sequence[TextTable], articles: Rows) -> tuple[Rows, Rows]:
    """Return the numbers of the passages and of the sentences of articles of several tables.

    Args:
        tables: Those of at least these articles.
        articles: int64: their numbers, counted through all the tables, as those of rows are.

    """
    of_articles = np.concatenate([table.passage_counts for table in tables])
    of_passages = np.concatenate([table.sentence_counts for table in tables])
    passages = spread(first_rows(of_articles)[articles], of_articles[articles])
    return passages, spread(first_rows(of_passages)[passages], of_passages[passages])
