"""What is installed: everything in citadel/, and nothing outside of it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

from tests.command_line import ROOT

DIST_INFO = "citadel_qa-0.1.0.dist-info"


def test_the_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    # A copy, as setuptools leaves a folder of what it built before in the one that it builds.
    for folder in ("citadel", "index", "qa", "evaluation", "source_texts"):
        copytree(
            ROOT / folder, source / folder, symlinks=True, ignore=ignore_patterns("__pycache__")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        copy(ROOT / name, source / name)
    command = "-m pip wheel --quiet --no-deps --no-index --no-build-isolation --wheel-dir"
    # pip takes what make sets for it, and refuses it where nothing is isolated.
    environment = {k: v for k, v in os.environ.items() if k != "PIP_BUILD_CONSTRAINT"}
    build = [sys.executable, *command.split(), str(tmp_path), str(source)]
    subprocess.run(build, check=True, env=environment)
    present = {
        (Path(folder) / file).relative_to(source).as_posix()
        for folder, _, files in os.walk(source / "citadel", followlinks=True)
        for file in files
    }
    assert {
        "citadel/__init__.py",
        "citadel/library.py",
        "citadel/py.typed",
        "citadel/source_texts/enab-baladi-end-of-aleppo.md",
        "citadel/index/retrieval/ranking.json",
        "citadel/index/retrieval/stop_words.txt",
        "citadel/qa/answer/confidence.json",
        "citadel/qa/answer/intents.toml",
        "citadel/qa/page/languages/ar.po",
        "citadel/qa/page/static/page.css",
        "citadel/qa/page/static/page.js",
        "citadel/evaluation/questions/siege-dev.jsonl",
    } <= present
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        top = archive.read(f"{DIST_INFO}/top_level.txt").decode()
    about = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE", "top_level.txt")
    assert sorted(names) == sorted([*present, *(f"{DIST_INFO}/{name}" for name in about)])
    assert top == "citadel\n"
