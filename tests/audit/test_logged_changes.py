"""Each build and command that changes articles is logged, or nothing is changed."""

from pathlib import Path

import pytest

from citadel.index.build.build import BuildOptions, build_index
from citadel.index.build.recording import Doers
from citadel.index.corpus.corpus import read_articles
from citadel.index.errors import CitadelError
from citadel.index.snapshots import audit_entries
from citadel.index.snapshots.audit_entries import Doer
from citadel.index.snapshots.audit_log import Checked, check_log
from citadel.index.snapshots.publishing import publish
from citadel.index.snapshots.snapshots import read_manifest
from tests.audit.log import ANN, ME, WHEN, line_of, lines, mine, records, write
from tests.command_line import Outcome, Run, index_caller
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, cheap_index, refusal, sha256

FERRY = "The ferry crosses the river.\n"
RAFT = "The raft floats on the lake.\n"


def build(sources: Path, folder: Path, doers: Doers | None = None) -> str:
    options = BuildOptions(doers=doers)
    articles = read_articles(sources)
    return build_index(
        articles, folder, FakeEncoder(), lambda _a, _b: None, sources, options
    ).snapshot


def test_each_file_that_a_build_changes_has_a_line(tmp_path: Path) -> None:
    sources, folder = tmp_path / "sources", tmp_path / "index"
    articles_of(sources, ferry=FERRY, mill="The mill grinds.\n")
    one = build(sources, folder)
    two_lines = '{"_id": "1", "text": "A raft."}\n{"_id": "2", "text": "A boat."}\n'
    (sources / "notes.jsonl").write_text(two_lines)
    (sources / "mill.md").write_text("The mill is closed.\n")
    (sources / "ferry.md").unlink()
    two = build(sources, folder, Doers(mine("build"), {"notes.jsonl": ANN}))
    (sources / "mill.md.yaml").write_text("author: Anna Lind\n")
    described = Doer("bob", "account", "describe")
    three = build(sources, folder, Doers(mine("build"), {"mill.md": described}))
    four = build(sources, folder)
    assert records(folder) == [
        line_of(mine("build"), "added", "ferry.md", FERRY, one),
        line_of(mine("build"), "added", "mill.md", "The mill grinds.\n", one),
        line_of(mine("build"), "removed", "ferry.md", FERRY, two),
        line_of(mine("build"), "changed", "mill.md", "The mill is closed.\n", two),
        line_of(ANN, "added", "notes.jsonl", two_lines, two),
        line_of(described, "changed", "mill.md", "The mill is closed.\n", three),
        line_of(mine("build"), "", "", "", four),
    ]
    assert check_log(folder) == Checked(7, sha256(lines(folder)[6][:-1]), ())


def test_an_index_from_before_there_was_a_log(tmp_path: Path) -> None:
    sources, folder = tmp_path / "sources", tmp_path / "index"
    publish(cheap_index("gen-1", articles_of(sources, ferry=FERRY)), folder)
    (sources / "raft.md").write_text(RAFT)
    snapshot = build(sources, folder)
    assert records(folder) == [
        line_of(Doer("", "", "not logged"), "", "", "", "gen-1"),
        line_of(mine("build"), "added", "raft.md", RAFT, snapshot),
    ]


def test_nothing_is_published_that_can_not_be_logged(tmp_path: Path) -> None:
    sources, folder = tmp_path / "sources", tmp_path / "index"
    articles_of(sources, ferry=FERRY)
    snapshot = build(sources, folder)
    (folder / "audit.jsonl").unlink()
    (folder / "audit.jsonl").mkdir()
    (sources / "raft.md").write_text(RAFT)
    assert refusal(build, sources, folder) == (
        f"{folder / 'audit.jsonl'} can't be written (Is a directory), and nothing is changed that "
        "is not logged; give this user the right to write it."
    )
    assert read_manifest(folder).snapshot == snapshot
    assert refusal(check_log, folder) == (
        f"{folder / 'audit.jsonl'} can't be read (Is a directory); give this user the right to."
    )


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr("citadel.index.cli.building.prepare_network", lambda *_: None)
    return index_caller(monkeypatch, capsys, FakeEncoder())


