"""Options that several commands of python -m qa have, or that belong together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
        help="A name by which the server is called, beside that of --host; repeat it.",
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
