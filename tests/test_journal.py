"""What a build leaves behind for the next one, and what the next one trusts."""

import errno
import os
from pathlib import Path

import pytest

from citadel.index.build import embedding
from citadel.index.build.build import BuildOptions, build_index
from citadel.index.corpus.corpus import read_articles
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.retrieval.evidence import measure_background
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.signals import Topic
from citadel.index.snapshots import embedding_files as encoding_files
from citadel.index.snapshots.embedding_files import stored_encodings
from citadel.index.snapshots.loading import load, verify
from tests.fake_encoder import FakeEncoder, Killed
from tests.test_encoding_files import flip

CHUNK = 40
"""So few passages are embedded at once here: with hundreds each build would take seconds."""


@pytest.fixture(autouse=True)
def few_are_embedded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "CHUNK", CHUNK)


def ignore(_done: int, _total: int) -> None:
    """Show no progress."""


def write_article(folder: Path, name: str, first: int, last: int) -> None:
    folder.mkdir(exist_ok=True)
    paragraphs = [f"Paragraph {number} is here." for number in range(first, last)]
    (folder / name).write_text("\n\n".join(["# Title", *paragraphs]), "utf-8")


def build(sources: Path, folder: Path, encoder: FakeEncoder, reuse: bool = True) -> list[int]:
    """Build the index; return how many texts were embedded in each chunk."""
    build_index(read_articles(sources), folder, encoder, ignore, options=BuildOptions(reuse=reuse))
    return [len(texts) for texts in encoder.encoded]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    write_article(tmp_path / "sources", "a.md", 0, 2 * CHUNK + 10)
    return tmp_path / "sources"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("**/*.safetensors") if len(path.stem) == 64)


def test_a_second_build_embeds_what_is_new(sources: Path, folder: Path) -> None:
    assert build(sources, folder, FakeEncoder()) == [CHUNK, CHUNK, 10]
    write_article(sources, "b.md", 1000, 1005)
    assert build(sources, folder, FakeEncoder()) == [5]
    assert build(sources, folder, FakeEncoder()) == []
    assert build(sources, folder, FakeEncoder(), reuse=False) == [CHUNK, CHUNK, 15]


def test_another_state_of_the_model_embeds_all_anew(sources: Path, folder: Path) -> None:
    build(sources, folder, FakeEncoder())
    changed = FakeEncoder(fingerprint="e" * 64)
    assert build(sources, folder, changed) == [CHUNK, CHUNK, 10]


def test_a_killed_build_is_resumed(sources: Path, folder: Path) -> None:
    with pytest.raises(Killed):
        build(sources, folder, FakeEncoder(breaks_at=3))
    assert [path.parent for path in files(folder)] == 2 * [folder / "journal"]
    assert build(sources, folder, FakeEncoder()) == [10]
    assert not (folder / "journal").exists()
    verify(folder, lambda _model: FakeEncoder())


def test_a_build_killed_while_writing_leaves_nothing_that_is_read(
    sources: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_path: Path, _target: Path) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(Killed):
            build(sources, folder, FakeEncoder())
    assert [path.suffix for path in (folder / "journal").iterdir()] == [".partial"]
    assert stored_encodings(folder, FakeEncoder()) == []
    assert build(sources, folder, FakeEncoder()) == [CHUNK, CHUNK, 10]
    assert not (folder / "journal").exists()


