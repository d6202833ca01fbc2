"""What speaks for an answer is measured as it is described."""

import numpy as np
import pytest

from citadel.index.retrieval.lexical import words
from citadel.index.retrieval.signals import (
    NO_BACKGROUND,
    Topic,
    is_name_or_number,
    lacks_asked_type,
    mean_topic,
    passage_margin,
    topic_signals,
)


def floats(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32)


def test_topic_signals() -> None:
    late = floats(*(n / 16 for n in (3, 1, 2, 5, 4, 7, 6, 9, 8, 11, 10, 0)))
    found = topic_signals(late, -late)
    assert found == Topic(late_best=11 / 16, late_tenth=2 / 16, cosine_best=0, cosine_tenth=-9 / 16)


def test_topic_signals_of_few_sentences() -> None:
    found = topic_signals(floats(0.5, -0.25, 0.25), floats(0.75, 0.5, 1))
    assert found == Topic(0.5, -0.25, 1.0, 0.5)
    assert topic_signals(floats(0.5), floats(0.75)) == Topic(0.5, 0.5, 0.75, 0.75)


def test_the_background_is_taken_off() -> None:
    assert Topic(0.5, 0.25, 1.0, 0.75).minus(Topic(0.25, 0.5, 0.5, 0.0)) == (
        Topic(0.25, -0.25, 0.5, 0.75)
    )
    assert Topic(0.5, 0.25, 1.0, 0.75).minus(NO_BACKGROUND) == Topic(0.5, 0.25, 1.0, 0.75)


def test_a_mean_topic() -> None:
    topics = [Topic(0.5, 0.25, 1.0, 0.75), Topic(0.25, 0.75, 0.0, 0.25), Topic(0.0, 0.5, 0.5, 0.5)]
    assert mean_topic(topics) == Topic(0.25, 0.5, 0.5, 0.5)
    assert mean_topic(topics[:1]) == topics[0]


@pytest.mark.parametrize(
    ("late", "margin"),
    [
        ([0.25, 1.0, 0.5, 0.0], 0.75),
        ([0.25, 1.0, 0.5, 0.0, -1.0, -1.0], 0.75),
        ([0.5, 0.5, 0.5, 0.5], 0.0),
        ([0.25, 1.0, 0.5], 1.0),
        ([0.25], 0.25),
    ],
)
def test_passage_margin(late: list[float], margin: float) -> None:
    assert passage_margin(floats(*late)) == margin


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who leads Jaish Halab?", ["Jaish", "Halab"]),
        ("Aleppo fell when?", []),
        ("aleppo or idlib?", []),
        ("“Aleppo” in 2016, or 65th?", ["Aleppo", "2016", "65th"]),
        ("1070 Apartments?", ["1070", "Apartments"]),
        ("من هو؟", []),
    ],
)
def test_names_and_numbers(question: str, found: list[str]) -> None:
    named = [word for word in words(question, "en") if is_name_or_number(word, question)]
    assert [word.surface for word in named] == found


@pytest.mark.parametrize(
    ("question", "sentence", "lacks"),
    [
        ("How many boats are there?", "There are 17 boats.", False),
        ("How many boats are there?", "There are seven boats.", False),
        ("How many boats are there?", "There are boats.", True),
        ("Of the 17 boats, how many sank?", "All 17 boats left.", True),
        ("Of the 17 boats, how many sank?", "Of 17 boats 3 sank.", False),
        ("How many boats sank?", "Boats sank on 3 December 2016.", True),
        ("How many boats sank?", "On 3 December 2016, 4 sank.", False),
        ("When did the ferry sink?", "It sank in May.", False),
        ("When did the ferry sink?", "It sank yesterday.", False),
        ("When did the ferry sink?", "It sank in the harbour.", True),
        ("When in 2016 did it sink?", "It sank in 2016.", True),
        ("What year was it?", "It was 1912.", False),
        ("Who built the ferry?", "It was built by Anna Berg.", False),
        ("Who built the ferry?", "It was built by a shipyard.", True),
        ("Who is Anna Berg?", "We met Anna Berg there.", True),
        ("Whose ferry is it?", "Nobody asked.", True),
        # A capital at the start of a sentence says nothing.
        ("Who built the ferry?", "It sailed. Nobody knew.", True),
        ("Why did it sink?", "Nobody knows.", False),
        ("Where did it sink?", "Nobody knows.", False),
    ],
)
def test_the_asked_type(question: str, sentence: str, lacks: bool) -> None:
    assert lacks_asked_type(question, sentence, words(question, "en")) is lacks
