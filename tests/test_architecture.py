"""The house of Citadel, read from its sources: wings, each of which imports those below it only.

Each rule is a function from a tree of sources to its violations, one line each; the
rules are seen to hold here, and seen to fail on small trees made to break them.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.house import PARTS, ROOT, plant, sources

# What a wing may import, besides itself and what those may. A path belongs to the wing with
# the longest name that it begins with; what lies flat in index/ is the foundation.
BELOW = {
    "index": (),
    "index/corpus": ("index",),
    "index/encoders": ("index/corpus",),
    "index/stores": ("index/encoders",),
    "index/retrieval": ("index/stores",),
    "index/snapshots": ("index/retrieval",),
    "index/build": ("index/snapshots",),
    "index/cli": ("index/build",),
    "qa/answer": ("index/build",),
    "qa/service": ("qa/answer",),
    "qa/page": ("qa/service",),
    "qa/cli": ("qa/page",),
    "evaluation/data": ("qa/service",),
    "evaluation/scoring": ("evaluation/data",),
    "evaluation/reports": ("evaluation/scoring",),
    "evaluation/fitting": ("evaluation/reports",),
    "evaluation/benchmarks": ("evaluation/fitting",),
    "evaluation": ("evaluation/benchmarks", "qa/cli", "index/cli"),
    "citadel": ("evaluation/scoring",),
}


# Each of these libraries has one module that knows it; the rest go through that module.
OWNERS = {
    "authlib": "qa/service/oidc.py",
    "joserfc": "qa/service/oidc.py",
    "faiss": "index/stores/faiss_store.py",
    "huggingface_hub": "index/encoders/hub.py",
    "sentence_transformers": "index/encoders/models.py",
    "openvino": "index/encoders/openvino_backend.py",
    "Stemmer": "index/retrieval/lexical.py",
    "watchfiles": "index/corpus/watching.py",
    "gradio": "qa/page/framework.py",
    "babel": "qa/page/locales.py",
    "trafilatura": "index/corpus/formats/html.py",
    "pypdfium2": "index/corpus/formats/pdfium.py",
    "docx": "index/corpus/formats/docx.py",
    "olefile": "index/corpus/formats/msg.py",
    "charset_normalizer": "index/corpus/decoding.py",
    "py3langid": "index/corpus/languages.py",
    "matplotlib": "evaluation/reports/plots.py",
    "mcp": "qa/service/mcp.py",
    "prometheus_client": "qa/service/metrics.py",
    "psycopg": "index/stores/postgres.py",
    "pgvector": "index/stores/postgres.py",
    "pymilvus": "index/stores/milvus.py",
    "uvicorn": "qa/service/connections.py",
}

# Scripts that run in a virtual environment of their own, and so import what they compare.
BASELINES = "evaluation/benchmarks/baselines/"

# Where the environment and the command line may be read, besides every __main__.py.
ENTRIES = (
    "qa/cli/serving.py",
    "evaluation/cli.py",
    "evaluation/benchmarks/contestant.py",
)

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


def module_name(path: str) -> str:
    """The dotted name of the module at a path: ``qa/__init__.py`` is ``citadel.qa``."""
    inside = path.removeprefix("citadel/").removesuffix(".py").removesuffix("/__init__")
    return f"citadel.{inside.replace('/', '.')}"


def imports(path: str, tree: ast.Module) -> Iterator[Import]:
    """Every import in a module, wherever it stands, with relative ones made absolute.

    ``from a import b`` may load ``a.b`` as well as ``a``: which of the two, only the
    other modules show.
    """
    package = module_name(path).split(".")
    if not path.endswith("/__init__.py"):
        package.pop()
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


@cache
def wing_of(path: str) -> str:
    """The wing that a module belongs to, by its path without suffix."""
    return max((wing for wing in BELOW if f"{path}/".startswith(f"{wing}/")), key=len, default="qa")


@cache
def reachable(wing: str) -> set[str]:
    """Every wing that one may import, itself included."""
    return {wing}.union(*(reachable(below) for below in BELOW.get(wing, ())))


def wing_violations(root: Path) -> list[str]:
    """Imports of a wing by one that is not above it."""
    paths = {module_name(path): path for path in sources(root)}
    found = []
    for each in all_imports(root):
        loaded = next((paths[name] for name in reversed(each.modules) if name in paths), None)
        if loaded is None or each.path.endswith("/__main__.py"):
            continue
        importer, wing = (wing_of(path.removesuffix(".py")) for path in (each.path, loaded))
        if wing not in reachable(importer):
            found.append(f"{each}: {importer} imports {wing}, which is not below it")
    return found


def stranger_violations(root: Path) -> list[str]:
    """Imports of a part by the name that only its folder has: it would be loaded twice."""
    return [
        f"{each}: imports {part}, whose name is citadel.{part}"
        for each in all_imports(root)
        for part in PARTS
        if each.loads(part)
    ]


def ownership_violations(root: Path) -> list[str]:
    """Imports of a library outside the one module that owns it, and owners that don't."""
    found = all_imports(root)
    strangers = [
        f"{each}: imports {library}, which only {owner} may"
        for library, owner in OWNERS.items()
        for each in found
        if each.loads(library) and each.path != owner and not each.path.startswith(BASELINES)
    ]
    idle = [
        f"{owner}: does not import {library}, which it owns"
        for library, owner in OWNERS.items()
        if not any(each.loads(library) and each.path == owner for each in found)
    ]
    return strangers + idle


