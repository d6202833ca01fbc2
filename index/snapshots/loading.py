"""Loads snapshots: verified before they are trusted, the last good one where one is damaged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from citadel.index.corpus.articles import Article
from citadel.index.corpus.parse_cache import ParseCache
from citadel.index.disk import record_of, record_of_file
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.encoders.network import is_replaced
from citadel.index.errors import CitadelError, DamagedIndexError
from citadel.index.open_files import OpenFile
from citadel.index.retrieval.canary import check_canary
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.pointer import Pointer
from citadel.index.snapshots.serialisation import (
    KINDS,
    read_parts,
    stored_articles,
    stored_parses,
    stored_vectors,
    vectors_file,
)
from citadel.index.snapshots.snapshots import (
    command,
    damaged,
    manifests,
    read_bytes,
    read_manifest,
    read_pointer,
    reading,
    rebuild,
    snapshot_names,
)
from citadel.index.snapshots.token_files import StoredTokens, open_verified
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FAISS

_log = logging.getLogger(__name__)

EncoderOf = Callable[[str], Encoder]
"""Returns the model of a name; raises a CitadelError where there is none."""


def load(index_dir: Path, encoder: Encoder, store: VectorStore = FAISS) -> PassageIndex:
    """Load the current snapshot after verifying each of its files.

    Args:
        index_dir: The folder of the snapshots.
        encoder: The model that built it.
        store: The engine that keeps its vectors.

    Raises:
        CitadelError: There is none, another model built it, or another store has its vectors.
        DamagedIndexError: It is damaged; the message names the file.

    """
    return load_current(index_dir, lambda _model: encoder, store)


def load_current(
    index_dir: Path,
    encoder_of: EncoderOf,
    store: VectorStore = FAISS,
    served: PassageIndex | None = None,
) -> PassageIndex:
    """Load the current snapshot with the model that built it; errors as for ``load``.

    Args:
        index_dir: The folder of the snapshots.
        encoder_of: Loads the model.
        store: The engine that keeps the vectors.
        served: What was loaded before: of the files that both have, nothing is read again.

    """
    while True:
        pointer = read_pointer(index_dir)
        try:
            return _load(index_dir, read_manifest(index_dir), encoder_of, store, served)
        except DamagedIndexError:
            # A build may have published another one and removed this one while it was read.
            if _unchanged(index_dir, pointer):
                raise


def load_last_good(
    index_dir: Path, encoder_of: EncoderOf, store: VectorStore = FAISS
) -> PassageIndex:
    """Load the current snapshot; where it is damaged, warn and load the newest intact one.

    Raises:
        CitadelError: There is none, or another model built it.
        DamagedIndexError: None is intact; the message names the damage of the current one.

    """
    try:
        return load_current(index_dir, encoder_of, store)
    except DamagedIndexError as damage:
        with reading(index_dir):
            others = manifests(index_dir)
        for manifest in others:
            try:
                index = _load(index_dir, manifest, encoder_of, store)
            except DamagedIndexError:
                continue
            _log.warning("%s Until then, %s is served.", damage, manifest.snapshot)
            return index
        raise


def verify(
    index_dir: Path, encoder_of: EncoderOf, store: VectorStore = FAISS
) -> tuple[Manifest, ...]:
    """Check every file of every snapshot, and that the current one answers as it did.

    Returns:
        What the snapshots were made from, newest first.

    Raises:
        CitadelError: There is none, or another model built it.
        DamagedIndexError: Something is damaged; the message names all that is.

    """
    found = []
    damages: list[DamagedIndexError] = []
    try:
        load_current(index_dir, encoder_of, store)
    except DamagedIndexError as damage:
        damages.append(damage)
    with reading(index_dir):
        names = snapshot_names(index_dir)
    for name in names:
        try:
            manifest = read_manifest(index_dir, name)
            check_files(index_dir, manifest)
        except DamagedIndexError as damage:
            damages.append(damage)
        else:
            found.append(manifest)
    if damages:
        raise DamagedIndexError("\n".join(dict.fromkeys(map(str, damages)))) from damages[0]
    return tuple(sorted(found, key=lambda each: each.built_at, reverse=True))


def check_files(index_dir: Path, manifest: Manifest) -> None:
    """Compare the files of a snapshot on the disk with its manifest, piece by piece.

    Raises:
        DamagedIndexError: One is missing or changed; the message names it.

    """
    for name, record in manifest.files.items():
        path = index_dir / manifest.snapshot / name
        try:
            found = record_of_file(path)
        except OSError as error:
            what = f"{path} can't be read ({error.strerror or error})"
            raise damaged(index_dir, what) from error
        if found != record:
            raise _other_contents(index_dir, path)


def find_vectors(index_dir: Path, manifest: Manifest, store: VectorStore) -> None:
    """See that a store has the vectors of a snapshot.

    Raises:
        CitadelError: The store fails.
        DamagedIndexError: It does not have them, or the file that says where is damaged.

    """
    try:
        for kind in KINDS:
            stored_vectors(partial(read_part, index_dir, manifest), manifest, store, kind)
    except ValueError as error:
        raise damaged(index_dir, str(error)) from error


def kept_rows(index_dir: Path, store: VectorStore) -> Iterator[bytes]:
    """Return what the files of all snapshots keep of vectors in a store, each read when asked.

    Raises:
        OSError: The folder itself can't be read.
        DamagedIndexError: Once asked: what a snapshot keeps can't be read.

    """
    return _remote_rows(index_dir, snapshot_names(index_dir), store)


def _remote_rows(index_dir: Path, names: Sequence[str], store: VectorStore) -> Iterator[bytes]:
    for name in names:
        try:
            manifest = read_manifest(index_dir, name)
        except CitadelError as error:
            raise DamagedIndexError(str(error)) from error
        if manifest.store == store.name:
            for kind in KINDS:
                yield read_part(index_dir, manifest, vectors_file(manifest, kind))


def load_articles(index_dir: Path, manifest: Manifest) -> tuple[Article, ...]:
    """Load the articles of a snapshot alone.

    Raises:
        DamagedIndexError: Their file is damaged.

    """
    return stored_articles(partial(read_part, index_dir, manifest))


def load_parses(index_dir: Path) -> tuple[tuple[Article, ...], ParseCache]:
    """Load the articles of the current snapshot, and what their files were read as.

    Raises:
        CitadelError: There is no index.
        DamagedIndexError: A file of it is damaged.

    """
    part = partial(read_part, index_dir, read_manifest(index_dir))
    articles = stored_articles(part)
    return articles, stored_parses(part, articles)


def _load(
    index_dir: Path,
    manifest: Manifest,
    encoder_of: EncoderOf,
    store: VectorStore,
    served: PassageIndex | None = None,
) -> PassageIndex:
    if manifest.store != store.name:
        raise _other_store(index_dir, manifest)
    with ThreadPoolExecutor(1) as background:
        # Files are read and hashed while the model is loaded: neither keeps all cores busy.
        parts = background.submit(
            read_parts,
            partial(read_part, index_dir, manifest),
            partial(_open_part, index_dir, manifest, _open_files(served)),
            partial(damaged, index_dir),
            manifest,
            store,
        )
        encoder = encoder_of(manifest.model)
    if manifest.model_sha256 != encoder.fingerprint:
        raise _other_model(index_dir, manifest, encoder)
    if manifest.backend == encoder.backend and is_replaced(manifest.conversion, encoder.conversion):
        raise CitadelError(
            f"The converted model in {index_dir / MODELS} is not the one that the index in "
            f"{index_dir} was built with; remove that folder, and it is made anew."
        )
    try:
        index = parts.result()(encoder)
    except (ValueError, KeyError, TypeError) as error:
        what = f"{index_dir / manifest.snapshot} holds parts that do not fit together"
        raise damaged(index_dir, what) from error
    try:
        check_canary(index, manifest.canary)
    except ValueError as error:
        what = f"{index_dir / manifest.snapshot} does not answer as it did when built: {error}"
        raise damaged(index_dir, what) from error
    return index


def _open_files(index: PassageIndex | None) -> dict[str, OpenFile]:
    """Return the files that an index keeps open, by their names."""
    if index is None or not isinstance(index.token_vectors, StoredTokens):
        return {}
    return {stored.file.path.name: stored.file for stored in index.token_vectors.files}


def read_part(index_dir: Path, manifest: Manifest, name: str) -> bytes:
    """Read a file of a snapshot once.

    Raises:
        DamagedIndexError: It is not what the manifest says.

    """
    path = index_dir / manifest.snapshot / name
    data = read_bytes(index_dir, path)
    if record_of(data) != manifest.files[name]:
        raise _other_contents(index_dir, path)
    return data


def _open_part(
    index_dir: Path, manifest: Manifest, known: Mapping[str, OpenFile], name: str
) -> OpenFile:
    """Open a file of a snapshot and read it once; refuse it as ``read_part`` does.

    One that was opened and read before, and is the same file unchanged, is not read again.
    """
    path = index_dir / manifest.snapshot / name
    before = known.get(path.name)
    try:
        if before is not None and before.is_at(path):
            return before
        opened = open_verified(path, manifest.files[name].sha256)
    except OSError as error:
        what = f"{path} can't be read ({error.strerror or error})"
        raise damaged(index_dir, what) from error
    if opened is None:
        raise _other_contents(index_dir, path)
    return opened


def _other_contents(index_dir: Path, path: Path) -> DamagedIndexError:
    return damaged(index_dir, f"{path} is damaged: its SHA-256 is not the manifest's")


def _other_model(index_dir: Path, manifest: Manifest, encoder: Encoder) -> CitadelError:
    if manifest.model == encoder.name:
        return CitadelError(
            f"The index in {index_dir} was built with other weights or settings of the model "
            f"{manifest.model} than are there now; run {rebuild(index_dir)} to build it again."
        )
    return CitadelError(
        f"The index in {index_dir} was built with the model {manifest.model}, "
        f"not with {encoder.name}; ask with --model {manifest.model}, "
        f"or run {command('build', index_dir, '--model', encoder.name)}."
    )


def _other_store(index_dir: Path, manifest: Manifest) -> CitadelError:
    mend = (
        "leave out --store and --store-url"
        if manifest.store == FAISS.name
        else f"give --store {manifest.store} and its --store-url"
    )
    return CitadelError(
        f"The index in {index_dir} keeps its vectors in the {manifest.store} store; {mend}."
    )


def _unchanged(index_dir: Path, pointer: Pointer) -> bool:
    try:
        return read_pointer(index_dir) == pointer
    except DamagedIndexError:
        return True
