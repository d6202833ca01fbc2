from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.encoders.embeddings import (
    Contents,
    Embeddings,
    encode_passages,
    join,
    passage_digest,
    spread,
    take,
    texts_of,
)
from tests.fake_encoder import DIMENSION, FakeEncoder, encode


def passage(text: str, *cuts: int, start: int = 0) -> Passage:
    """A passage whose sentences begin at its start and at the cuts, with a space before each."""
    edges = [0, *cuts, len(text) + 1]
    sentences = tuple(Span(start + first, start + after - 1) for first, after in pairwise(edges))
    return Passage("a.md", "A", "A", 1, start, start + len(text), text, sentences)


FERRY = passage("It crosses. It takes time.", 12, start=40)
BRIDGE = passage("The flood took the bridge away.")
PASSAGES = [FERRY, BRIDGE, passage("It crosses.")]


def equal(one: Embeddings, other: Embeddings) -> bool:
    """Whether all arrays are the same, to the bit."""
    columns = [
        *(
            (getattr(one.contents, f.name), getattr(other.contents, f.name))
            for f in fields(Contents)
        ),
        (one.vectors, other.vectors),
        (one.sentence_vectors, other.sentence_vectors),
        (one.tokens.codes, other.tokens.codes),
        (one.tokens.steps, other.tokens.steps),
    ]
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in columns)


@pytest.fixture
def encoded() -> Embeddings:
    return encode_passages(PASSAGES, FakeEncoder(), lambda _: None)


def test_what_is_encoded_of_passages(encoded: Embeddings) -> None:
    contents = encoded.contents
    assert [contents.digest(row) for row in range(3)] == [passage_digest(p) for p in PASSAGES]
    assert contents.sentence_counts.tolist() == [2, 1, 1]
    assert contents.token_counts.tolist() == [7, 7, 3]
    assert contents.sentence_tokens.tolist() == [[0, 3], [3, 7], [0, 7], [0, 3]]
    # “It” and the full stop stand twice in the first passage.
    assert contents.piece_counts.tolist() == [5, 7, 3]
    assert contents.pieces[:5].tolist() == sorted(set(encode(FERRY.text).token_ids.tolist()))
    np.testing.assert_array_equal(encoded.vectors[1], encode(BRIDGE.text).vector)
    np.testing.assert_array_equal(encoded.sentence_vectors[1], encode("It takes time.").vector)


def test_a_token_is_the_mean_of_its_two_readings(encoded: Embeddings) -> None:
    whole, alone = encode(FERRY.text), encode("It takes time.")
    mean = whole.token_vectors[3:7] + alone.token_vectors
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    found = encoded.tokens.codes[3:7] * encoded.tokens.steps[3:7, np.newaxis]
    np.testing.assert_allclose(found, mean, atol=float(encoded.tokens.steps.max()) / 2 + 1e-6)


def test_nothing_is_encoded_twice() -> None:
    encoder = FakeEncoder()
    encode_passages(PASSAGES, encoder, lambda _: None)
    assert (
        encoder.encoded
        == [texts_of(PASSAGES)]
        == [[FERRY.text, BRIDGE.text, "It crosses.", "It takes time."]]
    )


def test_the_digest_is_that_of_text_and_sentences() -> None:
    moved = passage(FERRY.text, 12)
    assert passage_digest(moved) == passage_digest(FERRY)
    assert passage_digest(replace(FERRY, section="B", title="B")) == passage_digest(FERRY)
    assert passage_digest(passage(FERRY.text)) != passage_digest(FERRY)
    assert passage_digest(passage(FERRY.text, 3)) != passage_digest(FERRY)
    assert passage_digest(passage(FERRY.text.upper(), 12)) != passage_digest(FERRY)


@pytest.mark.parametrize("rows", [[0], [1], [2, 0], [0, 1, 2], [1, 1]])
def test_some_of_the_encodings(encoded: Embeddings, rows: list[int]) -> None:
    chosen = [encode_passages([PASSAGES[row]], FakeEncoder(), lambda _: None) for row in rows]
    assert equal(take(encoded, np.array(rows)), join(chosen))


def test_rows_of_ranges() -> None:
    rows = spread(np.array([5, 0, 9]), np.array([2, 0, 3]))
    assert rows.tolist() == [5, 6, 9, 10, 11]
    assert spread(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []


def test_columns_that_do_not_go_together(encoded: Embeddings) -> None:
    with pytest.raises(ValueError, match="the columns of 2 encoded passages disagree"):
        replace(encoded.contents, digests=encoded.contents.digests[:2])
    with pytest.raises(ValueError, match="the columns of 3 encoded passages disagree"):
        replace(encoded.contents, pieces=encoded.contents.pieces[:-1])


def test_vectors_of_other_passages(encoded: Embeddings) -> None:
    message = r"vectors of \(3, 0, 17\) passages, sentences and tokens where there are \(3, 4, 17\)"
    with pytest.raises(ValueError, match=message):
        replace(encoded, sentence_vectors=np.zeros((0, DIMENSION), np.float32))
