"""Who changed the articles of an index, what and when: a file that lines are only added to.

Each line holds the SHA-256 of the line before it and one of itself, so a line that is changed,
taken out or put in is found. Anyone who may write the file can rewrite all of it: the last SHA-256,
kept elsewhere, shows that too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from citadel.index.disk import locked, record_of, sync
from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_entries import (
    CUT_OFF,
    UNLOGGED,
    Doer,
    Entry,
    Happening,
    system_user,
)
from citadel.index.snapshots.publishing import is_building
from citadel.index.snapshots.snapshots import command, current_name

AUDIT_LOG = "audit.jsonl"
"""In the folder of an index."""

_TAIL = 1 << 16
"""Bytes; no line is longer, as no path is."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a log without a fault is like.

    Attributes:
        lines: How many there are.
        last_sha256: Of the last one.
        cut_off: The numbers of those that were broken off, as the line after each says.

    """

    lines: int
    last_sha256: str
    cut_off: tuple[int, ...]

    def __str__(self) -> str:
        cut_off = "".join(
            f" Line {number} was broken off, and the next says so." for number in self.cut_off
        )
        return (
            f"{self.lines} {'line' if self.lines == 1 else 'lines'}, each as it was written; the "
            "SHA-256 of the last is "
            f"{self.last_sha256}.{cut_off}"
        )


def log(index_dir: Path, before: str, snapshot: str, happenings: Sequence[Happening]) -> None:
    """Add what happened with one step from a snapshot to another.

    A line that was broken off is closed first, and a snapshot that nobody logged is logged.

    Args:
        index_dir: The folder of the index.
        before: The snapshot that was the current one; "" for none.
        snapshot: The one that is now.
        happenings: What happened, at least one.

    Raises:
        CitadelError: The log can't be written; the change itself is made.

    """
    told = [(snapshot, each) for each in happenings]
    _write(index_dir, before, told)


def check_writable(index_dir: Path) -> None:
    """Refuse a change, before it is made, that could not be logged.

    Raises:
        CitadelError: The log can't be written.

    """
    path = index_dir / AUDIT_LOG
    try:
        with locked(path):
            return
    except OSError as error:
        raise CitadelError(
            f"{path} can't be written ({error.strerror or error}), and nothing is changed that is "
            "not logged; give this user the right to write it."
        ) from error


def settle(index_dir: Path) -> None:
    """Close a line that was broken off, and write of a current snapshot that no line names.

    Raises:
        CitadelError: The log can't be written.

    """
    _write(index_dir, current_name(index_dir) or "", ())


def _write(index_dir: Path, before: str, told: Iterable[tuple[str, Happening]]) -> None:
    path = index_dir / AUDIT_LOG
    try:
        with locked(path), path.open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            lines, is_cut_off = _tail(file, size)
            extra = []
            if is_cut_off:
                extra.append(("", Happening(system_user(CUT_OFF))))
            if before and before != _told_last(lines):
                extra.append((before, Happening(Doer("", "", UNLOGGED))))
            last = lines[-1] if lines else None
            data = b"\n" if is_cut_off else b""
            for snapshot, happening in (*extra, *told):
                last = Entry.of(snapshot, happening, last).line()
                data += last + b"\n"
            _append(file, size, data)
        sync(index_dir)
    except OSError as error:
        raise CitadelError(
            f"What was changed is not written to {path} ({error.strerror or error}); make room or "
            f"give this user the right to write it, then run {command('build', index_dir)}."
        ) from error


def _told_last(lines: Sequence[bytes]) -> str:
    """Return the snapshot that the last lines name; "" where none does."""
    found = [Entry.read(line) for line in lines[-3:]]
    return next((each.snapshot for each in reversed(found) if each and each.snapshot), "")


def _append(file: BinaryIO, size: int, data: bytes) -> None:
    """Write through to the disk; what can't be written as a whole is taken back."""
    try:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        os.ftruncate(file.fileno(), size)
        raise


def _tail(file: BinaryIO, size: int) -> tuple[list[bytes], bool]:
    """Return the last lines, and whether the very last one was broken off."""
    file.seek(max(0, size - 2 * _TAIL))
    data = file.read()
    lines = data.split(b"\n")
    is_cut_off = bool(lines[-1])
    return (lines if is_cut_off else lines[:-1]), is_cut_off


def read_log(index_dir: Path) -> Iterator[Entry | None]:
    """Yield the lines of the log, oldest first; None for one that is none.

    Raises:
        CitadelError: The log can't be read.

    """
    for line in _lines(index_dir):
        yield Entry.read(line.removesuffix(b"\n"))


def check_log(index_dir: Path) -> Checked | None:
    """Compare each line with its SHA-256, and with that in the line after it.

    Returns:
        What the log is like; None where nothing was ever logged.

    Raises:
        CitadelError: A line is wrong, or one is missing; the message names it.

    """
    path = index_dir / AUDIT_LOG
    number, before, broken, entry = 0, "", 0, None
    snapshot = ""
    cut_off: list[int] = []
    for number, line in enumerate(_lines(index_dir), start=1):
        data = line.removesuffix(b"\n")
        if line == data:
            raise CitadelError(
                f"{path}, line {number}, was broken off while it was written; run "
                f"{command('build', index_dir)}, which closes it and says so in the log."
            )
        entry = Entry.read(data)
        follows = entry is not None and entry.before == before
        if broken and follows and entry is not None and entry.what == CUT_OFF:
            cut_off.append(broken)
        elif broken:
            raise _wrong(path, broken)
        broken = number if entry is None else 0
        if entry is not None:
            if not follows:
                raise CitadelError(
                    f"{path}, line {number}, does not follow the line before it: one was taken out "
                    "there, put in or exchanged; compare it with a copy of the log."
                )
            snapshot = entry.snapshot or snapshot
        before = record_of(data).sha256
    if broken:
        raise _wrong(path, broken)
    current = current_name(index_dir)
    if number and current not in (None, snapshot) and not is_building(index_dir):
        raise CitadelError(
            f"{path}, after line {number}, says nothing of {current}, the current index: a line "
            "was taken out there, or could not be written; compare it with a copy of the log, then "
            f"run {command('build', index_dir)}, which writes that into it."
        )
    return Checked(number, before, tuple(cut_off)) if number else None


def _wrong(path: Path, number: int) -> CitadelError:
    return CitadelError(
        f"{path}, line {number}, is not as it was written; compare it with a copy of the log."
    )


def _lines(index_dir: Path) -> Iterator[bytes]:
    path = index_dir / AUDIT_LOG
    try:
        with path.open("rb") as file:
            yield from file
    except FileNotFoundError:
        return
    except OSError as error:
        raise CitadelError(
            f"{path} can't be read ({error.strerror or error}); give this user the right to."
        ) from error
