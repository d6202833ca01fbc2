"""Token vectors are read from their files as they were written, or not at all."""

import errno
import gc
import os
import resource
from pathlib import Path

import numpy as np
import pytest

from citadel.index.disk import record_of
from citadel.index.encoders.token_vectors import Ranges, TokenVectors
from citadel.index.errors import DamagedIndexError
from citadel.index.open_files import OpenFile
from citadel.index.snapshots.embedding_files import searchable_only
from citadel.index.snapshots.token_files import (
    StoredTokens,
    allow_open_files,
    open_verified,
    stored_tokens,
)

_DESCRIPTORS = Path("/proc/self/fd")

DIMENSION = 8
TOKENS = 20
PASSAGES: Ranges = np.array([(0, 3), (3, 3), (4, 20), (0, 3), (22, 40)], dtype=np.int64)
"""The second has no token, the fourth is the first again, the last is in the second file."""


@pytest.fixture
def tokens() -> list[TokenVectors]:
    generator = np.random.default_rng(3)
    shape = (TOKENS, DIMENSION)
    return [
        TokenVectors.quantise(generator.normal(size=shape).astype(np.float32)) for _ in range(2)
    ]


@pytest.fixture
def paths(tmp_path: Path, tokens: list[TokenVectors]) -> list[Path]:
    found = []
    for each in tokens:
        name, data = searchable_only(each)
        found.append(tmp_path / name)
        found[-1].write_bytes(data)
    return found


def opened(path: Path) -> OpenFile:
    found = open_verified(path, path.stem)
    assert found is not None
    return found


def stored(
    paths: list[Path], tokens: list[TokenVectors], passages: Ranges = PASSAGES
) -> StoredTokens:
    return stored_tokens(
        [opened(path) for path in paths],
        passages,
        joined(tokens).checksums(passages),
        sum(map(len, tokens)),
        DIMENSION,
        DamagedIndexError,
    )


def joined(tokens: list[TokenVectors]) -> TokenVectors:
    return TokenVectors(
        np.concatenate([each.codes for each in tokens]),
        np.concatenate([each.steps for each in tokens]),
    )


def test_every_passage_is_read(paths: list[Path], tokens: list[TokenVectors]) -> None:
    found = stored(paths, tokens)
    assert (len(found), found.dimension, found.paths) == (40, DIMENSION, tuple(paths))
    expected = joined(tokens)
    for first, last in PASSAGES.tolist():
        read = found.read(first, last)
        np.testing.assert_array_equal(read.codes, expected.codes[first:last], strict=True)
        np.testing.assert_array_equal(read.steps, expected.steps[first:last], strict=True)
    np.testing.assert_array_equal(
        found.checksums(PASSAGES), expected.checksums(PASSAGES), strict=True
    )
    assert found.checksums(PASSAGES)[1] == 0
    for first, last in ((0, 4), (30, 40)):
        with pytest.raises(ValueError, match="the tokens are not those of passages"):
            found.read(first, last)


def test_files_that_are_removed_are_still_read(
    paths: list[Path], tokens: list[TokenVectors]
) -> None:
    found = stored(paths, tokens)
    for path in paths:
        path.unlink()
    np.testing.assert_array_equal(found.read(4, 20).codes, tokens[0].codes[4:], strict=True)


def test_files_are_closed_with_the_index(paths: list[Path], tokens: list[TokenVectors]) -> None:
    gc.collect()
    before = len(list(_DESCRIPTORS.iterdir()))
    found = stored(paths, tokens)
    assert len(list(_DESCRIPTORS.iterdir())) == before + 2
    del found
    assert len(list(_DESCRIPTORS.iterdir())) == before


