"""What the command lines of all packages have in common: messages, progress and some options."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from citadel.index.errors import CitadelError

Store = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="CITADEL_STORE",
        help="What keeps the vectors: faiss, milvus or postgres.",
    ),
]
Backend = Annotated[
    str | None,
    typer.Option(
        "--backend",
        envvar="CITADEL_BACKEND",
        help="What computes the vectors: openvino or torch; by default the first installed.",
        show_default=False,
    ),
]
QuestionLanguages = Annotated[
    str,
    typer.Option(
        "--languages",
        envvar="CITADEL_LANGUAGES",
        help="In what questions may be asked: all languages, where the multilingual model is "
        "installed, or english.",
    ),
]
StoreUrl = Annotated[
    str | None,
    typer.Option(
        "--store-url",
        envvar="CITADEL_STORE_URL",
        help="Address of the server of milvus or postgres.",
        show_default=False,
    ),
]


def run(program: str, app: typer.Typer) -> None:
    """Run a command line; an error that a person can mend becomes one sentence and status 1."""
    logging.basicConfig(level=logging.WARNING, format=f"{program}: %(message)s")
    logging.getLogger("citadel").setLevel(logging.INFO)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # The sources hold characters that not every terminal's encoding has.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(prog_name=program)
    except CitadelError as error:
        print(f"{program}: {error}", file=sys.stderr)
        sys.exit(1)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows how much is done, of how much, when stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with typer.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show
