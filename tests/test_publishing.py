import errno
import os
import shutil
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import load, verify
from citadel.index.snapshots.publishing import (
    build_lock,
    is_building,
    new_snapshot,
    publish,
    rollback,
)
from citadel.index.snapshots.snapshots import read_manifest, snapshot_names
from tests.faults import ERRORS, WRITING, Faults, Killed, raising
from tests.small_index import articles_of, cheap_index, contents, flip, mend, names, refusal


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return cheap_index("gen-1", articles_of(tmp_path_factory.mktemp("one"), a="One ferry.\n"))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return cheap_index("gen-2", articles_of(tmp_path_factory.mktemp("two"), a="Two bridges.\n"))


@pytest.fixture
def folder(tmp_path: Path, one: PassageIndex) -> Path:
    """A folder in which the first index is published."""
    publish(one, tmp_path / "index")
    return tmp_path / "index"


def served(folder: Path, index: PassageIndex) -> str:
    """The snapshot that is loaded."""
    return load(folder, index.encoder).snapshot


def steps(index: PassageIndex, folder: Path) -> list[str]:
    """The calls that publishing an index into a folder makes; it is done in a copy."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    with Faults().installed() as faults:
        publish(index, copy)
    return faults.calls


def test_as_many_snapshots_are_kept_as_are_asked_for(folder: Path, two: PassageIndex) -> None:
    for name in ("gen-2", "gen-3", "gen-4"):
        publish(replace(two, snapshot=name), folder, keep=2)
    assert snapshot_names(folder) == ("gen-2", "gen-3", "gen-4")
    publish(replace(two, snapshot="gen-0"), folder)
    assert names(folder) == {"CURRENT", "gen-0", "gen-4"}
    assert served(folder, two) == "gen-0"


def test_each_snapshot_names_the_one_before(folder: Path, two: PassageIndex) -> None:
    publish(two, folder)
    assert (read_manifest(folder).before, read_manifest(folder, "gen-1").before) == ("gen-1", "")


def test_a_snapshot_that_is_there_is_not_touched(folder: Path, one: PassageIndex) -> None:
    before = contents(folder)
    assert refusal(publish, one, folder) == (
        f"The index can't be written to {folder} (Directory not empty); "
        "make room or choose another --index-dir."
    )
    assert contents(folder) == before


def test_a_damaged_snapshot_does_not_take_the_place_of_a_good_one(
    folder: Path, two: PassageIndex
) -> None:
    publish(two, folder)
    flip(folder / "gen-2" / "manifest.json")
    publish(replace(two, snapshot="gen-3"), folder)
    assert snapshot_names(folder) == ("gen-1", "gen-3")
    assert read_manifest(folder).before == "gen-1"


def test_a_damaged_pointer_is_mended_by_a_build(folder: Path, two: PassageIndex) -> None:
    (folder / "CURRENT").write_text("")
    publish(two, folder)
    assert served(folder, two) == "gen-2"


def attempt(index: PassageIndex, folder: Path, at: int, number: int) -> str:
    """What is said when the call ``at`` fails while an index is published; "" if it goes well."""
    try:
        with Faults(at, raising(number)).installed():
            publish(index, folder)
    except CitadelError as error:
        return str(error)
    return ""


def test_an_error_at_any_call_loses_nothing(
    folder: Path, one: PassageIndex, two: PassageIndex
) -> None:
    """Each call fails with one of the errors; with all of them it does in the torture tests."""
    before = contents(folder)
    calls = steps(two, folder)
    refused = []
    for at, (call, number) in enumerate(zip(calls, cycle(ERRORS), strict=False), start=1):
        message = attempt(two, folder, at, number)
        if message:
            refused.append(call)
            assert message == (
                f"The index can't be written to {folder} ({os.strerror(number)}); "
                "make room or choose another --index-dir."
            )
            assert contents(folder) == before
        else:
            # It was nothing that the new snapshot needs.
            assert read_manifest(folder).snapshot == "gen-2"
            left = contents(folder)
            assert before.items() - left.items() == {("CURRENT", before["CURRENT"])}
            shutil.rmtree(folder / "gen-2")
            (folder / "CURRENT").write_bytes(before["CURRENT"])
    until_published = calls[: calls.index("replace") + 1]
    for kind in WRITING - {"mkdir"}:
        assert refused.count(kind) == until_published.count(kind)
    assert served(folder, one) == "gen-1"


def test_an_error_after_publishing_is_told(
    folder: Path, two: PassageIndex, caplog: pytest.LogCaptureFixture
) -> None:
    after = steps(two, folder).index("replace") + 2
    with Faults(after, raising(errno.EIO)).installed():
        publish(two, folder)
    assert caplog.messages[-1] == f"{folder} can't be tidied up (Input/output error)."
    assert served(folder, two) == "gen-2"


def test_a_kill_at_any_call_leaves_one_or_the_other(
    folder: Path, one: PassageIndex, two: PassageIndex
) -> None:
    point = steps(two, folder).index("replace") + 1
    for at in range(1, point + 1):
        with pytest.raises(Killed), Faults(at).installed():
            publish(replace(two, snapshot=f"gen-killed-{at}"), folder)
        assert served(folder, one) == "gen-1"
    publish(replace(two, snapshot="gen-killed"), folder)
    rollback(folder)
    with pytest.raises(Killed), Faults(2, kinds=frozenset({"rename"})).installed():
        publish(two, folder)
    assert served(folder, two) == "gen-2"
    publish(replace(one, snapshot="gen-3"), folder)
    assert names(folder) == {"CURRENT", "gen-2", "gen-3"}
    assert len(verify(folder, lambda _model: one.encoder)) == 2


def test_every_file_and_folder_is_synchronised(tmp_path: Path, one: PassageIndex) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    calls = steps(one, folder)
    files = len(contents(tmp_path / "copy"))
    assert calls.count("create") == files
    # Each file, the two folders of the snapshot, and the folder of them all before and after.
    assert calls.count("fsync") == files + 4
    assert set(calls) >= WRITING - {"link"}


def test_rolling_back_and_forth(folder: Path, two: PassageIndex) -> None:
    publish(two, folder)
    assert rollback(folder).snapshot == served(folder, two) == "gen-1"
    assert refusal(rollback, folder) == (
        f"No snapshot before gen-1 is kept in {folder}; choose another one with --to: gen-2; or "
        f"change the articles, and run “python -m index build --index-dir {folder}”."
    )
    assert rollback(folder, "gen-2").snapshot == served(folder, two) == "gen-2"


def test_the_only_snapshot_has_none_before(folder: Path) -> None:
    assert refusal(rollback, folder) == (
        f"No snapshot before gen-1 is kept in {folder}; change the articles, and "
        f"run “python -m index build --index-dir {folder}”."
    )


def test_a_snapshot_that_was_served_before_is_not_kept_for_ever(
    folder: Path, two: PassageIndex
) -> None:
    publish(two, folder)
    publish(replace(two, snapshot="gen-3"), folder)
    assert rollback(folder).snapshot == "gen-2"
    assert refusal(rollback, folder) == (
        f"No snapshot before gen-2 is kept in {folder}; choose another one with --to: gen-3; or "
        f"change the articles, and run “python -m index build --index-dir {folder}”."
    )
    assert read_manifest(folder).snapshot == "gen-2"


def test_a_build_after_a_rollback_follows_what_is_served(folder: Path, two: PassageIndex) -> None:
    publish(two, folder)
    rollback(folder)
    publish(replace(two, snapshot="gen-3"), folder)
    assert snapshot_names(folder) == ("gen-1", "gen-3")


def test_rolling_back_from_damage(folder: Path, two: PassageIndex) -> None:
    publish(two, folder)
    flip(folder / "gen-2" / "manifest.json")
    assert rollback(folder).snapshot == read_manifest(folder).snapshot == "gen-1"


def test_where_it_is_not_known_what_is_served_nothing_is_before_it(folder: Path) -> None:
    (folder / "CURRENT").write_text("gen-1\n")
    flip(folder / "gen-1" / "manifest.json")
    assert refusal(rollback, folder) == (
        f"No earlier snapshot is kept in {folder}; choose another one with --to: gen-1; or "
        "change the articles, and run “python -m index build --sources FOLDER "
        f"--index-dir {folder}”."
    )


def test_rolling_back_to_damage_is_refused(folder: Path, two: PassageIndex) -> None:
    publish(two, folder)
    path = folder / "gen-1" / "articles.json"
    flip(path)
    assert refusal(rollback, folder) == (
        f"{path} is damaged: its SHA-256 is not the manifest's; {mend(folder)}"
    )
    assert read_manifest(folder).snapshot == "gen-2"


@pytest.mark.parametrize("name", ["gen-7", "../gen-1", "CURRENT", ""])
def test_rolling_back_to_what_is_not_there(folder: Path, name: str) -> None:
    told = name or "of an empty name"
    assert refusal(rollback, folder, name) == (
        f"There is no snapshot {told} in {folder}; choose one with --to: gen-1."
    )


def test_rolling_back_where_nothing_can_be_written(folder: Path, two: PassageIndex) -> None:
    publish(two, folder)
    before = contents(folder)
    with Faults(1, raising(errno.ENOSPC), frozenset({"create"})).installed():
        assert refusal(rollback, folder) == (
            f"The index can't be written to {folder} (No space left on device); "
            "make room or choose another --index-dir."
        )
    assert contents(folder) == before


def test_two_builds_do_not_run_at_once(folder: Path) -> None:
    before = contents(folder)
    message = f"Another build is running in {folder}; wait for it or choose another --index-dir."

    def build() -> None:
        with build_lock(folder):
            pass

    assert not is_building(folder)
    with build_lock(folder):
        assert refusal(build) == message
        assert is_building(folder)
    assert not is_building(folder)
    build()
    assert {k: v for k, v in contents(folder).items() if k != "build.lock"} == before


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    def build() -> None:
        with build_lock(tmp_path / "file"):
            pass

    assert refusal(build) == (
        f"The index can't be written to {tmp_path / 'file'} (File exists); "
        "make room or choose another --index-dir."
    )


def test_an_error_of_the_build_itself_is_not_changed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="ours"), build_lock(tmp_path):
        raise FileNotFoundError("ours")


def test_snapshots_are_named_by_time_and_chance() -> None:
    one, other = new_snapshot(), new_snapshot()
    assert one != other
    assert [part.isalnum() for part in one.split("-")] == [True, True, True]
    assert one.startswith("gen-2")
