"""Where an index is, and which of its snapshots is the current one.

It imports nothing large: a caller that only wants to know this should not wait for numpy and FAISS.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

CURRENT = "CURRENT"
_POINTER = re.compile(rb"(?P<snapshot>gen-[\w-]+) (?P<sha256>[0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Pointer:
    """What CURRENT says.

    Attributes:
        snapshot: The one to serve.
        sha256: Of its manifest.

    """

    snapshot: str
    sha256: str


def default_index_dir() -> Path:
    """Return the folder of this user's data in which the index is kept by default."""
    return platformdirs.user_data_path("citadel") / "index"


def index_dir_of(articles: Path) -> Path:
    """Return the folder of this user's data in which the index of a folder of articles is kept.

    It is none in the folder of the articles: that may be read-only, shared or under version
    control, and is not ours to write into. Its name has eight digits of a hash of the path, as
    two folders may have one name.
    """
    path = articles.resolve()
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()
    return default_index_dir().with_name("indexes") / f"{path.name}-{digest[:8]}"


def pointer_data(pointer: Pointer) -> bytes:
    """Return the contents of CURRENT."""
    return f"{pointer.snapshot} {pointer.sha256}\n".encode()


def parse_pointer(data: bytes) -> Pointer | None:
    """Read back what ``pointer_data`` gave; None for what is nothing of that kind."""
    found = _POINTER.fullmatch(data)
    if found is None:
        return None
    return Pointer(found["snapshot"].decode(), found["sha256"].decode())
