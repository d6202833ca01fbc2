"""The options that several commands of the evaluation share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Sources = Annotated[
    Path,
    typer.Option(
        "--sources",
        help="Folder of the articles that question sets are about; the bundled one by default.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model", help="A sentence-transformers model: hub name or folder.", show_default=False
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
        help="A CrossEncoder that gives a second opinion: hub name or folder.",
        show_default=False,
    ),
]
IndexDir = Annotated[
    Path | None,
    typer.Option(
        "--index-dir",
        help="Folder of an index to ask; by default one is built in memory of --sources.",
        show_default=False,
    ),
]
Limit = Annotated[
    int | None, typer.Option("--limit", min=1, help="Ask a random sample of so many questions.")
]
Without = Annotated[
    list[str] | None, typer.Option("--without", help="Leave out a kind of question; repeat it.")
]
Language = Annotated[
    str | None, typer.Option("--language", help="ISO 639-1 code of a data set's own articles.")
]
AgainstEncode = Annotated[
    bool,
    typer.Option(
        "--against-encode",
        help="Also time answers against the bare model.encode of the same questions, now.",
    ),
]
Datasets = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Question sets, SQuAD, CANARD or SelQA files, BEIR folders; by default the "
        "bundled questions.",
        show_default=False,
    ),
]
Further = Annotated[
    list[Path] | None, typer.Argument(help="Data sets to learn from besides the bundled questions.")
]
Sample = Annotated[
    int, typer.Option("--limit", min=1, help="Take so many questions of each data set at most.")
]
Drawn = Annotated[
    Path, typer.Argument(help="The data set whose articles and questions to draw from.")
]
Sizes = Annotated[
    list[int] | None, typer.Option("--size", min=1, help="How many passages to draw; repeat it.")
]
IntoScaling = Annotated[bool, typer.Option("--write", help="Put the table into docs/scaling.md.")]
Seed = Annotated[int, typer.Option("--seed", help="Of the samples and the folds.")]
