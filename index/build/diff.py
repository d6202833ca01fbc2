"""What a build would change: articles, passages and settings compared with the current index."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from citadel.index.build.incremental import NOTHING, Earlier, follow, unchanged_encodings
from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import Corpus
from citadel.index.corpus.passages import Passage, split_article
from citadel.index.encoders.embeddings import passage_digest, split_digests
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.snapshots.embedding_files import stored_encodings
from citadel.index.snapshots.loading import check_files, find_vectors, load_articles
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.snapshots import read_manifest
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FAISS

_NAMED = 10
"""How many articles are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How a build would change the current index.

    Attributes:
        reasons: What is different besides the articles, a sentence each.
        added: The names of articles that the index lacks.
        changed: Those of articles that are not as they are in the index.
        dropped: Those of articles that are in the index only.
        embedded: How many passages would be embedded.
        taken_over: How many passages were embedded before.
        lost: How many passages are in the index only.

    """

    reasons: tuple[str, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]
    embedded: int
    taken_over: int
    lost: int


def changes(
    articles: Sequence[Article], index_dir: Path, encoder: Encoder, earlier: Earlier = NOTHING
) -> Changes:
    """Compare articles, and the model to embed them with, with the current index.

    Args:
        articles: What would be built.
        index_dir: The folder of the snapshots.
        encoder: The model to embed them with.
        earlier: What is known of the current index already; the rest takes longer.

    """
    try:
        manifest = read_manifest(index_dir)
        reasons = _other_model(manifest, encoder)
        before = {article.source: article for article in load_articles(index_dir, manifest)}
    except CitadelError as error:
        # There is none, or it can't be read: all that is there would be new.
        reasons = (str(error),)
        before = {}
    now = {article.source: article for article in articles}
    changed = [name for name in now if name in before and now[name] != before[name]]
    dropped = [name for name in before if name not in now]
    digests = split_digests(follow(articles, earlier).table.digests)
    unread = unchanged_encodings(index_dir, earlier, encoder)
    known = {
        digest
        for file in stored_encodings(index_dir, encoder, unread)
        for digest in file.contents.all_digests()
    }
    embedded = sum(digest not in known for digest in digests)
    gone = {
        passage_digest(passage)
        for passage in _passages_of([before[name] for name in (*changed, *dropped)])
    }
    return Changes(
        reasons=reasons,
        added=tuple(name for name in now if name not in before),
        changed=tuple(changed),
        dropped=tuple(dropped),
        embedded=embedded,
        taken_over=len(digests) - embedded,
        lost=len(gone.difference(digests)),
    )


def _passages_of(articles: Sequence[Article]) -> Iterator[Passage]:
    """Cut articles into passages, article by article."""
    return chain.from_iterable(map(split_article, articles))


def unchanged(
    articles: Sequence[Article],
    index_dir: Path,
    encoder: Encoder,
    store: VectorStore = FAISS,
    earlier: Earlier = NOTHING,
) -> Manifest | None:
    """Return the manifest of the current index if a build would make the same one again.

    An index that is damaged, or whose vectors the store does not have, is not the same.

    Args:
        articles: What would be built.
        index_dir: The folder of the snapshots.
        encoder: The model to embed them with.
        store: What would keep the vectors.
        earlier: What is known of the current index already.

    """
    try:
        manifest = read_manifest(index_dir)
        if _other_model(manifest, encoder) or manifest.store != store.name:
            return None
        known = earlier.snapshot == manifest.snapshot
        before = earlier.articles if known else load_articles(index_dir, manifest)
        if before != tuple(articles):
            return None
        check_files(index_dir, manifest)
        if store.name != FAISS.name:
            find_vectors(index_dir, manifest, store)
    except CitadelError:
        return None
    return manifest


def unreadable_sources(corpus: Corpus, index_dir: Path) -> tuple[str, ...]:
    """Return the files that the current index has articles from, and that can't be read now."""
    try:
        articles = load_articles(index_dir, read_manifest(index_dir))
    except CitadelError:
        return ()
    files = {article.source.partition("#")[0] for article in articles}
    failed = (report.name for report in corpus.reports if report.failures)
    return tuple(name for name in failed if unicodedata.normalize("NFC", name) in files)


def _other_model(manifest: Manifest, encoder: Encoder) -> tuple[str, ...]:
    if manifest.model != encoder.name:
        return (f"The model would be {encoder.name} instead of {manifest.model}.",)
    if manifest.model_sha256 != encoder.fingerprint:
        return (f"The model {encoder.name} has other weights or settings than it had.",)
    return ()


def change_lines(found: Changes) -> Iterator[str]:
    """Report changes in sentences."""
    yield from found.reasons
    for names, what in (
        (found.added, "added"),
        (found.changed, "changed"),
        (found.dropped, "dropped"),
    ):
        if names:
            more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
            yield (
                f"{_count(len(names), 'article')} would be {what}: "
                f"{', '.join(names[:_NAMED])}{more}."
            )
    if found.reasons or found.added or found.changed or found.dropped or found.embedded:
        yield (
            f"{_count(found.embedded, 'passage')} would be embedded, {found.taken_over:,} taken "
            f"over, {found.lost:,} dropped."
        )
    else:
        yield "A build would change nothing."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
