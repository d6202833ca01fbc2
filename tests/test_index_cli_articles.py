"""The program of the index: articles added, listed and removed, and a return to what was."""

from pathlib import Path

import pytest

from citadel.index.encoders.encoder import Encoder
from citadel.index.snapshots.snapshots import read_manifest
from tests.command_line import Outcome, Run, index_caller
from tests.small_index import write_two_articles


@pytest.fixture
def index(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoder: Encoder
) -> Run:
    return index_caller(monkeypatch, capsys, encoder)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return write_two_articles(tmp_path / "sources")


def test_there_is_nothing_to_roll_back_to(index: Run, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "misspelt"):
        assert index("rollback", "--index-dir", folder) == Outcome(
            1,
            "",
            f"citadel-index: There is no index in {folder}; run “python -m index build "
            f"--sources FOLDER --index-dir {folder}” to build one.\n",
        )
    assert list(tmp_path.iterdir()) == []


def test_articles_are_added_listed_and_removed(index: Run, tmp_path: Path, sources: Path) -> None:
    folder = tmp_path / "index"
    where = ("--sources", sources, "--index-dir", folder)
    (tmp_path / "raft.md").write_text("---\ntitle: The raft\ndate: 2021-03\n---\nIt \u202efloats.")
    (tmp_path / "empty.md").write_text("")
    added = index("add", tmp_path / "raft.md", tmp_path / "empty.md", *where)
    assert (added.status, added.stdout.splitlines()[0]) == (1, f"Added raft.md to {sources}.")
    assert added.stderr == (
        "raft.md: 1 invisible direction mark taken out.\n"
        "Read 3 articles of 3 paragraphs from 3 files (en).\n"
        f"{read_manifest(folder).snapshot} is the current index.\n"
    )
    assert index("add", tmp_path / "raft.md", *where) == Outcome(
        0, "", "raft.md is there already.\n"
    )
    assert index("list", "--index-dir", folder) == Outcome(
        0,
        "bridge.txt: The bridge · en · 1 paragraph\n"
        "ferry.md: The ferry · en · 1 paragraph\n"
        "raft.md: The raft · 2021-03 · en · 1 paragraph\n"
        "    1 invisible direction mark taken out\n",
        "",
    )
    removed = index("remove", "raft.md", *where)
    assert (removed.status, removed.stdout.splitlines()[0]) == (
        0,
        f"Removed raft.md; it is kept in {sources / '.removed'}.",
    )
    assert read_manifest(folder).articles == 2


def test_after_a_rollback_what_is_listed_can_be_removed(
    index: Run, tmp_path: Path, sources: Path
) -> None:
    folder = tmp_path / "index"
    where = ("--index-dir", folder)

    def listed() -> list[str]:
        lines = index("list", *where).stdout.splitlines()
        return [line.partition(":")[0] for line in lines]

    index("build", "--sources", sources, *where)
    index("remove", "bridge.txt", *where)
    index("rollback", *where)
    assert listed() == ["bridge.txt", "ferry.md"]
    removed = index("remove", "ferry.md", *where)
    assert (removed.status, removed.stdout.splitlines()[:2]) == (
        0,
        [
            f"bridge.txt is in {sources} again, as in the index since “rollback”.",
            f"Removed ferry.md; it is kept in {sources / '.removed'}.",
        ],
    )
    assert listed() == ["bridge.txt"]


def test_after_a_rollback_what_was_added_before_it_does_not_come_back(
    index: Run, tmp_path: Path, sources: Path
) -> None:
    folder = tmp_path / "index"
    where = ("--index-dir", folder)
    for name in ("raft", "canoe"):
        (tmp_path / f"{name}.md").write_text(f"# The {name}\n\nIt floats on the river.\n")
    index("build", "--sources", sources, *where)
    index("add", tmp_path / "raft.md", *where)
    index("rollback", *where)
    added = index("add", tmp_path / "canoe.md", *where)
    assert added.stdout.splitlines()[:2] == [
        f"raft.md is kept in {sources / '.removed'}: since “rollback” the index is without it.",
        f"Added canoe.md to {sources}.",
    ]
    assert [line.partition(":")[0] for line in index("list", *where).stdout.splitlines()] == [
        "bridge.txt",
        "canoe.md",
        "ferry.md",
    ]
    # There was no rollback since: what is added by hand stays.
    (sources / "raft.md").write_text("# The raft\n\nIt floats on the sea.\n")
    assert index("remove", "canoe.md", *where).stdout.splitlines()[0] == (
        f"Removed canoe.md; it is kept in {sources / '.removed'}."
    )
    assert (sources / "raft.md").exists()
