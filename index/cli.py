"""The command line of the index: python -m index build, diff, add, remove, list and others."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from citadel.index.build.diff import change_lines, changes
from citadel.index.build.incremental import load_earlier
from citadel.index.build.multilingual import (
    ALL,
    MultilingualIndex,
    multilingual_index,
    verify_second,
)
from citadel.index.build.multilingual import FOLDER as SECOND
from citadel.index.build.recording import Doers, recorded_rollback
from citadel.index.build.report import article_lines, manifest_lines, report_lines
from citadel.index.build.rolled_back import align_folder
from citadel.index.build.update import (
    ArticlesLostError,
    Update,
    changeable_sources_of,
    model_of,
    sources_of,
    update,
    update_without_loss,
)
from citadel.index.console import (
    Backend,
    QuestionLanguages,
    Store,
    StoreUrl,
    progress_bar,
    run,
)
from citadel.index.corpus.articles import sampled_texts
from citadel.index.corpus.corpus import read_corpus
from citadel.index.corpus.describing import describe
from citadel.index.corpus.source_folder import REMOVED, add_sources, remove_sources
from citadel.index.corpus.watching import repeat_on_change
from citadel.index.encoders.backends import (
    COMPARED,
    check_conversion,
    encoder_loader,
    prepare_network,
)
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.encoders.models import DEFAULT_MODEL, READER
from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_log import AUDIT_LOG, check_log, read_log
from citadel.index.snapshots.citation_check import StoredSources, complaints, read_citations
from citadel.index.snapshots.loading import EncoderOf, load_articles, verify
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.pointer import default_index_dir
from citadel.index.snapshots.publishing import build_lock
from citadel.index.snapshots.snapshots import (
    command,
    current_name,
    has_index,
    manifests,
    read_manifest,
    read_pointer,
    reading,
)
from citadel.index.stores.base import VectorStore
from citadel.index.stores.opening import open_store
from citadel.index.stores.recall import below_floor

_log = logging.getLogger("citadel.index")

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
Sources = Annotated[
    Path | None,
    typer.Option(
        "--sources",
        help="Folder of the articles; by default the one that the index was built from, or that "
        "of Citadel.",
        show_default=False,
    ),
]

Model = Annotated[
    str, typer.Option("--model", help="A sentence-transformers model: hub name or folder.")
]


@app.command(
    "build",
    epilog="Example: python -m index build --sources my_articles --index-dir my_index",
)
def build_command(
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    model: Model = DEFAULT_MODEL,
    keep: Annotated[
        int, typer.Option("--keep", min=1, help="How many earlier snapshots stay, to go back to.")
    ] = 1,
    full: Annotated[
        bool, typer.Option("--full", help="Embed everything anew, changed or not.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Build again whenever the articles change.")
    ] = False,
    languages: QuestionLanguages = ALL,
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Read the articles, embed what is new, and make the result the current index."""
    sources = sources or sources_of(index_dir)
    encoder_of = encoder_loader(index_dir, backend)
    second = multilingual_index(index_dir, encoder_of, languages)
    # What answers from the index later may not be allowed to write.
    prepare_network(READER, backend, index_dir / MODELS)
    with open_store(store, store_url, index_dir) as kept_in:
        encoder = encoder_of(model)
        if watch:
            repeat_on_change(
                sources,
                lambda: _update_or_stay(index_dir, sources, encoder, second, kept_in, keep),
            )
            return
        failures = _update(index_dir, sources, encoder, second, kept_in, keep, full)
    raise typer.Exit(1 if failures else 0)


def _update(
    index_dir: Path,
    sources: Path,
    encoder: Encoder,
    second: MultilingualIndex | None,
    store: VectorStore,
    keep: int = 1,
    full: bool = False,
    doers: Doers | None = None,
) -> tuple[str, ...]:
    """Bring the index up to date, and describe it; return what could not be read."""
    with progress_bar("Embedding") as progress:
        done = update(index_dir, sources, encoder, store, progress, keep, full, doers)
    _print_update(done, index_dir)
    _update_second(second, done)
    return done.failures


def _update_changed(
    index_dir: Path,
    sources: Path,
    languages: str,
    backend: str | None,
    store: str,
    store_url: str | None,
    doers: Doers,
) -> tuple[str, ...]:
    """Bring the index up to date after a command changed its folder, with the model it has."""
    encoder_of = encoder_loader(index_dir, backend)
    second = multilingual_index(index_dir, encoder_of, languages)
    with open_store(store, store_url, index_dir) as kept_in:
        encoder = encoder_of(model_of(index_dir))
        return _update(index_dir, sources, encoder, second, kept_in, doers=doers)


