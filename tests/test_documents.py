"""The documents fit the repository: paths, links, picture, versions; and they build as a site."""

import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

from tests.command_line import ROOT
from tests.documents import DOCUMENTS

PATH = re.compile(r"`((?:index|qa|evaluation|tests|docs|deploy|source_texts)/[\w./-]*)`")


def tree(root: Path, files: dict[str, str]) -> Path:
    """Write a repository of these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def build_site(root: Path, site: Path) -> tuple[int, list[str]]:
    """Build the site of a repository: the exit status, and what was warned of or worse."""
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", site],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "NO_MKDOCS_2_WARNING": "1"},
    )
    told = built.stderr.splitlines()
    return built.returncode, [line for line in told if line and not line.startswith("INFO ")]


def test_every_path_that_a_document_names_exists() -> None:
    named = {
        (document.relative_to(ROOT).as_posix(), path)
        for document in DOCUMENTS
        for path in PATH.findall(document.read_text("utf-8"))
    }
    assert len(named) > 60
    assert sorted(each for each in named if not (ROOT / each[1]).exists()) == []


def test_the_picture_is_drawn_from_the_imports(tmp_path: Path) -> None:
    drawn = tmp_path / "architecture.svg"
    script = ROOT / "docs" / "draw_architecture.py"
    subprocess.run([sys.executable, script, ROOT, drawn], check=True)
    kept = ROOT / "docs" / "architecture.svg"
    assert kept.read_text("utf-8") == drawn.read_text("utf-8"), "run “make docs”"


def test_a_wing_stands_above_what_it_imports_and_implied_imports_are_left_out(
    tmp_path: Path,
) -> None:
    drawing = runpy.run_path(str(ROOT / "docs" / "draw_architecture.py"))
    root = tree(
        tmp_path,
        {
            "index/__init__.py": "",
            "index/__main__.py": "from citadel.index.cli import main\n",
            "index/errors.py": "import os\n",
            "index/cli.py": "import citadel.index.build.steps\n",
            "index/build/__init__.py": '"""Builds\nall of it.\n\nMore.\n"""\n',
            "index/build/steps.py": "def f():\n    from citadel.index import errors\n",
            "index/build/deep/more.py": "from citadel.index.build import steps\n",
            "qa/answer/answering.py": (
                "from citadel.index.errors import E\nfrom citadel.index.build.deep import more\n"
            ),
        },
    )
    imports = drawing["graph"](root)
    assert imports == {
        "index": frozenset(),
        "index/cli": {"index/build"},
        "index/build": {"index"},
        "qa/answer": {"index", "index/build"},
    }
    assert drawing["reduced"](imports) == imports | {"qa/answer": {"index/build"}}
    assert drawing["floors"](imports) == {
        "index": 0,
        "index/build": 1,
        "index/cli": 2,
        "qa/answer": 2,
    }
    assert [drawing["purpose"](root, wing) for wing in imports] == [
        "Builds all of it.",
        "cli",
        "errors",
        "answering",
    ]


def test_the_documents_build_as_a_site_without_a_dead_link(tmp_path: Path) -> None:
    assert build_site(ROOT, tmp_path) == (0, [])
    scaling = (tmp_path / "scaling" / "index.html").read_text("utf-8")
    assert 'href="../index/stores/recall.py"' in scaling
    evaluation = (tmp_path / "evaluation" / "index.html").read_text("utf-8")
    assert 'href="../benchmarks/"' in evaluation


def test_links_between_documents_are_followed_and_dead_ones_named(tmp_path: Path) -> None:
    hook = (ROOT / "docs" / "site_pages.py").read_text("utf-8")
    root = tree(
        tmp_path / "repository",
        {
            "mkdocs.yml": "site_name: A\nstrict: true\nhooks: [docs/site_pages.py]\n"
            "exclude_docs: site_pages.py\n",
            "docs/site_pages.py": hook,
            "docs/growth.md": "[start](../README.md#b) [code](../index/a.py) [gone](../index/b.py)",
            "README.md": "# A\n\n[growth](docs/growth.md) [web](https://example.org/a.md)\n\n"
            "## B\n",
            "index/a.py": "1\n",
            "index/unlinked.py": "2\n",
        },
    )
    assert build_site(root, tmp_path / "site") == (
        1,
        [
            "WARNING -  Doc file 'growth.md' contains a link '../index/b.py', "
            "but the target is not found among documentation files.",
        ],
    )
    (root / "docs" / "growth.md").write_text("[start](../README.md#b) [code](../index/a.py)\n")
    assert build_site(root, tmp_path / "site") == (0, [])
    growth = (tmp_path / "site" / "growth" / "index.html").read_text("utf-8")
    assert '<a href="../#b">start</a> <a href="../index/a.py">code</a>' in growth
    home = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert '<a href="growth/">growth</a> <a href="https://example.org/a.md">web</a>' in home
    assert (tmp_path / "site" / "index" / "a.py").read_text() == "1\n"
    assert not (tmp_path / "site" / "index" / "unlinked.py").exists()


def test_continuous_integration_runs_on_every_supported_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    prefix = "Programming Language :: Python :: "
    supported = [c.removeprefix(prefix) for c in project["classifiers"] if c.startswith(prefix)]
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    job = workflow["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == supported
    assert [step["run"] for step in job["steps"] if "run" in step] == [
        "make check test PYTHON=python${{ matrix.python }}",
        "make docs",
    ]


def test_the_citation_names_the_version_and_licence_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
