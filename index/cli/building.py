"""The commands that build the index of a folder of articles, or say what that would change."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from citadel.index.build.diff import change_lines, changes
from citadel.index.build.incremental import load_earlier
from citadel.index.build.multilingual import ALL, MultilingualIndex, multilingual_index
from citadel.index.build.recording import Doers
from citadel.index.build.report import manifest_lines, report_lines
from citadel.index.build.update import (
    ArticlesLostError,
    Update,
    sources_of,
    update,
    update_without_loss,
)
from citadel.index.cli.options import IndexDir, Model, Sources
from citadel.index.console import Backend, QuestionLanguages, Store, StoreUrl, progress_bar
from citadel.index.corpus.corpus import read_corpus
from citadel.index.corpus.watching import repeat_on_change
from citadel.index.encoders.backends import encoder_loader, prepare_network
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.encoders.models import DEFAULT_MODEL, READER
from citadel.index.errors import CitadelError
from citadel.index.named_paths import sources_folder
from citadel.index.snapshots.pointer import default_index_dir
from citadel.index.stores.base import VectorStore
from citadel.index.stores.opening import open_store
from citadel.index.stores.recall import below_floor

_log = logging.getLogger("citadel.index")

building_app = typer.Typer()


@building_app.command(
    "build",
    epilog="Example: python -m index build --sources my_articles --index-dir my_index",
)
def build_command(
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    model: Model = DEFAULT_MODEL,
    keep: Annotated[
        int, typer.Option("--keep", min=1, help="How many earlier snapshots stay, to go back to.")
    ] = 1,
    full: Annotated[
        bool, typer.Option("--full", help="Embed everything anew, changed or not.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Build again whenever the articles change.")
    ] = False,
    languages: QuestionLanguages = ALL,
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Read the articles, embed what is new, and make the result the current index."""
    # Nobody should wait for models, which may be converted first, to learn of a misspelt name.
    sources = sources_folder(sources or sources_of(index_dir))
    encoder_of = encoder_loader(index_dir, backend)
    second = multilingual_index(index_dir, encoder_of, languages)
    with open_store(store, store_url, index_dir) as kept_in:
        encoder = encoder_of(model)
        # What answers from the index later may not be allowed to write.
        prepare_network(READER, backend, index_dir / MODELS)
        build = Build(index_dir, sources, encoder, second, kept_in)
        if watch:
            repeat_on_change(sources, lambda: build.update_or_stay(keep))
            return
        failures = build.update(keep, full)
    raise typer.Exit(1 if failures else 0)


@building_app.command("diff", epilog="Example: python -m index diff --sources my_articles")
def diff_command(
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    model: Model = DEFAULT_MODEL,
    backend: Backend = None,
) -> None:
    """Report what a build would add, change and drop, and how much it would embed."""
    earlier = load_earlier(index_dir)
    corpus = read_corpus(sources or sources_of(index_dir), earlier.parse_cache)
    encoder = encoder_loader(index_dir, backend)(model)
    for line in change_lines(changes(corpus.articles, index_dir, encoder, earlier)):
        print(line)


@dataclass(frozen=True, slots=True)
class Build:
    """What an index is built of, and with."""

    index_dir: Path
    sources: Path
    encoder: Encoder
    second: MultilingualIndex | None
    store: VectorStore

    def update(
        self, keep: int = 1, full: bool = False, doers: Doers | None = None
    ) -> tuple[str, ...]:
        """Bring the index up to date, and describe it; return what could not be read.

        Raises:
            CitadelError: There is no article that can be read, or the index can't be built.

        """
        with progress_bar("Embedding") as progress:
            done = update(
                self.index_dir, self.sources, self.encoder, self.store, progress, keep, full, doers
            )
        self._describe(done)
        return done.failures

    def update_or_stay(self, keep: int) -> None:
        """Bring the index up to date and describe it, or say why it stays as it is.

        Raises:
            CitadelError: The folder of the articles is gone.

        """
        try:
            with progress_bar("Embedding") as progress:
                done = update_without_loss(
                    self.index_dir, self.sources, self.encoder, self.store, progress, keep
                )
            self._describe(done)
        except ArticlesLostError as error:
            print(error, file=sys.stderr)
        except CitadelError as error:
            if not self.sources.is_dir():
                raise
            _log.error("%s", error)

    def _describe(self, done: Update) -> None:
        """Describe the index, and bring that for other languages up to date with it."""
        _print_update(done, self.index_dir)
        if self.second is not None:
            with progress_bar("Embedding for other languages") as progress:
                self.second.update(done.manifest, done.corpus.articles, progress)


def _print_update(done: Update, index_dir: Path) -> None:
    """Describe the index on stdout, and what became of the files on stderr."""
    for line in manifest_lines(done.manifest, index_dir):
        print(line)
    for name, quality in done.manifest.quality.items():
        if not quality.reaches_floor:
            print(below_floor(name, quality), file=sys.stderr)
    for line in report_lines(done.corpus):
        print(line, file=sys.stderr)
    snapshot = done.manifest.snapshot
    if done.changed:
        print(f"{snapshot} is the current index.", file=sys.stderr)
    else:
        print(f"Nothing changed: {snapshot} stays the current index.", file=sys.stderr)
