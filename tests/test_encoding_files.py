import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from citadel.index.encoders.embeddings import Embeddings, encode_passages
from citadel.index.errors import DamagedIndexError
from citadel.index.snapshots.embedding_files import (
    DamagedEncodings,
    EncodingFile,
    open_encodings,
    open_token_vectors,
    searchable_only,
    write_encodings,
)
from tests.fake_encoder import DIMENSION, FakeEncoder
from tests.test_encoded_passages import PASSAGES, equal


@pytest.fixture
def encoded() -> Embeddings:
    return encode_passages(PASSAGES, FakeEncoder(), lambda _: None)


@pytest.fixture
def path(tmp_path: Path, encoded: Embeddings) -> Path:
    return write_encodings(tmp_path, encoded, FakeEncoder()).path


def test_encodings_come_back_equal(tmp_path: Path, encoded: Embeddings, path: Path) -> None:
    assert list(tmp_path.iterdir()) == [path]
    assert path.name == f"{hashlib.sha256(path.read_bytes()).hexdigest()}.safetensors"
    opened = open_encodings(path, FakeEncoder())
    assert opened is not None
    again = Embeddings(opened.contents, opened.vectors, opened.sentence_vectors, opened.tokens)
    assert equal(again, encoded)


def test_encodings_of_another_model(path: Path) -> None:
    assert open_encodings(path, FakeEncoder(fingerprint="e" * 64)) is None
    assert open_encodings(path, FakeEncoder(name="the same by another name")) is not None


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [flip, shorten, empty])
def test_damaged_encodings(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    with pytest.raises(DamagedEncodings) as caught:
        open_encodings(path, FakeEncoder())
    assert str(caught.value) == f"{path} is damaged: its SHA-256 is not its name"


def test_encodings_that_are_gone(path: Path) -> None:
    path.unlink()
    with pytest.raises(DamagedEncodings) as caught:
        open_encodings(path, FakeEncoder())
    assert str(caught.value) == f"{path} can't be read (No such file or directory)"


def test_a_file_of_something_else(tmp_path: Path) -> None:
    name = hashlib.sha256(b"nonsense").hexdigest()
    path = tmp_path / f"{name}.safetensors"
    path.write_bytes(b"nonsense")
    with pytest.raises(DamagedEncodings, match="holds no encodings"):
        open_encodings(path, FakeEncoder())


def test_a_file_of_token_vectors_alone(tmp_path: Path, encoded: Embeddings) -> None:
    name, data = searchable_only(encoded.tokens)
    (tmp_path / name).write_bytes(data)
    assert open_encodings(tmp_path / name, FakeEncoder()) is None


def test_token_vectors_stay_in_their_files(path: Path, encoded: Embeddings) -> None:
    opened = EncodingFile(path, encoded.contents, verified=True)
    ends = np.cumsum(encoded.contents.token_counts, dtype=np.int64)
    ranges = np.stack([np.append(0, ends[:-1]), ends], axis=1)
    twice = np.concatenate([ranges, ranges + ends[-1]])
    checksums = encoded.tokens.checksums(ranges)
    np.testing.assert_array_equal(encoded.contents.checksums, checksums, strict=True)
    stored = open_token_vectors(
        [opened, opened], twice, np.tile(checksums, 2), DIMENSION, DamagedIndexError
    )
    assert (len(stored), stored.dimension) == (34, DIMENSION)
    path.unlink()
    for first, last in twice.tolist():
        read, expected = (
            stored.read(first, last),
            encoded.tokens.read(first % 17, first % 17 + last - first),
        )
        np.testing.assert_array_equal(read.codes, expected.codes, strict=True)
        np.testing.assert_array_equal(read.steps, expected.steps, strict=True)
    with pytest.raises(DamagedIndexError) as caught:
        open_token_vectors([opened], ranges, checksums, DIMENSION, DamagedIndexError)
    assert str(caught.value) == f"{path} can't be read (No such file or directory)"
    path.write_bytes(b"nonsense")
    with pytest.raises(DamagedIndexError) as caught:
        open_token_vectors([opened], ranges, checksums, DIMENSION, DamagedIndexError)
    assert str(caught.value) == f"{path} holds no token vectors"
