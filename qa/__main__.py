"""The command line of the service: python -m qa ask | serve. Puts the parts together."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from getpass import getpass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, TextIO

import typer

from index.backends import encoder_loader, use_threads
from index.building import open_index
from index.console import Backend, Store, StoreUrl, progress_bar, run
from index.encoder import Encoder
from index.errors import CitadelError
from index.generations import default_index_dir
from index.loading import EncoderOf
from index.microbatches import GatheringEncoder
from index.reranking import load_reranker
from index.scope import EVERYTHING, Scope
from index.sources_folder import changeable_sources_of, sources_of
from index.stores import open_store
from index.vector_store import VectorStore
from qa.answering import Answerer
from qa.answers import answer_record
from qa.batch import answer_lines
from qa.editions import Editions
from qa.feedback import FeedbackFile
from qa.plain_text import plain_text
from qa.questions import check_question
from qa.renewal import Renewal
from qa.service.limits import DEFAULT_LIMITS, Limits
from qa.service.passwords import PasswordHash
from qa.service.request_log import JsonLines
from qa.welcome import read_welcome

_log = logging.getLogger(__name__)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answer questions with sentences quoted from the articles, each with its place.",
)

IndexDir = Annotated[
    Path,
    typer.Option(
        "--index-dir",
        envvar="CITADEL_INDEX_DIR",
        help="Folder of the index; by default one in your user data folder. Built if missing.",
        show_default=False,
    ),
]
Sources = Annotated[
    Path | None,
    typer.Option(
        "--sources",
        help="Folder of the articles; by default the one that the index was built from, or that "
        "of Citadel, to build a missing index from.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="A sentence-transformers model: hub name or folder; by default the index's own.",
        show_default=False,
    ),
]
RerankerModel = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        help="A CrossEncoder that gives a second opinion: hub name or folder. Slower.",
        show_default=False,
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="Search in this article only, by its file name; repeat it."),
]
LeavingOut = Annotated[
    list[str] | None,
    typer.Option("--without", help="Leave out this article, by its file name; repeat it."),
]
Publishers = Annotated[
    list[str] | None,
    typer.Option("--publisher", help="Search in what this publisher published; repeat it."),
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", help="Search in this language, by its ISO 639-1 code; repeat it."),
]
Since = Annotated[
    str, typer.Option("--since", help="Search in articles from this date on, such as 2016-12.")
]
Until = Annotated[str, typer.Option("--until", help="Search in articles up to this date.")]


@app.command(
    epilog='Examples: python -m qa ask "When did the siege begin?" — '
    'python -m qa ask "who leads it?" --history "What is Jaish Halab?" --json — '
    "python -m qa ask --batch questions.jsonl --output answers.jsonl"
)
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    history: Annotated[
        list[str] | None,
        typer.Option("--history", help="An earlier question; repeat it, oldest first."),
    ] = None,
    top_k: Annotated[
        int, typer.Option("--top-k", min=1, max=50, help="How many passages to list.")
    ] = 5,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the answer as a JSON object.")
    ] = False,
    batch: Annotated[
        str | None,
        typer.Option("--batch", help="Answer the questions of a JSON Lines file; - reads stdin."),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", help="Where --batch writes its answers; - is stdout.")
    ] = "-",
    only: Only = None,
    without: LeavingOut = None,
    publisher: Publishers = None,
    language: Languages = None,
    since: Since = "",
    until: Until = "",
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    model: Model = None,
    reranker: RerankerModel = None,
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Answer one question, or with --batch the questions of a file."""
    if (question is None) == (batch is None):
        raise CitadelError("Give either one question or --batch with a file of questions.")
    scope = Scope(
        only=frozenset(only or ()),
        without=frozenset(without or ()),
        publishers=frozenset(publisher or ()),
        languages=frozenset(language or ()),
        since=since,
        until=until,
    )
    encoder_of = encoder_loader(index_dir, backend)
    if batch is not None:
        if history:
            raise CitadelError("--history goes with one question; write “history” into the file.")
        if scope != EVERYTHING:
            raise CitadelError(
                "--only and the like go with one question; write “scope” into the file."
            )
        with (
            _lines(batch) as lines,
            _writer(output) as out,
            open_store(store, store_url, index_dir) as kept_in,
        ):
            answerer = _answerer(index_dir, sources, model, encoder_of, reranker, kept_in)
            failed = _write_answers(answerer, lines, top_k, out)
        raise typer.Exit(1 if failed else 0)
    if output != "-":
        raise CitadelError("--output goes with --batch; redirect the answer to one question.")
    assert question is not None
    check_question(question)
    with open_store(store, store_url, index_dir) as kept_in:
        answerer = _answerer(index_dir, sources, model, encoder_of, reranker, kept_in)
        answer = answerer.answer(question, history or (), top_k, scope)
    if as_json:
        print(json.dumps(answer_record(answer), ensure_ascii=True, indent=2))
    else:
        print(plain_text(answer), end="")


