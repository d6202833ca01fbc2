"""The passages of a collection as a sequence, each made of its article when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import overload

import numpy as np

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span, places_between
from citadel.index.corpus.passages import Passage, page_breaks
from citadel.index.encoders.embeddings import first_rows
from citadel.index.retrieval.text_table import Rows, TextTable

_REMEMBERED = 1024
"""How many of the passages that were asked for last are kept: people ask about the same things."""


class CutPassages(Sequence[Passage]):
    """The passages of articles that were cut before: some 40 bytes each instead of an object.

    The same number gives equal passages, not the same object.
    """

    def __init__(self, articles: Sequence[Article], texts: TextTable) -> None:
        """Wrap the table of these articles.

        Raises:
            ValueError: It is not theirs: a passage would lie outside its article, or a sentence
                outside its passage.

        """
        self._articles = articles
        self._spans = texts.spans
        self._headings = texts.headings
        self._sentence_spans = texts.sentence_spans
        self._first_sentences = np.append(
            first_rows(texts.sentence_counts), len(texts.sentence_spans)
        )
        self._first_passages = texts.first_passages()
        if len(texts.passage_counts) != len(articles):
            raise ValueError(
                f"a table of {len(texts.passage_counts)} articles for {len(articles)} articles"
            )
        self.article_of = np.repeat(np.arange(len(articles), dtype=np.int32), texts.passage_counts)
        """int32, (passages,): the number of each passage's article."""
        self._check(texts)
        self._recent = lru_cache(_REMEMBERED)(self._passage)

    def _check(self, texts: TextTable) -> None:
        lengths = np.array([len(article.text) for article in self._articles], dtype=np.int64)
        spans, headings = texts.spans, texts.headings
        outer = np.repeat(spans, texts.sentence_counts, axis=0)
        inner = texts.sentence_spans
        good = (
            (spans[:, 0] >= 0).all()
            and (spans[:, 0] < spans[:, 1]).all()
            and (spans[:, 1] <= lengths[self.article_of]).all()
            and (headings[:, 0] >= 0).all()
            and (headings[:, 0] <= headings[:, 1]).all()
            and (headings[:, 1] <= lengths[self.article_of]).all()
            and (texts.sentence_counts > 0).all()
            and (outer[:, 0] <= inner[:, 0]).all()
            and (inner[:, 0] < inner[:, 1]).all()
            and (inner[:, 1] <= outer[:, 1]).all()
        )
        if not good:
            raise ValueError("the passages are not those of the articles")

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._spans)

    @overload
    def __getitem__(self, number: int) -> Passage: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[Passage, ...]: ...

    def __getitem__(self, number: int | slice) -> Passage | tuple[Passage, ...]:
        """Return the passage of a number, counted through the collection; or several of them."""
        if isinstance(number, slice):
            return tuple(self._passage(each) for each in range(*number.indices(len(self))))
        if not -len(self) <= number < len(self):
            raise IndexError(f"there is no passage {number} of {len(self)}")
        return self._recent(int(number) % len(self))

    def __iter__(self) -> Iterator[Passage]:
        """Yield them all."""
        return map(self._passage, range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Return whether another sequence has equal passages."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def of_articles(self, articles: Rows) -> Iterator[Passage]:
        """Yield the passages of some articles, given by their numbers."""
        for article in articles:
            first, last = self._first_passages[article : article + 2]
            yield from map(self._passage, range(first, last))

    def _passage(self, number: int) -> Passage:
        place = int(self.article_of[number])
        article = self._articles[place]
        start, end = self._spans[number].tolist()
        heading_start, heading_end = self._headings[number].tolist()
        first, last = self._first_sentences[number : number + 2]
        return Passage(
            source=article.source,
            title=article.title,
            section=article.text[heading_start:heading_end] or article.title,
            paragraph=number - int(self._first_passages[place]) + 1,
            start=start,
            end=end,
            text=article.text[start:end],
            sentences=tuple(Span(*pair) for pair in self._sentence_spans[first:last].tolist()),
            page=article.page_at(start),
            page_breaks=page_breaks(article, start, end),
            places=places_between(article.places, start, end),
            doubtful=article.doubtful,
            page_labels=article.page_labels,
        )
