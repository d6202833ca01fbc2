"""What a generation was made from and with, and what each of its files must be like."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np

from index.dense import FAISS_VERSION
from index.lexical import BM25S_VERSION
from index.models import SENTENCE_TRANSFORMERS_VERSION
from index.passage_index import PassageIndex
from index.recall import SearchQuality

FORMAT = 4
"""Raised whenever the files of a generation change their form or meaning."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file of a generation must be like."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made from and with.

    Attributes:
        format: The form of the files, see ``FORMAT``.
        generation: The generation's identifier, which is also the name of its folder.
        built_at: UTC, ISO 8601.
        model: The model as it was asked for: a hub name or a path.
        model_sha256: The fingerprint of its weights.
        dimension: The length of every vector.
        normalisation: How vectors are scaled: "unit" is Euclidean length 1.
        metric: How vectors are compared: "inner product".
        versions: Of the libraries that computed or wrote the files.
        articles: How many there are.
        passages: How many there are; as many as passage vectors and BM25 documents.
        sentences: How many there are; as many as sentence vectors.
        tokens: How many token vectors there are.
        quality: How well "passages" and "sentences" are found by their vectors.
        files: Every other file of the generation, by its path in it.

    """

    format: int
    generation: str
    built_at: str
    model: str
    model_sha256: str
    dimension: int
    normalisation: str
    metric: str
    versions: dict[str, str]
    articles: int
    passages: int
    sentences: int
    tokens: int
    quality: dict[str, SearchQuality]
    files: dict[str, FileRecord]


def record_of(data: bytes) -> FileRecord:
    """Return the record of a file with the given contents."""
    return FileRecord(len(data), hashlib.sha256(data).hexdigest())


def manifest_of(index: PassageIndex, files: dict[str, FileRecord]) -> Manifest:
    """Describe an index that was written into the given files now."""
    return Manifest(
        format=FORMAT,
        generation=index.generation,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=index.encoder.name,
        model_sha256=index.encoder.fingerprint,
        dimension=index.encoder.dimension,
        normalisation="unit",
        metric="inner product",
        versions={
            "python": ".".join(map(str, sys.version_info[:3])),
            "numpy": np.__version__,
            "faiss": FAISS_VERSION,
            "bm25s": BM25S_VERSION,
            "sentence-transformers": SENTENCE_TRANSFORMERS_VERSION,
        },
        articles=len(index.articles),
        passages=len(index.passages),
        sentences=len(index.sentence_vectors),
        tokens=len(index.token_vectors),
        quality={
            "passages": index.passage_vectors.quality,
            "sentences": index.sentence_vectors.quality,
        },
        files=files,
    )


def manifest_data(manifest: Manifest) -> bytes:
    """Return the contents of the file that keeps a manifest."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()


def parse_manifest(data: bytes) -> Manifest | int:
    """Read back what ``manifest_data`` gave; of another format, tell only which."""
    values = json.loads(data)
    if values["format"] != FORMAT:
        return int(values["format"])
    files = {name: FileRecord(**record) for name, record in values.pop("files").items()}
    quality = {name: SearchQuality(**record) for name, record in values.pop("quality").items()}
    return Manifest(**values, quality=quality, files=files)
