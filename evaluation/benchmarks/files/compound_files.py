"""Writes compound files as Outlook does when it saves a mail."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from itertools import chain

_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF

Folder = Mapping[str, "bytes | Folder"]


def prop(number: int, kind: int) -> str:
    """Return the name of the stream of a property."""
    return f"__substg1.0_{number:04X}{kind:04X}"


def text(number: int, words: str) -> dict[str, bytes]:
    """Return a property that is a text."""
    return {prop(number, 0x001F): words.encode("utf-16-le")}


def fixed(*rows: tuple[int, int, int]) -> bytes:
    """Return the stream of the properties that have none of their own: number, kind and value."""
    return bytes(32) + b"".join(
        struct.pack("<HHIQ", kind, number, 0, value) for number, kind, value in rows
    )


def compound(root: Folder) -> bytes:
    """Return a compound file of streams and folders."""
    entries: list[tuple[str, int, int, int, int, int]] = []
    small = bytearray()
    small_chain: list[int] = []
    large = bytearray()
    large_chains: list[tuple[int, int]] = []

    def add(name: str, content: bytes | Folder, kind: int) -> int:
        number = len(entries)
        entries.append((name, kind, _NONE, _NONE, 0, 0))
        if isinstance(content, bytes):
            start = _END
            if content and len(content) < _CUTOFF:
                start = len(small) // _SMALL
                count = -(-len(content) // _SMALL)
                small.extend(content.ljust(count * _SMALL, b"\0"))
                small_chain.extend([*range(start + 1, start + count), _END])
            elif content:
                start = len(large) // _SECTOR
                count = -(-len(content) // _SECTOR)
                large.extend(content.ljust(count * _SECTOR, b"\0"))
                large_chains.append((start, count))
            entries[number] = (name, kind, _NONE, _NONE, start, len(content))
            return number
        following = child = _NONE
        for inner, value in reversed(list(content.items())):
            child = add(inner, value, 2 if isinstance(value, bytes) else 1)
            inner_name, inner_kind, _, inside, start, size = entries[child]
            entries[child] = (inner_name, inner_kind, following, inside, start, size)
            following = child
        entries[number] = (name, kind, _NONE, child, 0, 0)
        return number

    add("Root Entry", root, 5)
    # The table of sectors comes first, then the directory, the small streams, and the large.
    directory_sectors = -(-len(entries) * 128 // _SECTOR)
    small_table = struct.pack(f"<{len(small_chain)}I", *small_chain)
    small_table_sectors = -(-len(small_table) // _SECTOR)
    small_sectors = -(-len(small) // _SECTOR)
    others = directory_sectors + small_table_sectors + small_sectors + len(large) // _SECTOR
    # Each sector of the table has room for 128, its own among them.
    tables = next(count for count in range(1, 110) if 128 * count >= count + others)
    first_large = tables + directory_sectors + small_table_sectors + small_sectors

    def linked(first: int, count: int) -> list[int]:
        return [*range(first + 1, first + count), _END] if count else []

    directory, table, streams = (
        tables,
        tables + directory_sectors,
        tables + directory_sectors + small_table_sectors,
    )
    sectors = [
        *[_FAT] * tables,
        *linked(directory, directory_sectors),
        *linked(table, small_table_sectors),
        *linked(streams, small_sectors),
        *chain.from_iterable(linked(first_large + start, n) for start, n in large_chains),
    ]
    free = [_FREE] * (128 * tables - len(sectors))
    fat = struct.pack(f"<{128 * tables}I", *sectors, *free)
    written = b"".join(
        _entry(name, kind, following, child, start, size, first_large)
        for name, kind, following, child, start, size in [
            ("Root Entry", 5, _NONE, entries[0][3], streams if small else _END, len(small)),
            *entries[1:],
        ]
    )
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"), bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0, tables,
        directory, 0, _CUTOFF, table if small_table else _END, small_table_sectors, _END, 0, 0,
    )  # fmt: skip
    return b"".join(
        (
            (header + struct.pack(f"<{tables - 1}I", *range(1, tables))).ljust(_SECTOR, b"\xff"),
            fat,
            written.ljust(directory_sectors * _SECTOR, b"\0"),
            small_table.ljust(small_table_sectors * _SECTOR, b"\xff"),
            bytes(small).ljust(small_sectors * _SECTOR, b"\0"),
            bytes(large),
        )
    )


def _entry(
    name: str, kind: int, following: int, child: int, start: int, size: int, first_large: int
) -> bytes:
    if kind == 2 and size >= _CUTOFF:
        start += first_large
    encoded = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sI8s8sIQ",
        encoded, len(encoded) + 2, kind, 1, _NONE, following, child, bytes(16), 0, bytes(8),
        bytes(8), start, size,
    )  # fmt: skip
