"""The modules of the packages, parsed, and small trees of sources made to break a rule."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("index", "qa", "evaluation")

# The only module that lies in citadel/ itself, besides __init__, which imports nothing before it
# is asked for something; the parts are links there.
LIBRARY = "citadel/library.py"


def sources(root: Path) -> dict[str, ast.Module]:
    """Every module of the packages, parsed, by its path from the root."""
    paths = [path for part in PARTS for path in sorted((root / part).rglob("*.py"))]
    paths += [root / LIBRARY] if (root / LIBRARY).exists() else []
    return {
        path.relative_to(root).as_posix(): parsed(path.read_text("utf-8"), str(path))
        for path in paths
    }


@cache
def parsed(text: str, path: str) -> ast.Module:
    """A module; every rule reads all of them."""
    return ast.parse(text, path)


def plant(root: Path, **files: str) -> Path:
    """A tree of sources; ``index__stores__faiss_store`` stands for ``index/stores/faiss_store.py``.

    Two more underscores at an end belong to the name: ``qa____main__`` is ``qa/__main__.py``.
    """
    for name, text in files.items():
        stem = name.replace("____main__", "/@main@").replace("____init__", "/@init@")
        path = root / f"{stem.replace('__', '/').replace('@', '__')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root
