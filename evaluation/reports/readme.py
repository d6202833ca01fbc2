"""Keeps the tables in the README as they were measured last."""

from __future__ import annotations

from pathlib import Path

from citadel.index.errors import CitadelError

README = Path(__file__).resolve().parents[1] / "README.md"
BENCHMARKS = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
SCALING = Path(__file__).resolve().parents[2] / "docs" / "scaling.md"
FILES = Path(__file__).resolve().parents[2] / "docs" / "files.md"


def put(path: Path, name: str, text: str) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->``.

    Raises:
        CitadelError: The file does not have these two marks, in this order.

    """
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    try:
        before, rest = path.read_text("utf-8").split(opening)
        _, after = rest.split(closing)
    except (OSError, ValueError) as error:
        raise CitadelError(
            f"{path} has no place for the table: write {opening} and {closing} once each."
        ) from error
    path.write_text(f"{before}{opening}\n\n{text.strip()}\n\n{closing}{after}", "utf-8")
