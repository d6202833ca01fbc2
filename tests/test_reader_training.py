"""Training the reader: what is drawn, what is learned, and what is kept of it."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from citadel.evaluation.data.datasets import read_dataset
from citadel.evaluation.fitting import reader_training
from citadel.evaluation.fitting.reader_examples import Example, draw_windows, examples
from citadel.evaluation.fitting.reader_file import difference
from citadel.evaluation.fitting.reader_training import READING, ReaderNetwork, train_reader
from citadel.evaluation.fitting.reader_worth import reader_worth
from citadel.evaluation.fitting.training_data import (
    HELD_OUT,
    TrainingData,
    for_the_reader,
    gather,
    new_to_the_reader,
)
from citadel.index.encoders.backends import load_network
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.models import DEFAULT_MODEL, READER, embedding_model
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import Scores
from citadel.index.retrieval.reader import Reader, Reading, WindowWriter

MILL = "The mill of Orb was built in 1871. It burnt down twice. Today it grinds rye for the town."
FERRY = "A ferry crosses the Lez. It runs on a rope. Nobody knows who paid for it."


@pytest.fixture(scope="module")
def training_data(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> TrainingData:
    path = tmp_path_factory.mktemp("data") / "two.json"
    start = MILL.index("1871")
    questions = [
        {
            "id": "1",
            "question": "When was the mill built?",
            "answers": [{"text": "1871", "answer_start": start}],
        },
        {
            "id": "2",
            "question": "Who paid for the mill of Orb?",
            "answers": [],
            "is_impossible": True,
        },
    ]
    paragraphs = [{"context": MILL, "qas": questions}, {"context": FERRY, "qas": []}]
    data = [{"title": "Orb", "paragraphs": paragraphs}]
    path.write_text(json.dumps({"data": data, "version": "v2.0"}), "utf-8")
    return gather(read_dataset(path), (), encoder, lambda _done, _total: None, 10, 0)


@pytest.fixture(scope="module")
def found(training_data: TrainingData) -> list[Example]:
    return list(examples(training_data))


def test_examples(found: list[Example]) -> None:
    answered, impossible = found
    assert (answered.text, answered.answerable) == ("When was the mill built?", True)
    assert answered.answers == {0}
    assert answered.spans == {0: (MILL.index("1871"), MILL.index("1871") + 4)}
    assert answered.order[0] == 0
    assert sorted(answered.order) == list(range(6))
    assert answered.score(0) == 0.0
    assert answered.score(3) < 0
    assert answered.score(99) == -15.0
    assert not impossible.answerable
    assert impossible.answers == frozenset()
    assert impossible.spans == {}


def test_a_window_holds_the_answer(found: list[Example]) -> None:
    writer = WindowWriter(load_network(READER, "torch", None).traits.tokenizer)
    for seed in range(8):
        windows = draw_windows(found[0], writer, 1, random.Random(seed))
        assert [0 in window.sentences for window in windows] == [True]


def test_it_learns_and_its_difference_is_the_network(
    training_data: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_training, "BATCH", 2)
    monkeypatch.setattr(reader_training, "READING", replace(READING, epochs=4.0))
    steps: list[tuple[int, int]] = []
    network = train_reader(
        [training_data], [training_data], 3, lambda done, total: steps.append((done, total))
    )
    assert steps == [(number, 7) for number in range(1, 8)]
    assert not network.training
    # At the rate of the heads a step would move it by a fifth of a thousandth at most.
    assert abs(float(network.share.detach()) - 0.6) > 5e-4
    parts = difference(network)
    published = embedding_model(DEFAULT_MODEL)[0].auto_model.state_dict()
    for name, weight in network.bert.state_dict().items():
        change = (weight - published[name]).numpy()
        codes = parts.get(f"bert.{name}.codes")
        if codes is not None:
            kept = codes * parts[f"bert.{name}.steps"][:, None]
            assert np.abs(kept - change).max() <= parts[f"bert.{name}.steps"].max()
        else:
            assert np.array_equal(parts.get(f"bert.{name}.difference", 0 * change), change)
    assert "bert.embeddings.word_embeddings.weight.codes" not in parts
    again = train_reader([training_data], [training_data], 3, lambda _done, _total: None)
    assert torch.equal(network.sentence.weight, again.sentence.weight)


def test_an_untrained_network_says_no() -> None:
    torch.manual_seed(0)
    network = ReaderNetwork()
    assert network.sentence.bias.tolist() == [-2.0]
    assert network.span.bias.tolist() == [-3.0, -3.0]


def test_what_it_is_measured_on_teaches_nothing(training_data: TrainingData) -> None:
    held = sorted(HELD_OUT)[0]
    one, other = training_data.questions
    data = replace(
        training_data,
        name="b",
        questions=(replace(one, article=held), replace(other, article="else.md")),
    )
    assert [q.id for q in for_the_reader(data).questions] == [other.id]
    assert [q.id for q in new_to_the_reader(data).questions] == [one.id]
    whole = replace(data, name="a")
    assert for_the_reader(whole).questions == ()
    assert new_to_the_reader(whole).questions == whole.questions
    of_others = replace(data, own=False)
    assert for_the_reader(of_others).questions == ()


class Wrong(Reader):
    """A reader that is sure of the last sentence."""

    def __init__(self) -> None:
        self._reading = Reading(
            np.array([5]), np.full(1, 30.0, np.float32), np.zeros(1, np.float32)
        )

    def read(
        self, index: PassageIndex, question: str, sentences: Sequence[int], scores: Scores
    ) -> Reading:
        del index, question, sentences, scores
        return self._reading


def test_the_reader_is_measured_on_what_it_has_not_seen(training_data: TrainingData) -> None:
    new = replace(training_data, name="questions", own=False)
    table = reader_worth([training_data, new], Wrong(), 0, lambda _done, _total: None)
    assert table.splitlines()[2:] == [
        "| questions | 1 | the ranker | 1.000 | 1.000 | 1.000 | 1.000 |",
        "| questions | 1 | and the reader | .000 | 1.000 | .000 | 1.000 |",
    ]
