"""Looks at what a server needs before it starts, and says the mend where something is amiss."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from citadel.index.corpus.formats.recognising import NOT_INSTALLED, program
from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_log import AUDIT_LOG, check_log, check_writable
from citadel.index.snapshots.loading import EncoderOf, check_files, load_current
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.snapshots import command, has_index, read_manifest
from citadel.index.stores.base import VectorStore
from citadel.qa.answer.calibration import CALIBRATION, load_calibration
from citadel.qa.service.listening import check_address

_SPARE = 200_000_000
"""Bytes that a server needs for what readers report, for logs and temporary files."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look gave.

    Attributes:
        subject: What was looked at.
        is_well: Whether a server can do with it.
        told: What was found; where it is not well, also the mend.

    """

    subject: str
    is_well: bool
    told: str

    def __str__(self) -> str:
        return f"{'ok ' if self.is_well else 'bad'} {self.subject}: {self.told}"


def examine(
    index_dir: Path,
    host: str,
    port: int,
    encoder_of: EncoderOf,
    store: VectorStore,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Finding]:
    """Yield what is found of disk, permissions, model, index, log, scans, port and clock.

    Nothing is changed by it, and nothing is built that is missing.

    Args:
        index_dir: The folder of the index.
        host: Where the server is to listen.
        port: The port.
        encoder_of: Loads a model.
        store: What keeps the vectors.
        now: The clock of the machine.

    """
    yield _look("permissions", lambda: _permissions(index_dir))
    manifest: Manifest | None = None
    if has_index(index_dir):
        yield _look("files", lambda: _files(index_dir))
        try:
            manifest = read_manifest(index_dir)
        except CitadelError as error:
            yield Finding("index", False, str(error))
    else:
        yield Finding(
            "index", False, f"there is none in {index_dir}; run {command('build', index_dir)}"
        )
    yield _look("disk", lambda: _disk(index_dir, manifest))
    if manifest is not None:
        built = manifest
        yield _look("model", lambda: _model(built, encoder_of))
        yield _look("index", lambda: _index(index_dir, encoder_of, store))
        if (index_dir / AUDIT_LOG).exists():
            yield _look("audit log", lambda: _audit_log(index_dir))
        if (index_dir / CALIBRATION).exists():
            yield _look("calibration", lambda: _calibration(index_dir, built))
    yield Finding("scanned pages", True, _scans())
    yield _look("port", lambda: _port(host, port))
    yield _look("clock", lambda: _clock(manifest, now()))


def _look(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, look())
    except CitadelError as error:
        return Finding(subject, False, str(error))


def _permissions(index_dir: Path) -> str:
    there = next(folder for folder in (index_dir, *index_dir.parents) if folder.exists())
    if not os.access(there, os.R_OK | os.X_OK):
        raise CitadelError(f"{there} can't be read; give this user the right to, or be another.")
    if not os.access(there, os.W_OK):
        raise CitadelError(
            f"{there} can't be written, so nothing can be built or added, and a converted model "
            "can't be kept; give this user the right to, or serve an index that is complete."
        )
    return f"{there} can be read and written"


def _files(index_dir: Path) -> str:
    manifest = read_manifest(index_dir)
    check_files(index_dir, manifest)
    return f"{len(manifest.files)} of {manifest.snapshot}, none damaged"


def _disk(index_dir: Path, manifest: Manifest | None) -> str:
    there = next(folder for folder in (index_dir, *index_dir.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    # A build writes the new index next to the one that is served.
    size = sum(record.size for record in manifest.files.values()) if manifest else 0
    needed = size + _SPARE
    if free < needed:
        raise CitadelError(
            f"{_size(free)} are free at {there}, and the next build needs {_size(needed)}; make "
            "room, or choose another folder with --index-dir."
        )
    return f"{_size(free)} are free at {there}; the next build needs {_size(needed)}"


def _model(manifest: Manifest, encoder_of: EncoderOf) -> str:
    encoder = encoder_of(manifest.model)
    return f"{manifest.model}, computed by {encoder.backend}"


def _index(index_dir: Path, encoder_of: EncoderOf, store: VectorStore) -> str:
    index = load_current(index_dir, encoder_of, store)
    return f"{index.snapshot} answers; articles: {len(index.articles)}"


def _calibration(index_dir: Path, manifest: Manifest) -> str:
    found = load_calibration(index_dir)
    if found is None or found.model_sha256 != manifest.model_sha256:
        return "made with another model, and not used"
    read = "with the reader" if found.reader else "without the reader"
    return f"made of {found.questions} questions, and used {read}"


def _audit_log(index_dir: Path) -> str:
    check_writable(index_dir)
    checked = check_log(index_dir)
    return "has no line yet" if checked is None else str(checked)


def _port(host: str, port: int) -> str:
    return f"{check_address(host, port)}, port {port}, is free"


def _scans() -> str:
    """Return what becomes of pages that are pictures; a server does without."""
    found = program()
    return f"their text is recognised by {found}" if found else f"not read; {NOT_INSTALLED}"


def _clock(manifest: Manifest | None, now: datetime) -> str:
    if manifest is not None and now < datetime.fromisoformat(manifest.built_at):
        raise CitadelError(
            f"It says {now:%Y-%m-%d %H:%M} UTC, before the index was built ({manifest.built_at}); "
            "set it, for instance with “timedatectl set-ntp true”."
        )
    return f"{now:%Y-%m-%d %H:%M} UTC"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
