"""What the command lines of all packages have in common: messages, progress and some options."""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
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


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"Citadel {version('citadel-qa')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version",
        callback=_print_version,
        is_eager=True,
        help="Print which version this is, and nothing else.",
        show_default=False,
    ),
]

_NO_DEFECT = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.ENAMETOOLONG}
"""What the operating system refuses whatever a program does: no room, or no such name."""


def run(program: str, app: typer.Typer) -> None:
    """Run a command line; an error that a person can mend becomes one sentence and status 1.

    So does what no program can help, such as that the standard output goes to a full disk.
    """
    logging.basicConfig(level=logging.WARNING, format=f"{program}: %(message)s")
    logging.getLogger("citadel").setLevel(logging.INFO)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # The sources hold characters that not every terminal's encoding has.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            app(prog_name=program)
        finally:
            # What is still held back is part of what the command writes, and may fail like it.
            sys.stdout.flush()
    except CitadelError as error:
        print(f"{program}: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # A reader such as “head” that has seen enough needs no message.
        _leave_output()
        sys.exit(1)
    except OSError as error:
        if error.errno not in _NO_DEFECT:
            raise
        _leave_output()
        print(f"{program}: {_refusal(error)}", file=sys.stderr)
        sys.exit(1)


def _refusal(error: OSError) -> str:
    """Say what the operating system refused; of the standard output it gives no name."""
    what = "Something, perhaps the output," if error.filename is None else error.filename
    return f"{what} can't be read or written ({error.strerror or error}); mend that and try again."


def _leave_output() -> None:
    """Let what could not be written go: at its end, Python would try to write it once more."""
    with suppress(io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


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
