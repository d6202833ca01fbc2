"""What the texts of a new generation take over from those of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.articles import Article
from index.catalogue import Catalogue
from index.cut_passages import CutPassages
from index.name_counts import NameCounts
from index.source_readings import NO_READINGS, Readings
from index.text_table import Rows, TextTable, compose, cut, row_numbers


@dataclass(frozen=True, slots=True)
class Earlier:
    """The texts of a generation that was cut as texts are cut now.

    Attributes:
        generation: Its identifier; "" for none.
        articles: In the order of their names.
        texts: What they are cut into.
        spelling: How they write their words.
        readings: What their files were read as.
        built_at: When it was built, UTC, ISO 8601; "" for none.
        catalogue: What stands in its files of encodings; None where it has to be found out.

    """

    generation: str
    articles: tuple[Article, ...]
    texts: TextTable
    spelling: NameCounts
    readings: Readings = NO_READINGS
    built_at: str = ""
    catalogue: Catalogue | None = None


NOTHING = Earlier("", (), cut(()), NameCounts({}, {}, {}, {}))
"""What a generation follows that is the first, or takes nothing over."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a new generation.

    Attributes:
        table: What its articles are cut into.
        spelling: How they write their words.
        passages: int64, (passages,): the number that each passage had before; -1 for new ones.
        sentences: int64, (sentences,): the same of each sentence.

    """

    table: TextTable
    spelling: NameCounts
    passages: Rows
    sentences: Rows


def follow(articles: Sequence[Article], earlier: Earlier) -> Texts:
    """Cut articles whose text is new, and take the rest over: the result is the same.

    Args:
        articles: Those of the new generation.
        earlier: What it follows.

    """
    numbers = {article.source: number for number, article in enumerate(earlier.articles)}
    before = [numbers.get(article.source, -1) for article in articles]
    kept = [
        number >= 0 and _cut_alike(article, earlier.articles[number])
        for article, number in zip(articles, before, strict=True)
    ]
    new = [article for article, is_kept in zip(articles, kept, strict=True) if not is_kept]
    added = cut(new)
    places = np.array(before, dtype=np.int64)
    is_new = ~np.array(kept, dtype=bool)
    places[is_new] = len(earlier.articles) + np.arange(len(new))
    tables = [earlier.texts, added]
    passages, sentences = row_numbers(tables, places)
    gone = np.setdiff1d(np.arange(len(earlier.articles)), places)
    lost = CutPassages(earlier.articles, earlier.texts).of_articles(gone)
    spelling = earlier.spelling.changed(
        gone=NameCounts.collect(passage.text for passage in lost),
        come=NameCounts.collect(passage.text for passage in CutPassages(new, added)),
    )
    return Texts(
        compose(tables, places),
        spelling,
        _unless_new(passages, len(earlier.texts.spans)),
        _unless_new(sentences, len(earlier.texts.sentence_spans)),
    )


def _cut_alike(article: Article, other: Article) -> bool:
    """Tell whether two articles are cut into the same, whatever else is known about them."""
    return article is other or (
        (article.text, article.language, article.blocks)
        == (other.text, other.language, other.blocks)
    )


def _unless_new(rows: Rows, count: int) -> Rows:
    return np.where(rows < count, rows, -1)
