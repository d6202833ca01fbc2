import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoded_passages import EncodedPassages, encode_passages
from index.encoding_files import (
    DamagedEncodings,
    open_encodings,
    searchable_only,
    token_vectors_of,
    write_encodings,
)
from tests.fake_encoder import DIMENSION, FakeEncoder
from tests.test_encoded_passages import PASSAGES, equal


@pytest.fixture
def encoded() -> EncodedPassages:
    return encode_passages(PASSAGES, FakeEncoder(), lambda _: None)


@pytest.fixture
def path(tmp_path: Path, encoded: EncodedPassages) -> Path:
    return write_encodings(tmp_path, encoded, FakeEncoder()).path


def test_encodings_come_back_equal(tmp_path: Path, encoded: EncodedPassages, path: Path) -> None:
    assert list(tmp_path.iterdir()) == [path]
    assert path.name == f"{hashlib.sha256(path.read_bytes()).hexdigest()}.safetensors"
    opened = open_encodings(path, FakeEncoder())
    assert opened is not None
    again = EncodedPassages(opened.contents, opened.vectors, opened.sentence_vectors, opened.tokens)
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


def test_token_vectors_of_several_files(path: Path, encoded: EncodedPassages) -> None:
    name, data = searchable_only(encoded.tokens)
    whole = token_vectors_of([path.read_bytes(), data], 34, DIMENSION)
    np.testing.assert_array_equal(whole.codes, np.tile(encoded.tokens.codes, (2, 1)), strict=True)
    np.testing.assert_array_equal(whole.steps, np.tile(encoded.tokens.steps, 2), strict=True)
    for wrong in (33, 35):
        with pytest.raises(ValueError, match=r"token vectors|broadcast"):
            token_vectors_of([path.read_bytes(), data], wrong, DIMENSION)
    only = path.with_name(name)
    only.write_bytes(data)
    assert open_encodings(only, FakeEncoder()) is None
