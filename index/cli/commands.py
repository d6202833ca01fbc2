"""The command line of the index: python -m index build, diff, add, remove, list and others."""

from __future__ import annotations

import typer

from citadel.index.cli.articles import articles_app
from citadel.index.cli.building import building_app
from citadel.index.cli.snapshots import snapshots_app
from citadel.index.console import Version, run

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Build, check and describe the index that questions are answered from.",
)
app.add_typer(building_app)
app.add_typer(articles_app)
app.add_typer(snapshots_app)


@app.callback()
def options(_version: Version = False) -> None:
    """Take what goes before every command."""


def main() -> None:
    """Run the command line."""
    run("citadel-index", app)
