"""An article read as a whole: its sections, with the vector of every sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.encoders.encoder import Vectors, unit_rows
from citadel.index.retrieval.passage_index import PassageIndex


@dataclass(frozen=True, slots=True)
class PlacedSentence:
    """A sentence and the passage in which it stands.

    Attributes:
        passage: The passage.
        span: The sentence, by its offsets in the stored text of the article.

    """

    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        """The sentence, as it stands in the source."""
        return self.passage.quote(self.span)


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading.

    Attributes:
        sentences: In reading order.
        vectors: float32, (sentences, dimension), unit rows.

    """

    sentences: tuple[PlacedSentence, ...]
    vectors: Vectors


def joined(sections: Sequence[Section]) -> Section:
    """Return several sections as one."""
    return Section(
        tuple(sentence for section in sections for sentence in section.sentences),
        np.concatenate([section.vectors for section in sections]),
    )


def passages_of(index: PassageIndex, article: Article) -> tuple[Passage, ...]:
    """Return the passages of an article of an index, in reading order."""
    return tuple(index.passages[number] for number in _numbers(index, article))


def sections_of(index: PassageIndex, article: Article) -> tuple[Section, ...]:
    """Return the sections of an article of an index, in reading order.

    The vector of a sentence is the mean of those of its tokens, which the index has on the disk:
    the model need not read the article again, and no engine has to give stored rows back.

    Raises:
        DamagedIndexError: The token vectors can't be read, or are no longer what they were.

    """
    numbered = [(number, index.passages[number]) for number in _numbers(index, article)]
    return tuple(
        _section(index, list(passages))
        for _, passages in groupby(numbered, key=lambda each: each[1].section)
    )


def _numbers(index: PassageIndex, article: Article) -> range:
    place = index.articles.index(article)
    first, last = np.searchsorted(index.article_of, [place, place + 1]).tolist()
    return range(first, last)


def _section(index: PassageIndex, passages: Sequence[tuple[int, Passage]]) -> Section:
    return Section(
        tuple(
            PlacedSentence(passage, span) for _, passage in passages for span in passage.sentences
        ),
        np.concatenate([_sentence_vectors(index, number) for number, _ in passages]),
    )


def _sentence_vectors(index: PassageIndex, number: int) -> Vectors:
    """Return float32, (sentences, dimension), those of a passage: unit rows, zeros for no token."""
    ranges = index.sentences.tokens[slice(*index.sentences.first[number : number + 2])]
    first, last = int(ranges[:, 0].min()), int(ranges[:, 1].max())
    read = index.token_vectors.read(first, last)
    tokens = read.codes.astype(np.float32) * read.steps[:, np.newaxis]
    sums = [tokens[begin - first : end - first].sum(axis=0) for begin, end in ranges.tolist()]
    return unit_rows(np.stack(sums))
