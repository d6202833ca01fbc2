import os
from pathlib import Path

import pytest

from citadel.index.corpus.sandbox.processes import Request
from citadel.index.corpus.source_files import LeftOut, SourceFiles, list_source_files


def plant(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_which_files_are_articles(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "z/a.md",
        "b.TXT",
        "a/c.markdown",
        "d.text",
        "d.text.yaml",
        "e.jsonl",
        ".hidden.md",
        ".git/e.md",
        "README.md",
        "a/Sources.md",
        "license.md",
        "examples.yaml",
        "f.zip",
        "gone.md.yaml",
        "noending",
    )
    (tmp_path / "folder.md").mkdir()
    assert list_source_files(tmp_path) == SourceFiles(
        requests=(
            Request("a/c.markdown", sidecar=False),
            Request("b.TXT", sidecar=False),
            Request("d.text", sidecar=True),
            Request("e.jsonl", sidecar=False),
            Request("z/a.md", sidecar=False),
        ),
        left_out=(
            LeftOut("f.zip", "is left out: .zip files are not read.", failed=False),
            LeftOut(
                "gone.md.yaml",
                "is left out: there is no gone.md that it could tell about.",
                failed=False,
            ),
            LeftOut("noending", "is left out: files without an ending are not read.", failed=False),
        ),
    )


def test_parts_of_a_saved_page_are_no_articles(tmp_path: Path) -> None:
    plant(tmp_path, "ferry.html", "ferry_files/frame.html", "other_files/notes.md")
    files = list_source_files(tmp_path)
    assert [request.name for request in files.requests] == ["ferry.html", "other_files/notes.md"]
    assert files.left_out == (
        LeftOut("ferry_files", "is left out: it holds parts of ferry.html.", failed=False),
    )


def test_a_link_to_a_folder(tmp_path: Path) -> None:
    plant(tmp_path, "sources/a.md", "outside/b.md")
    (tmp_path / "sources" / "more").symlink_to(tmp_path / "outside")
    files = list_source_files(tmp_path / "sources")
    assert [request.name for request in files.requests] == ["a.md"]
    assert files.left_out == (
        LeftOut(
            "more",
            "is a link, and links are not followed; put the folder itself in its place.",
            failed=True,
        ),
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [("x/A.md", "x/a.MD"), ("x/e\u0301.md", "x/é.md")],
    ids=["but for case", "but for composition"],
)
def test_two_files_with_one_name(tmp_path: Path, first: str, second: str) -> None:
    plant(tmp_path, first, second)
    assert list_source_files(tmp_path) == SourceFiles(
        (Request(first, sidecar=False),),
        (LeftOut(second, f"has the name of {first}; rename one of them.", failed=True),),
    )


@pytest.mark.parametrize(
    "name", [b"a\xff.md", "a\u202egpj.md".encode(), b"a\n.md"], ids=["bytes", "bidi", "line break"]
)
def test_a_name_that_can_not_be_shown(tmp_path: Path, name: bytes) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).touch()
    assert list_source_files(tmp_path) == SourceFiles(
        (),
        (
            LeftOut(
                ascii(os.fsdecode(name)),
                "has invisible characters in its name; rename it.",
                failed=True,
            ),
        ),
    )
