"""Deals rows into folds for cross-validation; what belongs together stays in one fold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

FOLDS = 6


class Grouped(Protocol):
    """A row of a data set that belongs to a group."""

    @property
    def dataset(self) -> str:
        """Where it is from."""

    @property
    def group(self) -> str:
        """What is never in two folds."""


def folds_of(rows: Sequence[Grouped], seed: int) -> npt.NDArray[np.int64]:
    """Return int64, (rows,): the fold of each row, 0 to ``FOLDS`` less one.

    The groups of each data set are dealt out in an order that the seed determines.
    """
    fold: dict[tuple[str, str], int] = {}
    for dataset in dict.fromkeys(row.dataset for row in rows):
        groups = sorted({row.group for row in rows if row.dataset == dataset})
        random.Random(seed).shuffle(groups)
        fold.update({(dataset, group): place % FOLDS for place, group in enumerate(groups)})
    return np.array([fold[row.dataset, row.group] for row in rows], dtype=np.int64)
