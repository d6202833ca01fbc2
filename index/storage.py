"""Generations of an index on disk: written beside the live one, verified before they are trusted.

```
INDEX_DIR/
  CURRENT          the name of the generation to serve, and the SHA-256 of its manifest
  build.lock       held while a build runs
  gen-…/           one generation, never changed after it got its name
    manifest.json  what it was made from and with, and the SHA-256 of every other file
```
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import platformdirs
from filelock import FileLock, Timeout

from index.articles import Article
from index.dense import FAISS_VERSION, VectorIndex
from index.encoder import Encoder
from index.errors import CitadelError
from index.late_interaction import TokenVectors
from index.layout import Block, BlockKind, Span
from index.lexical import BM25, BM25S_VERSION, Vocabulary
from index.models import SENTENCE_TRANSFORMERS_VERSION
from index.passage_index import PassageIndex, SentenceTable
from index.passages import Passage
from index.signals import Topic
from index.spellings import NameCounts

FORMAT = 2
"""Raised whenever the files of a generation change their form or meaning."""

_REBUILD = "run “python -m index build” to build it again"
_MANIFEST = "manifest.json"
_CURRENT = "CURRENT"
_POINTER = re.compile(rb"(?P<generation>gen-[\w-]+) (?P<sha256>[0-9a-f]{64})\n")


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
    files: dict[str, FileRecord]


def default_index_dir() -> Path:
    """Return the folder of this user's data in which the index is kept unless told otherwise."""
    return platformdirs.user_data_path("citadel") / "index"


def new_generation() -> str:
    """Return the identifier of a generation that begins now, sortable by time."""
    return f"gen-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.urandom(3).hex()}"


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the right to publish into a folder.

    Raises:
        CitadelError: The folder can't be written to, or another build is running.

    """
    lock = FileLock(index_dir / "build.lock", timeout=0)
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise CitadelError(
            f"Another build is running in {index_dir}; wait for it or choose another --index-dir."
        ) from error
    except OSError as error:
        raise _not_written(index_dir, error) from error
    try:
        yield
    finally:
        lock.release()


def publish(index: PassageIndex, index_dir: Path) -> Manifest:
    """Write a generation into a new folder, rename it into place and make it the current one.

    The generation before stays the current one until the very last step, and on the disk after
    it. Call it while holding ``build_lock``.

    Raises:
        CitadelError: The folder can't be written; what was there before is untouched.

    """
    partial = index_dir / f"{index.generation}.partial"
    complete = index_dir / index.generation
    before = _published(index_dir)
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(index_dir)
        partial.mkdir()
        _write_parts(index, partial)
        manifest = _manifest(index, partial)
        manifest_data = _json(asdict(manifest))
        _write(partial / _MANIFEST, manifest_data)
        _sync_tree(partial)
        partial.rename(complete)
        _sync_folder(index_dir)
        pointer = f"{index.generation} {_record(manifest_data).sha256}\n"
        _write(index_dir / f"{_CURRENT}.partial", pointer.encode())
        (index_dir / f"{_CURRENT}.partial").rename(index_dir / _CURRENT)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(complete, ignore_errors=True)
        (index_dir / f"{_CURRENT}.partial").unlink(missing_ok=True)
        raise _not_written(index_dir, error) from error
    # It is published. Were the new pointer lost with the power, the one before still holds.
    with suppress(OSError):
        _sync_folder(index_dir)
    _remove_others(index_dir, {index.generation, before})
    return manifest


def _not_written(index_dir: Path, error: OSError) -> CitadelError:
    return CitadelError(
        f"The index can't be written to {index_dir} ({error.strerror or error}); "
        "make room or choose another --index-dir."
    )


def _published(index_dir: Path) -> str | None:
    """Return the name of the current generation; None when there is none or it can't be told."""
    try:
        pointer = _POINTER.fullmatch((index_dir / _CURRENT).read_bytes())
    except OSError:
        return None
    return pointer["generation"].decode() if pointer else None


def has_index(index_dir: Path) -> bool:
    """Tell whether a generation was ever published into the folder."""
    return (index_dir / _CURRENT).is_file()