def _update_second(second: MultilingualIndex | None, done: Update) -> None:
    """Bring the index for other languages up to date with what the index holds now."""
    if second is not None:
        with progress_bar("Embedding for other languages") as progress:
            second.update(done.manifest, done.corpus.articles, progress)


def _update_or_stay(
    index_dir: Path,
    sources: Path,
    encoder: Encoder,
    second: MultilingualIndex | None,
    store: VectorStore,
    keep: int,
) -> None:
    """Bring the index up to date and describe it, or say why it stays as it is.

    Raises:
        CitadelError: The folder of the articles is gone.

    """
    try:
        with progress_bar("Embedding") as progress:
            done = update_without_loss(index_dir, sources, encoder, store, progress, keep)
        _print_update(done, index_dir)
        _update_second(second, done)
    except ArticlesLostError as error:
        print(error, file=sys.stderr)
    except CitadelError as error:
        if not sources.is_dir():
            raise
        _log.error("%s", error)


def _print_update(done: Update, index_dir: Path) -> None:
    """Describe the index on stdout, and what became of the files on stderr."""
    for line in manifest_lines(done.manifest, index_dir):
        print(line)
    for name, quality in done.manifest.quality.items():
        if not quality.reaches_floor:
            print(below_floor(name, quality), file=sys.stderr)
    for line in report_lines(done.corpus):
        print(line, file=sys.stderr)
    snapshot = done.manifest.snapshot
    if done.changed:
        print(f"{snapshot} is the current index.", file=sys.stderr)
    else:
        print(f"Nothing changed: {snapshot} stays the current index.", file=sys.stderr)


@app.command("diff", epilog="Example: python -m index diff --sources my_articles")
def diff_command(
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    sources: Sources = None,
    model: Model = DEFAULT_MODEL,
    backend: Backend = None,
) -> None:
    """Tell what a build would add, change and drop, and how much it would embed."""
    earlier = load_earlier(index_dir)
    corpus = read_corpus(sources or sources_of(index_dir), earlier.parse_cache)
    encoder = encoder_loader(index_dir, backend)(model)
    for line in change_lines(changes(corpus.articles, index_dir, encoder, earlier)):
        print(line)


