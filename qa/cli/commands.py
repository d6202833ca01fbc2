"""The command line of the service: python -m qa ask | serve. Puts the parts together."""

from __future__ import annotations

import logging
import os
import sys
from functools import partial
from getpass import getpass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citadel.index.console import Backend, QuestionLanguages, Store, StoreUrl, run
from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.errors import CitadelError
from citadel.index.snapshots.pointer import default_index_dir
from citadel.qa.answer.intent import check_question
from citadel.qa.cli.options import (
    AllowedHosts,
    IndexDir,
    Languages,
    LeavingOut,
    Model,
    Only,
    Publishers,
    ReadSentences,
    RerankerModel,
    RootPath,
    Since,
    Sources,
    TrustedProxies,
    Until,
)
from citadel.qa.service.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from citadel.index.snapshots.loading import EncoderOf
    from citadel.qa.page.welcome import Welcome
    from citadel.qa.service.passwords import PasswordHash

# Each command imports what it needs where it needs it: all of it together takes a second, and
# help or a wrong option needs none of it.
# ruff: noqa: PLC0415

_log = logging.getLogger(__name__)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Answer questions with sentences quoted from the articles, each with its place.",
)


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
    reader: ReadSentences = True,
    reranker: RerankerModel = None,
    languages: QuestionLanguages = "all",
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Answer one question, or with --batch the questions of a file."""
    scope = _scope(only, without, publisher, language, since, until)
    _check_asked(question, batch, history, scope, output)
    from citadel.index.corpus.scope_names import check_names
    from citadel.qa.cli.opening import opened_answerer
    from citadel.qa.cli.plain_text import printed

    opened = partial(
        opened_answerer,
        index_dir,
        sources,
        model,
        reader,
        reranker,
        languages,
        backend,
        store,
        store_url,
    )
    if question is not None:
        with opened() as answerer:
            check_names(scope, answerer.index.articles)
            answer = answerer.answer(question, history or (), top_k, scope)
        print(printed(answer, as_json=as_json), end="")
        return
    from citadel.qa.cli.batch import open_lines, open_writer, write_answers

    assert batch is not None
    with open_lines(batch) as lines, open_writer(output) as out, opened() as answerer:
        failed = write_answers(answerer, lines, top_k, out)
    raise typer.Exit(1 if failed else 0)


def _scope(
    only: list[str] | None,
    without: list[str] | None,
    publishers: list[str] | None,
    languages: list[str] | None,
    since: str,
    until: str,
) -> Scope:
    return Scope(
        only=frozenset(only or ()),
        without=frozenset(without or ()),
        publishers=frozenset(publishers or ()),
        languages=frozenset(languages or ()),
        since=since,
        until=until,
    )


def _check_asked(
    question: str | None, batch: str | None, history: list[str] | None, scope: Scope, output: str
) -> None:
    """Refuse options that don't go together; each line of a file says most of them for itself."""
    if (question is None) == (batch is None):
        raise CitadelError("Give either one question or --batch with a file of questions.")
    if question is not None:
        if output != "-":
            raise CitadelError("--output goes with --batch; redirect the answer to one question.")
        check_question(question)
        return
    if history:
        raise CitadelError("--history goes with one question; write “history” into the file.")
    if scope != EVERYTHING:
        raise CitadelError("--only and the like go with one question; write “scope” into the file.")


