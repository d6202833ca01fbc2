"""The parts of an index belong together, and candidates are few and the best."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from citadel.index.retrieval.answer_types import offered_types
from citadel.index.retrieval.lexical import Vocabulary
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.stores.faiss_store import VectorIndex


def test_the_sentence_table_is_that_of_the_passages(passage_index: PassageIndex) -> None:
    table = passage_index.sentences
    number = 0
    tokens = 0
    for place, passage in enumerate(passage_index.passages):
        assert table.first[place] == number
        terms: set[int] = set()
        for span in passage.sentences:
            quote = passage.quote(span)
            ids = [
                passage_index.vocabulary.id_of(word.term)
                for word in passage_index.question_words(quote)
            ]
            assert table.terms_of(number) == set(ids)
            assert table.lengths(np.array([number])).tolist() == [len(ids)]
            assert tuple(table.types[number].tolist()) == offered_types(quote)
            assert table.announcing[number] == quote.endswith(":")
            assert table.passages[number] == place
            first, last = table.tokens[number]
            assert tokens <= first < last
            tokens = last
            terms |= table.terms_of(number)
            number += 1
        assert table.terms_of_passage(place) == terms
    assert table.first[-1] == number == len(passage_index.sentence_vectors)
    assert tokens <= len(passage_index.token_vectors)
    assert table.announcing.sum() > 0


@pytest.mark.parametrize("passages", [[0], [3, 5, 58], [7, 6], []])
def test_the_sentences_of_some_passages(passage_index: PassageIndex, passages: list[int]) -> None:
    table = passage_index.sentences
    chosen = np.array(passages, dtype=np.int64)
    numbers = [n for p in passages for n in range(len(table.passages)) if table.passages[n] == p]
    assert table.of_passages(chosen).tolist() == numbers
    if passages:
        starts = table.starts(chosen)
        assert [table.passages[numbers[start]] for start in starts] == passages
        assert all(start == 0 or table.passages[numbers[start - 1]] != passages[place]
                   for place, start in enumerate(starts))  # fmt: skip


def test_piece_counts(passage_index: PassageIndex) -> None:
    pieces = [
        set(encoding.token_ids.tolist())
        for encoding in passage_index.encoder.encode_texts(
            [passage.text for passage in passage_index.passages]
        )
    ]
    counts = passage_index.piece_counts
    assert counts.dtype == np.int32
    assert len(counts) == passage_index.encoder.pieces
    expected = Counter(piece for passage in pieces for piece in passage)
    assert {int(piece): int(counts[piece]) for piece in np.flatnonzero(counts)} == expected


@pytest.mark.parametrize(
    ("word", "there"),
    [("besieging", True), ("ALEPPO", True), ("Hananu’s", True), ("Hanano", False), ("?", False)],
)
def test_has_word(passage_index: PassageIndex, word: str, there: bool) -> None:
    assert passage_index.has_word(word) is there


@pytest.mark.parametrize("question", ["Who leads Jaish Halab?", "zzz qqq", "?", "the " * 100])
def test_candidates(passage_index: PassageIndex, question: str) -> None:
    found = passage_index.question_words(question)
    ids = [passage_index.vocabulary.id_of(word.term) for word in found]
    lexical = passage_index.bm25.scores([number for number in ids if number is not None])
    vector = passage_index.encoder.encode_questions([question])[0].vector
    candidates = passage_index.candidates(vector, lexical)
    assert candidates.dtype == np.int64
    assert candidates.tolist() == sorted(set(candidates.tolist()))
    assert len(candidates) == 32
    nearest, _ = passage_index.passage_vectors.search(vector, 1)
    assert int(nearest[0]) in candidates
    if lexical.max() > 0:
        assert int(lexical.argmax()) in candidates


def drop_a_passage(index: PassageIndex) -> dict[str, Any]:
    return {"passages": index.passages[1:]}


def drop_a_vector(index: PassageIndex) -> dict[str, Any]:
    rows = np.zeros((len(index.passages) - 1, 384), dtype=np.float32)
    return {"passage_vectors": VectorIndex.build(rows)}


def drop_a_sentence(index: PassageIndex) -> dict[str, Any]:
    rows = np.zeros((len(index.sentence_vectors) - 1, 384), dtype=np.float32)
    return {"sentence_vectors": VectorIndex.build(rows)}


def forget_all_words(_: PassageIndex) -> dict[str, Any]:
    return {"vocabulary": Vocabulary.of((), (), (), 0)}


@pytest.mark.parametrize(
    "change", [drop_a_passage, drop_a_vector, drop_a_sentence, forget_all_words]
)
def test_parts_that_disagree(
    passage_index: PassageIndex, change: Callable[[PassageIndex], dict[str, Any]]
) -> None:
    with pytest.raises(ValueError, match="the parts of the index disagree"):
        replace(passage_index, **change(passage_index))


def test_vectors_of_another_model(passage_index: PassageIndex) -> None:
    rows = np.zeros((len(passage_index.passages), 8), dtype=np.float32)
    message = f"passage vectors of 8 dimensions .* {passage_index.encoder.name}, which gives 384"
    with pytest.raises(ValueError, match=message):
        replace(passage_index, passage_vectors=VectorIndex.build(rows))
