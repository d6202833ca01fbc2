"""What the texts of a new snapshot take over from those of the one before."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np

from citadel.index.corpus.articles import Article
from citadel.index.corpus.parse_cache import EMPTY_CACHE, ParseCache
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.retrieval.lexical import number_terms
from citadel.index.retrieval.name_counts import NameCounts
from citadel.index.retrieval.passage_table import CutPassages
from citadel.index.retrieval.postings import Postings
from citadel.index.retrieval.text_table import (
    RECIPE,
    Counts,
    Rows,
    TextTable,
    compose,
    cut,
    row_numbers,
)
from citadel.index.snapshots.embedding_catalogue import Catalogue
from citadel.index.snapshots.embedding_files import FOLDER, EncodingFile
from citadel.index.snapshots.loading import read_part
from citadel.index.snapshots.serialisation import (
    stored_articles,
    stored_catalogue,
    stored_parses,
    stored_postings,
    stored_recipe,
    stored_spelling,
    stored_texts,
    stored_vectors,
)
from citadel.index.snapshots.snapshots import read_manifest
from citadel.index.stores.base import SearchableVectors, VectorStore


@dataclass(frozen=True, slots=True)
class Earlier:
    """The texts of a snapshot that was cut as texts are cut now.

    Attributes:
        snapshot: Its identifier; "" for none.
        articles: In the order of their names.
        texts: What they are cut into.
        spelling: How they write their words.
        parse_cache: What their files were read as.
        postings: How often each term occurs in each passage.
        built_at: When it was built, UTC, ISO 8601; "" for none.
        catalogue: What stands in its files of encodings; None where it has to be found out.

    """

    snapshot: str
    articles: tuple[Article, ...]
    texts: TextTable
    spelling: NameCounts
    postings: Postings
    parse_cache: ParseCache = EMPTY_CACHE
    built_at: str = ""
    catalogue: Catalogue | None = None


def count_terms(table: TextTable) -> Postings:
    """Count the terms of a table's passages."""
    terms, of_form = number_terms(table.form_terms)
    return Postings.count(of_form[table.words], table.word_counts, len(terms))


NOTHING = Earlier("", (), cut(()), NameCounts({}, {}, {}, {}), count_terms(cut(())))
"""What the first snapshot follows, or one that takes nothing over."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a new snapshot.

    Attributes:
        table: What its articles are cut into.
        spelling: How they write their words.
        postings: How often each term occurs in each passage.
        passages: int64, (passages,): the number that each passage had before; -1 for new ones.
        sentences: int64, (sentences,): the same of each sentence.

    """

    table: TextTable
    spelling: NameCounts
    postings: Postings
    passages: Rows
    sentences: Rows


def follow(articles: Sequence[Article], earlier: Earlier) -> Texts:
    """Cut articles whose text is new, and take the rest over: the result is the same.

    Args:
        articles: Those of the new snapshot.
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
    table = compose(tables, places)
    return Texts(
        table,
        spelling,
        _followed(earlier, added, table, passages),
        _unless_new(passages, len(earlier.texts.spans)),
        _unless_new(sentences, len(earlier.texts.sentence_spans)),
    )


def _followed(earlier: Earlier, added: TextTable, whole: TextTable, passages: Rows) -> Postings:
    """Return the postings of a table that is composed of rows of two others.

    Args:
        earlier: What the first of them is of.
        added: The second.
        whole: The table.
        passages: int64, (passages,): the number of each passage, counted through both.

    """
    count = len(earlier.texts.spans)
    became = np.full(count + len(added.spans), -1, dtype=np.int32)
    became[passages] = np.arange(len(passages), dtype=np.int32)
    kept = became[:count][became[:count] >= 0]
    if (np.diff(kept) < 0).any():
        # Articles got other names, and so another order.
        return count_terms(whole)
    terms, _ = number_terms(whole.form_terms)
    numbers = {term: number for number, term in enumerate(terms)}

    def renumbered(table: TextTable, postings: Postings, became: Counts) -> Postings:
        old, _ = number_terms(table.form_terms)
        # A term that no passage has any more has no number, and needs none.
        of_term = np.array([numbers.get(term, -1) for term in old], dtype=np.int64)
        return postings.renumbered(of_term, became, len(terms))

    before = renumbered(earlier.texts, earlier.postings, became[:count])
    return before.merged(renumbered(added, count_terms(added), became[count:]))


def _cut_alike(article: Article, other: Article) -> bool:
    """Return whether two articles are cut into the same, whatever else is known about them."""
    return article is other or (
        (article.text, article.language, article.blocks)
        == (other.text, other.language, other.blocks)
    )


def _unless_new(rows: Rows, count: int) -> Rows:
    return np.where(rows < count, rows, -1)


_log = logging.getLogger(__name__)


def load_earlier(index_dir: Path) -> Earlier:
    """Load the texts of the current snapshot, as far as a new one can take them over.

    Where there is none, or its texts were cut in another way, it is nothing; where it is damaged,
    a warning says so.
    """
    try:
        manifest = read_manifest(index_dir)
        part = partial(read_part, index_dir, manifest)
        if stored_recipe(part) != RECIPE:
            return NOTHING
        articles = stored_articles(part)
        return Earlier(
            manifest.snapshot,
            articles,
            stored_texts(part),
            stored_spelling(part),
            stored_postings(part),
            stored_parses(part, articles),
            manifest.built_at,
            stored_catalogue(part),
        )
    except DamagedIndexError as damage:
        _log.warning("%s Nothing but its encodings is taken over.", damage)
        return NOTHING
    except CitadelError:
        return NOTHING


def unchanged_encodings(
    index_dir: Path, earlier: Earlier, encoder: Encoder
) -> Iterator[EncodingFile]:
    """Yield the files of encodings of an earlier snapshot that look as its catalogue says."""
    if earlier.catalogue is not None:
        folder = index_dir / earlier.snapshot / FOLDER
        since = datetime.fromisoformat(earlier.built_at)
        yield from earlier.catalogue.unchanged(folder, since, encoder)


def earlier_vectors(
    index_dir: Path, earlier: Earlier, encoder: Encoder, store: VectorStore, kind: str
) -> SearchableVectors | None:
    """Load the vectors of a kind of an earlier snapshot.

    Where there is none, it is damaged, or another model or store made them, it is None.
    """
    if not earlier.snapshot:
        return None
    try:
        manifest = read_manifest(index_dir, earlier.snapshot)
        if (manifest.model_sha256, manifest.store) != (encoder.fingerprint, store.name):
            return None
        return stored_vectors(partial(read_part, index_dir, manifest), manifest, store, kind)
    except CitadelError:
        return None
