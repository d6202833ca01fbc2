"""Who changed what, and when: every change is logged, and no line can be changed unseen."""

import json
import os
import pwd
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from citadel.index.build.build import BuildOptions, build_index
from citadel.index.build.recording import Doers
from citadel.index.corpus.corpus import read_articles
from citadel.index.errors import CitadelError
from citadel.index.snapshots import audit_entries
from citadel.index.snapshots.audit_entries import Doer, Happening
from citadel.index.snapshots.audit_log import Checked, check_log, log, read_log, settle
from citadel.index.snapshots.publishing import publish
from citadel.index.snapshots.snapshots import read_manifest
from tests.command_line import Outcome, Run, index_caller
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, cheap_index, refusal, sha256

WHEN = "2026-11-29T16:40:00Z"
ANN = Doer("ann", "account", "add")
ME = pwd.getpwuid(os.getuid()).pw_name
FERRY = "The ferry crosses the river.\n"
RAFT = "The raft floats on the lake.\n"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_entries, "_now", lambda: WHEN)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that “gen-1” is published into, with three lines about it."""
    folder = tmp_path / "index"
    publish(cheap_index("gen-1", articles_of(tmp_path / "sources", a="One ferry.\n")), folder)
    log(folder, "", "gen-1", [Happening(ANN, "added", f"{name}.md", "0" * 64) for name in "abc"])
    return folder


def lines(folder: Path) -> list[bytes]:
    return (folder / "audit.jsonl").read_bytes().splitlines(keepends=True)


def write(folder: Path, *wanted: bytes) -> None:
    (folder / "audit.jsonl").write_bytes(b"".join(wanted))


def records(folder: Path) -> list[dict[str, Any]]:
    """The lines, without their checksums."""
    found = [json.loads(line) for line in lines(folder)]
    for record in found:
        del record["before"], record["sha256_of_this"]
    return found


def line_of(doer: Doer, change: str, article: str, text: str, snapshot: str) -> dict[str, Any]:
    return {
        "when": WHEN,
        "who": doer.who,
        "known_by": doer.known_by,
        "what": doer.what,
        "change": change,
        "article": article,
        "sha256": sha256(text.encode()) if text else "",
        "snapshot": snapshot,
    }


def mine(what: str) -> Doer:
    return Doer(ME, "system", what)


def test_a_line_holds_the_checksum_of_the_one_before_and_of_itself(folder: Path) -> None:
    first, second, _ = lines(folder)
    told = (
        f'{{"when": "{WHEN}", "who": "ann", "known_by": "account", "what": "add", '
        f'"change": "added", "article": "a.md", "sha256": "{"0" * 64}", "snapshot": "gen-1", '
        '"before": ""'
    )
    assert first == f'{told}, "sha256_of_this": "{sha256(f"{told}}}".encode())}"}}\n'.encode()
    assert json.loads(second)["before"] == sha256(first[:-1])
    assert check_log(folder) == Checked(3, sha256(lines(folder)[2][:-1]), ())


def test_nothing_was_logged(tmp_path: Path) -> None:
    publish(cheap_index("gen-1", articles_of(tmp_path / "sources", a="One ferry.\n")), tmp_path)
    assert check_log(tmp_path) is None
    assert list(read_log(tmp_path)) == []


def changed(line: bytes) -> bytes:
    return line.replace(b"ann", b"bob")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_line_that_was_changed_is_named(folder: Path, number: int) -> None:
    written = lines(folder)
    written[number - 1] = changed(written[number - 1])
    write(folder, *written)
    assert refusal(check_log, folder) == (
        f"{folder / 'audit.jsonl'}, line {number}, is not as it was written; compare it with a "
        "copy of the log."
    )


@pytest.mark.parametrize("order", [(0, 2), (1, 2), (0, 2, 1), (0, 1, 1, 2)])
def test_a_line_that_was_taken_out_put_in_or_exchanged_is_named(
    folder: Path, order: tuple[int, ...]
) -> None:
    written = lines(folder)
    write(folder, *(written[number] for number in order))
    number = next(
        place
        for place, (found, wanted) in enumerate(zip(order, (0, 1, 2), strict=False), 1)
        if found != wanted
    )
    assert refusal(check_log, folder) == (
        f"{folder / 'audit.jsonl'}, line {number}, does not follow the line before it: one was "
        "taken out there, put in or exchanged; compare it with a copy of the log."
    )


def test_a_last_line_that_was_taken_out_is_missed(folder: Path) -> None:
    log(folder, "gen-1", "gen-2", [Happening(ANN, "removed", "a.md", "0" * 64)])
    (folder / "gen-1").rename(folder / "gen-2")
    (folder / "CURRENT").write_text(f"gen-2 {'0' * 64}\n")
    assert check_log(folder) == Checked(4, sha256(lines(folder)[3][:-1]), ())
    write(folder, *lines(folder)[:3])
    build = f"“python -m index build --index-dir {folder}”"
    assert refusal(check_log, folder).replace("--sources FOLDER ", "") == (
        f"{folder / 'audit.jsonl'}, after line 3, says nothing of gen-2, the current index: a "
        "line was taken out there, or could not be written; compare it with a copy of the log, "
        f"then run {build}, which writes that into it."
    )
    settle(folder)
    assert records(folder)[3:] == [line_of(Doer("", "", "not logged"), "", "", "", "gen-2")]
    assert check_log(folder) == Checked(4, sha256(lines(folder)[3][:-1]), ())


@pytest.mark.parametrize("left", [1, 40, -2, -1])
def test_a_line_that_was_broken_off_is_said_and_closed(folder: Path, left: int) -> None:
    written = lines(folder)
    write(folder, *written[:2], written[2][:left])
    assert refusal(check_log, folder) == (
        f"{folder / 'audit.jsonl'}, line 3, was broken off while it was written; run “python -m "
        f"index build --index-dir {folder}”, which closes it and says so in the log."
    )
    log(folder, "gen-1", "gen-1", [Happening(ANN, "added", "d.md", "")])
    assert lines(folder)[2] == written[2][:left] + b"\n"
    assert json.loads(lines(folder)[3])["what"] == "cut off"
    whole = left == -1
    assert check_log(folder) == Checked(5, sha256(lines(folder)[4][:-1]), () if whole else (3,))
    entries = list(read_log(folder))
    assert [str(entry) for entry in entries[2:]] == [
        f"{WHEN}  ann (account): add c.md, added, {'0' * 64}, gen-1" if whole else "None",
        f"{WHEN}  {ME} (system): cut off",
        f"{WHEN}  ann (account): add d.md, added, gen-1",
    ]


def test_a_broken_line_that_nothing_closed_is_named(folder: Path) -> None:
    written = lines(folder)
    for bad in (b"\n", b"[]\n", b"{}\n", b"\xff\n", b"[" * 9999 + b"\n", written[1][:30] + b"\n"):
        for order in ((written[0], bad, written[2]), (*written, bad)):
            write(folder, *order)
            number = 2 if len(order) == 3 else 4
            assert refusal(check_log, folder) == (
                f"{folder / 'audit.jsonl'}, line {number}, is not as it was written; compare it "
                "with a copy of the log."
            )


def test_a_file_name_that_is_no_unicode(folder: Path) -> None:
    log(folder, "gen-1", "gen-1", [Happening(ANN, "added", "é\udce9\n.md", "")])
    assert [entry.article for entry in read_log(folder) if entry][-1] == "é\udce9\n.md"
    assert check_log(folder) == Checked(4, sha256(lines(folder)[3][:-1]), ())


def _log_some(folder: Path, who: str) -> None:
    for number in range(20):
        doer = Doer(who, "account", "add")
        log(folder, "gen-1", "gen-1", [Happening(doer, "added", f"{number}.md", "")])


def test_many_log_at_once(folder: Path) -> None:
    processes = get_context("spawn")
    running = [processes.Process(target=_log_some, args=(folder, who)) for who in ("ann", "bob")]
    for process in running:
        process.start()
    for process in running:
        process.join()
    checked = check_log(folder)
    assert checked is not None
    assert (checked.lines, checked.cut_off) == (43, ())


def test_what_can_not_be_written_is_taken_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lines(folder)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    happening = Happening(ANN, "added", "d.md", "")
    assert refusal(log, folder, "gen-1", "gen-1", [happening]) == (
        f"What was changed is not written to {folder / 'audit.jsonl'} (No space left on device); "
        "make room or give this user the right to write it, then run “python -m index build "
        f"--index-dir {folder}”."
    )
    assert lines(folder) == before


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
