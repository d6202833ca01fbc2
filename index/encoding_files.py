"""Encodings on disk: files that are written once, named by their SHA-256, and shared.

A build leaves such files in a journal while it runs, so that one that is killed can be resumed.
A generation links to them, and so does the next one that has the same passages. Each is read
only after its contents were compared with its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from index.disk import write_file
from index.encoded_passages import Contents, EncodedPassages
from index.encoder import Encoder, Vectors
from index.late_interaction import Ranges, TokenVectors
from index.token_files import (
    Damaged,
    OpenFile,
    StoredTokens,
    allow_open_files,
    open_verified,
    stored_tokens,
)

FOLDER = "encodings"
"""Where a generation has the files of its encodings."""

SUFFIX = ".safetensors"

_RECIPE = 1
"""Raised whenever the same model would make something else of the same passage."""


@dataclass(frozen=True, slots=True)
class EncodingFile:
    """Encodings in a file, whose vectors are read when they are asked for. See ``Encodings``."""

    path: Path
    contents: Contents

    @property
    def vectors(self) -> Vectors:
        """float32, (passages, dimension), unit rows."""
        return np.asarray(_tensor(self.path, "vectors"), dtype=np.float32)

    @property
    def sentence_vectors(self) -> Vectors:
        """float32, (sentences, dimension), unit rows."""
        return np.asarray(_tensor(self.path, "sentence_vectors"), dtype=np.float32)

    @property
    def tokens(self) -> TokenVectors:
        """The vectors of all tokens, passage by passage."""
        return TokenVectors(_tensor(self.path, "codes"), _tensor(self.path, "steps"))


class DamagedEncodings(Exception):
    """A file does not hold what its name says."""


def write_encodings(folder: Path, encoded: EncodedPassages, encoder: Encoder) -> EncodingFile:
    """Write encodings into a folder, at once or not at all, and through to the disk.

    Raises:
        OSError: The file can't be written.

    """
    data = save(
        asdict(encoded.contents)
        | {
            "vectors": encoded.vectors,
            "sentence_vectors": encoded.sentence_vectors,
            "codes": encoded.tokens.codes,
            "steps": encoded.tokens.steps,
            "recipe": _recipe(encoder),
        }
    )
    path = folder / _name(data)
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    write_file(partial, lambda file: file.write(data))
    partial.rename(path)
    return EncodingFile(path, encoded.contents)


def open_encodings(path: Path, encoder: Encoder) -> EncodingFile | None:
    """Verify a file of encodings and open it; return None for one that another model made.

    Raises:
        DamagedEncodings: It can't be read, or is not what it was when it was written.

    """
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != path.stem:
            raise DamagedEncodings(f"{path} is damaged: its SHA-256 is not its name")
        if not np.array_equal(_tensor(path, "recipe"), _recipe(encoder)):
            return None
        columns = {column.name: _tensor(path, column.name) for column in fields(Contents)}
        return EncodingFile(path, Contents(**columns))
    except OSError as error:
        raise DamagedEncodings(f"{path} can't be read ({error.strerror or error})") from error
    except (SafetensorError, ValueError) as error:
        raise DamagedEncodings(f"{path} holds no encodings ({error})") from error


def open_token_vectors(
    files: Sequence[EncodingFile], passages: Ranges, dimension: int, damaged: Damaged
) -> StoredTokens:
    """Leave the token vectors of all files where they are, to be read passage by passage.

    Args:
        files: The files.
        passages: int64, (passages, 2): the first token of each passage of the collection, and one
            past its last, counted through all files.
        dimension: The length of each vector.
        damaged: Makes the error for what can't be read, now or later.

    Raises:
        DamagedIndexError: A file can't be read, or is not what its name says.

    """

    def opened() -> Iterator[tuple[OpenFile, bytes]]:
        for each in files:
            try:
                found = open_verified(each.path, each.path.stem)
            except OSError as error:
                what = f"{each.path} can't be read ({error.strerror or error})"
                raise damaged(what) from error
            if found is None:
                raise damaged(f"{each.path} is damaged: its SHA-256 is not its name")
            yield found

    allow_open_files(len(files))
    count = sum(int(each.contents.token_counts.sum()) for each in files)
    return stored_tokens(opened(), passages, count, dimension, damaged)


def searchable_only(tokens: TokenVectors) -> tuple[str, bytes]:
    """Return the name and contents of a file for token vectors that nothing else is known of.

    It is enough to search in; no build takes anything from it.
    """
    recipe = np.zeros(32, dtype=np.uint8)
    data = save({"codes": tokens.codes, "steps": tokens.steps, "recipe": recipe})
    return _name(data), data


def _name(data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()}{SUFFIX}"


def _recipe(encoder: Encoder) -> np.ndarray[Any, np.dtype[np.uint8]]:
    digest = hashlib.sha256(f"{_RECIPE} {encoder.fingerprint}".encode()).digest()
    return np.frombuffer(digest, dtype=np.uint8)


def _tensor(path: Path, name: str) -> np.ndarray[Any, Any]:
    with safe_open(path, framework="numpy") as file:
        tensor: np.ndarray[Any, Any] = file.get_tensor(name)
    return tensor
