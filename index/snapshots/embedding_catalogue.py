"""What stands in the files of encodings of a snapshot, so that they need not be read to know it.

A file that has the size that it had and was not changed since the snapshot was built is believed
to be as it was, as make and git would: reading all of them would take longer than all else that a
build does for one more article. What is read of such a file is compared with a checksum then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load, save

from citadel.index.encoders.embeddings import Contents, join_contents, split_contents
from citadel.index.encoders.encoder import Encoder
from citadel.index.snapshots.embedding_files import SUFFIX, EncodingFile, recipe

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What stands in some files of encodings.

    Attributes:
        recipe: uint8, (32,): see ``encoding_files.recipe``.
        names: uint8, (files, 32): the SHA-256 that each file is named by.
        sizes: int64, (files,): in bytes.
        counts: int64, (files,): how many passages are in each.
        contents: Of all files, one after another.

    """

    recipe: npt.NDArray[np.uint8]
    names: npt.NDArray[np.uint8]
    sizes: Numbers
    counts: Numbers
    contents: Contents

    @classmethod
    def of(cls, paths: Sequence[Path], contents: Sequence[Contents], encoder: Encoder) -> Catalogue:
        """Describe the files at some paths, each by its contents.

        Raises:
            OSError: One is not there.

        """
        names = b"".join(bytes.fromhex(path.stem) for path in paths)
        return cls(
            recipe=recipe(encoder),
            names=np.frombuffer(names, dtype=np.uint8).reshape(-1, 32),
            sizes=np.array([path.stat().st_size for path in paths], dtype=np.int64),
            counts=np.array(list(map(len, contents)), dtype=np.int64),
            contents=join_contents(contents),
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Catalogue:
        """Read back what ``to_bytes`` gave."""
        columns = load(data)
        contents = Contents(**{each.name: columns.pop(each.name) for each in fields(Contents)})
        return cls(**columns, contents=contents)

    def to_bytes(self) -> bytes:
        """Return all of it in the form of safetensors."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        contents = own.pop("contents")
        return save(own | {each.name: getattr(contents, each.name) for each in fields(contents)})

    def unchanged(self, folder: Path, since: datetime, encoder: Encoder) -> Iterator[EncodingFile]:
        """Yield the files in a folder that look as they did; none if another model made them.

        Args:
            folder: Where they are.
            since: When they were as the catalogue says, in milliseconds.
            encoder: The model.

        """
        if not np.array_equal(self.recipe, recipe(encoder)):
            return
        latest = round(since.timestamp() * 1000)
        contents = split_contents(self.contents, self.counts.tolist())
        for name, size, each in zip(self.names, self.sizes.tolist(), contents, strict=True):
            path = folder / f"{name.tobytes().hex()}{SUFFIX}"
            try:
                found = path.stat()
            except OSError:
                continue  # It can't be taken over.
            if found.st_size == size and found.st_mtime_ns // 1_000_000 <= latest:
                yield EncodingFile(path, each, verified=False)