@app.command(
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
    gets a folder of its own beside it, with copies of them.
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
        failures += _update_changed(index_dir, sources, languages, backend, store, store_url, doers)
    raise typer.Exit(1 if failures else 0)


@app.command("remove", epilog="Example: python -m index remove report.pdf 'letters/*'")
def remove_command(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME…", help="Names as “list” tells them, or patterns.")
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
    failures = _update_changed(index_dir, sources, languages, backend, store, store_url, doers)
    raise typer.Exit(1 if failures else 0)


@app.command(
    "describe",
    epilog="Examples: python -m index describe report.pdf --author 'Jane Smith' --date 2016-12-05 "
    "— python -m index describe report.pdf --author ''",
)
def describe_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name as “list” tells it.")],
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
    """Correct what is known about an article, in NAME.yaml beside it, and build the index.

    An empty value takes a correction back. See “add” for the folder.
    """
    given = {"title": title, "author": author, "publisher": publisher, "date": date, "url": url}
    corrections = {field: value for field, value in given.items() if value is not None}
    if not corrections:
        raise CitadelError(
            "Say what is to be corrected: --title, --author, --publisher, --date or --url."
        )
    sources = sources or changeable_sources_of(index_dir)
    _align_folder(index_dir, sources)
    for field, value in describe(sources, name, corrections).items():
        print(f"{name}: the {field} is {value or 'what the file tells'}.")
    doers = Doers.system("describe", [name])
    failures = _update_changed(index_dir, sources, languages, backend, store, store_url, doers)
    raise typer.Exit(1 if failures else 0)


def _align_folder(index_dir: Path, sources: Path) -> None:
    """Let an addition or a removal after a rollback begin with what “list” shows."""
    aligned = align_folder(index_dir, sources)
    for name in aligned.back:
        print(f"{name} is in {sources} again, as in the index since “rollback”.")
    for name in aligned.away:
        print(f"{name} is kept in {sources / REMOVED}: since “rollback” the index is without it.")


@app.command("list", epilog="Example: python -m index list --index-dir my_index")
def list_command(index_dir: IndexDir = default_index_dir()) -> None:  # noqa: B008
    """List the articles of the current index, with what was left out of each or mended."""
    for line in article_lines(load_articles(index_dir, read_manifest(index_dir))):
        print(line)


@app.command(
    "verify",
    epilog="Examples: python -m index verify --index-dir my_index — "
    "python -m index verify --citations answers.jsonl",
)
def verify_command(
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    citations: Annotated[
        Path | None,
        typer.Option(
            "--citations",
            help="Check, too, that each citation of a file still stands in the stored sources: "
            "answers as ask --json or --batch writes them, or a transcript that the page saved.",
            show_default=False,
        ),
    ] = None,
    backend: Backend = None,
    store: Store = "faiss",
    store_url: StoreUrl = None,
) -> None:
    """Compare every file with its recorded size and SHA-256, and ask a question that is known.

    Each line of the audit log is compared with its SHA-256 and with that in the line after it. A
    converted model is compared with the published one by the vectors of some texts.
    """
    cited = () if citations is None else read_citations(citations)
    encoder_of = encoder_loader(index_dir, backend)
    with open_store(store, store_url, index_dir) as kept_in:
        found = verify(index_dir, encoder_of, kept_in)
    for manifest in found:
        print(f"{manifest.snapshot}: {len(manifest.files)} files, none damaged.")
    print(f"{read_pointer(index_dir).snapshot} answers as it did when it was built.")
    logged = check_log(index_dir) or "there is none: no change was logged, or it was taken away."
    print(f"{AUDIT_LOG}: {logged}")
    current = read_manifest(index_dir)
    texts = sampled_texts(load_articles(index_dir, current), COMPARED)
    if check_conversion(encoder_of(current.model), index_dir / MODELS, texts) is not None:
        print(f"The converted model gives the vectors of {current.model} as it was published.")
    for manifest in verify_second(index_dir, encoder_of):
        print(f"{SECOND}/{manifest.snapshot}: {len(manifest.files)} files, none damaged.")
        if manifest.snapshot == read_pointer(index_dir / SECOND).snapshot:
            _tell_of_second(index_dir, current, encoder_of)
    if citations is not None:
        fallen = complaints(cited, StoredSources.read(index_dir))
        print(f"{citations}: citations that stand: {len(cited) - len(fallen)} of {len(cited)}.")
        if fallen:
            raise CitadelError("\n".join(fallen))


def _tell_of_second(index_dir: Path, current: Manifest, encoder_of: EncoderOf) -> None:
    """Say what the current snapshot of the second index is worth, which is intact."""
    second = read_manifest(index_dir / SECOND)
    name = f"{SECOND}/{second.snapshot}"
    print(f"{name} answers as it did when it was built.")
    articles = load_articles(index_dir, current)
    if load_articles(index_dir / SECOND, second) != articles:
        print(f"{name} is of other articles; the next build or server brings it up to date.")
    texts = sampled_texts(articles, COMPARED)
    if check_conversion(encoder_of(second.model), index_dir / MODELS, texts) is not None:
        print(f"The converted model gives the vectors of {second.model} as it was published.")


@app.command("info", epilog="Example: python -m index info --index-dir my_index")
def info_command(index_dir: IndexDir = default_index_dir()) -> None:  # noqa: B008
    """Tell what the current index holds, what it was built with, and what else is kept."""
    current = read_manifest(index_dir)
    for line in manifest_lines(current, index_dir):
        print(line)
    with reading(index_dir):
        kept = manifests(index_dir)
    for manifest in kept:
        if manifest.snapshot != current.snapshot:
            print(
                f"{'also kept':<14} {manifest.snapshot}, built at {manifest.built_at}, "
                f"articles: {manifest.articles}, passages: {manifest.passages}"
            )


@app.command("log", epilog="Example: python -m index log --index-dir my_index")
def log_command(index_dir: IndexDir = default_index_dir()) -> None:  # noqa: B008
    """Tell who changed which articles, and when, oldest first; “verify” checks that it is whole."""
    if not has_index(index_dir):
        read_manifest(index_dir)  # says that there is none
    for number, entry in enumerate(read_log(index_dir), start=1):
        print(entry or f"Line {number} is not as it was written, see “python -m index verify”.")


@app.command(
    "rollback",
    epilog="Examples: python -m index rollback — "
    "python -m index rollback --to gen-20261122T101500-1a2b3c",
)
def rollback_command(
    index_dir: IndexDir = default_index_dir(),  # noqa: B008
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="A snapshot that is kept; by default the one before the current one.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve an earlier snapshot of the index again; servers that run move to it."""
    with build_lock(index_dir):
        left = current_name(index_dir)
        manifest = recorded_rollback(index_dir, to)
    print(
        f"{manifest.snapshot} of {manifest.built_at} is the current index "
        f"(articles: {manifest.articles}, passages: {manifest.passages})."
    )
    if left is not None:
        print(
            f"{left} is kept until the next build; "
            f"return to it with {command('rollback', index_dir, '--to', left)}."
        )


def main() -> None:
    """Run the command line."""
    run("citadel-index", app)
