"""What the command lines of all packages have in common: messages, progress and some options."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from citadel.index.errors import CitadelError

if TYPE_CHECKING:
    from tqdm import tqdm

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
    with ExitStack() as shown:
        bar: tqdm[NoReturn] | None = None

        def show(done: int, total: int) -> None:
            nonlocal bar
            if bar is None:
                # It imports modules of its own, and much that might be shown takes no time.
                from tqdm import tqdm  # noqa: PLC0415

                hidden = not sys.stderr.isatty()
                bar = shown.enter_context(
                    tqdm(desc=label, file=sys.stderr, disable=hidden, leave=False)
                )
            bar.total = total
            bar.update(done - bar.n)

        yield show
