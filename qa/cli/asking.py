"""The commands that answer in the terminal: ask and mentions."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from citadel.index.console import Backend, QuestionLanguages, Store, StoreUrl
from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.errors import CitadelError
from citadel.index.snapshots.pointer import default_index_dir
from citadel.qa.answer.intent import check_name, check_question
from citadel.qa.cli.options import (
    AsJson,
    Batch,
    BatchOutput,
    History,
    IndexDir,
    Languages,
    LeavingOut,
    Model,
    Only,
    Publishers,
    ReadSentences,
    RerankerModel,
    Since,
    Sources,
    TopK,
    Until,
)

# Each command imports what it needs where it needs it: all of it together takes a second, and
# help or a wrong option needs none of it.
# ruff: noqa: PLC0415

asking_app = typer.Typer()


@asking_app.command(
    epilog='Examples: python -m qa ask "When did the siege begin?" — '
    'python -m qa ask "who leads it?" --history "What is Jaish Halab?" --json — '
    "python -m qa ask --batch questions.jsonl --output answers.jsonl"
)
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    history: History = None,
    top_k: TopK = 5,
    as_json: AsJson = False,
    batch: Batch = None,
    output: BatchOutput = "-",
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


@asking_app.command(
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
    check_name(name)
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
