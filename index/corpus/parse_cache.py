"""What the files of a sources folder were read as, so that only changed ones are read again."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from citadel.index.corpus.articles import Article
from citadel.index.corpus.duplicates import Sketch, sketch
from citadel.index.corpus.formats.recognising import program
from citadel.index.corpus.sandbox.files import SIDECAR, ParsedFile, file_digest
from citadel.index.corpus.sandbox.opening import read_beneath
from citadel.index.corpus.sandbox.processes import Request
from citadel.index.errors import CitadelError

_READERS = (
    "charset-normalizer",
    "markdown-it-py",
    "py3langid",
    "pypdfium2",
    "python-docx",
    "trafilatura",
)
RECIPE = ", ".join(
    ["5", f"python {sys.version_info.major}.{sys.version_info.minor}"]
    + [f"{library} {version(library)}" for library in _READERS]
    + (["tesseract"] if program() else [])
)
"""Changes whenever the same file might be read in another way: raise the number for a change of
the code that reads."""


@dataclass(frozen=True, slots=True)
class CachedFile:
    """A file that was read without a failure.

    Attributes:
        name: Its path below the sources folder.
        sha256: See ``file_digest``.
        articles: The sources of its articles, in order, each with how many notes its reader made.

    """

    name: str
    sha256: str
    articles: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ParseCache:
    """Files, and the articles and sketches that were made of them.

    Attributes:
        files: By their names.
        articles: By their sources.
        sketches: By their sources.

    """

    files: Mapping[str, CachedFile] = field(default_factory=dict)
    articles: Mapping[str, Article] = field(default_factory=dict)
    sketches: Mapping[str, Sketch] = field(default_factory=dict)

    def of(self, root: Path, request: Request) -> ParsedFile | None:
        """Return what a file was read as; None where it is new, changed or can't be opened."""
        known = self.files.get(request.name)
        if known is None:
            return None
        try:
            data = read_beneath(root, request.name)
            sidecar = read_beneath(root, request.name + SIDECAR) if request.sidecar else None
        except CitadelError:
            return None  # Reading it will say why it can't be read.
        if file_digest(data, sidecar) != known.sha256:
            return None
        articles = tuple(
            # What other articles had to do with it is reported anew.
            replace(self.articles[source], notes=self.articles[source].notes[:notes])
            for source, notes in known.articles
        )
        return ParsedFile(articles, (), known.sha256)

    def sketch(self, article: Article) -> Sketch:
        """Return the sketch of an article, which is only made where it is not known."""
        known = self.articles.get(article.source)
        if known is not None and known.text is article.text and known.blocks is article.blocks:
            return self.sketches[article.source]
        return sketch(article)

    @classmethod
    def record(
        cls,
        parse_cache: Mapping[str, ParsedFile],
        articles: Sequence[Article],
        sketches: Mapping[str, Sketch],
    ) -> ParseCache:
        """Keep what can be taken over: files all of whose articles are in the collection.

        Args:
            parse_cache: By the names of the files.
            articles: Those of the collection.
            sketches: By the sources of the articles.

        """
        kept = {article.source: article for article in articles}
        files = {
            name: CachedFile(
                name, reading.sha256, tuple((a.source, len(a.notes)) for a in reading.articles)
            )
            for name, reading in parse_cache.items()
            if not reading.failures and all(a.source in kept for a in reading.articles)
        }
        return cls(files, kept, {source: sketches[source] for source in kept})

    def to_record(self) -> dict[str, Any]:
        """Return the files as a JSON object."""
        return {
            "recipe": RECIPE,
            "files": [(each.name, each.sha256, each.articles) for each in self.files.values()],
        }

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the sketches, in the order of the articles."""
        found = self.sketches.values()
        digests = np.frombuffer(b"".join(each.words for each in found), dtype=np.uint8)
        return {
            "words": digests.reshape(-1, 32),
            "counts": np.array([len(each.shingles) for each in found], dtype=np.int64),
            "shingles": np.concatenate([np.zeros(0, np.uint32), *(e.shingles for e in found)]),
            "paragraph_counts": np.array([len(e.paragraphs) for e in found], dtype=np.int64),
            "paragraphs": np.concatenate([np.zeros(0, "<u8"), *(e.paragraphs for e in found)]),
        }

    @classmethod
    def stored(
        cls,
        record: Mapping[str, Any],
        arrays: Mapping[str, npt.NDArray[Any]],
        articles: Iterable[Article],
    ) -> ParseCache:
        """Read back what ``to_record`` and ``to_arrays`` gave; nothing if read in another way."""
        if record["recipe"] != RECIPE or not record["files"]:
            return cls()
        by_source = {article.source: article for article in articles}
        columns = (
            by_source,
            arrays["words"],
            np.split(arrays["shingles"], np.cumsum(arrays["counts"])[:-1]),
            np.split(arrays["paragraphs"], np.cumsum(arrays["paragraph_counts"])[:-1]),
        )
        sketches = {
            source: Sketch(words.tobytes(), shingles, paragraphs)
            for source, words, shingles, paragraphs in zip(*columns, strict=True)
        }
        files = (
            CachedFile(name, sha256, tuple((source, notes) for source, notes in articles))
            for name, sha256, articles in record["files"]
        )
        return cls({each.name: each for each in files}, by_source, sketches)


EMPTY_CACHE = ParseCache()
