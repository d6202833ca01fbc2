"""The layers of Citadel, read from its sources: source_texts <- index <- qa <- evaluation.

Each rule is a function from a tree of sources to its violations, one line each; the
rules are seen to hold here, and seen to fail on small trees made to break them.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the lowest to the highest; a package may import those before it.
LAYERS = ("index", "qa", "evaluation")

# Each of these libraries has one module that knows it; the rest go through that module.
OWNERS = {
    "faiss": "index/dense.py",
    "sentence_transformers": "index/models.py",
    "onnxruntime": "index/onnx_network.py",
    "openvino": "index/openvino_network.py",
    "bm25s": "index/lexical.py",
    "watchfiles": "index/watching.py",
    "gradio": "qa/app.py",
    "trafilatura": "index/formats/html.py",
    "pypdfium2": "index/formats/pdf.py",
    "docx": "index/formats/docx.py",
    "charset_normalizer": "index/encodings.py",
    "py3langid": "index/languages.py",
    "matplotlib": "evaluation/plots.py",
    "limits": "qa/service/rates.py",
    "mcp": "qa/mcp_tools.py",
    "prometheus_client": "qa/service/metrics.py",
    "psycopg": "index/postgres.py",
    "pgvector": "index/postgres.py",
    "pymilvus": "index/milvus.py",
    "uvicorn": "qa/service/connections.py",
}

# Scripts that run in a virtual environment of their own, and so import what they compare.
PEERS = "evaluation/peers/"

# Besides every __main__.py, the place where the environment may be read.
SETTINGS = "qa/settings.py"

# What reads the environment or the command line: names of the modules os and sys.
OUTSIDE_WORLD = {"os": {"environ", "environb", "getenv", "getenvb"}, "sys": {"argv", "orig_argv"}}


@dataclass(frozen=True)
class Import:
    """One imported name: where it stands, and every module it may load, dotted."""

    path: str
    line: int
    modules: tuple[str, ...]

    def loads(self, package: str) -> bool:
        """Whether this loads the package or something inside it."""
        return any(f"{module}.".startswith(f"{package}.") for module in self.modules)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def sources(root: Path) -> dict[str, ast.Module]:
    """Every module of the packages, parsed, by its path from the root."""
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text("utf-8"), str(path))
        for layer in LAYERS
        for path in sorted((root / layer).rglob("*.py"))
    }


def module_name(path: str) -> str:
    """The dotted name of the module at a path: ``qa/__init__.py`` is ``qa``."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: str, tree: ast.Module) -> Iterator[Import]:
    """Every import in a module, wherever it stands, with relative ones made absolute.

    ``from a import b`` may load ``a.b`` as well as ``a``: which of the two, only the
    other modules tell.
    """
    package = path.split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, (alias.name,))
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                inside = f"{origin}.{alias.name}" if origin else alias.name
                yield Import(path, node.lineno, (origin, inside))


def all_imports(root: Path) -> list[Import]:
    """Every import of every module of the packages."""
    return [each for path, tree in sources(root).items() for each in imports(path, tree)]


def layer_violations(root: Path) -> list[str]:
    """Imports of a higher layer by a lower one."""
    return [
        f"{each}: {layer} imports {higher}, a layer above it"
        for each in all_imports(root)
        for layer in [each.path.split("/")[0]]
        for higher in LAYERS[LAYERS.index(layer) + 1 :]
        if each.loads(higher)
    ]


def ownership_violations(root: Path) -> list[str]:
    """Imports of a library outside the one module that owns it, and owners that don't."""
    found = all_imports(root)
    strangers = [
        f"{each}: imports {library}, which only {owner} may"
        for library, owner in OWNERS.items()
        for each in found
        if each.loads(library) and each.path != owner and not each.path.startswith(PEERS)
    ]
    idle = [
        f"{owner}: does not import {library}, which it owns"
        for library, owner in OWNERS.items()
        if not any(each.loads(library) and each.path == owner for each in found)
    ]
    return strangers + idle


def import_cycle_violations(root: Path) -> list[str]:
    """Cycles of imports among the packages' modules, each told once, from its first name."""
    paths = {module_name(path): path for path in sources(root)}
    edges: dict[str, dict[str, Import]] = {name: {} for name in paths}
    for each in all_imports(root):
        importer = module_name(each.path)
        loaded = next((name for name in reversed(each.modules) if name in paths), None)
        if loaded not in (None, importer):
            edges[importer].setdefault(loaded, each)
    return [
        ", ".join(
            f"{edges[importer][loaded]}: {importer} imports {loaded}"
            for importer, loaded in zip(cycle, [*cycle[1:], cycle[0]], strict=True)
        )
        for cycle in cycles(edges)
    ]


