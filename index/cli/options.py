"""Options that several commands of python -m index have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from citadel.index.named_paths import named_folder, named_path

IndexDir = Annotated[
    Path,
    typer.Option(
        "--index-dir",
        parser=named_folder,
        metavar="<path>",
        envvar="CITADEL_INDEX_DIR",
        help="Folder of the index; by default one in your user data folder.",
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
        "of Citadel.",
        show_default=False,
    ),
]
Model = Annotated[
    str, typer.Option("--model", help="A sentence-transformers model: hub name or folder.")
]
