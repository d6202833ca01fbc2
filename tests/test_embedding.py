"""What was embedded before is taken over; the rest is embedded, chunk by chunk."""

import numpy as np
import numpy.typing as npt
import pytest

from citadel.index.build.embedding import CHUNK, Embedded, embed
from citadel.index.corpus.passages import Passage
from citadel.index.encoders.embeddings import (
    Embeddings,
    encode_passages,
    join,
    passage_digest,
    take,
    texts_of,
)
from tests.fake_encoder import FakeEncoder, Killed
from tests.test_encoded_passages import equal, passage


def numbered(first: int, last: int) -> list[Passage]:
    return [
        passage(f"Passage {number}. It is one.", 11 + (number > 9) + (number > 99))
        for number in range(first, last)
    ]


class Storage:
    """Keeps in memory what is stored."""

    def __init__(self) -> None:
        self.parts: list[Embeddings] = []

    def store(self, encoded: Embeddings) -> Embeddings:
        self.parts.append(encoded)
        return encoded


def ignore(_done: int, _total: int) -> None:
    """Show no progress."""


def embedded(
    passages: list[Passage], reusable: tuple[Embeddings, ...] = ()
) -> tuple[Embedded[Embeddings], FakeEncoder, Storage]:
    encoder, storage = FakeEncoder(), Storage()
    found = embed(passages, digests(passages), encoder, reusable, storage.store, ignore)
    return found, encoder, storage


def digests(passages: list[Passage]) -> npt.NDArray[np.uint8]:
    return np.array([list(passage_digest(passage)) for passage in passages], dtype=np.uint8)


def in_order(found: Embedded[Embeddings]) -> Embeddings:
    """The encodings of all passages, in their order."""
    return join(
        [
            take(found.parts[part], np.array([row]))
            for part, row in zip(found.part_of, found.row_of, strict=True)
        ]
    )


def of(passages: list[Passage]) -> Embeddings:
    return encode_passages(passages, FakeEncoder(), lambda _: None)


def sizes(parts: tuple[Embeddings, ...] | list[Embeddings]) -> list[int]:
    return [len(part.contents) for part in parts]


def test_a_collection_is_embedded_in_chunks() -> None:
    passages = numbered(0, 2 * CHUNK + 3)
    found, encoder, storage = embedded(passages)
    assert sizes(found.parts) == sizes(storage.parts) == [CHUNK, CHUNK, 3]
    assert len(encoder.encoded) == 3
    assert equal(in_order(found), of(passages))


def test_only_new_passages_are_embedded() -> None:
    before, _, _ = embedded(numbered(0, 2 * CHUNK))
    passages = [*numbered(CHUNK // 4, CHUNK + 9), *numbered(900, 902), *numbered(CHUNK + 9, 500)]
    found, encoder, storage = embedded(passages, before.parts)
    assert encoder.encoded == [texts_of(numbered(900, 902))]
    assert sizes(storage.parts) == [2]
    # What holds more of the collection comes first.
    assert found.parts == (before.parts[1], before.parts[0], storage.parts[0])
    assert equal(in_order(found), of(passages))


def test_small_groups_are_put_together() -> None:
    parts = tuple(of(numbered(first, first + 100)) for first in (0, 100, 200))
    passages = numbered(0, 301)
    found, encoder, storage = embedded(passages, parts)
    assert sizes(found.parts) == sizes(storage.parts) == [CHUNK, 301 - CHUNK]
    assert encoder.encoded == [texts_of(numbered(300, 301))]
    assert equal(in_order(found), of(passages))


def test_a_group_that_is_mostly_dead_is_copied_out_of() -> None:
    before, _, _ = embedded(numbered(0, CHUNK))
    found, encoder, storage = embedded(numbered(0, CHUNK // 2 - 1), before.parts)
    assert (sizes(found.parts), encoder.encoded) == ([CHUNK // 2 - 1], [])
    kept, encoder, storage = embedded(numbered(0, CHUNK // 2), before.parts)
    assert (kept.parts, encoder.encoded, storage.parts) == (before.parts, [], [])


def test_what_holds_most_is_taken_first() -> None:
    whole, part = of(numbered(0, CHUNK)), of(numbered(0, CHUNK - 1))
    found, encoder, storage = embedded(numbered(0, CHUNK), (part, whole))
    assert (found.parts, encoder.encoded, storage.parts) == ((whole,), [], [])


def test_one_text_twice_is_embedded_once() -> None:
    passages = [*numbered(0, 2), *numbered(0, 1)]
    found, _, _ = embedded(passages)
    assert sizes(found.parts) == [2]
    assert (found.part_of.tolist(), found.row_of.tolist()) == ([0, 0, 0], [0, 1, 0])


def test_a_build_that_is_killed_is_resumed() -> None:
    passages = numbered(0, 3 * CHUNK)
    storage = Storage()
    with pytest.raises(Killed):
        embed(passages, digests(passages), FakeEncoder(breaks_at=3), (), storage.store, ignore)
    assert sizes(storage.parts) == [CHUNK, CHUNK]
    found, encoder, _ = embedded(passages, tuple(storage.parts))
    assert [len(texts) for texts in encoder.encoded] == [2 * CHUNK + 1]
    assert equal(in_order(found), of(passages))


def test_progress_counts_the_texts_that_are_new() -> None:
    before = of(numbered(0, 10))
    seen: list[tuple[int, int]] = []
    embed(
        numbered(0, CHUNK + 20),
        digests(numbered(0, CHUNK + 20)),
        FakeEncoder(),
        (before,),
        Storage().store,
        lambda done, total: seen.append((done, total)),
    )
    first, total = 2 * CHUNK + 1, 2 * CHUNK + 1 + 21
    assert seen == [(0, total), (first, total), (total, total), (total, total)]


def test_the_passages_of_each_part() -> None:
    one, two = of(numbered(0, 200)), of(numbered(200, 400))
    passages = [*numbered(300, 302), *numbered(0, 199), *numbered(202, 400)]
    found, _, _ = embedded(passages, (one, two))
    assert [(part, numbers.tolist(), rows.tolist()) for part, numbers, rows in found.by_part()] == [
        (one, list(range(2, 201)), list(range(199))),
        (two, [0, 1, *range(201, 399)], [100, 101, *range(2, 200)]),
    ]
