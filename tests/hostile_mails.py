"""Mails of Outlook that are broken or lie: a compound file is a small file system."""

import struct
from collections.abc import Iterator

from citadel.evaluation.benchmarks.files.compound_files import compound, fixed, text

_SECTOR, _ENTRY = 512, 128
_SHIFT, _TABLES, _DIRECTORY = 30, 44, 48
"""Where the header has the size of a sector, the number of tables and the directory."""

_LEFT, _RIGHT, _CHILD, _START, _SIZE = 68, 72, 76, 116, 120
"""Where an entry of the directory has its neighbours, its first child, its place and its size."""

_LONG = "The ferry crosses the river every half hour. " * 200


def mail(title: str, words: str) -> bytes:
    """A mail with a subject and a text."""
    properties = {"__properties_version1.0": fixed(), **text(0x0037, title), **text(0x1000, words)}
    return compound(properties)


def hostile_mails() -> Iterator[tuple[str, bytes]]:
    """Yield the names of mails that can't be read, and what is in them."""
    whole = mail("About a ferry", _LONG)
    (directory,) = struct.unpack_from("<I", whole, _DIRECTORY)
    first = (directory + 1) * _SECTOR
    body = first + _ENTRY
    yield "header.msg", whole[:_SECTOR]
    yield "cut.msg", whole[: first + 200]
    yield "truncated.msg", whole[: len(whole) - 9_000]
    for entry in (1, 2, 3):
        own = first + entry * _ENTRY
        yield f"cycle-{entry}.msg", _changed(whole, own + _RIGHT, entry)
        yield f"back-{entry}.msg", _changed(whole, own + _LEFT, 1)
    yield "child.msg", _changed(whole, first + _CHILD, 0)
    yield "huge.msg", _changed(whole, body + _SIZE, 0x7FFFFFFF)
    yield "endless.msg", _changed(whole, body + _SIZE, 0xFFFFFFFF)
    yield "outside.msg", _changed(whole, body + _START, 0x00FFFFFF)
    yield "tables.msg", _changed(whole, _TABLES, 0x7FFFFFFF)
    yield "sectors.msg", _changed(whole, _SHIFT, 31, "<H")
    yield "nowhere.msg", _changed(whole, _DIRECTORY, 0x00FFFFFF)
    (after,) = struct.unpack_from("<I", whole, body + _START)
    yield "loop.msg", _changed(whole, _SECTOR + 4 * after, after)
    yield "loop-of-names.msg", _changed(whole, _SECTOR + 4 * directory, directory)


def _changed(data: bytes, place: int, value: int, kind: str = "<I") -> bytes:
    changed = bytearray(data)
    struct.pack_into(kind, changed, place, value)
    return bytes(changed)
