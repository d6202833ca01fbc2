"""Who changed what, and when: every line is kept, and none can be changed unseen."""

import json
from multiprocessing import get_context
from pathlib import Path

import pytest

from citadel.index.snapshots.audit_entries import Doer, Happening
from citadel.index.snapshots.audit_log import Checked, check_log, log, read_log, settle
from citadel.index.snapshots.publishing import publish
from tests.audit.log import ANN, ME, WHEN, line_of, lines, records, write
from tests.small_index import articles_of, cheap_index, refusal, sha256


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that “gen-1” is published into, with three lines about it."""
    folder = tmp_path / "index"
    publish(cheap_index("gen-1", articles_of(tmp_path / "sources", a="One ferry.\n")), folder)
    log(folder, "", "gen-1", [Happening(ANN, "added", f"{name}.md", "0" * 64) for name in "abc"])
    return folder


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