def test_what_was_read_is_remembered_while_there_is_room(
    paths: list[Path], tokens: list[TokenVectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    pread = os.pread

    def counted(descriptor: int, count: int, place: int) -> bytes:
        read.append(count)
        return pread(descriptor, count, place)

    # Room for both of the longer passages together, and for nothing more.
    monkeypatch.setattr(
        "citadel.index.snapshots.token_files._REMEMBERED", (16 + 18) * (DIMENSION + 4)
    )
    found = stored(paths, tokens)
    monkeypatch.setattr(os, "pread", counted)
    once, twice = found.read(4, 20), found.read(4, 20)
    np.testing.assert_array_equal(once.codes, twice.codes, strict=True)
    for first, last in ((22, 40), (4, 20), (0, 3), (4, 20), (22, 40)):
        found.read(first, last)
    codes_and_steps = [[count * DIMENSION, count * 4] for count in (16, 18, 3, 18)]
    assert read == [size for sizes in codes_and_steps for size in sizes]


def test_every_later_change_is_noticed(
    paths: list[Path], tokens: list[TokenVectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citadel.index.snapshots.token_files._REMEMBERED", 0)
    found = stored(paths, tokens)
    path = paths[0]
    data = path.read_bytes()
    noticed = 0
    for place in range(len(data)):
        with path.open("r+b") as file:
            file.seek(place)
            file.write(bytes([data[place] ^ 1]))
        try:
            for first, last in PASSAGES.tolist():
                found.read(first, last)
        except DamagedIndexError:
            noticed += 1
        path.write_bytes(data)
    of_passages = 3 + 16
    assert noticed == of_passages * (DIMENSION + 4)


def test_a_file_that_gets_shorter(paths: list[Path], tokens: list[TokenVectors]) -> None:
    found = stored(paths, tokens)
    os.truncate(paths[1], 100)
    with pytest.raises(DamagedIndexError) as caught:
        found.read(22, 40)
    assert str(caught.value) == f"{paths[1]} was damaged after it was written"
    assert len(found.read(4, 20)) == 16


def test_a_disk_that_fails(
    paths: list[Path], tokens: list[TokenVectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = stored(paths, tokens)

    def fail(_descriptor: int, _count: int, _place: int) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "pread", fail)
    with pytest.raises(DamagedIndexError) as caught:
        found.read(0, 3)
    assert str(caught.value) == f"{paths[0]} can't be read any more (Input/output error)"


def test_files_of_something_else(
    tmp_path: Path, paths: list[Path], tokens: list[TokenVectors]
) -> None:
    with pytest.raises(ValueError, match="40 token vectors where there are 20"):
        stored(paths, tokens[:1], PASSAGES[:3])
    for outside in ((18, 22), (38, 43), (41, 43)):
        with pytest.raises(ValueError, match="goes on after the end of"):
            stored(paths, tokens, np.array([outside], dtype=np.int64))
    others = TokenVectors.quantise(np.ones((2, 4), dtype=np.float32))
    _, data = searchable_only(others)
    path = tmp_path / record_of(data).sha256
    path.write_bytes(data)
    with pytest.raises(ValueError, match=f"holds no token vectors of {DIMENSION} numbers each"):
        stored([path], [others], PASSAGES[:0])
    for nonsense in (b"", b"nonsense", b"\xff" * 9, b"\2" + bytes(7) + b"{}"):
        path = tmp_path / record_of(nonsense).sha256
        path.write_bytes(nonsense)
        with pytest.raises(ValueError, match=r"holds no token vectors$"):
            stored([path], [others], PASSAGES[:0])


def test_a_file_is_known_by_its_place_size_and_time(paths: list[Path], tmp_path: Path) -> None:
    one = OpenFile(paths[0])
    assert one.is_at(paths[0])
    assert not one.is_at(paths[1])
    link = tmp_path / "link"
    os.link(paths[0], link)
    assert one.is_at(link)
    os.utime(link, ns=(0, 1))
    assert not one.is_at(paths[0])


def test_only_what_is_verified_is_opened(paths: list[Path], tmp_path: Path) -> None:
    assert open_verified(paths[0], "0" * 64) is None
    with pytest.raises(FileNotFoundError):
        open_verified(tmp_path / "none", "0" * 64)


@pytest.mark.parametrize(
    ("count", "limits", "expected"),
    [
        (4000, (1024, 10_000), (8512, 10_000)),
        (4000, (1024, 4096), (4096, 4096)),
        (4000, (1024, resource.RLIM_INFINITY), (8512, resource.RLIM_INFINITY)),
        (10, (1024, 4096), None),
        (4000, (resource.RLIM_INFINITY, resource.RLIM_INFINITY), None),
    ],
)
def test_as_many_files_as_are_needed(
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    limits: tuple[int, int],
    expected: tuple[int, int] | None,
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _, wanted: asked.append(wanted))
    allow_open_files(count)
    assert asked == ([] if expected is None else [expected])
