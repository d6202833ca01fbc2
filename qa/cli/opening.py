"""Opens what a command line names: the index that answers, and the folder of its articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from citadel.index.build.multilingual import multilingual_index
from citadel.index.build.opening import open_index
from citadel.index.build.update import changeable_sources_of, sources_of
from citadel.index.console import progress_bar
from citadel.index.encoders import backends
from citadel.index.errors import CitadelError
from citadel.index.named_paths import sources_folder
from citadel.index.retrieval.stages import Stages, load_stages
from citadel.index.snapshots.loading import EncoderOf
from citadel.index.snapshots.snapshots import has_index
from citadel.index.stores.base import VectorStore
from citadel.index.stores.opening import open_store
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.calibration import load_calibration
from citadel.qa.answer.second_index import SecondIndex, no_second_index
from citadel.qa.service.additions import Additions
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.originals import Originals
from citadel.qa.service.other_languages import OtherLanguages
from citadel.qa.service.rebuilding import SourceFolder
from citadel.qa.service.reload import Reloader


def open_answerer(
    index_dir: Path,
    sources: Path | None,
    model: str | None,
    encoder_of: EncoderOf,
    stages: Stages,
    store: VectorStore,
    second_index: SecondIndex = no_second_index,
) -> Answerer:
    """Load the index of a folder, or build a missing one, and what answers from it.

    Args:
        index_dir: The folder of the index.
        sources: What to build it from; None for what it was built from, or the articles of Citadel.
        model: The model to use; None for the index's own.
        encoder_of: Loads a model.
        stages: What ranks the candidates.
        store: What keeps the vectors.
        second_index: Where to search for questions in other languages.

    Raises:
        CitadelError: Something is not there, is damaged, or does not go with the rest.

    """
    calibration = load_calibration(index_dir)
    with progress_bar("Embedding") as progress:
        folder = sources or sources_of(index_dir)
        index = open_index(index_dir, folder, model, encoder_of, progress, store)
    backends.use_threads(1)
    return Answerer(index, stages, second_index, calibration)


@contextmanager
def opened_answerer(
    index_dir: Path,
    sources: Path | None,
    model: str | None,
    reader: bool,
    reranker: str | None,
    languages: str,
    backend: str | None,
    store: str,
    store_url: str | None,
) -> Iterator[Answerer]:
    """Open a store and what answers from it, as the options of a command say; close the store.

    Raises:
        CitadelError: Something is not there, is damaged, or does not go with the rest.

    """
    encoder_of = backends.encoder_loader(index_dir, backend)
    # A misspelt name should wait neither for an index to be built nor for a model.
    second = multilingual_index(index_dir, encoder_of, languages)
    _check_sources(index_dir, sources)
    # Nobody waits for it before a question in another language is asked.
    second_index = no_second_index if second is None else second.of
    with open_store(store, store_url, index_dir) as kept_in:
        stages = load_stages(reader, reranker, backend, index_dir)
        yield open_answerer(index_dir, sources, model, encoder_of, stages, kept_in, second_index)


@dataclass(frozen=True, slots=True)
class Served:
    """What a server answers from, opened.

    Attributes:
        live_index: What is served, which is another one after a swap.
        reloader: What moves it to a new snapshot, once it is started.
        store: What keeps the vectors.
        index_dir: The folder of the index.
        sources: The folder of the articles, if one was named.

    """

    live_index: LiveIndex
    reloader: Reloader
    store: VectorStore
    index_dir: Path
    sources: Path | None

    def additions(self) -> Additions:
        """Return what takes articles into the folder that the index was built from.

        Raises:
            CitadelError: It was built from another folder than ``sources``.

        """
        folder = SourceFolder(
            _source_folder(self.index_dir, self.sources), self.index_dir, self.store
        )
        return Additions(folder, self.live_index, self.reloader.look)

    def originals(self) -> Originals:
        """Keep the files of what is served next to its index, now and when it is another one."""
        originals = Originals(
            self.index_dir / "originals", lambda: self.sources or sources_of(self.index_dir)
        )
        originals.keep(self.live_index.current)
        self.live_index.follow(originals.keep)
        return originals


@contextmanager
def opened_server(
    index_dir: Path,
    sources: Path | None,
    model: str | None,
    encoder_of: EncoderOf,
    reader: bool,
    reranker: str | None,
    languages: str,
    backend: str | None,
    store: str,
    store_url: str | None,
) -> Iterator[Served]:
    """Open what a server answers from, as the options of a command say; close the store.

    Raises:
        CitadelError: Something is not there, is damaged, or does not go with the rest.

    """
    other_languages = OtherLanguages.of(index_dir, encoder_of, languages)
    _check_sources(index_dir, sources)
    with open_store(store, store_url, index_dir) as kept_in:
        stages = load_stages(reader, reranker, backend, index_dir)
        second_index = other_languages.loaded
        answerer = open_answerer(
            index_dir, sources, model, encoder_of, stages, kept_in, second_index
        )
        live_index = LiveIndex.of(answerer)
        other_languages.keep_up(live_index)
        reloader = Reloader(live_index, index_dir, encoder_of, kept_in)
        yield Served(live_index, reloader, kept_in, index_dir, sources)


def _check_sources(index_dir: Path, sources: Path | None) -> None:
    """Refuse a folder of articles that is not there, if an index has to be built of it."""
    if not has_index(index_dir):
        sources_folder(sources or sources_of(index_dir))


def _source_folder(index_dir: Path, sources: Path | None) -> Path:
    """Return the folder to add articles to: all that the index has must be in it."""
    built_from = sources_of(index_dir)
    if sources is not None and sources.resolve() != built_from.resolve():
        raise CitadelError(
            f"The index in {index_dir} was built from {built_from}, not from {sources}; leave out "
            "--sources to add articles to it."
        )
    return sources or changeable_sources_of(index_dir)
