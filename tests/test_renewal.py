import logging
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from index.encoder import Encoder
from index.passage_index import PassageIndex
from index.publishing import build_lock, publish, rollback
from qa.answering import Answerer
from qa.editions import Editions
from qa.renewal import Renewal
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
def editions(index: PassageIndex) -> Editions:
    return Editions.of(Answerer(index))


def no_model(model: str) -> Encoder:
    raise AssertionError(f"{model} is loaded already")


def served(editions: Editions) -> str:
    return editions.current.answerer.index.generation


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name == "qa.renewal"]


def test_each_generation_is_moved_to_and_back(
    folder: Path, index: PassageIndex, editions: Editions, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "qa.renewal")
    renewal = Renewal(editions, folder, no_model)
    first = editions.current
    renewal.look()
    assert editions.current is first
    publish(replace(index, generation="gen-2"), folder)
    renewal.look()
    assert served(editions) == "gen-2"
    assert editions.current.answerer.index.encoder is index.encoder
    rollback(folder)
    renewal.look()
    assert served(editions) == "gen-1"
    assert told(caplog) == [
        "gen-2 is served instead of gen-1.",
        "gen-1 is served instead of gen-2.",
    ]


def test_a_damaged_generation_is_reported_once_and_left_aside(
    folder: Path,
    index: PassageIndex,
    editions: Editions,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(replace(index, generation="gen-2"), folder)
    path = folder / "gen-2" / "articles.json"
    flip(path)
    renewal = Renewal(editions, folder, no_model)
    renewal.look()
    renewal.look()
    assert served(editions) == "gen-1"
    assert told(caplog) == [
        f"{path} is damaged: its SHA-256 is not the manifest's; {mend(folder)} "
        "Until then, gen-1 is served."
    ]
    damaged = (
        "The newest version of the sources is damaged; until it is mended, the version before "
        "answers."
    )
    assert editions.behind == damaged
    flip(path)
    renewal.look()
    assert (served(editions), editions.behind) == ("gen-1", damaged)
    monkeypatch.setattr("qa.renewal.time.monotonic", lambda: float("inf"))
    renewal.look()
    assert (served(editions), editions.behind) == ("gen-2", "")


def test_an_index_that_vanishes_is_reported_and_served_on(
    folder: Path, editions: Editions, caplog: pytest.LogCaptureFixture
) -> None:
    renewal = Renewal(editions, folder, no_model)
    shutil.rmtree(folder)
    renewal.look()
    assert served(editions) == "gen-1"
    assert told(caplog) == [
        f"There is no index in {folder}; run “python -m index build --sources FOLDER "
        f"--index-dir {folder}” to build one. Until then, gen-1 is served."
    ]
    assert editions.behind == (
        "The newest version of the sources can't be loaded; until it can, the version before "
        "answers."
    )


def test_readers_are_no_longer_told_when_the_served_generation_is_the_current_one_again(
    folder: Path, index: PassageIndex, editions: Editions
) -> None:
    publish(replace(index, generation="gen-2"), folder)
    flip(folder / "gen-2" / "articles.json")
    renewal = Renewal(editions, folder, no_model)
    renewal.look()
    assert editions.behind
    rollback(folder)
    renewal.look()
    assert (served(editions), editions.behind) == ("gen-1", "")


def test_an_index_of_another_model(folder: Path, index: PassageIndex, editions: Editions) -> None:
    asked: list[str] = []
    other = FakeEncoder("other", "f" * 64)

    def load(model: str) -> Encoder:
        asked.append(model)
        return other

    publish(replace(index, generation="gen-2", encoder=other), folder)
    Renewal(editions, folder, load).look()
    assert (served(editions), asked) == ("gen-2", ["other"])


def test_a_server_sees_a_generation_in_the_background(
    folder: Path, index: PassageIndex, editions: Editions
) -> None:
    moved = threading.Event()
    editions.follow(lambda _edition: moved.set())
    renewal = Renewal(editions, folder, no_model)
    renewal.start()
    publish(replace(index, generation="gen-2"), folder)
    assert moved.wait(60)
    renewal.stop()
    assert served(editions) == "gen-2"


def test_a_defect_does_not_end_the_watch(
    folder: Path,
    index: PassageIndex,
    editions: Editions,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renewal = Renewal(editions, folder, no_model)
    look = renewal.look

    def broken() -> None:
        monkeypatch.setattr(renewal, "look", look)
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(renewal, "look", broken)
    moved = threading.Event()
    editions.follow(lambda _edition: moved.set())
    publish(replace(index, generation="gen-2"), folder)
    renewal.start()
    assert moved.wait(60)
    renewal.stop()
    assert told(caplog)[0] == "The watch for a new index failed."


def test_a_build_that_runs_is_told(folder: Path, editions: Editions) -> None:
    renewal = Renewal(editions, folder, no_model)
    told = []
    renewal.look()
    told.append(editions.rebuilding)
    with build_lock(folder):
        renewal.look()
        told.append(editions.rebuilding)
    renewal.look()
    assert [*told, editions.rebuilding] == [False, True, False]