def cycles(edges: Mapping[str, Mapping[str, object]]) -> list[list[str]]:
    """For each node that a cycle has as its first by name, a shortest such cycle."""
    found = []
    for start in sorted(edges):
        trails = [[start]]
        seen = {start}
        while trails:
            trail = trails.pop(0)
            if start in edges[trail[-1]]:
                found.append(trail)
                break
            ahead = [node for node in edges[trail[-1]] if node > start and node not in seen]
            seen.update(ahead)
            trails += [[*trail, node] for node in ahead]
    return found


def outside_world_violations(root: Path) -> list[str]:
    """Readings of the environment or the command line where none belong."""
    return [
        f"{path}:{line}: reads {reading}, which only __main__ modules and {SETTINGS} may"
        for path, tree in sources(root).items()
        if path != SETTINGS and not path.endswith("/__main__.py")
        for line, reading in sorted(outside_world_readings(tree))
    ]


def outside_world_readings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the dotted name of each reading, through whatever alias."""
    aliases = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in OUTSIDE_WORLD
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in OUTSIDE_WORLD and not node.level:
            for alias in node.names:
                if alias.name in OUTSIDE_WORLD[node.module]:
                    yield node.lineno, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = aliases.get(node.value.id)
            if module is not None and node.attr in OUTSIDE_WORLD[module]:
                yield node.lineno, f"{module}.{node.attr}"


RULES = [
    layer_violations,
    ownership_violations,
    import_cycle_violations,
    outside_world_violations,
]


@pytest.mark.parametrize("violations", RULES)
def test_the_sources_keep_the_rule(violations: Callable[[Path], list[str]]) -> None:
    assert violations(ROOT) == []


def test_every_layer_is_read() -> None:
    assert {path.split("/")[0] for path in sources(ROOT)} == set(LAYERS)


def plant(root: Path, **files: str) -> Path:
    """A tree of sources; ``index__dense`` stands for ``index/dense.py``."""
    for name, text in files.items():
        path = root / f"{name.replace('__', '/', 1)}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def test_layers_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        index__dense="import numpy\nimport qa.answers\n",
        index__layout="from .. import evaluation\n",
        qa__answers="import index.dense\n\ndef f():\n    from evaluation import metrics\n",
        qa__app="import qa_elsewhere, evaluation_elsewhere\n",
        evaluation__metrics="import qa.answers, index.dense\n",
    )
    assert layer_violations(root) == [
        "index/dense.py:2: index imports qa, a layer above it",
        "index/layout.py:1: index imports evaluation, a layer above it",
        "qa/answers.py:4: qa imports evaluation, a layer above it",
    ]


def test_owners_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        index__dense="import faiss\n",
        index__models="from sentence_transformers import SentenceTransformer\n",
        index__lexical="import json\n",
        qa__app="import gradio as gr\n",
        qa__page="from gradio.themes import Base\n",
        evaluation__metrics="def f():\n    import faiss\n",
        evaluation__plots="import matplotlib as mpl\n",
    )
    for owner in set(OWNERS.values()):
        path = root / owner
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            owned = [library for library, its_owner in OWNERS.items() if its_owner == owner]
            path.write_text("".join(f"import {library}\n" for library in owned), "utf-8")
    assert ownership_violations(root) == [
        "evaluation/metrics.py:2: imports faiss, which only index/dense.py may",
        "qa/page.py:1: imports gradio, which only qa/app.py may",
        "index/lexical.py: does not import bm25s, which it owns",
    ]


def test_cycles_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        index____init__="from index.dense import Dense\n",
        index__dense="from .encoder import Encoder\n",
        index__encoder="import json\nfrom index import Dense\n",
        qa__answers="from qa import citations\n",
        qa__citations="import qa.answers\n",
        qa__leaf="from qa import answers\nimport index\n",
    )
    assert import_cycle_violations(root) == [
        "index/__init__.py:1: index imports index.dense, "
        "index/dense.py:1: index.dense imports index.encoder, "
        "index/encoder.py:2: index.encoder imports index",
        "qa/answers.py:1: qa.answers imports qa.citations, "
        "qa/citations.py:1: qa.citations imports qa.answers",
    ]


def test_readings_of_the_outside_world_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        index__dense="import os as system\n\nsystem.environ['A']\nsystem.getpid()\n",
        index__encoder="from os import getenv, getpid\n",
        qa____main__="import sys\nsys.argv\n",
        qa__settings="import os\nos.environ\n",
        qa__app="import sys\n\ndef f():\n    return sys.argv[1:]\n",
        evaluation__metrics="class sys:\n    argv = []\n\nsys.argv\n",
    )
    assert outside_world_violations(root) == [
        "index/dense.py:3: reads os.environ, which only __main__ modules and qa/settings.py may",
        "index/encoder.py:1: reads os.getenv, which only __main__ modules and qa/settings.py may",
        "qa/app.py:4: reads sys.argv, which only __main__ modules and qa/settings.py may",
    ]