@app.command(epilog="Example: python -m qa serve --port 7861")
def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port.")] = 7860,
    questions_per_minute: Annotated[
        int,
        typer.Option(
            "--questions-per-minute", min=0, help="Most questions from one address; 0: any number."
        ),
    ] = DEFAULT_LIMITS.questions_per_minute,
    log_questions: Annotated[
        bool, typer.Option("--log-questions", help="Write what is asked to the log.")
    ] = False,
    allow_adding: Annotated[
        bool,
        typer.Option("--allow-adding", help="Let whoever may ask add articles, on the page too."),
    ] = False,
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    model: Model = None,
    reranker: RerankerModel = None,
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Serve the web page and the HTTP API; each new generation of the index is served at once.

    CITADEL_PASSWORD_HASH, made by “password-hash”, asks everybody for a password.
    """
    _log_for_a_server(log_questions)
    # Not an option: the arguments of a program are shown to everybody on the machine.
    kept = os.environ.get("CITADEL_PASSWORD_HASH")
    password = PasswordHash.parse(kept) if kept else None
    if password is None and allow_adding and not _is_this_machine(host):
        raise CitadelError(
            f"With --allow-adding whoever reaches {host} could add articles; set "
            "CITADEL_PASSWORD_HASH, see docs/deploying.md, or leave out --host."
        )
    if password is None and not _is_this_machine(host):
        _log.warning(
            "Whoever reaches %s may ask: CITADEL_PASSWORD_HASH is not set, see docs/deploying.md.",
            host,
        )
    load_alone = encoder_loader(index_dir, backend)

    def encoder_of(model: str) -> Encoder:
        return GatheringEncoder(load_alone(model))

    with open_store(store, store_url, index_dir) as kept_in:
        editions = Editions.of(_answerer(index_dir, sources, model, encoder_of, reranker, kept_in))
        os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
        # After every call Gradio would compute statistics over thousands of records of calls.
        os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
        # And keep 10,000 of these records.
        os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
        # Gradio takes seconds to import; a question on the command line should not wait for it.
        from qa import app as page  # noqa: PLC0415
        from qa.service.additions import Additions, Shelf  # noqa: PLC0415
        from qa.service.service import Service  # noqa: PLC0415

        renewal = Renewal(editions, index_dir, encoder_of, kept_in)
        additions = None
        if allow_adding:
            shelf = Shelf(_shelf(index_dir, sources), index_dir, kept_in)
            additions = Additions(shelf, editions, renewal.look)
        renewal.start()
        feedback = FeedbackFile(index_dir.with_name("feedback.jsonl"))
        limits = Limits(questions_per_minute=questions_per_minute)
        service = Service(editions, limits, log_questions)
        welcome = read_welcome(sources or sources_of(index_dir))
        page.serve(service, host, port, welcome, feedback, password, additions)


@app.command(epilog="Example: python -m qa mcp --index-dir my_index")
def mcp(
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    model: Model = None,
    reranker: RerankerModel = None,
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Give an assistant the tools ask, read_passage and list_articles, by MCP over stdio."""
    try:
        from qa.mcp_tools import build_mcp_server  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise CitadelError(
            "This needs the extra “mcp”; run “pip install 'citadel-qa[mcp]'”."
        ) from error
    encoder_of = encoder_loader(index_dir, backend)
    with open_store(store, store_url, index_dir) as kept_in:
        editions = Editions.of(_answerer(index_dir, sources, model, encoder_of, reranker, kept_in))
        Renewal(editions, index_dir, encoder_of, kept_in).start()
        build_mcp_server(editions).run("stdio")


