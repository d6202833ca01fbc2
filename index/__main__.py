"""The command line of the index: python -m index build | verify | info."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from index.building import BUNDLED_SOURCES, build_index
from index.collection import read_collection
from index.console import progress_bar, run
from index.encoder import load_encoder
from index.generations import default_index_dir, read_manifest, verify
from index.manifest import Manifest
from index.models import DEFAULT_MODEL
from index.recall import below_floor, describe_quality
from index.report import report_lines

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Build, check and describe the index that questions are answered from.",
)

IndexDir = Annotated[
    Path,
    typer.Option(
        "--index-dir",
        envvar="CITADEL_INDEX_DIR",
        help="Folder of the index; by default one in your user data folder.",
        show_default=False,
    ),
]


@app.command(
    "build",
    epilog="Example: python -m index build --sources my_articles --index-dir my_index",
)
def build_command(
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Annotated[
        Path, typer.Option("--sources", help="Folder of the articles.")
    ] = BUNDLED_SOURCES,
    model: Annotated[
        str, typer.Option("--model", help="A sentence-transformers model: hub name or folder.")
    ] = DEFAULT_MODEL,
) -> None:
    """Read the articles, embed them, and make the result the current index."""
    collection = read_collection(sources)
    with progress_bar("Embedding") as progress:
        index = build_index(collection.articles, index_dir, load_encoder(model), progress)
    _describe(read_manifest(index_dir), index_dir)
    for name, quality in read_manifest(index_dir).quality.items():
        if not quality.reaches_floor:
            print(below_floor(name, quality), file=sys.stderr)
    for line in report_lines(collection):
        print(line, file=sys.stderr)
    print(f"{index.generation} is the current index.", file=sys.stderr)
    raise typer.Exit(1 if collection.failures else 0)


@app.command("verify", epilog="Example: python -m index verify --index-dir my_index")
def verify_command(index_dir: IndexDir = default_index_dir()) -> None:  # noqa: B008
    """Compare every file of the current index with its recorded size and SHA-256."""
    manifest = verify(index_dir)
    print(f"{manifest.generation}: {len(manifest.files)} files, none damaged.")


@app.command("info", epilog="Example: python -m index info --index-dir my_index")
def info_command(index_dir: IndexDir = default_index_dir()) -> None:  # noqa: B008
    """Tell what the current index holds and what it was built with."""
    _describe(read_manifest(index_dir), index_dir)


def _describe(manifest: Manifest, index_dir: Path) -> None:
    rows = {
        "generation": manifest.generation,
        "folder": str(index_dir),
        "built at": manifest.built_at,
        "model": manifest.model,
        "model SHA-256": manifest.model_sha256,
        "vectors": f"{manifest.dimension} dimensions, {manifest.normalisation} length, "
        f"{manifest.metric}",
        "articles": manifest.articles,
        "passages": manifest.passages,
        "sentences": manifest.sentences,
        "tokens": manifest.tokens,
        "search": "; ".join(
            f"{name}: {describe_quality(quality)}" for name, quality in manifest.quality.items()
        ),
        "versions": ", ".join(f"{name} {number}" for name, number in manifest.versions.items()),
    }
    for name, value in rows.items():
        print(f"{name:<14} {value}")


def main() -> None:
    """Run the command line."""
    run("citadel-index", app)


if __name__ == "__main__":
    main()
