"""Opens the index of a folder, which is built first where there is none."""

from __future__ import annotations

import logging
from pathlib import Path

from citadel.index.build.build import BuildOptions, build_index
from citadel.index.build.embedding import Progress
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import EncoderOf, load_last_good
from citadel.index.snapshots.snapshots import command, has_index
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FAISS

_log = logging.getLogger(__name__)


def open_index(
    index_dir: Path,
    sources: Path,
    model: str | None,
    encoder_of: EncoderOf,
    progress: Progress,
    store: VectorStore = FAISS,
) -> PassageIndex:
    """Load the current index of a folder; build it from the sources when there is none.

    Where the current snapshot is damaged, a warning says so and an earlier one is loaded.

    Args:
        index_dir: Where the index is, or is to be.
        sources: What to build it from.
        model: The model to use; None for the one that built the index, or the default one.
        encoder_of: Loads a model.
        progress: Called while building with the number of texts embedded so far, and in all.
        store: What keeps the vectors, or is to keep them.

    Raises:
        CitadelError: The index is damaged or was built with another model, or can't be built.

    """
    if has_index(index_dir):

        def the_same(built_with: str) -> Encoder:
            if model is not None and model != built_with:
                raise CitadelError(
                    f"The index in {index_dir} was built with the model {built_with}, not with "
                    f"{model}; leave out --model, "
                    f"or run {command('build', index_dir, '--model', model)}."
                )
            return encoder_of(built_with)

        return load_last_good(index_dir, the_same, store)
    # What reads articles takes long to import, and an index that is there has been read.
    from citadel.index.corpus.corpus import read_corpus  # noqa: PLC0415

    corpus = read_corpus(sources)
    _log.info("Building the index of %s in %s.", sources, index_dir)
    encoder = encoder_of(model or DEFAULT_MODEL)
    return build_index(
        corpus.articles,
        index_dir,
        encoder,
        progress,
        sources,
        BuildOptions(store=store, parse_cache=corpus.parse_cache),
    )