@app.command(epilog="Example: export CITADEL_PASSWORD_HASH=$(python -m qa password-hash)")
def password_hash() -> None:
    """Write the hash of a password, for CITADEL_PASSWORD_HASH; it is typed, or read from stdin."""
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if getpass("The same again: ") != password:
            raise CitadelError("The passwords differ; type the same one twice.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    print(PasswordHash.of(password))


def _log_for_a_server(log_questions: bool) -> None:
    """Write JSON Lines where a program reads the log; at a terminal no line for each question."""
    if log_questions or not sys.stderr.isatty():
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines())
    else:
        logging.getLogger(JsonLines.__module__).setLevel(logging.WARNING)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _answerer(
    index_dir: Path,
    sources: Path | None,
    model: str | None,
    encoder_of: EncoderOf,
    reranker: str | None,
    store: VectorStore,
) -> Answerer:
    # A misspelt name should not wait for an index to be built.
    second = load_reranker(reranker) if reranker is not None else None
    with progress_bar("Embedding") as progress:
        folder = sources or sources_of(index_dir)
        index = open_index(index_dir, folder, model, encoder_of, progress, store)
    use_threads(1)
    return Answerer(index, second)


def _shelf(index_dir: Path, sources: Path | None) -> Path:
    """Return the folder to add articles to: all that the index has must be in it."""
    built_from = sources_of(index_dir)
    if sources is not None and sources.resolve() != built_from.resolve():
        raise CitadelError(
            f"The index in {index_dir} was built from {built_from}, not from {sources}; leave out "
            "--sources to add articles to it."
        )
    return sources or changeable_sources_of(index_dir)


def _write_answers(answerer: Answerer, lines: Iterable[str], passages: int, out: TextIO) -> bool:
    """Write an answer for each line; tell whether any line failed."""
    failed = False
    for line in answer_lines(answerer, lines, passages):
        out.write(line.text + "\n")
        out.flush()
        failed = failed or line.failed
    return failed


@contextmanager
def _lines(name: str) -> Iterator[Iterable[str]]:
    """Open a file of questions, or the standard input for “-”."""
    try:
        # The standard input's number is opened, not sys.stdin, which has the locale's encoding.
        file = open(  # noqa: SIM115
            sys.stdin.fileno() if name == "-" else name,
            encoding="utf-8-sig",
            errors="surrogateescape",
            closefd=name != "-",
        )
    except OSError as error:
        raise CitadelError(
            f"{name} can't be read ({error.strerror}); name another file."
        ) from error
    with file:
        yield file


@contextmanager
def _writer(name: str) -> Iterator[TextIO]:
    """Open a file for answers, or the standard output for “-”.

    The file gets its name when it is complete, so that a failure leaves an older one as it was.
    What is no file, such as /dev/null, is written to as it is.
    """
    if name == "-":
        yield sys.stdout
        return
    path = Path(name).resolve()
    if path.is_dir():
        raise CitadelError(f"{name} is a folder; name a file to write the answers to.")
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as device:
            yield device
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            yield file
        partial.replace(path)
    except OSError as error:
        raise CitadelError(
            f"{name} can't be written ({error.strerror}); name another file with --output."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def main() -> None:
    """Run the command line."""
    run("citadel", app)


if __name__ == "__main__":
    main()
