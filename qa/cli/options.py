"""Options that several commands of python -m qa have, or that belong together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from citadel.index.named_paths import named_folder, named_path
from citadel.qa.service.limits import DEFAULT_LIMITS

IndexDir = Annotated[
    Path,
    typer.Option(
        "--index-dir",
        parser=named_folder,
        metavar="<path>",
        envvar="CITADEL_INDEX_DIR",
        help="Folder of the index; by default one in your user data folder. Built if missing.",
        show_default=False,
    ),
]
Sources = Annotated[
    Path | None,
    typer.Option(
        "--sources",
        parser=named_path,
        metavar="<path>",
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
ReadSentences = Annotated[
    bool,
    typer.Option(
        "--reader/--no-reader",
        help="Read the best sentences in their context: slower, and more often right.",
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
AllowedHosts = Annotated[
    list[str] | None,
    typer.Option(
        "--allowed-host",
        envvar="CITADEL_ALLOWED_HOSTS",
        help="A name by which the server is called, besides that of --host; repeat it.",
        show_default=False,
    ),
]
TrustedProxies = Annotated[
    list[str] | None,
    typer.Option(
        "--trusted-proxy",
        envvar="CITADEL_TRUSTED_PROXIES",
        help="Address or network of a proxy whose X-Forwarded headers are believed; repeat it.",
        show_default=False,
    ),
]
RootPath = Annotated[
    str,
    typer.Option(
        "--root-path",
        envvar="CITADEL_ROOT_PATH",
        help="What a proxy takes from the beginning of each path, such as /citadel.",
        show_default=False,
    ),
]
History = Annotated[
    list[str] | None,
    typer.Option("--history", help="An earlier question; repeat it, oldest first."),
]
TopK = Annotated[int, typer.Option("--top-k", min=1, max=50, help="How many passages to list.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write the answer as a JSON object.")]
Batch = Annotated[
    str | None,
    typer.Option("--batch", help="Answer the questions of a JSON Lines file; - reads stdin."),
]
BatchOutput = Annotated[
    str, typer.Option("--output", help="Where --batch writes its answers; - is stdout.")
]
Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port.")]
QuestionsPerMinute = Annotated[
    int | None,
    typer.Option(
        "--questions-per-minute",
        min=0,
        help="Most questions from one address, this machine's too; 0: any number. By default "
        f"{DEFAULT_LIMITS.questions_per_minute}, and any number from this machine itself.",
        show_default=False,
    ),
]
LogQuestions = Annotated[
    bool, typer.Option("--log-questions", help="Write what is asked to the log.")
]
KeepOriginals = Annotated[
    bool,
    typer.Option(
        "--keep-originals",
        help="Copy the files of the articles next to the index, and let all who may ask download "
        "them.",
    ),
]
AllowAdding = Annotated[
    bool, typer.Option("--allow-adding", help="Let all who may ask add articles, on the page too.")
]
UserHeader = Annotated[
    str,
    typer.Option(
        "--user-header",
        envvar="CITADEL_USER_HEADER",
        help="Header in which a trusted proxy names the user, such as X-Remote-User.",
        show_default=False,
    ),
]
GroupsHeader = Annotated[
    str,
    typer.Option(
        "--groups-header",
        envvar="CITADEL_GROUPS_HEADER",
        help="Header in which it names the user's groups, with commas between them.",
        show_default=False,
    ),
]
OidcIssuer = Annotated[
    str,
    typer.Option(
        "--oidc-issuer",
        envvar="CITADEL_OIDC_ISSUER",
        help="Address of a provider of OpenID Connect by which users sign in; its client secret is "
        "CITADEL_OIDC_CLIENT_SECRET.",
        show_default=False,
    ),
]
OidcClientId = Annotated[
    str,
    typer.Option(
        "--oidc-client-id",
        envvar="CITADEL_OIDC_CLIENT_ID",
        help="By which the provider knows this server.",
        show_default=False,
    ),
]
OidcUserClaim = Annotated[
    str,
    typer.Option(
        "--oidc-user-claim",
        envvar="CITADEL_OIDC_USER_CLAIM",
        help="What of the ID token names the user; an email has to be verified.",
    ),
]
OidcGroupsClaim = Annotated[
    str,
    typer.Option(
        "--oidc-groups-claim",
        envvar="CITADEL_OIDC_GROUPS_CLAIM",
        help="What of it names the user's groups.",
    ),
]
RolesFile = Annotated[
    Path | None,
    typer.Option(
        "--roles",
        envvar="CITADEL_ROLES",
        help="File of TOML that says who is reader, editor or admin.",
        show_default=False,
    ),
]
