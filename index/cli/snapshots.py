"""The commands that verify what is kept of the index, describe it, and go back to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from citadel.index.build.multilingual import FOLDER as SECOND
from citadel.index.build.multilingual import verify_second
from citadel.index.build.recording import recorded_rollback
from citadel.index.build.report import manifest_lines
from citadel.index.cli.options import IndexDir
from citadel.index.console import Backend, Store, StoreUrl
from citadel.index.corpus.articles import sampled_texts
from citadel.index.encoders.backends import COMPARED, check_conversion, encoder_loader
from citadel.index.encoders.export import FOLDER as MODELS
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
from citadel.index.stores.opening import open_store

snapshots_app = typer.Typer()


@snapshots_app.command(
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


@snapshots_app.command("info", epilog="Example: python -m index info --index-dir my_index")
def info_command(index_dir: IndexDir = default_index_dir()) -> None:  # noqa: B008
    """Report what the current index holds, what it was built with, and what else is kept."""
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


@snapshots_app.command("log", epilog="Example: python -m index log --index-dir my_index")
def log_command(index_dir: IndexDir = default_index_dir()) -> None:  # noqa: B008
    """Report who changed which articles and when, oldest first; “verify” checks the log."""
    if not has_index(index_dir):
        read_manifest(index_dir)  # says that there is none
    for number, entry in enumerate(read_log(index_dir), start=1):
        print(entry or f"Line {number} is not as it was written, see “python -m index verify”.")


@snapshots_app.command(
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
    if not has_index(index_dir):
        read_manifest(index_dir)  # says so, before the lock would make the folder
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
