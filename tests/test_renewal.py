import logging
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.encoders.encoder import Encoder
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.publishing import build_lock, publish, rollback
from citadel.qa.answer.answering import Answerer
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.reload import Reloader
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, cheap_index, flip, mend


@pytest.fixture
def index(tmp_path: Path) -> PassageIndex:
    return cheap_index("gen-1", articles_of(tmp_path / "sources", a="One ferry.\n"))


@pytest.fixture
def folder(tmp_path: Path, index: PassageIndex) -> Path:
    """A folder in which an index is published."""
    publish(index, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def live_index(index: PassageIndex) -> LiveIndex:
    return LiveIndex.of(Answerer(index))


def no_model(model: str) -> Encoder:
    raise AssertionError(f"{model} is loaded already")


def served(live_index: LiveIndex) -> str:
    return live_index.current.answerer.index.snapshot


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.message for record in caplog.records if record.name == "citadel.qa.service.reload"
    ]


def test_each_snapshot_is_moved_to_and_back(
    folder: Path, index: PassageIndex, live_index: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "citadel.qa.service.reload")
    reloader = Reloader(live_index, folder, no_model)
    first = live_index.current
    reloader.look()
    assert live_index.current is first
    publish(replace(index, snapshot="gen-2"), folder)
    reloader.look()
    assert served(live_index) == "gen-2"
    assert live_index.current.answerer.index.encoder is index.encoder
    rollback(folder)
    reloader.look()
    assert served(live_index) == "gen-1"
    assert told(caplog) == [
        "gen-2 is served instead of gen-1.",
        "gen-1 is served instead of gen-2.",
    ]


def test_a_damaged_snapshot_is_reported_once_and_left_aside(
    folder: Path,
    index: PassageIndex,
    live_index: LiveIndex,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(replace(index, snapshot="gen-2"), folder)
    path = folder / "gen-2" / "articles.json"
    flip(path)
    reloader = Reloader(live_index, folder, no_model)
    reloader.look()
    reloader.look()
    assert served(live_index) == "gen-1"
    assert told(caplog) == [
        f"{path} is damaged: its SHA-256 is not the manifest's; {mend(folder)} "
        "Until then, gen-1 is served."
    ]
    damaged = (
        "The newest version of the sources is damaged; until it is mended, the version before "
        "answers."
    )
    assert live_index.behind == damaged
    flip(path)
    reloader.look()
    assert (served(live_index), live_index.behind) == ("gen-1", damaged)
    monkeypatch.setattr("citadel.qa.service.reload.time.monotonic", lambda: float("inf"))
    reloader.look()
    assert (served(live_index), live_index.behind) == ("gen-2", "")


def test_an_index_that_vanishes_is_reported_and_served_on(
    folder: Path, live_index: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    reloader = Reloader(live_index, folder, no_model)
    shutil.rmtree(folder)
    reloader.look()
    assert served(live_index) == "gen-1"
    assert told(caplog) == [
        f"There is no index in {folder}; run “python -m index build --sources FOLDER "
        f"--index-dir {folder}” to build one. Until then, gen-1 is served."
    ]
    assert live_index.behind == (
        "The newest version of the sources can't be loaded; until it can, the version before "
        "answers."
    )


def test_readers_are_no_longer_told_when_the_served_snapshot_is_the_current_one_again(
    folder: Path, index: PassageIndex, live_index: LiveIndex
) -> None:
    publish(replace(index, snapshot="gen-2"), folder)
    flip(folder / "gen-2" / "articles.json")
    reloader = Reloader(live_index, folder, no_model)
    reloader.look()
    assert live_index.behind
    rollback(folder)
    reloader.look()
    assert (served(live_index), live_index.behind) == ("gen-1", "")


def test_an_index_of_another_model(
    folder: Path, index: PassageIndex, live_index: LiveIndex
) -> None:
    asked: list[str] = []
    other = FakeEncoder("other", "f" * 64)

    def load(model: str) -> Encoder:
        asked.append(model)
        return other

    publish(replace(index, snapshot="gen-2", encoder=other), folder)
    Reloader(live_index, folder, load).look()
    assert (served(live_index), asked) == ("gen-2", ["other"])


def test_a_server_sees_a_snapshot_in_the_background(
    folder: Path, index: PassageIndex, live_index: LiveIndex
) -> None:
    moved = threading.Event()
    live_index.follow(lambda _edition: moved.set())
    reloader = Reloader(live_index, folder, no_model)
    reloader.start()
    publish(replace(index, snapshot="gen-2"), folder)
    assert moved.wait(60)
    reloader.stop()
    assert served(live_index) == "gen-2"


def test_a_defect_does_not_end_the_watch(
    folder: Path,
    index: PassageIndex,
    live_index: LiveIndex,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reloader = Reloader(live_index, folder, no_model)
    look = reloader.look

    def broken() -> None:
        monkeypatch.setattr(reloader, "look", look)
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(reloader, "look", broken)
    moved = threading.Event()
    live_index.follow(lambda _edition: moved.set())
    publish(replace(index, snapshot="gen-2"), folder)
    reloader.start()
    assert moved.wait(60)
    reloader.stop()
    assert told(caplog)[0] == "The watch for a new index failed."


def test_a_build_that_runs_is_told(folder: Path, live_index: LiveIndex) -> None:
    reloader = Reloader(live_index, folder, no_model)
    told = []
    reloader.look()
    told.append(live_index.rebuilding)
    with build_lock(folder):
        reloader.look()
        told.append(live_index.rebuilding)
    reloader.look()
    assert [*told, live_index.rebuilding] == [False, True, False]
