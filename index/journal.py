"""What was encoded before: by a build that was killed, and for the generations that are there."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from pathlib import Path

from index.encoded_passages import EncodedPassages
from index.encoder import Encoder
from index.encoding_files import (
    FOLDER,
    SUFFIX,
    DamagedEncodings,
    EncodingFile,
    open_encodings,
    write_encodings,
)

_log = logging.getLogger(__name__)

_JOURNAL = "journal"


class Journal:
    """The encodings of a build that is running, kept beside the generations until it is done."""

    def __init__(self, index_dir: Path, encoder: Encoder) -> None:
        """Write into a folder of indexes, what the given model makes."""
        self._folder = index_dir / _JOURNAL
        self._encoder = encoder

    def write(self, encoded: EncodedPassages) -> EncodingFile:
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
    the generation that it stands in can be served. What is damaged is told, and left out.

    Args:
        index_dir: The folder of the generations.
        encoder: The model.
        known: Files that need not be read, because a catalogue tells what stands in them.

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
