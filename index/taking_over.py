"""Loads what a build takes over from the generation before it, as far as it still holds."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from index.encoder import Encoder
from index.encoding_files import FOLDER, EncodingFile
from index.errors import CitadelError, DamagedIndexError
from index.generations import read_manifest
from index.loading import read_part
from index.serialisation import (
    stored_articles,
    stored_catalogue,
    stored_postings,
    stored_readings,
    stored_recipe,
    stored_spelling,
    stored_texts,
    stored_vectors,
)
from index.succession import NOTHING, Earlier
from index.text_table import RECIPE
from index.vector_store import SearchableVectors, VectorStore

_log = logging.getLogger(__name__)


def load_earlier(index_dir: Path) -> Earlier:
    """Load the texts of the current generation, as far as a new one can take them over.

    Where there is none, or its texts were cut in another way, it is nothing; where it is damaged,
    a warning tells so.
    """
    try:
        manifest = read_manifest(index_dir)
        part = partial(read_part, index_dir, manifest)
        if stored_recipe(part) != RECIPE:
            return NOTHING
        articles = stored_articles(part)
        return Earlier(
            manifest.generation,
            articles,
            stored_texts(part),
            stored_spelling(part),
            stored_postings(part),
            stored_readings(part, articles),
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
    """Yield the files of encodings of an earlier generation that look as its catalogue says."""
    if earlier.catalogue is not None:
        folder = index_dir / earlier.generation / FOLDER
        since = datetime.fromisoformat(earlier.built_at)
        yield from earlier.catalogue.unchanged(folder, since, encoder)


def earlier_vectors(
    index_dir: Path, earlier: Earlier, encoder: Encoder, store: VectorStore, kind: str
) -> SearchableVectors | None:
    """Load the vectors of a kind of an earlier generation.

    Where there is none, it is damaged, or another model or store made them, it is None.
    """
    if not earlier.generation:
        return None
    try:
        manifest = read_manifest(index_dir, earlier.generation)
        if (manifest.model_sha256, manifest.store) != (encoder.fingerprint, store.name):
            return None
        return stored_vectors(partial(read_part, index_dir, manifest), manifest, store, kind)
    except CitadelError:
        return None
