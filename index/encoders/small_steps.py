"""Finds weights that were published in four bits, and takes them apart without loss.

In such a model each block of 32 weights is made of whole numbers from -8 to 7 times a step of 16
bits. Unpacked into 32 bits they take four times the memory that the numbers take in a byte each,
from which the same products are computed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK = 32
_LEAST, _MOST = -8, 7

Numbers = npt.NDArray[np.int8]
Steps = npt.NDArray[np.float32]


def taken_apart(weights: npt.NDArray[Any]) -> tuple[Numbers, Steps] | None:
    """Return the numbers and the steps that weights are the exact products of; None if none are.

    Args:
        weights: float32, (rows, columns).

    Returns:
        int8, (rows, blocks, 32), and float32, (rows, blocks, 1).

    """
    if weights.dtype != np.float32 or weights.ndim != 2 or weights.shape[1] % BLOCK:
        return None
    blocks = weights.reshape(len(weights), -1, BLOCK)
    # The first row shows weights that were never in four bits, without reading the others.
    if _parts(blocks[:1]) is None:
        return None
    return _parts(blocks)


def _parts(blocks: npt.NDArray[np.float32]) -> tuple[Numbers, Steps] | None:
    """Try the steps of which the largest weight of each block is a multiple, the largest first."""
    largest = np.abs(blocks).max(axis=-1, keepdims=True)
    steps = np.ones_like(largest)
    found = largest == 0
    for multiple in range(-_LEAST, 0, -1):
        step = (largest / multiple).astype(np.float16).astype(np.float32)
        for signed in (step, -step):
            numbers = np.rint(np.divide(blocks, signed, where=signed != 0, out=blocks * 0))
            inside = (numbers >= _LEAST) & (numbers <= _MOST)
            exact = (inside & (numbers * signed == blocks)).all(axis=-1, keepdims=True)
            steps = np.where(exact & ~found, signed, steps)
            found |= exact
    if not found.all():
        return None
    return np.rint(blocks / steps).astype(np.int8), steps
