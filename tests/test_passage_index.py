"""The promises of a search that hold whatever its scores are made of."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from index.dense import VectorIndex
from index.lexical import Vocabulary
from index.passage_index import PassageIndex

QUESTIONS = [
    "Who leads Jaish Halab?",
    "متى بدأ الحصار؟",
    "zzz qqq",
    "?",
    "🌊",
    "the " * 100,
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("count", [1, 5, 1000])
def test_what_a_search_promises(passage_index: PassageIndex, question: str, count: int) -> None:
    result = passage_index.search(question, count)
    hits = result.hits
    texts = {article.source: article.text for article in passage_index.articles}
    assert 1 <= len(hits) <= min(count, len(passage_index.passages))
    assert len({(hit.passage.source, hit.passage.paragraph) for hit in hits}) == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        passage = hit.passage
        assert passage in passage_index.passages
        assert passage.text == texts[passage.source][passage.start : passage.end]
        assert 0 <= hit.score <= 1
        found = [sentence.span for sentence in hit.sentences]
        assert sorted(found, key=lambda span: span.start) == list(passage.sentences)
        scores = [sentence.score for sentence in hit.sentences]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert all(match.asked in question for match in hit.matches)
        assert all(match.found in passage_index.vocabulary.forms for match in hit.matches)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_search_is_repeatable(passage_index: PassageIndex, question: str) -> None:
    five = passage_index.search(question, 5)
    assert passage_index.search(question, 5) == five
    assert passage_index.search(question, 2).hits == five.hits[:2]


@pytest.mark.parametrize("number", [0, 20, 58])
def test_a_passage_is_found_by_its_own_words(passage_index: PassageIndex, number: int) -> None:
    passage = passage_index.passages[number]
    sentence = passage.quote(passage.sentences[0])
    assert passage_index.search(sentence, 1).hits[0].passage == passage


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