def import_cycle_violations(root: Path) -> list[str]:
    """Cycles of imports among the packages' modules, each listed once, from its first name."""
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
        f"{path}:{line}: reads {reading}, which only the entry points may"
        for path, tree in sources(root).items()
        if path not in ENTRIES and not path.endswith("/__main__.py")
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
    wing_violations,
    stranger_violations,
    ownership_violations,
    import_cycle_violations,
    outside_world_violations,
]


@pytest.mark.parametrize("violations", RULES)
def test_the_sources_keep_the_rule(violations: Callable[[Path], list[str]]) -> None:
    assert violations(ROOT) == []


def test_every_wing_is_read() -> None:
    assert {wing_of(path.removesuffix(".py")) for path in sources(ROOT)} - {"qa"} == set(BELOW)


def test_wings_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        index__errors="import numpy\nimport citadel.index.corpus.articles\n",
        index__corpus__articles="from ...qa.answer import answers\n",
        index__retrieval__search="from citadel.index.stores import base\n",
        index__stores__base="def f():\n    from citadel.index.retrieval import search\n",
        qa__answer__answers="import citadel.index.retrieval.search\n",
        qa__service__api="import citadel.qa.page.app\n",
        qa__page__app="import citadel.qa.service.api, citadel.evaluation_elsewhere\n",
        citadel__library="import citadel.evaluation.scoring.trec, citadel.qa.cli.commands\n",
        evaluation__scoring__trec="from citadel.library import Citadel\n",
        qa__cli__commands="",
    )
    assert wing_violations(root) == [
        "index/corpus/articles.py:1: index/corpus imports qa/answer, which is not below it",
        "index/errors.py:2: index imports index/corpus, which is not below it",
        "index/stores/base.py:2: index/stores imports index/retrieval, which is not below it",
        "qa/service/api.py:1: qa/service imports qa/page, which is not below it",
        "evaluation/scoring/trec.py:1: evaluation/scoring imports citadel, which is not below it",
        "citadel/library.py:1: citadel imports qa/cli, which is not below it",
    ]


def test_strangers_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(tmp_path, index__errors="import qa_elsewhere\nfrom index.corpus import articles\n")
    assert stranger_violations(root) == [
        "index/errors.py:2: imports index, whose name is citadel.index"
    ]


def test_owners_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        index__stores__faiss_store="import faiss\n",
        index__encoders__models="from sentence_transformers import SentenceTransformer\n",
        index__retrieval__lexical="import json\n",
        qa__page__framework="import gradio as gr\n",
        qa__page__cards="from gradio.themes import Base\n",
        evaluation__scoring__metrics="def f():\n    import faiss\n",
    )
    for owner in set(OWNERS.values()):
        path = root / owner
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            owned = [library for library, its_owner in OWNERS.items() if its_owner == owner]
            path.write_text("".join(f"import {library}\n" for library in owned), "utf-8")
    assert ownership_violations(root) == [
        "evaluation/scoring/metrics.py:2: imports faiss, "
        "which only index/stores/faiss_store.py may",
        "qa/page/cards.py:1: imports gradio, which only qa/page/framework.py may",
        "index/retrieval/lexical.py: does not import Stemmer, which it owns",
    ]


def test_cycles_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        index____init__="from citadel.index.dense import Dense\n",
        index__dense="from .encoder import Encoder\n",
        index__encoder="import json\nfrom citadel.index import Dense\n",
        qa__answers="from citadel.qa import citations\n",
        qa__citations="import citadel.qa.answers\n",
        qa__leaf="from citadel.qa import answers\nimport citadel.index\n",
    )
    assert import_cycle_violations(root) == [
        "index/__init__.py:1: citadel.index imports citadel.index.dense, "
        "index/dense.py:1: citadel.index.dense imports citadel.index.encoder, "
        "index/encoder.py:2: citadel.index.encoder imports citadel.index",
        "qa/answers.py:1: citadel.qa.answers imports citadel.qa.citations, "
        "qa/citations.py:1: citadel.qa.citations imports citadel.qa.answers",
    ]


def test_readings_of_the_outside_world_are_seen_to_fail(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        index__dense="import os as system\n\nsystem.environ['A']\nsystem.getpid()\n",
        index__encoder="from os import getenv, getpid\n",
        qa____main__="import sys\nsys.argv\n",
        qa__cli__serving="import os\nos.environ\n",
        qa__app="import sys\n\ndef f():\n    return sys.argv[1:]\n",
        evaluation__metrics="class sys:\n    argv = []\n\nsys.argv\n",
    )
    assert outside_world_violations(root) == [
        "index/dense.py:3: reads os.environ, which only the entry points may",
        "index/encoder.py:1: reads os.getenv, which only the entry points may",
        "qa/app.py:4: reads sys.argv, which only the entry points may",
    ]
