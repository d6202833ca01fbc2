"""The reader reads sentences with those around them, as it was trained to."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from citadel.index.build.build import index_articles
from citadel.index.encoders.backends import load_network
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.encoders.models import READER, reader_heads
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import Scores
from citadel.index.retrieval.reader import (
    NOTHING_READ,
    Reader,
    Reading,
    WindowWriter,
    load_reader,
    padded,
)
from citadel.index.retrieval.search import Query, ranked_candidates, search
from citadel.index.retrieval.stages import Stages
from tests.small_index import articles_of

TOWN = """---
title: A bakery in Hollby
language: en
---

## The founders

Olga Brandt opened the bakery in 1931. She sold it to a cousin in 1938.

He closed it within a year.

## The ferry

Nils Holm ran the ferry until the bridge was built.
"""
GERMAN = "---\ntitle: Die Fähre\nlanguage: de\n---\n\nNils Holm fuhr die Fähre bis 1961.\n"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> PassageIndex:
    articles = articles_of(tmp_path_factory.mktemp("sources"), town=TOWN, ferry=GERMAN)
    return index_articles("gen-1", articles, encoder)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader("torch")


@pytest.fixture(scope="module")
def writer() -> WindowWriter:
    return WindowWriter(load_network(READER, "torch", None).traits.tokenizer)


def sentence(index: PassageIndex, start: str) -> int:
    """The number of the sentence that begins so."""
    for number in range(len(index.sentences.passages)):
        passage = index.passages[int(index.sentences.passages[number])]
        if passage.quote(index.sentence_span(number)).startswith(start):
            return number
    raise AssertionError(start)


def test_a_window_is_of_one_section(town: PassageIndex, writer: WindowWriter) -> None:
    first = sentence(town, "Olga")
    window = writer.window(town, "Who sold the bakery?", first + 1)
    assert window.sentences == [first, first + 1, first + 2]
    tokenizer = writer._tokenizer
    separator = tokenizer.token_to_id("[SEP]")
    assert window.ids[0] == tokenizer.token_to_id("[CLS]")
    assert window.ids[window.second - 1] == separator
    assert tokenizer.decode(window.ids[: window.second]) == "who sold the bakery?"
    head = window.ids[window.second : window.bounds[0][0]]
    assert tokenizer.decode(head) == "a bakery in hollby - the founders"
    texts = [tokenizer.decode(window.ids[first:last]) for first, last in window.bounds]
    assert texts == [
        "olga brandt opened the bakery in 1931.",
        "she sold it to a cousin in 1938.",
        "he closed it within a year.",
    ]
    assert [window.ids[last] for _, last in window.bounds] == [separator] * 3
    assert window.offsets[2][0] == (0, 2)


def equal(count: int) -> Scores:
    return np.zeros(count, np.float32)


def test_nothing_is_read_twice_and_nothing_in_another_language(
    town: PassageIndex, writer: WindowWriter
) -> None:
    starts = ("Olga", "Nils Holm ran", "Nils Holm fuhr")
    first, ferry, fuhr = (sentence(town, start) for start in starts)
    windows = writer.best_windows(
        town, "Who ran the ferry?", [fuhr, first, first + 2, ferry], equal(4)
    )
    assert [window.sentences for window in windows] == [[first, first + 1, first + 2], [ferry]]
    features = padded(windows)
    width = max(len(window.ids) for window in windows)
    assert {name: feature.shape for name, feature in features.items()} == {
        "input_ids": (2, width),
        "attention_mask": (2, width),
        "token_type_ids": (2, width),
    }
    lengths = [len(window.ids) for window in windows]
    assert features["attention_mask"].sum(axis=1).tolist() == lengths
    kinds = [len(window.ids) - window.second for window in windows]
    assert features["token_type_ids"].sum(axis=1).tolist() == kinds


def test_what_is_read_holds_the_answer_likeliest(town: PassageIndex, writer: WindowWriter) -> None:
    founders, ferry = sentence(town, "Olga"), sentence(town, "Nils Holm ran")
    ranked = [ferry, founders, founders + 1, founders + 2]

    def read(*scores: float) -> list[list[int]]:
        chosen = np.array(scores, np.float32)
        windows = writer.best_windows(town, "Who ran the ferry?", ranked, chosen)
        return [window.sentences for window in windows]

    three = [founders, founders + 1, founders + 2]
    assert read(1.0, 0.9, 0.9, 0.9) == [three, [ferry]]
    assert read(4.0, 0.9, 0.9, 0.9) == [[ferry], three]


def test_what_hardly_holds_the_answer_is_not_read(town: PassageIndex, writer: WindowWriter) -> None:
    founders, ferry = sentence(town, "Olga"), sentence(town, "Nils Holm ran")
    # Next to the best, a sentence of weight e^(-x/2) has the share 1 / (1 + e^(x/2)).
    for behind, read in ((4.8, [[founders], [ferry]]), (4.9, [[founders]])):
        scores = np.array([behind, 0.0], np.float32)
        windows = writer.best_windows(town, "Who ran the ferry?", [founders, ferry], scores)
        assert [window.sentences[:1] for window in windows] == read


def test_four_of_eight_windows_are_read(
    tmp_path: Path, encoder: Encoder, writer: WindowWriter
) -> None:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    lone = "".join(f"## {day}\n\nThe ferry ran on {day}.\n\n" for day in days)
    town = (
        f"---\ntitle: The ferry\nlanguage: en\n---\n\n{lone}## The storm\n\nIt blew. It rained.\n"
    )
    index = index_articles("gen-1", articles_of(tmp_path, town=town), encoder)
    ranked = [sentence(index, f"The ferry ran on {day}") for day in days]
    storm = [sentence(index, "It blew"), sentence(index, "It rained")]
    windows = writer.best_windows(index, "What was the weather?", [*ranked, *storm], equal(9))
    # Eight are as likely as one another but the last, which has two of the sentences.
    assert [window.sentences for window in windows] == [storm, *([day] for day in ranked[:3])]


def test_it_knows_what_was_when(town: PassageIndex, reader: Reader) -> None:
    first = sentence(town, "Olga")
    for question, best in (("Who opened the bakery?", 0), ("When was it sold?", 1)):
        reading = reader.read(town, question, [first, first + 1, first + 2], equal(3))
        assert reading.sentences.tolist() == [first, first + 1, first + 2]
        assert int(np.argmax(reading.logits)) == best
    unanswered = reader.read(town, "How much did the bridge cost?", [first], equal(1))
    assert unanswered.logits.max() < reading.logits.max()


def test_where_nothing_is_in_english_nothing_is_read(town: PassageIndex, reader: Reader) -> None:
    reading = reader.read(town, "Who ran the ferry?", [sentence(town, "Nils Holm f")], equal(1))
    assert reading is NOTHING_READ
    assert reading.signals(0) is None


def test_what_is_read_decides_with_the_ranking(town: PassageIndex, reader: Reader) -> None:
    query = Query("When was the bakery sold?")
    found = search(town, query, 5, stages=Stages(reader=reader))
    best = found.quotable[0]
    assert found.hits[best.hit].passage.quote(best.span) == "She sold it to a cousin in 1938."
    reading = found.signals.reading
    assert reading is not None
    assert reading.first <= reading.every
    assert search(town, query, 5).signals.reading is None


def test_signals_of_a_reading(reader: Reader, town: PassageIndex) -> None:
    first = sentence(town, "Olga")
    reading = reader.read(town, "Who opened the bakery?", [first], equal(1))
    signals = reading.signals(first)
    assert signals is not None
    assert signals.first == pytest.approx(float(reading.logits[0]))
    assert signals.first_span == pytest.approx(float(reading.spans[0]))
    assert signals.every == pytest.approx(float(np.log(np.exp(reading.logits).sum())), abs=1e-5)
    assert signals.best_span == pytest.approx(float(reading.spans.max()))
    absent = reading.signals(sentence(town, "Nils Holm ran"))
    assert absent is not None
    assert (absent.first, absent.first_span) == (-8.0, -8.0)


def test_a_faster_backend_reads_the_same(
    town: PassageIndex, reader: Reader, new_index_dir: Path
) -> None:
    faster = load_reader("openvino", new_index_dir / MODELS)
    first = sentence(town, "Olga")
    one, other = (
        each.read(town, "Who sold the bakery?", [first], equal(1)) for each in (reader, faster)
    )
    assert other.sentences.tolist() == one.sentences.tolist()
    assert np.allclose(other.logits, one.logits, atol=1e-3)
    assert np.allclose(other.spans, one.spans, atol=1e-3)


def test_the_weights_are_those_of_the_model_card() -> None:
    heads = reader_heads()
    assert {name: part.shape for name, part in heads.items()} == {
        "sentence.weight": (1, 768),
        "sentence.bias": (1,),
        "span.weight": (2, 384),
        "span.bias": (2,),
    }


class Opinionated(Reader):
    """A reader that likes one sentence, and notes what it is asked."""

    def __init__(self, liked: int, other: int) -> None:
        self._reading = Reading(
            np.array([other, liked]),
            np.array([-9.0, 30.0], np.float32),
            np.array([-5.0, 4.0], np.float32),
        )
        self.asked: list[str] = []
        self.offered: list[list[int]] = []

    def read(
        self, index: PassageIndex, question: str, sentences: Sequence[int], scores: Scores
    ) -> Reading:
        del index, scores
        self.asked.append(question)
        self.offered.append(list(sentences))
        return self._reading


def test_its_logits_are_added_to_the_ranking(town: PassageIndex) -> None:
    first = sentence(town, "Olga")
    reader = Opinionated(liked=first + 2, other=first)
    query = Query("Who opened the bakery?")
    before, numbers, _ = ranked_candidates(town, query, Stages())
    after, same, _ = ranked_candidates(town, query, Stages(reader=reader))
    assert same.tolist() == numbers.tolist()
    # What is not read, and what is read as worse than that, counts the same.
    logits = np.where(numbers == first + 2, 30.0, -4.0)
    assert after == pytest.approx(0.8 * before + logits, abs=1e-4)
    assert reader.offered == [numbers[np.argsort(-before, kind="stable")].tolist()]
    found = search(town, query, 5, stages=Stages(reader=reader))
    best = found.quotable[0]
    assert found.hits[best.hit].passage.quote(best.span) == "He closed it within a year."
    assert found.signals.reading is not None
    assert (found.signals.reading.first, found.signals.reading.best_span) == (30.0, 4.0)


@pytest.mark.parametrize(
    ("dependence", "asked"),
    [(0.9, "Who opened it? What is the bakery?"), (0.3, "Who opened it?")],
)
def test_it_is_asked_with_the_question_that_one_leans_on_after_it(
    town: PassageIndex, dependence: float, asked: str
) -> None:
    reader = Opinionated(0, 1)
    leaning = Query("Who opened it?", "bakery", "What is the bakery?", dependence)
    search(town, leaning, 5, stages=Stages(reader=reader))
    assert reader.asked == [asked]


def test_of_a_long_question_before_only_the_beginning_is_asked(town: PassageIndex) -> None:
    reader = Opinionated(0, 1)
    before = " ".join(f"w{number}" for number in range(40))
    leaning = Query("Who opened it?", "bakery", before, 1.0)
    search(town, leaning, 5, stages=Stages(reader=reader))
    assert reader.asked == [" ".join(["Who opened it?", *before.split()[:25]])]