def read_manifest(index_dir: Path) -> Manifest:
    """Read what the current generation was made from and with.

    Raises:
        CitadelError: There is none, it is damaged, or another version of Citadel wrote it.

    """
    folder, sha256 = _current(index_dir)
    data = _read(folder / _MANIFEST)
    if _record(data).sha256 != sha256:
        raise CitadelError(f"{folder / _MANIFEST} is damaged; {_REBUILD}.")
    values = json.loads(data)
    if values["format"] != FORMAT:
        raise CitadelError(
            f"The index in {index_dir} has format {values['format']}, this version of Citadel "
            f"reads format {FORMAT}; {_REBUILD}."
        )
    files = {name: FileRecord(**record) for name, record in values.pop("files").items()}
    return Manifest(**values, files=files)


def verify(index_dir: Path) -> Manifest:
    """Compare every file of the current generation with the manifest.

    Raises:
        CitadelError: A file is missing, too short or long, or changed; the message names it.

    """
    manifest = read_manifest(index_dir)
    for name in manifest.files:
        _read_part(index_dir / manifest.generation, name, manifest)
    return manifest


def load(index_dir: Path, encoder: Encoder) -> PassageIndex:
    """Load the current generation after verifying each of its files.

    Raises:
        CitadelError: There is none, it is damaged, or another model built it.

    """
    manifest = read_manifest(index_dir)
    if manifest.model_sha256 != encoder.fingerprint:
        if manifest.model == encoder.name:
            raise CitadelError(
                f"The index in {index_dir} was built with other weights of the model "
                f"{manifest.model} than are there now; {_REBUILD}."
            )
        raise CitadelError(
            f"The index in {index_dir} was built with the model {manifest.model}, "
            f"not with {encoder.name}; ask with --model {manifest.model}, "
            f"or run “python -m index build --model {encoder.name}”."
        )
    try:
        return _read_parts(index_dir / manifest.generation, manifest, encoder)
    except (ValueError, KeyError, TypeError) as error:
        raise CitadelError(
            f"The index in {index_dir} holds parts that do not fit together; {_REBUILD}."
        ) from error


def _current(index_dir: Path) -> tuple[Path, str]:
    """Return the folder of the current generation and the SHA-256 of its manifest."""
    if not has_index(index_dir):
        raise CitadelError(
            f"There is no index in {index_dir}; run “python -m index build” to build one."
        )
    pointer = _POINTER.fullmatch(_read(index_dir / _CURRENT))
    if pointer is None:
        raise CitadelError(f"{index_dir / _CURRENT} is damaged; {_REBUILD}.")
    folder = index_dir / pointer["generation"].decode()
    if not folder.is_dir():
        raise CitadelError(f"The generation {folder.name} is not in {index_dir}; {_REBUILD}.")
    return folder, pointer["sha256"].decode()


