"""The commands that answer others: serve, mcp, and what a server needs."""

from __future__ import annotations

import logging
import os
import sys
from getpass import getpass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from citadel.index.console import Backend, QuestionLanguages, Store, StoreUrl
from citadel.index.errors import CitadelError
from citadel.index.snapshots.pointer import default_index_dir
from citadel.qa.cli.options import (
    AllowAdding,
    AllowedHosts,
    GroupsHeader,
    Host,
    IndexDir,
    KeepOriginals,
    LogQuestions,
    Model,
    OidcClientId,
    OidcGroupsClaim,
    OidcIssuer,
    OidcUserClaim,
    Port,
    QuestionsPerMinute,
    ReadSentences,
    RerankerModel,
    RolesFile,
    RootPath,
    Sources,
    TrustedProxies,
    UserHeader,
)
from citadel.qa.service.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from citadel.index.snapshots.loading import EncoderOf
    from citadel.qa.cli.newsroom import OpenedAccounts
    from citadel.qa.cli.opening import Served
    from citadel.qa.page.welcome import Welcome
    from citadel.qa.service.entrance import Entrance
    from citadel.qa.service.passwords import PasswordHash

# Each command imports what it needs where it needs it: all of it together takes a second, and
# help or a wrong option needs none of it.
# ruff: noqa: PLC0415

_log = logging.getLogger(__name__)

serving_app = typer.Typer()


@serving_app.command(epilog="Example: python -m qa serve --port 7861")
def serve(
    host: Host = "127.0.0.1",
    port: Port = 7860,
    questions_per_minute: QuestionsPerMinute = None,
    log_questions: LogQuestions = False,
    allow_adding: AllowAdding = False,
    keep_originals: KeepOriginals = False,
    allowed_host: AllowedHosts = None,
    trusted_proxy: TrustedProxies = None,
    root_path: RootPath = "",
    user_header: UserHeader = "",
    groups_header: GroupsHeader = "",
    oidc_issuer: OidcIssuer = "",
    oidc_client_id: OidcClientId = "",
    oidc_user_claim: OidcUserClaim = "email",
    oidc_groups_claim: OidcGroupsClaim = "groups",
    roles: RolesFile = None,
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

    CITADEL_PASSWORD_HASH, made by “password-hash”, asks everybody for a password. Users of their
    own come by --user-header or --oidc-issuer.
    """
    from citadel.qa.cli.newsroom import AccountOptions
    from citadel.qa.cli.opening import opened_server

    _log_for_a_server(log_questions)
    accounts = AccountOptions(
        user_header,
        groups_header,
        oidc_issuer,
        oidc_client_id,
        os.environ.get("CITADEL_OIDC_CLIENT_SECRET", ""),
        oidc_user_claim,
        oidc_groups_claim,
        roles,
        bool(os.environ.get("CITADEL_PASSWORD_HASH")),
        trusted_proxy or (),
        allow_adding,
    ).open()
    password = _password(host, allow_adding) if accounts is None else None
    entrance = _entrance(host, accounts, allowed_host, trusted_proxy, root_path)
    encoder_of = _gathering(index_dir, backend)
    ranked = (reader, reranker, languages, backend)
    with opened_server(index_dir, sources, model, encoder_of, *ranked, store, store_url) as served:
        limits = _limits(questions_per_minute)
        options = (limits, log_questions, allow_adding, keep_originals)
        _serve(served, host, port, entrance, password, accounts, *options)


@serving_app.command(epilog="Example: python -m qa doctor --port 7861")
def doctor(
    host: Host = "127.0.0.1",
    port: Port = 7860,
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


@serving_app.command(epilog="Example: python -m qa mcp --index-dir my_index")
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
    from citadel.qa.cli.opening import opened_server

    encoder_of = encoder_loader(index_dir, backend)
    ranked = (reader, reranker, languages, backend)
    with opened_server(index_dir, sources, model, encoder_of, *ranked, store, store_url) as served:
        served.reloader.start()
        build_mcp_server(served.live_index).run("stdio")


@serving_app.command(epilog="Example: export CITADEL_PASSWORD_HASH=$(python -m qa password-hash)")
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


def _gathering(index_dir: Path, backend: str | None) -> EncoderOf:
    """Return what loads a model to which the questions of many are given together."""
    from citadel.index.encoders.backends import encoder_loader
    from citadel.index.encoders.batching import GatheringEncoder

    load_alone = encoder_loader(index_dir, backend)
    return lambda model: GatheringEncoder(load_alone(model))


def _entrance(
    host: str,
    accounts: OpenedAccounts | None,
    allowed_hosts: Sequence[str] | None,
    trusted_proxies: Sequence[str] | None,
    root_path: str,
) -> Entrance:
    from citadel.qa.service.entrance import Entrance

    headers = accounts.headers if accounts is not None else frozenset()
    return Entrance.of(host, allowed_hosts or (), trusted_proxies or (), root_path, headers)


def _serve(
    served: Served,
    host: str,
    port: int,
    entrance: Entrance,
    password: PasswordHash | None,
    accounts: OpenedAccounts | None,
    limits: Limits,
    log_questions: bool,
    allow_adding: bool,
    keep_originals: bool,
) -> None:
    """Serve what was opened, until a signal ends it."""
    _let_gradio_count_nothing()
    # Gradio takes seconds to import: that is for when the index is known to be there.
    from citadel.qa.cli import server
    from citadel.qa.service.feedback import FeedbackFile
    from citadel.qa.service.service import Service

    originals = served.originals() if keep_originals else None
    additions = served.additions() if allow_adding else None
    newsroom = accounts.newsroom(served.index_dir, additions) if accounts is not None else None
    served.reloader.start()
    feedback = FeedbackFile(served.index_dir.with_name("feedback.jsonl"))
    service = Service(served.live_index, limits, log_questions, originals)
    welcome = _welcome(served.index_dir, served.sources)
    server.serve(service, host, port, welcome, feedback, password, additions, entrance, newsroom)


def _limits(questions_per_minute: int | None) -> Limits:
    if questions_per_minute is None:
        return DEFAULT_LIMITS
    return Limits(questions_per_minute, questions_per_minute)


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


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _let_gradio_count_nothing() -> None:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # After every call Gradio would compute statistics over thousands of records of calls.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
    # And keep 10,000 of these records.
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"


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
