"""What a snapshot was made from and with, and what each of its files must be like."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np

from citadel.index.disk import FileRecord
from citadel.index.encoders.models import library_version
from citadel.index.retrieval.canary import Canary, choose_canary
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.stores.faiss_store import FAISS_VERSION
from citadel.index.stores.recall import SearchQuality

FORMAT = 12
"""Raised whenever the files of a snapshot change their form or meaning."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot was made from and with.

    Attributes:
        format: The form of the files, see ``FORMAT``.
        snapshot: The snapshot's identifier, which is also the name of its folder.
        built_at: UTC, ISO 8601.
        before: The snapshot that was the current one before it, or "".
        sources: The folder that its articles were read from; "" for those that come with Citadel.
        model: The model as it was asked for: a hub name or a path.
        model_sha256: Its fingerprint: of weights, tokenizer, prompts and limits.
        backend: What computed the vectors, as ``--backend`` names it.
        dimension: The length of every vector.
        normalisation: How vectors are scaled: "unit" is Euclidean length 1.
        metric: How vectors are compared: "inner product".
        versions: Of the libraries that computed or wrote the files.
        articles: How many there are.
        passages: How many there are; as many as passage vectors and BM25 documents.
        sentences: How many there are; as many as sentence vectors.
        tokens: How many token vectors there are.
        store: The engine that keeps the vectors, see ``stores.STORES``.
        quality: How well "passages" and "sentences" are found by their vectors.
        canary: A question, and the passages that it must find.
        files: The files of its parts, by their names.
        conversion: What the converted model that computed the vectors is known by again; "" for
            one as it was published.

    """

    format: int
    snapshot: str
    built_at: str
    before: str
    sources: str
    model: str
    model_sha256: str
    backend: str
    dimension: int
    normalisation: str
    metric: str
    versions: dict[str, str]
    articles: int
    passages: int
    sentences: int
    tokens: int
    store: str
    quality: dict[str, SearchQuality]
    canary: Canary
    files: dict[str, FileRecord]
    conversion: str = ""


class OtherFormatError(ValueError):
    """The files are of another form than this version of Citadel reads."""

    def __init__(self, found: int, sources: str) -> None:
        super().__init__(found)
        self.found = found
        self.sources = sources


def manifest_of(
    index: PassageIndex, files: dict[str, FileRecord], before: str, sources: str
) -> Manifest:
    """Describe an index that was written into the given files now."""
    return Manifest(
        format=FORMAT,
        snapshot=index.snapshot,
        built_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        before=before,
        sources=sources,
        model=index.encoder.name,
        model_sha256=index.encoder.fingerprint,
        backend=index.encoder.backend,
        dimension=index.encoder.dimension,
        normalisation="unit",
        metric="inner product",
        versions={
            "python": ".".join(map(str, sys.version_info[:3])),
            "numpy": np.__version__,
            "faiss": FAISS_VERSION,
            **library_version(),
        },
        articles=len(index.articles),
        passages=len(index.passages),
        sentences=len(index.sentence_vectors),
        tokens=len(index.token_vectors),
        store=index.passage_vectors.store,
        quality={
            "passages": index.passage_vectors.quality,
            "sentences": index.sentence_vectors.quality,
        },
        canary=choose_canary(index),
        files=files,
        conversion=index.encoder.conversion,
    )


def manifest_data(manifest: Manifest) -> bytes:
    """Return the contents of the file that keeps a manifest."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()


def parse_manifest(data: bytes) -> Manifest:
    """Read back what ``manifest_data`` gave.

    Raises:
        OtherFormatError: Another version of Citadel wrote it.

    """
    values = json.loads(data)
    if values["format"] != FORMAT:
        raise OtherFormatError(values["format"], values.get("sources", ""))
    canary = values.pop("canary")
    files = {name: FileRecord(**record) for name, record in values.pop("files").items()}
    quality = {name: SearchQuality(**record) for name, record in values.pop("quality").items()}
    return Manifest(
        **values,
        quality=quality,
        canary=Canary(canary["question"], tuple(canary["passages"])),
        files=files,
    )
