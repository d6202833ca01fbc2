import errno
import threading
from pathlib import Path

import pytest

from citadel.index.disk import locked, record_of, record_of_file, replace_file, sync, write_file
from tests.faults import Faults, Killed, raising


def test_a_file_is_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "part"
    pieces = [b"one ", b"", b"two" * 1_000_000]
    record = write_file(path, lambda file: [file.write(piece) for piece in pieces])
    assert path.read_bytes() == b"".join(pieces)
    assert record == record_of(b"".join(pieces)) == record_of_file(path)
    assert record.size == 3_000_004


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "part").write_text("mine")
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "part", lambda file: file.write(b"yours"))
    assert (tmp_path / "part").read_text() == "mine"


@pytest.mark.parametrize("left", [b"", b"on", b"one!", b"eno"])
def test_a_file_that_lost_or_changed_bytes_is_an_error(
    tmp_path: Path, left: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "citadel.index.disk.os.fsync", lambda _descriptor: (tmp_path / "part").write_bytes(left)
    )
    with pytest.raises(OSError, match="part does not hold what was written to it"):
        write_file(tmp_path / "part", lambda file: file.write(b"one"))


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "CURRENT"
    replace_file(path, b"old")
    (tmp_path / "CURRENT.partial").write_text("left behind by a killed process")
    faults = Faults()
    with faults.installed():
        replace_file(path, b"new")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"CURRENT": b"new"}
    for at in range(1, len(faults.calls) + 1):
        path.write_bytes(b"old")
        with (
            pytest.raises(OSError, match="Input/output error"),
            Faults(at, raising(errno.EIO)).installed(),
        ):
            replace_file(path, b"new")
        assert path.read_bytes() == b"old"
        with pytest.raises(Killed), Faults(at).installed():
            replace_file(path, b"new")
        assert path.read_bytes() == b"old"


def test_a_folder_that_is_not_there_can_not_be_synchronised(tmp_path: Path) -> None:
    sync(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync(tmp_path / "none")


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with locked(lock), pytest.raises(BlockingIOError), locked(lock, 0.1):
        pass
    with locked(lock, 0):
        assert lock.read_bytes() == b""


def test_a_lock_is_waited_for(tmp_path: Path) -> None:
    order = []

    def wait() -> None:
        with locked(tmp_path / "lock"):
            order.append("second")

    with locked(tmp_path / "lock"):
        waiting = threading.Thread(target=wait)
        waiting.start()
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]
