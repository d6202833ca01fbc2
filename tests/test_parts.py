"""A question of two parts is cut, and what is found for each part is brought together."""

import pytest

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.index.retrieval.search import QuotableSentence, SearchResult
from citadel.index.retrieval.signals import NO_BACKGROUND, Evidence, Signals
from citadel.qa.answer.finding import merge_results, split_question

SIGNALS = Signals(NO_BACKGROUND, Evidence(0.0, 0.0, 0.0, 0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When did the army enter the town, and who led it there?",
            ("When did the army enter the town", "who led it there?"),
        ),
        (
            "How many came in 1990 and by what day had all left?",
            ("How many came in 1990", "by what day had all left?"),
        ),
        ("Who are the knights and lords of the island?", None),
        ("When and where did they meet?", None),
        ("and who leads it?", None),
        ("Who built the bridge and how?", None),
    ],
)
def test_split_question(question: str, parts: tuple[str, ...] | None) -> None:
    assert split_question(question) == (parts or (question,))


def passage(number: int) -> Passage:
    start = 10 * number
    spans = (Span(start, start + 3), Span(start + 4, start + 7))
    return Passage("a.md", "A", "A", number, start, start + 7, "One two", spans)


def hit(number: int, score: float) -> Hit:
    found = passage(number)
    return Hit(found, score, tuple(SentenceHit(span, score) for span in found.sentences), ())


def result(hits: tuple[Hit, ...], *quotable: tuple[int, int]) -> SearchResult:
    sentences = tuple(
        QuotableSentence(place, hits[place].passage.sentences[n]) for place, n in quotable
    )
    return SearchResult(hits, sentences, SIGNALS)


def test_the_best_sentence_of_each_part_comes_first() -> None:
    first = result((hit(1, 0.9), hit(2, 0.5)), (0, 0), (1, 0), (0, 1))
    second = result((hit(3, 0.7), hit(1, 0.6)), (0, 1), (1, 0))
    merged = merge_results((first, second), 5)
    assert merged.hits == (hit(1, 0.9), hit(3, 0.7), hit(2, 0.5))
    assert merged.quotable == (
        QuotableSentence(0, passage(1).sentences[0]),
        QuotableSentence(1, passage(3).sentences[1]),
        QuotableSentence(2, passage(2).sentences[0]),
        QuotableSentence(0, passage(1).sentences[1]),
    )


def test_passages_that_do_not_fit_are_not_quoted() -> None:
    first = result((hit(1, 0.9), hit(2, 0.5)), (0, 0), (1, 0))
    second = result((hit(3, 0.7),), (0, 1))
    merged = merge_results((first, second), 2)
    assert merged.hits == (hit(1, 0.9), hit(3, 0.7))
    assert merged.quotable == (
        QuotableSentence(0, passage(1).sentences[0]),
        QuotableSentence(1, passage(3).sentences[1]),
    )
