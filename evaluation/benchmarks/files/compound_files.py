"""Writes compound files as Outlook does when it saves a mail."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    streams = _Streams()
    streams.add("Root Entry", root, 5)
    entries = streams.entries
    # The table of sectors comes first, then the directory, the small streams, and the large.
    directory_sectors = -(-len(entries) * 128 // _SECTOR)
    small_table = struct.pack(f"<{len(streams.small_chain)}I", *streams.small_chain)
    small_table_sectors = -(-len(small_table) // _SECTOR)
    small_sectors = -(-len(streams.small) // _SECTOR)
    others = directory_sectors + small_table_sectors + small_sectors
    others += len(streams.large) // _SECTOR
    # Each sector of the table has room for 128, its own among them.
    tables = next(count for count in range(1, 110) if 128 * count >= count + others)
    directory = tables
    table = directory + directory_sectors
    small = table + small_table_sectors
    large = small + small_sectors
    sectors = [
        *[_FAT] * tables,
        *_linked(directory, directory_sectors),
        *_linked(table, small_table_sectors),
        *_linked(small, small_sectors),
        *chain.from_iterable(_linked(large + start, n) for start, n in streams.large_chains),
    ]
    free = [_FREE] * (128 * tables - len(sectors))
    fat = struct.pack(f"<{128 * tables}I", *sectors, *free)
    first = small if streams.small else _END
    written = b"".join(
        _entry(*entry, large)
        for entry in [
            ("Root Entry", 5, _NONE, entries[0][3], first, len(streams.small)),
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
            bytes(streams.small).ljust(small_sectors * _SECTOR, b"\0"),
            bytes(streams.large),
        )
    )


@dataclass(slots=True)
class _Streams:
    """The entries of a file under way, and what their streams hold, small ones and large ones."""

    entries: list[tuple[str, int, int, int, int, int]] = field(default_factory=list)
    small: bytearray = field(default_factory=bytearray)
    small_chain: list[int] = field(default_factory=list)
    large: bytearray = field(default_factory=bytearray)
    large_chains: list[tuple[int, int]] = field(default_factory=list)

    def add(self, name: str, content: bytes | Folder, kind: int) -> int:
        """Add a stream, or a folder with all that is in it; return the number of its entry."""
        number = len(self.entries)
        self.entries.append((name, kind, _NONE, _NONE, 0, 0))
        if isinstance(content, bytes):
            start = self._start_of(content) if content else _END
            self.entries[number] = (name, kind, _NONE, _NONE, start, len(content))
            return number
        following = child = _NONE
        for inner, value in reversed(list(content.items())):
            child = self.add(inner, value, 2 if isinstance(value, bytes) else 1)
            inner_name, inner_kind, _, inside, start, size = self.entries[child]
            self.entries[child] = (inner_name, inner_kind, following, inside, start, size)
            following = child
        self.entries[number] = (name, kind, _NONE, child, 0, 0)
        return number

    def _start_of(self, content: bytes) -> int:
        """Keep the content of a stream; return where it begins, among the small or the large."""
        is_small = len(content) < _CUTOFF
        kept, unit = (self.small, _SMALL) if is_small else (self.large, _SECTOR)
        start = len(kept) // unit
        count = -(-len(content) // unit)
        kept.extend(content.ljust(count * unit, b"\0"))
        if is_small:
            self.small_chain.extend(_linked(start, count))
        else:
            self.large_chains.append((start, count))
        return start


def _linked(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END] if count else []


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
