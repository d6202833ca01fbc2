import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Queue

import pytest

from citadel.index.corpus.watching import repeat_on_change
from citadel.index.errors import CitadelError


def watched(folder: Path, do: Callable[[], None]) -> tuple[threading.Thread, threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=repeat_on_change, args=(folder, do, stop, 50))
    thread.start()
    return thread, stop


def test_it_is_done_at_once_and_after_every_change(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    seen: Queue[list[str]] = Queue()

    def look() -> None:
        seen.put(sorted(path.name for path in tmp_path.rglob("*.md")))

    thread, stop = watched(tmp_path, look)
    try:
        assert seen.get(timeout=60) == []
        (tmp_path / "a.md").write_text("A")
        assert seen.get(timeout=60) == ["a.md"]
        (tmp_path / "below" / "b.md").write_text("B")
        assert seen.get(timeout=60) == ["a.md", "b.md"]
        (tmp_path / "a.md").unlink()
        assert seen.get(timeout=60) == ["b.md"]
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()


def test_what_changes_meanwhile_is_seen_afterwards(tmp_path: Path) -> None:
    calls: Queue[int] = Queue()

    def change_once() -> None:
        if not (tmp_path / "a.md").exists():
            (tmp_path / "a.md").write_text("A")
        calls.put(1)

    thread, stop = watched(tmp_path, change_once)
    try:
        assert [calls.get(timeout=60), calls.get(timeout=60)] == [1, 1]
    finally:
        stop.set()
        thread.join(60)


def read(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except FileNotFoundError as error:
        raise CitadelError("gone") from error


def seen_at_last(seen: Queue[list[str]], names: list[str]) -> None:
    while seen.get(timeout=60) != names:
        pass


@pytest.mark.parametrize("pause", [0.0, 0.5], ids=["at once", "later"])
def test_a_folder_that_comes_back_is_waited_for(tmp_path: Path, pause: float) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.md").write_text("A")
    seen: Queue[list[str]] = Queue()
    thread, stop = watched(folder, lambda: seen.put(read(folder)))
    try:
        seen_at_last(seen, ["a.md"])
        shutil.rmtree(folder)
        stop.wait(pause)
        folder.mkdir()
        (folder / "b.md").write_text("B")
        seen_at_last(seen, ["b.md"])
        (folder / "c.md").write_text("C")
        seen_at_last(seen, ["b.md", "c.md"])
        folder.rename(tmp_path / "aside")
        stop.wait(pause)
        (tmp_path / "aside").rename(folder)
        (folder / "d.md").write_text("D")
        seen_at_last(seen, ["b.md", "c.md", "d.md"])
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()


def test_what_goes_wrong_while_the_folder_is_there_is_told(tmp_path: Path) -> None:
    def fail() -> None:
        raise CitadelError("It is full.")

    with pytest.raises(CitadelError, match=r"It is full\."):
        repeat_on_change(tmp_path, fail, quiet_ms=50)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CitadelError) as caught:
        repeat_on_change(tmp_path / "none", lambda: None)
    assert str(caught.value) == (
        f"There is no folder of sources at {tmp_path / 'none'}; name one with --sources."
    )


def test_what_watches_a_folder_is_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(CitadelError) as refused:
        repeat_on_change(tmp_path, lambda: None)
    assert str(refused.value) == (
        "To watch a folder takes the extra “watch”; run “pip install 'citadel-qa[watch]'”."
    )