def test_each_command_that_publishes_is_logged(index: Run, tmp_path: Path) -> None:
    sources, folder = tmp_path / "sources", tmp_path / "index"
    articles_of(sources, ferry=FERRY)
    (tmp_path / "raft.md").write_text(RAFT)
    where = ("--sources", sources, "--index-dir", folder)
    snapshots = []

    def run(*arguments: object) -> None:
        assert index(*arguments).status == 0
        snapshots.append(read_manifest(folder).snapshot)

    run("build", *where)
    run("build", *where)
    run("add", tmp_path / "raft.md", *where)
    run("describe", "raft.md", "--author", "Anna Lind", *where)
    run("remove", "raft.md", *where)
    run("rollback", "--index-dir", folder)
    assert snapshots[0] == snapshots[1]
    expected = [
        ("build", "added", "ferry.md", FERRY, 0),
        ("add", "added", "raft.md", RAFT, 2),
        ("describe", "changed", "raft.md", RAFT, 3),
        ("remove", "removed", "raft.md", RAFT, 4),
        ("rollback", "added", "raft.md", RAFT, 5),
    ]
    assert records(folder) == [
        line_of(mine(what), change, name, text, snapshots[number])
        for what, change, name, text, number in expected
    ]
    assert index("log", "--index-dir", folder) == Outcome(
        0,
        "".join(
            f"{WHEN}  {ME} (system): {what} {name}, {change}, {sha256(text.encode())}, "
            f"{snapshots[number]}\n"
            for what, change, name, text, number in expected
        ),
        "",
    )


def test_verify_and_log_tell_of_a_line_that_is_wrong(
    index: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citadel.index.cli.snapshots.check_conversion", lambda *_: None)
    sources, folder = tmp_path / "sources", tmp_path / "index"
    articles_of(sources, ferry=FERRY, raft=RAFT)
    index("build", "--sources", sources, "--index-dir", folder)
    manifest = read_manifest(folder)
    told = (
        f"{manifest.snapshot}: {len(manifest.files)} files, none damaged.\n"
        f"{manifest.snapshot} answers as it did when it was built.\n"
    )
    last = sha256(lines(folder)[1][:-1])
    assert index("verify", "--index-dir", folder) == Outcome(
        0,
        f"{told}audit.jsonl: 2 lines, each as it was written; the SHA-256 of the last is {last}.\n",
        "",
    )
    log = (folder / "audit.jsonl").read_bytes()
    (folder / "audit.jsonl").unlink()
    assert index("verify", "--index-dir", folder) == Outcome(
        0, f"{told}audit.jsonl: there is none: no change was logged, or it was taken away.\n", ""
    )
    (folder / "audit.jsonl").write_bytes(log)
    write(folder, lines(folder)[0].replace(b"ferry", b"boats"), lines(folder)[1])
    assert index("verify", "--index-dir", folder) == Outcome(
        1,
        told,
        f"citadel-index: {folder / 'audit.jsonl'}, line 1, is not as it was written; compare it "
        "with a copy of the log.\n",
    )
    assert index("log", "--index-dir", folder).stdout.splitlines()[0] == (
        "Line 1 is not as it was written, see “python -m index verify”."
    )


def test_a_log_of_no_index(index: Run, tmp_path: Path) -> None:
    assert index("log", "--index-dir", tmp_path) == Outcome(
        1,
        "",
        f"citadel-index: There is no index in {tmp_path}; run “python -m index build "
        f"--sources FOLDER --index-dir {tmp_path}” to build one.\n",
    )


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_before_the_line_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """A process that is killed between publishing and logging leaves a snapshot without a line."""
    sources, folder = tmp_path / "sources", tmp_path / "index"
    articles_of(sources, ferry=FERRY)
    one = build(sources, folder)
    (sources / "raft.md").write_text(RAFT)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        f"citadel.index.build.build.{'publish' if when == 'before' else 'record'}", killed
    )
    with pytest.raises(KeyboardInterrupt):
        build(sources, folder)
    monkeypatch.undo()
    monkeypatch.setattr(audit_entries, "_now", lambda: WHEN)
    if when == "before":
        assert check_log(folder) == Checked(1, sha256(lines(folder)[0][:-1]), ())
        return
    two = read_manifest(folder).snapshot
    assert two != one
    with pytest.raises(CitadelError, match=f"says nothing of {two}, the current index"):
        check_log(folder)
    (sources / "mill.md").write_text("The mill grinds.\n")
    three = build(sources, folder)
    assert records(folder)[1:] == [
        line_of(Doer("", "", "not logged"), "", "", "", two),
        line_of(mine("build"), "added", "mill.md", "The mill grinds.\n", three),
    ]
    assert check_log(folder) == Checked(3, sha256(lines(folder)[2][:-1]), ())
