"""The files that a passage index is kept in: how each of its parts is written and read back."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from citadel.index.corpus.articles import Article, article_from_record, article_record
from citadel.index.corpus.parse_cache import ParseCache
from citadel.index.disk import FileRecord, copy_file, write_file
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.token_vectors import TokenVectors
from citadel.index.open_files import OpenFile
from citadel.index.retrieval.lexical import BM25
from citadel.index.retrieval.name_counts import NameCounts
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.passage_table import CutPassages
from citadel.index.retrieval.postings import Postings
from citadel.index.retrieval.scale import Scale
from citadel.index.retrieval.sentence_table import SentenceTable
from citadel.index.retrieval.signals import Topic
from citadel.index.retrieval.text_table import COLUMNS, RECIPE, TextTable
from citadel.index.snapshots.build_record import IN_MEMORY, BuildRecord
from citadel.index.snapshots.embedding_catalogue import Catalogue
from citadel.index.snapshots.embedding_files import FOLDER, searchable_only
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.token_files import (
    Damaged,
    StoredTokens,
    allow_open_files,
    stored_tokens,
)
from citadel.index.stores.base import SearchableVectors, VectorStore

KINDS = ("passages", "sentences")
"""Of vectors."""

_SKETCHES = ("words", "counts", "shingles", "paragraph_counts", "paragraphs")
_POSTINGS = ("first", "passages", "counts")

_CATALOGUE = "catalogue.safetensors"

_COPIED = 1 << 28
"""Up to this size in bytes, the files of the encodings are copied, so that damage to a snapshot
spares the one before. More than that would take long: snapshots share them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of an index.

    Attributes:
        name: Its path in the folder of the index.
        save: Makes the file at a path, through to the disk, and returns its record.

    """

    name: str
    save: Callable[[Path], FileRecord]


def parts_of(index: PassageIndex, record: BuildRecord = IN_MEMORY) -> Iterator[Part]:
    """Yield the files that hold an index and what the next build needs, one after another."""
    yield _json_part("articles", [article_record(article) for article in index.articles])
    yield _json_part("files", record.parse_cache.to_record())
    for name, array in record.parse_cache.to_arrays().items():
        yield _array_part(f"sketch_{name}", array)
    yield _json_part(
        "forms",
        {
            "recipe": RECIPE,
            "surfaces": index.texts.surfaces,
            "form_terms": index.texts.form_terms,
        },
    )
    for name in COLUMNS:
        yield _array_part(f"text_{name}", getattr(index.texts, name))
    yield _json_part("spelling", index.spelling.record())
    yield _json_part("scale", asdict(index.scale))
    yield _json_part("background", asdict(index.background))
    for name, vectors in (
        ("passages", index.passage_vectors),
        ("sentences", index.sentence_vectors),
    ):
        yield Part(f"{name}.{vectors.store}", partial(_save_vectors, vectors))
    yield from _embedding_parts(index, record)
    yield _array_part("piece_counts", index.piece_counts)
    yield _array_part("sentence_tokens", index.sentences.tokens)
    ranges = index.sentences.passage_tokens()
    yield _array_part("token_checksums", index.token_vectors.checksums(ranges))
    for name in _POSTINGS:
        yield _array_part(f"postings_{name}", getattr(index.bm25.postings, name))


def _embedding_parts(index: PassageIndex, record: BuildRecord) -> Iterator[Part]:
    """Yield the files of the encodings, and those that hold their order and contents."""
    files = record.embedding_files
    if not files and isinstance(index.token_vectors, StoredTokens):
        files = index.token_vectors.paths
    if files:
        size = sum(path.stat().st_size for path in files)
        give = _copy if size <= _COPIED else _link
        parts = [Part(f"{FOLDER}/{path.name}", partial(give, path)) for path in files]
    else:
        assert isinstance(index.token_vectors, TokenVectors)
        name, data = searchable_only(index.token_vectors)
        parts = [Part(f"{FOLDER}/{name}", partial(write_file, write=lambda file: file.write(data)))]
    yield from parts
    yield _json_part("encodings", [part.name for part in parts])

    described = record.embedding_files if record.contents else ()
    catalogue = Catalogue.of(described, record.contents, index.encoder)
    yield Part(
        _CATALOGUE,
        lambda path: write_file(path, lambda file: file.write(catalogue.to_bytes())),
    )


def _copy(source: Path, target: Path) -> FileRecord:
    record = copy_file(source, target)
    if record.sha256 != source.stem:
        raise OSError(errno.EIO, f"{source} was changed while it was copied")
    return record


def _link(source: Path, target: Path) -> FileRecord:
    """Give a file of encodings, which was verified when it was opened, a second name."""
    try:
        os.link(source, target)
    except OSError:
        # Not every file system has links.
        return _copy(source, target)
    return FileRecord(target.stat().st_size, source.stem)


def _save_vectors(vectors: SearchableVectors, path: Path) -> FileRecord:
    return write_file(path, vectors.write)


def _json_part(name: str, value: Any) -> Part:
    return Part(
        f"{name}.json", lambda path: write_file(path, lambda file: file.write(orjson.dumps(value)))
    )


def _array_part(name: str, array: npt.NDArray[Any]) -> Part:
    return Part(
        f"{name}.npy",
        lambda path: write_file(path, lambda file: np.save(file, array, allow_pickle=False)),
    )


def read_parts(
    part: Callable[[str], bytes],
    open_part: Callable[[str], OpenFile],
    damaged: Damaged,
    manifest: Manifest,
    store: VectorStore,
) -> Callable[[Encoder], PassageIndex]:
    """Read an index from its files; what is returned takes the model that it was built with.

    So the files can be read while the model is loaded.

    Args:
        part: Returns the verified contents of the file of a name.
        open_part: Returns the verified file of a name itself, which stays open.
        damaged: Makes the error for a file that is damaged later.
        manifest: What the snapshot was made from.
        store: The engine that keeps its vectors.

    Raises:
        ValueError, KeyError, TypeError: The files do not fit together; the last step may find so.

    """
    # Only a build needs what is in them; but what is served is undamaged.
    for name in (_CATALOGUE, "files.json", *(f"sketch_{name}.npy" for name in _SKETCHES)):
        part(name)
    articles = stored_articles(part)
    texts = stored_texts(part)
    passages = CutPassages(articles, texts)
    postings = stored_postings(part)
    sentences = SentenceTable.of(texts, _array(part("sentence_tokens.npy")))
    tokens = stored_tokens(
        _encodings(part, open_part),
        sentences.passage_tokens(),
        _array(part("token_checksums.npy")),
        manifest.tokens,
        manifest.dimension,
        damaged,
    )
    parts = partial(
        PassageIndex,
        snapshot=manifest.snapshot,
        articles=articles,
        passages=passages,
        article_of=passages.article_of,
        texts=texts,
        passage_vectors=stored_vectors(part, manifest, store, "passages"),
        sentence_vectors=stored_vectors(part, manifest, store, "sentences"),
        token_vectors=tokens,
        sentences=sentences,
        piece_counts=_array(part("piece_counts.npy")),
        spelling=stored_spelling(part),
        scale=Scale.from_record(orjson.loads(part("scale.json"))),
        background=Topic(**orjson.loads(part("background.json"))),
        vocabulary=texts.vocabulary(postings.passage_counts()),
        bm25=BM25(postings, texts.word_counts),
    )
    return lambda encoder: parts(encoder=encoder)


def _encodings(
    part: Callable[[str], bytes], open_part: Callable[[str], OpenFile]
) -> list[OpenFile]:
    names = orjson.loads(part("encodings.json"))
    allow_open_files(len(names))
    with ThreadPoolExecutor(2) as pool:
        # They are the most by far, and reading and hashing them keep no other thread waiting.
        return list(pool.map(open_part, names))


def stored_texts(part: Callable[[str], bytes]) -> TextTable:
    """Read what the articles of a snapshot are cut into; ``part`` as for ``read_parts``."""
    forms = orjson.loads(part("forms.json"))
    return TextTable(
        **{name: _array(part(f"text_{name}.npy")) for name in COLUMNS},
        surfaces=tuple(forms["surfaces"]),
        form_terms=tuple(forms["form_terms"]),
    )


def stored_parses(part: Callable[[str], bytes], articles: tuple[Article, ...]) -> ParseCache:
    """Read what the files of these articles were read as; ``part`` as for ``read_parts``."""
    sketches = {name: _array(part(f"sketch_{name}.npy")) for name in _SKETCHES}
    return ParseCache.stored(orjson.loads(part("files.json")), sketches, articles)


def stored_recipe(part: Callable[[str], bytes]) -> str:
    """Read how the articles of a snapshot were cut; ``part`` as for ``read_parts``."""
    return str(orjson.loads(part("forms.json"))["recipe"])


def stored_spelling(part: Callable[[str], bytes]) -> NameCounts:
    """Read how a collection writes its words; ``part`` as for ``read_parts``."""
    return NameCounts(**orjson.loads(part("spelling.json")))


def stored_postings(part: Callable[[str], bytes]) -> Postings:
    """Read how often each term occurs in each passage; ``part`` as for ``read_parts``."""
    return Postings(**{name: _array(part(f"postings_{name}.npy")) for name in _POSTINGS})


def stored_catalogue(part: Callable[[str], bytes]) -> Catalogue:
    """Read what stands in the files of encodings; ``part`` as for ``read_parts``."""
    return Catalogue.from_bytes(part(_CATALOGUE))


def stored_vectors(
    part: Callable[[str], bytes], manifest: Manifest, store: VectorStore, kind: str
) -> SearchableVectors:
    """Find the vectors of one of ``KINDS`` again; arguments as for ``read_parts``."""
    file = vectors_file(manifest, kind)
    return store.open(part(file), file, manifest.quality[kind])


def vectors_file(manifest: Manifest, kind: str) -> str:
    """Return the name of the file that holds vectors of one of ``KINDS``, or a receipt of them."""
    return f"{kind}.{manifest.store}"


def stored_articles(part: Callable[[str], bytes]) -> tuple[Article, ...]:
    """Read the articles of a snapshot alone; ``part`` as for ``read_parts``."""
    return tuple(article_from_record(record) for record in orjson.loads(part("articles.json")))


def _array(data: bytes) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(io.BytesIO(data), allow_pickle=False)
    return array
