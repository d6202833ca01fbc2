"""The commands that add articles, remove, correct and list them."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from citadel.index.build.multilingual import ALL, multilingual_index
from citadel.index.build.recording import Doers
from citadel.index.build.report import article_lines
from citadel.index.build.rolled_back import align_folder
from citadel.index.build.update import changeable_sources_of, model_of
from citadel.index.cli.building import Build
from citadel.index.cli.options import IndexDir, Sources
from citadel.index.console import Backend, QuestionLanguages, Store, StoreUrl
from citadel.index.corpus.describing import corrections_of, describe
from citadel.index.corpus.source_folder import REMOVED, add_sources, remove_sources
from citadel.index.encoders.backends import encoder_loader
from citadel.index.snapshots.loading import load_articles
from citadel.index.snapshots.pointer import default_index_dir
from citadel.index.snapshots.snapshots import read_manifest
from citadel.index.stores.opening import open_store

_log = logging.getLogger("citadel.index")

articles_app = typer.Typer()


@articles_app.command(
    "add",
    epilog="Examples: python -m index add report.pdf pages/ --sources my_articles — "
    "python -m index add 'letters/*.docx' --replace",
)
def add_command(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH…", help="Files, folders, or patterns of them.")
    ],
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put a file in the place of another of its name.")
    ] = False,
    languages: QuestionLanguages = ALL,
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Copy articles into the sources folder, and build the index.

    The articles that come with Citadel stay as they are: without --sources, an index of theirs
    gets a folder of its own next to it, with copies of them.
    """
    sources = sources or changeable_sources_of(index_dir)
    _align_folder(index_dir, sources)
    added = add_sources(paths, sources, replace=replace)
    for name in added.present:
        print(f"{name} is there already.", file=sys.stderr)
    for failure in added.failures:
        _log.warning("%s", failure)
    for name in added.names:
        print(f"Added {name} to {sources}.")
    failures = added.failures
    if added.names:
        doers = Doers.system("add", added.names)
        failures += _build(index_dir, sources, languages, backend, store, store_url, doers)
    raise typer.Exit(1 if failures else 0)


@articles_app.command("remove", epilog="Example: python -m index remove report.pdf 'letters/*'")
def remove_command(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME…", help="Names as “list” shows them, or patterns.")
    ],
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    languages: QuestionLanguages = ALL,
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Take articles out of the sources folder, and build the index; see “add” for the folder."""
    sources = sources or changeable_sources_of(index_dir)
    _align_folder(index_dir, sources)
    removed = remove_sources(names, sources)
    for name in removed:
        print(f"Removed {name}; it is kept in {sources / REMOVED}.")
    doers = Doers.system("remove", removed)
    failures = _build(index_dir, sources, languages, backend, store, store_url, doers)
    raise typer.Exit(1 if failures else 0)


@articles_app.command(
    "describe",
    epilog="Examples: python -m index describe report.pdf --author 'Jane Smith' --date 2016-12-05 "
    "— python -m index describe report.pdf --author ''",
)
def describe_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name as “list” shows it.")],
    title: Annotated[str | None, typer.Option("--title", help="Its title, as published.")] = None,
    author: Annotated[str | None, typer.Option("--author", help="Who wrote it.")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Who published it.")] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", help="When: 2016, 2016-12, 2016-12-05 or “5 December 2016”."),
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Where it is published, beginning with https://.")
    ] = None,
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    languages: QuestionLanguages = ALL,
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Correct what is known about an article, in NAME.yaml next to it, and build the index.

    An empty value takes a correction back. See “add” for the folder.
    """
    given = {"title": title, "author": author, "publisher": publisher, "date": date, "url": url}
    corrections = corrections_of(given, "--{}")
    sources = sources or changeable_sources_of(index_dir)
    _align_folder(index_dir, sources)
    for field, value in describe(sources, name, corrections).items():
        print(f"{name}: the {field} is {value or 'what the file tells'}.")
    doers = Doers.system("describe", [name])
    failures = _build(index_dir, sources, languages, backend, store, store_url, doers)
    raise typer.Exit(1 if failures else 0)


@articles_app.command("list", epilog="Example: python -m index list --index-dir my_index")
def list_command(index_dir: IndexDir = default_index_dir()) -> None:  # noqa: B008
    """List the articles of the current index, with what was left out of each or mended."""
    for line in article_lines(load_articles(index_dir, read_manifest(index_dir))):
        print(line)


def _align_folder(index_dir: Path, sources: Path) -> None:
    """Let an addition or a removal after a rollback begin with what “list” shows."""
    aligned = align_folder(index_dir, sources)
    for name in aligned.back:
        print(f"{name} is in {sources} again, as in the index since “rollback”.")
    for name in aligned.away:
        print(f"{name} is kept in {sources / REMOVED}: since “rollback” the index is without it.")


def _build(
    index_dir: Path,
    sources: Path,
    languages: str,
    backend: str | None,
    store: str,
    store_url: str | None,
    doers: Doers,
) -> tuple[str, ...]:
    """Build the index after its folder was changed, with the model it has."""
    encoder_of = encoder_loader(index_dir, backend)
    second = multilingual_index(index_dir, encoder_of, languages)
    with open_store(store, store_url, index_dir) as kept_in:
        encoder = encoder_of(model_of(index_dir))
        return Build(index_dir, sources, encoder, second, kept_in).update(doers=doers)