@pytest.mark.parametrize("place", ["journal", "snapshot"])
def test_damaged_encodings_are_told_and_made_anew(
    sources: Path, folder: Path, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    if place == "journal":
        with pytest.raises(Killed):
            build(sources, folder, FakeEncoder(breaks_at=3))
    else:
        build(sources, folder, FakeEncoder())
    largest = max(files(folder), key=lambda path: path.stat().st_size)
    flip(largest)
    expected = [CHUNK, 10] if place == "journal" else [CHUNK]
    assert build(sources, folder, FakeEncoder()) == expected
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == [
        f"{largest} is damaged: its SHA-256 is not its name; "
        "the passages that are in it only are embedded anew."
    ]
    assert len(load(folder, FakeEncoder()).passages) == 2 * CHUNK + 10


def test_what_a_damaged_snapshot_holds_undamaged_is_taken(sources: Path, folder: Path) -> None:
    build(sources, folder, FakeEncoder())
    (folder / "CURRENT").write_text("nonsense")
    assert build(sources, folder, FakeEncoder()) == []
    assert load(folder, FakeEncoder()).passages[-1].text == f"Paragraph {2 * CHUNK + 9} is here."


def test_an_index_without_encodings_is_built_anew(sources: Path, folder: Path) -> None:
    build(sources, folder, FakeEncoder())
    for path in files(folder):
        path.unlink()
    assert build(sources, folder, FakeEncoder()) == [CHUNK, CHUNK, 10]


def test_a_full_disk_while_embedding(
    sources: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("citadel.index.snapshots.embedding_files.write_file", full)
    with pytest.raises(CitadelError) as caught:
        build(sources, folder, FakeEncoder())
    assert str(caught.value) == (
        f"The index can't be written to {folder} (No space left on device); "
        "make room or choose another --index-dir."
    )


def test_large_encodings_are_shared_between_snapshots(
    sources: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(sources, folder, FakeEncoder())
    write_article(sources, "b.md", 1000, 1005)
    build(sources, folder, FakeEncoder())
    assert {path.stat().st_nlink for path in files(folder)} == {1}
    monkeypatch.setattr("citadel.index.snapshots.serialisation._COPIED", 0)
    write_article(sources, "c.md", 2000, 2005)
    build(sources, folder, FakeEncoder())
    names = [path.name for path in files(folder)]
    links = {path.name: path.stat().st_nlink for path in files(folder)}
    assert sorted(links.values()) == [1, 1, 2, 2]
    assert {name for name, count in links.items() if count == 2} == {
        name for name in names if names.count(name) == 2
    }
    verify(folder, lambda _model: FakeEncoder())


def test_files_that_look_as_they_were_are_not_read(
    sources: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citadel.index.snapshots.serialisation._COPIED", 0)
    build(sources, folder, FakeEncoder())
    read: list[str] = []
    verify_file = encoding_files._verify

    def noted(path: Path) -> None:
        read.append(path.name)
        verify_file(path)

    monkeypatch.setattr(encoding_files, "_verify", noted)
    write_article(sources, "b.md", 1000, 1005)
    small = min(files(folder), key=lambda path: path.stat().st_size)
    assert build(sources, folder, FakeEncoder()) == [5]
    # The ten passages of the last file are put together with the new ones.
    assert set(read) == {small.name}


def flip_quietly(path: Path) -> None:
    """Change a bit of a file as a failing disk does: its size and times stay as they were."""
    before = path.stat()
    flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_damage_that_leaves_size_and_time_as_they_were(
    sources: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("citadel.index.snapshots.serialisation._COPIED", 0)
    build(sources, folder, FakeEncoder())
    small = min(files(folder), key=lambda path: path.stat().st_size)
    flip_quietly(small)
    write_article(sources, "b.md", 1000, 1005)
    assert build(sources, folder, FakeEncoder()) == [15]
    assert [record.getMessage() for record in caplog.records] == [
        f"{small} is damaged: its SHA-256 is not its name; the passages that are in it only are "
        "embedded anew."
    ]
    assert len(load(folder, FakeEncoder()).passages) == 2 * CHUNK + 15


def test_damage_that_a_search_finds_while_building(
    sources: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citadel.index.snapshots.serialisation._COPIED", 0)
    build(sources, folder, FakeEncoder())
    large = max(files(folder), key=lambda path: path.stat().st_size)
    flip_quietly(large)
    measured: list[str] = []

    def measure(index: PassageIndex) -> Topic:
        measured.append(index.snapshot)
        if len(measured) == 1:
            raise DamagedIndexError("A passage is not what it was.")
        return measure_background(index)

    monkeypatch.setattr("citadel.index.build.build.measure_background", measure)
    write_article(sources, "b.md", 1000, 1005)
    # The new passages are there already when the others have to be embedded anew.
    assert build(sources, folder, FakeEncoder()) == [5, CHUNK]
    assert len(measured) == 2
    assert load(folder, FakeEncoder()).snapshot == measured[1]
