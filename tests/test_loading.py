import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import (
    load,
    load_articles,
    load_current,
    load_last_good,
    verify,
)
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.publishing import publish
from citadel.index.snapshots.serialisation import read_parts
from citadel.index.snapshots.snapshots import read_manifest
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, cheap_index, flip, mend, refusal, reseal


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    sources = tmp_path_factory.mktemp("sources")
    return cheap_index("gen-1", articles_of(sources, a="One ferry.\n\nTwo bridges.\n"))


@pytest.fixture
def folder(tmp_path: Path, index: PassageIndex) -> Path:
    """A folder in which an index is published."""
    publish(index, tmp_path)
    return tmp_path


def cheap(_model: str) -> Encoder:
    return FakeEncoder()


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize("damage", [flip, shorten, lengthen, Path.unlink])
def test_every_damaged_file_is_named(folder: Path, damage: Callable[[Path], None]) -> None:
    for path in sorted(path for path in (folder / "gen-1").rglob("*") if path.is_file()):
        data = path.read_bytes()
        damage(path)
        if not path.exists():
            message = f"{path} can't be read (No such file or directory)"
        elif path.stem == "manifest":
            json = path.with_name("manifest.json")
            message = f"{json} is damaged: its SHA-256 is not that in manifest.sha256"
        else:
            message = f"{path} is damaged: its SHA-256 is not the manifest's"
        advice = mend(folder, "FOLDER" if path.stem == "manifest" else "")
        assert refusal(verify, folder, cheap) == f"{message}; {advice}"
        assert refusal(load_current, folder, cheap) == f"{message}; {advice}"
        assert refusal(load_last_good, folder, cheap) == f"{message}; {advice}"
        path.write_bytes(data)
    assert load(folder, FakeEncoder()).snapshot == "gen-1"


def test_verifying_reports_all_that_is_damaged(folder: Path, index: PassageIndex) -> None:
    publish(replace(index, snapshot="gen-2"), folder)
    newest = verify(folder, cheap)
    assert [manifest.snapshot for manifest in newest] == ["gen-2", "gen-1"]
    damaged = [folder / "gen-2" / "articles.json", folder / "gen-1" / "passages.faiss"]
    for path in damaged:
        flip(path)
    assert refusal(verify, folder, cheap).splitlines() == [
        f"{path} is damaged: its SHA-256 is not the manifest's; {mend(folder)}" for path in damaged
    ]


def served(folder: Path, caplog: pytest.LogCaptureFixture) -> tuple[str, list[str]]:
    """Which snapshot is loaded at a start, and what is warned of."""
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger="citadel.index.snapshots.loading"):
        snapshot = load_last_good(folder, cheap).snapshot
    return snapshot, [record.message for record in caplog.records if "is served" in record.message]


def test_the_last_good_snapshot_is_served(
    folder: Path, index: PassageIndex, caplog: pytest.LogCaptureFixture
) -> None:
    publish(replace(index, snapshot="gen-2"), folder)
    assert served(folder, caplog) == ("gen-2", [])
    path = folder / "gen-2" / "articles.json"
    flip(path)
    assert served(folder, caplog) == (
        "gen-1",
        [
            f"{path} is damaged: its SHA-256 is not the manifest's; {mend(folder)} "
            "Until then, gen-1 is served."
        ],
    )
    flip(path)
    (folder / "CURRENT").write_text("")
    assert served(folder, caplog) == (
        "gen-2",
        [f"{folder / 'CURRENT'} is damaged; {mend(folder)} Until then, gen-2 is served."],
    )


def test_a_snapshot_that_is_replaced_while_it_is_read(
    folder: Path, index: PassageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build publishes another one and removes the one that is being loaded."""
    read: list[str] = []

    def read_late(*arguments: Any) -> Callable[[Encoder], PassageIndex]:
        if not read:
            publish(replace(index, snapshot="gen-2"), folder)
            shutil.rmtree(folder / "gen-1")
        manifest = next(each for each in arguments if isinstance(each, Manifest))
        read.append(manifest.snapshot)
        return read_parts(*arguments)

    monkeypatch.setattr("citadel.index.snapshots.loading.read_parts", read_late)
    assert load_current(folder, cheap).snapshot == "gen-2"
    assert read == ["gen-1", "gen-2"]


def test_an_index_that_answers_otherwise_than_when_it_was_built(folder: Path) -> None:
    def expect_another(manifest: dict[str, dict[str, object]]) -> None:
        manifest["canary"] = {"question": "Two bridges.", "passages": [0]}

    reseal(folder, expect_another)
    message = (
        f"{folder / 'gen-1'} does not answer as it did when built: its canary question finds the "
        f"passages 1 instead of 0; {mend(folder)}"
    )
    assert refusal(load_current, folder, cheap) == message
    assert refusal(verify, folder, cheap) == message


def test_the_articles_alone(folder: Path, index: PassageIndex) -> None:
    assert load_articles(folder, read_manifest(folder)) == index.articles


def test_another_model(folder: Path) -> None:
    other = FakeEncoder(name="some/model", fingerprint="f" * 64)
    assert refusal(load, folder, other) == (
        f"The index in {folder} was built with the model fake, not with some/model; "
        "ask with --model fake, "
        f"or run “python -m index build --model some/model --index-dir {folder}”."
    )


def test_other_weights_of_the_same_model(folder: Path) -> None:
    assert refusal(load, folder, FakeEncoder(fingerprint="f" * 64)) == (
        f"The index in {folder} was built with other weights or settings of the model fake than "
        f"are there now; {mend(folder)}"
    )


def test_the_same_weights_under_another_name(folder: Path) -> None:
    copy = FakeEncoder(name="some/copy")
    assert load(folder, copy).encoder is copy


def test_a_model_that_is_not_there_is_no_damage(folder: Path) -> None:
    def encoder_of(model: str) -> Encoder:
        raise CitadelError(f"There is no model {model}.")

    assert refusal(load_last_good, folder, encoder_of) == "There is no model fake."
