"""Encodings on disk: files that are written once, named by their SHA-256, and shared.

A build leaves such files in a journal while it runs, so that one that is killed can be resumed.
A snapshot links to them, and so does the next one that has the same passages.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from citadel.index.disk import write_file
from citadel.index.encoders.embeddings import Contents, Embeddings
from citadel.index.encoders.encoder import Encoder, Vectors
from citadel.index.encoders.token_vectors import Ranges, TokenVectors
from citadel.index.open_files import OpenFile
from citadel.index.snapshots.token_files import (
    Damaged,
    StoredTokens,
    allow_open_files,
    stored_tokens,
)

FOLDER = "encodings"
"""Where a snapshot has the files of its encodings."""

SUFFIX = ".safetensors"

_RECIPE = 2
"""Raised whenever the same model would make something else of the same passage."""


@dataclass(frozen=True, slots=True)
class EncodingFile:
    """Encodings in a file, whose vectors are read when they are asked for. See ``Encodings``.

    Attributes:
        path: The file.
        contents: Which passages they are of.
        verified: Whether the file was compared with its name; else it is whenever it is read, and
            what is read raises ``DamagedEncodings``.

    """

    path: Path
    contents: Contents
    verified: bool

    @property
    def vectors(self) -> Vectors:
        """float32, (passages, dimension), unit rows."""
        return np.asarray(self._tensor("vectors"), dtype=np.float32)

    @property
    def sentence_vectors(self) -> Vectors:
        """float32, (sentences, dimension), unit rows."""
        return np.asarray(self._tensor("sentence_vectors"), dtype=np.float32)

    @property
    def tokens(self) -> TokenVectors:
        """The vectors of all tokens, passage by passage."""
        return TokenVectors(self._tensor("codes"), self._tensor("steps"))

    def _tensor(self, name: str) -> np.ndarray[Any, Any]:
        if not self.verified:
            with _telling(self.path):
                _verify(self.path)
        return _tensor(self.path, name)


class DamagedEncodings(Exception):
    """A file does not hold what its name says."""


def write_encodings(folder: Path, encoded: Embeddings, encoder: Encoder) -> EncodingFile:
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
            "recipe": recipe(encoder),
        }
    )
    path = folder / _name(data)
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    write_file(partial, lambda file: file.write(data))
    partial.rename(path)
    return EncodingFile(path, encoded.contents, verified=True)


def open_encodings(path: Path, encoder: Encoder) -> EncodingFile | None:
    """Verify a file of encodings and open it; return None for one that another model made.

    Raises:
        DamagedEncodings: It can't be read, or is not what it was when it was written.

    """
    with _telling(path):
        _verify(path)
        if not np.array_equal(_tensor(path, "recipe"), recipe(encoder)):
            return None
        columns = {column.name: _tensor(path, column.name) for column in fields(Contents)}
        return EncodingFile(path, Contents(**columns), verified=True)


def _verify(path: Path) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != path.stem:
        raise DamagedEncodings(f"{path} is damaged: its SHA-256 is not its name")


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Report what went wrong while a file was read."""
    try:
        yield
    except OSError as error:
        raise DamagedEncodings(f"{path} can't be read ({error.strerror or error})") from error
    except (SafetensorError, ValueError) as error:
        raise DamagedEncodings(f"{path} holds no encodings ({error})") from error


def open_token_vectors(
    files: Sequence[EncodingFile],
    passages: Ranges,
    checksums: npt.NDArray[np.uint32],
    dimension: int,
    damaged: Damaged,
) -> StoredTokens:
    """Leave the token vectors of all files where they are, to be read passage by passage.

    Args:
        files: The files.
        passages: int64, (passages, 2): the first token of each passage of the collection, and one
            past its last, counted through all files.
        checksums: uint32, (passages,): what those of their vectors have to be.
        dimension: The length of each vector.
        damaged: Makes the error for what can't be read, now or later.

    Raises:
        DamagedIndexError: A file can't be read, or holds something else.

    """
    allow_open_files(len(files))
    count = sum(int(each.contents.token_counts.sum()) for each in files)
    try:
        opened = [OpenFile(each.path) for each in files]
        return stored_tokens(opened, passages, checksums, count, dimension, damaged)
    except OSError as error:
        # An error while reading, other than one while opening, does not say which file it was.
        what = f"{error.filename or files[0].path.parent} can't be read ({error.strerror})"
        raise damaged(what) from error
    except ValueError as error:
        raise damaged(str(error)) from error


def searchable_only(tokens: TokenVectors) -> tuple[str, bytes]:
    """Return the name and contents of a file for token vectors that nothing else is known of.

    It is enough to search in; no build takes anything from it.
    """
    nothing = np.zeros(32, dtype=np.uint8)
    data = save({"codes": tokens.codes, "steps": tokens.steps, "recipe": nothing})
    return _name(data), data


def _name(data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()}{SUFFIX}"


def recipe(encoder: Encoder) -> npt.NDArray[np.uint8]:
    """Return uint8, (32,): equal only for what makes the same encodings of every passage."""
    digest = hashlib.sha256(f"{_RECIPE} {encoder.fingerprint}".encode()).digest()
    return np.frombuffer(digest, dtype=np.uint8)


def _tensor(path: Path, name: str) -> np.ndarray[Any, Any]:
    with safe_open(path, framework="numpy") as file:
        tensor: np.ndarray[Any, Any] = file.get_tensor(name)
    return tensor


_log = logging.getLogger(__name__)

_JOURNAL = "journal"


class Checkpoint:
    """The encodings of a build that is running, kept next to the snapshots until it is done."""

    def __init__(self, index_dir: Path, encoder: Encoder) -> None:
        """Write into a folder of indexes, what the given model makes."""
        self._folder = index_dir / _JOURNAL
        self._encoder = encoder

    def write(self, encoded: Embeddings) -> EncodingFile:
        """Store some encodings, through to the disk.

        Raises:
            OSError: They can't be written.

        """
        self._folder.mkdir(exist_ok=True)
        return write_encodings(self._folder, encoded, self._encoder)

    def remove(self) -> None:
        """Remove all that was stored, as far as it can be removed."""
        shutil.rmtree(self._folder, ignore_errors=True)


def stored_encodings(
    index_dir: Path, encoder: Encoder, known: Iterable[EncodingFile] = ()
) -> list[EncodingFile]:
    """Return what the same model made before, as far as it is undamaged.

    Every file is compared with the SHA-256 that it is named by, so it does not matter whether
    the snapshot that it stands in can be served. What is damaged is reported, and left out.

    Args:
        index_dir: The folder of the snapshots.
        encoder: The model.
        known: Files that need not be read, because a catalogue says what stands in them.

    """
    found = {each.path.name: each for each in known}
    places = (
        *index_dir.glob(f"gen-*/{FOLDER}/*{SUFFIX}"),
        *index_dir.glob(f"{_JOURNAL}/*{SUFFIX}"),
    )
    # What was written last first: it stays longest.
    for path in sorted(places, key=lambda path: (-path.parent.stat().st_mtime_ns, path.name)):
        if path.name in found:
            continue
        try:
            opened = open_encodings(path, encoder)
        except DamagedEncodings as error:
            _log.warning("%s; the passages that are in it only are embedded anew.", error)
        else:
            if opened is not None:
                found[path.name] = opened
    return list(found.values())