def _manifest(index: PassageIndex, folder: Path) -> Manifest:
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
        files={
            path.relative_to(folder).as_posix(): _record(path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
    )


def _record(data: bytes) -> FileRecord:
    return FileRecord(len(data), hashlib.sha256(data).hexdigest())


def _write_parts(index: PassageIndex, folder: Path) -> None:
    _write(folder / "articles.json", _json([_article_record(a) for a in index.articles]))
    _write(folder / "passages.json", _json([_passage_record(p) for p in index.passages]))
    _write(
        folder / "vocabulary.json",
        _json(
            {
                "terms": index.vocabulary.terms,
                "forms": index.vocabulary.forms,
                "passage_counts": index.vocabulary.passage_counts,
            }
        ),
    )
    _write(folder / "passages.faiss", index.passage_vectors.to_bytes())
    _write(folder / "sentences.faiss", index.sentence_vectors.to_bytes())
    _write_array(folder / "token_codes.npy", index.token_vectors.codes)
    _write_array(folder / "token_steps.npy", index.token_vectors.steps)
    table = index.sentences
    _write_array(folder / "sentence_first.npy", table.first)
    _write_array(folder / "sentence_passages.npy", table.passages)
    _write_array(folder / "sentence_tokens.npy", table.tokens)
    _write_array(folder / "sentence_terms.npy", table.terms)
    _write_array(folder / "sentence_first_terms.npy", table.first_terms)
    _write_array(folder / "sentence_types.npy", table.types)
    _write_array(folder / "sentence_announcing.npy", table.announcing)
    _write_array(folder / "piece_counts.npy", index.piece_counts)
    _write(folder / "spelling.json", _json(asdict(index.spelling)))
    _write(folder / "background.json", _json(asdict(index.background)))
    index.bm25.save(folder / "bm25")


def _read_parts(folder: Path, manifest: Manifest, encoder: Encoder) -> PassageIndex:
    def part(name: str) -> bytes:
        return _read_part(folder, name, manifest)

    articles = tuple(_article(record) for record in json.loads(part("articles.json")))
    by_source = {article.source: article for article in articles}
    for name in manifest.files:
        if name.startswith("bm25/"):
            part(name)
    return PassageIndex(
        generation=manifest.generation,
        articles=articles,
        passages=tuple(_passage(r, by_source) for r in json.loads(part("passages.json"))),
        encoder=encoder,
        passage_vectors=VectorIndex.from_bytes(part("passages.faiss"), "passages.faiss"),
        sentence_vectors=VectorIndex.from_bytes(part("sentences.faiss"), "sentences.faiss"),
        token_vectors=TokenVectors(
            codes=_array(part("token_codes.npy")), steps=_array(part("token_steps.npy"))
        ),
        sentences=SentenceTable(
            first=_array(part("sentence_first.npy")),
            passages=_array(part("sentence_passages.npy")),
            tokens=_array(part("sentence_tokens.npy")),
            terms=_array(part("sentence_terms.npy")),
            first_terms=_array(part("sentence_first_terms.npy")),
            types=_array(part("sentence_types.npy")),
            announcing=_array(part("sentence_announcing.npy")),
        ),
        piece_counts=_array(part("piece_counts.npy")),
        spelling=NameCounts(**_tuples(json.loads(part("spelling.json")))),
        background=Topic(**json.loads(part("background.json"))),
        vocabulary=Vocabulary.of(**json.loads(part("vocabulary.json")), passages=manifest.passages),
        bm25=BM25.load(folder / "bm25", manifest.passages),
    )


def _article_record(article: Article) -> dict[str, Any]:
    record = asdict(article)
    record["blocks"] = [(b.kind.value, b.span.start, b.span.end) for b in article.blocks]
    record["header"] = article.header and (article.header.start, article.header.end)
    return record


def _article(record: dict[str, Any]) -> Article:
    blocks = tuple(
        Block(BlockKind(kind), Span(start, end)) for kind, start, end in record["blocks"]
    )
    header = Span(*record["header"]) if record["header"] else None
    return Article(**{**record, "blocks": blocks, "header": header})


def _passage_record(passage: Passage) -> dict[str, Any]:
    return {
        "source": passage.source,
        "section": passage.section,
        "paragraph": passage.paragraph,
        "start": passage.start,
        "end": passage.end,
        "sentences": [(span.start, span.end) for span in passage.sentences],
    }


def _passage(record: dict[str, Any], articles: dict[str, Article]) -> Passage:
    """Slice a passage out of the stored text again: its text is kept once."""
    article = articles[record["source"]]
    return Passage(
        **{**record, "sentences": tuple(Span(*pair) for pair in record["sentences"])},
        title=article.title,
        text=article.text[record["start"] : record["end"]],
    )


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    """Turn the lists that JSON knows back into tuples."""
    return {k: tuple(value) if isinstance(value, list) else value for k, value in record.items()}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _array(data: bytes) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(io.BytesIO(data), allow_pickle=False)
    return array


def _write_array(path: Path, array: npt.NDArray[Any]) -> None:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    _write(path, buffer.getvalue())


def _write(path: Path, data: bytes) -> None:
    """Write a new file through to the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CitadelError(
            f"{path} can't be read ({error.strerror or error}); {_REBUILD}."
        ) from error


def _read_part(folder: Path, name: str, manifest: Manifest) -> bytes:
    """Read a file of a generation; refuse one that is not what the manifest says."""
    data = _read(folder / name)
    if _record(data) != manifest.files[name]:
        raise CitadelError(
            f"{folder / name} is damaged: its SHA-256 is not the manifest's; {_REBUILD}."
        )
    return data


def _sync_tree(folder: Path) -> None:
    """Make sure that every file and name below a folder is on the disk."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_leftovers(index_dir: Path) -> None:
    """Remove what a killed build left behind; the lock says that no other is running."""
    for path in index_dir.glob("gen-*.partial"):
        shutil.rmtree(path)


def _remove_others(index_dir: Path, kept: set[str | None]) -> None:
    """Remove all generations but the given ones, as far as they can be removed."""
    for path in index_dir.glob("gen-*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
