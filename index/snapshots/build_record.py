"""What a build leaves in its snapshot for the next one; no search needs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from citadel.index.corpus.parse_cache import EMPTY_CACHE, ParseCache
from citadel.index.encoders.embeddings import Contents


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """What the next build can take over.

    Attributes:
        parse_cache: What the files of the articles were read as.
        embedding_files: Hold the encodings of the passages, in the order of their token
            vectors; none for an index that is in memory only.
        contents: Which passages each of these files is of; none where it was not asked.

    """

    parse_cache: ParseCache = EMPTY_CACHE
    embedding_files: tuple[Path, ...] = ()
    contents: tuple[Contents, ...] = ()


IN_MEMORY = BuildRecord()
"""Of an index that was made without files."""
