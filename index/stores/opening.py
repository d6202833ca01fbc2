"""Opens the engine that keeps the vectors, by the name and address that a person gives."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from citadel.index.errors import CitadelError
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FaissStore

if TYPE_CHECKING:
    from citadel.index.stores.milvus import MilvusStore
    from citadel.index.stores.postgres import PostgresStore

STORES = ("faiss", "milvus", "postgres")

_NAMESPACE = "STORE"
_NAMESPACE_FORM = re.compile(r"[0-9a-f]{8}")


@contextmanager
def open_store(name: str, url: str | None, index_dir: Path) -> Iterator[VectorStore]:
    """Open a store, and close it at the end.

    Args:
        name: One of ``STORES``.
        url: The address of its server; FAISS has none.
        index_dir: The folder of indexes whose vectors it keeps.

    Raises:
        CitadelError: There is no such engine, the library it takes is not installed, its address
            is missing or makes no sense, or its server fails.

    """
    if name not in STORES:
        raise CitadelError(f"There is no store {name!r}; choose one of {', '.join(STORES)}.")
    if name == "faiss":
        if url is not None:
            raise CitadelError(
                "--store-url is the address of a server; leave it out, or say with --store "
                "whether it is milvus or postgres."
            )
        yield FaissStore()
        return
    if url is None:
        raise CitadelError(
            f"The {name} store is a server; give its address with --store-url or in the "
            "environment variable CITADEL_STORE_URL."
        )
    # The libraries are large, and perhaps not installed.
    server: type[MilvusStore] | type[PostgresStore]
    try:
        if name == "milvus":
            from citadel.index.stores.milvus import MilvusStore  # noqa: PLC0415

            server = MilvusStore
        else:
            from citadel.index.stores.postgres import PostgresStore  # noqa: PLC0415

            server = PostgresStore
    except ImportError as error:
        raise CitadelError(
            f"The {name} store takes the package {error.name}; "
            f"run “pip install citadel-qa[{name}]”."
        ) from error
    with closing(server(url, namespace_of(index_dir))) as store:
        yield store


def namespace_of(index_dir: Path) -> str:
    """Return what identifies a folder of indexes on a server: eight hexadecimal digits.

    It is drawn once and kept in the folder, so that the folder may be moved.

    Raises:
        CitadelError: It can't be kept, or what is kept is damaged.

    """
    path = index_dir / _NAMESPACE
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            drawn = index_dir / f"{_NAMESPACE}.{os.getpid()}.partial"
            drawn.write_text(f"{os.urandom(4).hex()}\n", "ascii")
            drawn.replace(path)
        namespace = path.read_text("utf-8", "replace").strip()
    except OSError as error:
        raise CitadelError(
            f"{path} can't be written or read ({error.strerror or error}); make room or choose "
            "another --index-dir."
        ) from error
    if not _NAMESPACE_FORM.fullmatch(namespace):
        raise CitadelError(
            f"{path} is damaged; remove it and run “python -m index build” to build the index "
            "again. What the store keeps under the old name stays there."
        )
    return namespace