@app.command(
    epilog='Examples: python -m qa mentions "Jaish Halab" — '
    "python -m qa mentions Hanano --format csv --output hananu.csv"
)
def mentions(
    name: Annotated[str, typer.Argument(help="A name in any spelling, or other words.")],
    form: Annotated[
        str, typer.Option("--format", help="What to write: text, csv or jsonl.")
    ] = "text",
    words: Annotated[
        bool, typer.Option("--words", help="Look for the words only, although they are a name.")
    ] = False,
    output: Annotated[
        str, typer.Option("--output", help="The file to write to; - is stdout.")
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
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Write every passage that mentions a name, article by article, with its place."""
    if form not in ("text", "csv", "jsonl"):
        raise CitadelError(f"There is no format {form}; --format is text, csv or jsonl.")
    scope = _scope(only, without, publisher, language, since, until)
    check_question(name)
    from citadel.index.corpus.scope_names import check_names
    from citadel.qa.answer.mention_records import Format, exported
    from citadel.qa.cli.batch import open_writer
    from citadel.qa.cli.opening import opened_answerer
    from citadel.qa.cli.plain_text import printed_mentions

    with (
        open_writer(output) as out,
        opened_answerer(
            index_dir, sources, model, False, None, "english", backend, store, store_url
        ) as answerer,
    ):
        check_names(scope, answerer.index.articles)
        found = answerer.finder.find(name, scope, words_only=words)
        lines = printed_mentions(found) if form == "text" else exported(found, Format(form))
        out.writelines(lines)


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
    allowed_host: AllowedHosts = None,
    trusted_proxy: TrustedProxies = None,
    root_path: RootPath = "",
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    model: Model = None,
    reader: ReadSentences = True,
    reranker: RerankerModel = None,
    languages: QuestionLanguages = "all",
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Serve the web page and the HTTP API; each new snapshot of the index is served at once.

    CITADEL_PASSWORD_HASH, made by “password-hash”, asks everybody for a password.
    """
    from citadel.index.retrieval.stages import load_stages
    from citadel.index.stores.opening import open_store
    from citadel.qa.cli.opening import open_additions, open_answerer
    from citadel.qa.service.entrance import Entrance
    from citadel.qa.service.feedback import FeedbackFile
    from citadel.qa.service.live_index import LiveIndex
    from citadel.qa.service.other_languages import OtherLanguages
    from citadel.qa.service.reload import Reloader

    _log_for_a_server(log_questions)
    password = _password(host, allow_adding)
    entrance = Entrance.of(host, allowed_host or (), trusted_proxy or (), root_path)
    encoder_of = _gathering(index_dir, backend)
    other_languages = OtherLanguages.of(index_dir, encoder_of, languages)
    stages = load_stages(reader, reranker, backend, index_dir)
    with open_store(store, store_url, index_dir) as kept_in:
        second_index = other_languages.loaded
        answerer = open_answerer(
            index_dir, sources, model, encoder_of, stages, kept_in, second_index
        )
        live_index = LiveIndex.of(answerer)
        other_languages.keep_up(live_index)
        _let_gradio_count_nothing()
        # Gradio takes seconds to import: that is for when the index is known to be there.
        from citadel.qa.cli import server
        from citadel.qa.service.service import Service

        reloader = Reloader(live_index, index_dir, encoder_of, kept_in)
        additions = None
        if allow_adding:
            additions = open_additions(index_dir, sources, kept_in, live_index, reloader)
        reloader.start()
        feedback = FeedbackFile(index_dir.with_name("feedback.jsonl"))
        limits = Limits(questions_per_minute=questions_per_minute)
        service = Service(live_index, limits, log_questions)
        welcome = _welcome(index_dir, sources)
        server.serve(service, host, port, welcome, feedback, password, additions, entrance)


@app.command(epilog="Example: python -m qa doctor --port 7861")
def doctor(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port.")] = 7860,
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Look at disk, permissions, model, index, port and clock, and say what to mend."""
    from citadel.index.encoders.backends import encoder_loader
    from citadel.index.stores.opening import open_store
    from citadel.qa.cli.doctor import examine

    well = True
    with open_store(store, store_url, index_dir) as kept_in:
        for finding in examine(index_dir, host, port, encoder_loader(index_dir, backend), kept_in):
            print(finding, flush=True)
            well = well and finding.is_well
    raise typer.Exit(0 if well else 1)


def _gathering(index_dir: Path, backend: str | None) -> EncoderOf:
    """Return what loads a model to which the questions of many are given together."""
    from citadel.index.encoders.backends import encoder_loader
    from citadel.index.encoders.batching import GatheringEncoder

    load_alone = encoder_loader(index_dir, backend)
    return lambda model: GatheringEncoder(load_alone(model))


def _welcome(index_dir: Path, sources: Path | None) -> Welcome:
    from citadel.index.build.update import sources_of
    from citadel.qa.page.welcome import read_welcome

    return read_welcome(sources or sources_of(index_dir))


def _password(host: str, allow_adding: bool) -> PasswordHash | None:
    """Return what everybody is asked for; None on this machine, and where it was left out."""
    from citadel.qa.service.passwords import PasswordHash

    # Not an option: the arguments of a program are shown to everybody on the machine.
    kept = os.environ.get("CITADEL_PASSWORD_HASH")
    if kept:
        return PasswordHash.parse(kept)
    if allow_adding and not _is_this_machine(host):
        raise CitadelError(
            f"With --allow-adding whoever reaches {host} could add articles; set "
            "CITADEL_PASSWORD_HASH, see docs/deploying.md, or leave out --host."
        )
    if not _is_this_machine(host):
        _log.warning(
            "Whoever reaches %s may ask: CITADEL_PASSWORD_HASH is not set, see docs/deploying.md.",
            host,
        )
    return None


def _let_gradio_count_nothing() -> None:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # After every call Gradio would compute statistics over thousands of records of calls.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
    # And keep 10,000 of these records.
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"


@app.command(epilog="Example: python -m qa mcp --index-dir my_index")
def mcp(
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    model: Model = None,
    reader: ReadSentences = True,
    reranker: RerankerModel = None,
    languages: QuestionLanguages = "all",
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Give an assistant the tools ask, read_passage and list_articles, by MCP over stdio."""
    try:
        from citadel.qa.service.mcp import build_mcp_server
    except ModuleNotFoundError as error:
        raise CitadelError(
            "This needs the extra “mcp”; run “pip install 'citadel-qa[mcp]'”."
        ) from error
    from citadel.index.encoders.backends import encoder_loader
    from citadel.index.retrieval.stages import load_stages
    from citadel.index.stores.opening import open_store
    from citadel.qa.cli.opening import open_answerer
    from citadel.qa.service.live_index import LiveIndex
    from citadel.qa.service.other_languages import OtherLanguages
    from citadel.qa.service.reload import Reloader

    encoder_of = encoder_loader(index_dir, backend)
    other_languages = OtherLanguages.of(index_dir, encoder_of, languages)
    stages = load_stages(reader, reranker, backend, index_dir)
    with open_store(store, store_url, index_dir) as kept_in:
        second_index = other_languages.loaded
        answerer = open_answerer(
            index_dir, sources, model, encoder_of, stages, kept_in, second_index
        )
        live_index = LiveIndex.of(answerer)
        other_languages.keep_up(live_index)
        Reloader(live_index, index_dir, encoder_of, kept_in).start()
        build_mcp_server(live_index).run("stdio")


@app.command(epilog="Example: export CITADEL_PASSWORD_HASH=$(python -m qa password-hash)")
def password_hash() -> None:
    """Write the hash of a password, for CITADEL_PASSWORD_HASH; it is typed, or read from stdin."""
    from citadel.qa.service.passwords import PasswordHash

    if sys.stdin.isatty():
        password = getpass("Password: ")
        if getpass("The same again: ") != password:
            raise CitadelError("The passwords differ; type the same one twice.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    print(PasswordHash.of(password))


def _log_for_a_server(log_questions: bool) -> None:
    """Write JSON Lines where a program reads the log; at a terminal the questions, if wanted."""
    from citadel.qa.service.request_log import JsonLines, Plain

    if not sys.stderr.isatty():
        formatter: logging.Formatter = JsonLines()
    elif log_questions:
        formatter = Plain()
    else:
        logging.getLogger(JsonLines.__module__).setLevel(logging.WARNING)
        return
    for handler in logging.getLogger().handlers:
        handler.setFormatter(formatter)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def main() -> None:
    """Run the command line."""
    run("citadel", app)
