from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import CrossEncoder

from citadel.index.build.build import index_articles
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import Scores
from citadel.index.retrieval.reranking import load_reranker, second_opinion
from citadel.index.retrieval.search import Query, search
from citadel.index.retrieval.stages import Stages
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer
from tests.tiny_models import tiny_model, tiny_reranker

WORDS = ["who", "bakery", "ferry", "bread", "sold"]
ARTICLE = """\
# The bakery

Olga Brandt opened the bakery in 1931. Nils Brandt opened the bakery again in 1946.

A baker's shop was opened in the harbour by Erik Holm. It was closed soon.
"""


class Loyal:
    """Prefers every text with a given word; remembers what it was asked."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.questions: list[str] = []
        self.texts: list[str] = []

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        self.questions.append(question)
        self.texts.extend(texts)
        return np.array([1000.0 * (self.word in text) for text in texts], dtype=np.float32)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> PassageIndex:
    folder = tmp_path_factory.mktemp("town")
    (folder / "bakery.md").write_text(ARTICLE, "utf-8")
    return index_articles("gen-town", read_articles(folder), encoder, lambda _done, _total: None)


def test_two_opinions_count_the_same_on_any_scale() -> None:
    first = np.array([3, 1, 1, 3], dtype=np.float32)
    second = np.array([500, 500, -500, -500], dtype=np.float32)
    together = second_opinion(first, second)
    assert together.dtype == np.float32
    assert together.tolist() == [3.0, 2.0, 1.0, 2.0]


def test_an_opinion_without_difference_changes_no_order() -> None:
    first = np.array([3, 1, 2], dtype=np.float32)
    together = second_opinion(first, np.full(3, 7, dtype=np.float32))
    assert np.argsort(together).tolist() == np.argsort(first).tolist()
    same = second_opinion(np.full(3, 2, dtype=np.float32), np.full(3, 7, dtype=np.float32))
    assert same.tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("word", "passage", "quote"),
    [
        ("Olga", 0, "Olga Brandt opened the bakery in 1931."),
        ("Nils", 0, "Nils Brandt opened the bakery again in 1946."),
        ("Holm", 1, "A baker's shop was opened in the harbour by Erik Holm."),
    ],
)
def test_a_reranker_decides_between_equals(
    town: PassageIndex, word: str, passage: int, quote: str
) -> None:
    reranker = Loyal(word)
    result = search(town, Query("Who opened the bakery?"), 5, stages=Stages(reranker=reranker))
    assert result.hits[0].passage == town.passages[passage]
    best = result.quotable[0]
    assert result.hits[best.hit].passage.quote(best.span) == quote
    assert reranker.questions == ["Who opened the bakery?"]
    sentences = [p.quote(span) for p in town.passages for span in p.sentences]
    assert reranker.texts == [*(p.text for p in town.passages), *sentences]


def test_a_reranker_reads_what_a_follow_up_is_about(town: PassageIndex) -> None:
    reranker = Loyal("Olga")
    leaning = Query("Who opened it?", "bakery", "What is the bakery?", 0.9)
    search(town, leaning, 5, stages=Stages(reranker=reranker))
    assert reranker.questions == ["Who opened it? bakery"]


def test_an_answerer_asks_its_reranker(town: PassageIndex) -> None:
    reranker = Loyal("Nils")
    answer = Answerer(town, Stages(reranker=reranker)).answer("Who opened the bakery?")
    assert answer.citations[0].quote == "Nils Brandt opened the bakery again in 1946."
    assert reranker.questions == ["Who opened the bakery?"]
    assert cited(Answerer(town).answer("Who opened the bakery?")) != cited(answer)


def cited(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def test_a_real_cross_encoder_gives_the_library_s_scores(tmp_path: Path) -> None:
    folder = tiny_reranker(tmp_path, WORDS)
    texts = ["Bread was sold.", "The ferry", "", "A bakery sold bread. " * 100]
    scores = load_reranker(folder).scores("Who sold bread?", texts)
    reference = CrossEncoder(folder, device="cpu", local_files_only=True)
    expected = reference.predict([("Who sold bread?", text) for text in texts])
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, expected, atol=1e-6)


def test_what_is_no_reranker(tmp_path: Path) -> None:
    mend = "give the folder of a CrossEncoder or its name on the hub."
    embedding = tiny_model(tmp_path / "embedding", WORDS)
    several = tiny_reranker(tmp_path / "several", WORDS, labels=3)
    empty = tmp_path / "empty"
    empty.mkdir()
    broken = Path(tiny_reranker(tmp_path / "broken", WORDS))
    (broken / "model.safetensors").write_bytes(b"no weights")
    for model, message in (
        (embedding, f"The model {embedding!r} is not trained to score pairs; {mend}"),
        (several, f"The model {several!r} gives 3 numbers to a pair, not one score; {mend}"),
        (str(empty), f"The reranker {str(empty)!r} has no config.json; {mend}"),
    ):
        with pytest.raises(CitadelError) as caught:
            load_reranker(model)
        assert str(caught.value) == message
    with pytest.raises(CitadelError) as caught:
        load_reranker(str(broken))
    assert str(caught.value).startswith(f"The reranker {str(broken)!r} can't be loaded (")
    with pytest.raises(CitadelError, match="There is no model 'no model/at all'"):
        load_reranker("no model/at all")
