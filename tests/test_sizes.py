"""No module and no function is longer than a reader takes in."""

import ast
from pathlib import Path

from tests.house import ROOT, plant, sources

LONGEST_MODULE = 350
LONGEST_FUNCTION = 60


def size_violations(root: Path) -> list[str]:
    """What is longer than a reader takes in: modules and functions."""
    found = []
    for path, tree in sources(root).items():
        lines = len((root / path).read_text("utf-8").splitlines())
        if lines > LONGEST_MODULE:
            found.append(f"{path}: has {lines} lines; {LONGEST_MODULE} are allowed")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found.append(
                        f"{path}:{node.lineno}: {node.name} has {lines} lines; "
                        f"{LONGEST_FUNCTION} are allowed"
                    )
    return found


def test_the_sources_are_short_enough() -> None:
    assert size_violations(ROOT) == []


def test_sizes_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        index__dense="x = 1\n" * 351,
        index__encoder="x = 1\n" * 350,
        qa__answers="x = 1\n\nasync def answer():\n" + "    x = 1\n" * 60,
        qa__citations="class Citation:\n    def of(self):\n" + "        x = 1\n" * 59,
    )
    assert size_violations(root) == [
        "index/dense.py: has 351 lines; 350 are allowed",
        "qa/answers.py:3: answer has 61 lines; 60 are allowed",
    ]
