"""Embeds a collection, a chunk at a time; what was embedded before is taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from citadel.index.corpus.passages import Passage
from citadel.index.encoders.embeddings import (
    Embeddings,
    Encodings,
    Rows,
    encode_passages,
    join,
    split_digests,
    take,
    texts_of,
)
from citadel.index.encoders.encoder import Encoder

CHUNK = 256
"""How many passages are embedded and stored at a time: some ten seconds' work, and 15 MB."""

Progress = Callable[[int, int], None]

Stored = TypeVar("Stored", bound=Encodings)
Stored_co = TypeVar("Stored_co", bound=Encodings, covariant=True)


@dataclass(frozen=True, slots=True)
class Embedded(Generic[Stored_co]):
    """Where the encodings of the passages of a collection are.

    Attributes:
        parts: Groups of encodings. A group may hold some of passages that the collection lacks.
        part_of: int64, (passages,): the group of each passage of the collection.
        row_of: int64, (passages,): its row there.

    """

    parts: tuple[Stored_co, ...]
    part_of: Rows
    row_of: Rows

    def by_part(self) -> Iterator[tuple[Stored_co, Rows, Rows]]:
        """Yield each group with the passages that are in it: their numbers, and their rows."""
        order = np.argsort(self.part_of, kind="stable")
        ends = np.searchsorted(self.part_of[order], np.arange(1, len(self.parts)))
        for part, passages in zip(self.parts, np.split(order, ends), strict=True):
            yield part, passages, self.row_of[passages]


def embed(
    passages: Sequence[Passage],
    digests: npt.NDArray[np.uint8],
    encoder: Encoder,
    reusable: Iterable[Stored],
    store: Callable[[Embeddings], Stored],
    progress: Progress,
) -> Embedded[Stored]:
    """Encode the passages without reusable encodings, and return where the encodings of all are.

    A group of which few passages are wanted is not kept: its wanted encodings are copied into a
    new group, so that there are never more than two groups for each chunk of the collection.

    Args:
        passages: Those of the collection.
        digests: uint8, (passages, 32): see ``passage_digest``.
        encoder: The model.
        reusable: What the same model made of passages before.
        store: Called with each new group; returns where it is from now on.
        progress: Called with the number of texts encoded so far, and of all that have to be.

    """
    keys = split_digests(digests)
    # Of equal passages any will do; it takes the place of the first.
    wanted = {key: number for number, key in enumerate(keys)}
    kept: list[Stored] = []
    loose: list[tuple[Stored, Rows]] = []
    for part, rows in _useful(reusable, set(wanted)):
        for row in rows:
            del wanted[part.contents.digest(int(row))]
        if len(rows) >= CHUNK // 2:
            kept.append(part)
        else:
            loose.append((part, rows))
    new = [passages[number] for number in wanted.values()]
    chunks = [new[first : first + CHUNK] for first in range(0, len(new), CHUNK)]
    stored = _packed(_parts(loose, chunks, encoder, progress))
    return _located((*kept, *map(store, stored)), keys)


def _useful(reusable: Iterable[Stored], wanted: set[bytes]) -> Iterator[tuple[Stored, Rows]]:
    """Yield what holds encodings that are wanted, those with the most first, and their rows."""
    for part in sorted(reusable, key=lambda part: -len(wanted & part.contents.all_digests())):
        held = split_digests(part.contents.digests)
        rows = [row for row, digest in enumerate(held) if digest in wanted]
        wanted.difference_update(held)
        if rows:
            yield part, np.array(rows, dtype=np.int64)


def _parts(
    loose: Sequence[tuple[Encodings, Rows]],
    chunks: Sequence[Sequence[Passage]],
    encoder: Encoder,
    progress: Progress,
) -> Iterator[Embeddings]:
    total = sum(len(texts_of(chunk)) for chunk in chunks)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        # A long text is encoded in several windows.
        done = min(done + count, total)
        progress(done, total)

    for part, rows in loose:
        yield take(part, rows)
    progress(0, total)
    for chunk in chunks:
        yield encode_passages(chunk, encoder, advance)
    progress(total, total)


def _packed(parts: Iterable[Embeddings]) -> Iterator[Embeddings]:
    """Join or cut parts into chunks; the last one may be shorter."""
    waiting: list[Embeddings] = []
    for part in parts:
        waiting.append(part)
        while sum(len(each.contents) for each in waiting) >= CHUNK:
            whole = join(waiting)
            yield take(whole, np.arange(CHUNK))
            waiting = [take(whole, np.arange(CHUNK, len(whole.contents)))]
    if any(len(each.contents) for each in waiting):
        yield join(waiting)


def _located(parts: tuple[Stored, ...], digests: Sequence[bytes]) -> Embedded[Stored]:
    places = {
        digest: (number, row)
        for number, part in reversed(list(enumerate(parts)))
        for row, digest in enumerate(split_digests(part.contents.digests))
    }
    found = np.array([places[digest] for digest in digests], dtype=np.int64).reshape(-1, 2)
    return Embedded(parts, found[:, 0], found[:, 1])
