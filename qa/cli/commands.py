"""The command line of the service: python -m qa ask | serve. Puts the parts together."""

from __future__ import annotations

import typer

from citadel.index.console import Version, run
from citadel.qa.cli.asking import asking_app
from citadel.qa.cli.serving import serving_app

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answer questions with sentences quoted from the articles, each with its place.",
)
app.add_typer(asking_app)
app.add_typer(serving_app)


@app.callback()
def options(_version: Version = False) -> None:
    """Take what goes before every command."""


def main() -> None:
    """Run the command line."""
    run("citadel", app)
