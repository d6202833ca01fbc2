"""The documents of the repository."""

from tests.command_line import ROOT

DOCUMENTS = sorted(
    path
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "evaluation/*.md",
        "evaluation/newsroom/*.md",
        "evaluation/languages/*.md",
        "source_texts/*.md",
        ".github/**/*.md",
    )
    for path in ROOT.glob(pattern)
)
