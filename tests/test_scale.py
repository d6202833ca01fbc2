"""Similarities of other models are brought to the scale that ranking and confidence know."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from citadel.evaluation.fitting.scale_fit import fit_scale_to
from citadel.evaluation.fitting.training_data import TrainingData
from citadel.index.build.build import build_index, index_articles
from citadel.index.corpus.articles import Article
from citadel.index.encoders.encoder import Encoder, EncoderAround, Encoding, unit_rows
from citadel.index.retrieval.evidence import measure_background
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.scale import (
    AS_FITTED,
    Anchors,
    Line,
    Scale,
    Similarities,
    fitted_model,
)
from citadel.index.retrieval.search import Query, search
from citadel.index.retrieval.self_questions import measure_similarities
from citadel.index.retrieval.signals import Topic
from citadel.index.snapshots.loading import load
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Status
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, cheap_index

TOWN = {
    "ferry": "The ferry crosses the river at noon. It carries forty cars and takes ten minutes.\n\n"
    "A ticket costs three pounds, and children travel for free.\n\n"
    "Captain Rosa Lindqvist has steered it since 1998.",
    "bridge": "The flood of March 2003 carried the old bridge away.\n\n"
    "The council will rebuild it for nine million pounds.\n\n"
    "Work begins in May, said the mayor, Ines Whitmore.",
    "bakery": "The bakery on the market square opens at six in the morning.\n\n"
    "Tom Okafor bakes rye bread there after a recipe of his grandmother.",
}
ASKED = (
    "Who has steered the ferry since 1998?",
    "How much does a ticket for the ferry cost?",
    "When did the flood carry the bridge away?",
    "What will the new bridge cost?",
    "Who bakes rye bread?",
    "When does the bakery open?",
)
ABOUT_OTHER_THINGS = (
    "How do I reset my phone?",
    "Which comet did the astronomers photograph?",
    "Why did the opera singer cancel her tour?",
)


class Squeezed(EncoderAround):
    """Another encoder, all of whose vectors have most of their length in common.

    A cosine of c becomes .8 + .2 c, as with models that were trained at a low temperature.
    """

    @property
    def fingerprint(self) -> str:
        return "5" * 64

    @property
    def dimension(self) -> int:
        return self._encoder.dimension + 1

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        return [squeezed(each) for each in self._encoder.encode_questions(texts)]

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        return [squeezed(each) for each in self._encoder.encode_texts(texts, progress)]


def squeezed(encoding: Encoding) -> Encoding:
    own, common = np.float32(0.2**0.5), np.float32(0.8**0.5)
    tokens = np.pad(encoding.token_vectors * own, ((0, 0), (0, 1)), constant_values=common)
    return replace(encoding, vector=np.append(encoding.vector * own, common), token_vectors=tokens)


class Clueless(FakeEncoder):
    """Gives every text, whenever it sees it, other vectors."""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        return [guessed(each, 1) for each in super().encode_questions(texts)]

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        return [guessed(each, 2) for each in super().encode_texts(texts, progress)]


def guessed(encoding: Encoding, seed: int) -> Encoding:
    drawn = np.random.default_rng([seed, *encoding.token_ids.tolist()])
    tokens = unit_rows(drawn.normal(size=encoding.token_vectors.shape))
    vector = unit_rows(drawn.normal(size=(1, len(encoding.vector))))[0]
    return replace(encoding, vector=vector, token_vectors=tokens)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Article, ...]:
    return articles_of(tmp_path_factory.mktemp("town"), **TOWN)


@pytest.fixture(scope="module")
def as_fitted(articles: tuple[Article, ...], encoder: Encoder) -> PassageIndex:
    return index_articles("gen-1", articles, encoder)


@pytest.fixture(scope="module")
def other(articles: tuple[Article, ...], encoder: Encoder) -> PassageIndex:
    return index_articles("gen-1", articles, Squeezed(encoder))


def test_a_line_goes_through_both_anchors() -> None:
    found = Similarities(Anchors(0.75, 1.0), Anchors(0.5, 0.875))
    fitted = Similarities(Anchors(0.125, 0.875), Anchors(0.0, 0.75))
    scale = found.scale(fitted)
    assert scale == Scale(Line(3.0, -2.125), Line(2.0, -1.0))
    np.testing.assert_array_equal(
        scale.late.of(np.array([[0.75, 1.0]], np.float32)), np.array([[0.125, 0.875]], np.float32)
    )
    flat = Similarities(Anchors(0.5, 0.5), Anchors(0.5, 0.5)).scale(fitted)
    assert flat.late.factor == pytest.approx(37.5)


def test_the_fitted_model_keeps_its_similarities(as_fitted: PassageIndex) -> None:
    assert fitted_model().fingerprint == as_fitted.encoder.fingerprint
    assert as_fitted.scale == AS_FITTED
    similarities = np.array([0.3], np.float32)
    assert AS_FITTED.late.of(similarities) is similarities


def test_the_anchors_of_the_fitted_model_hold_for_other_collections(
    as_fitted: PassageIndex,
) -> None:
    found, fitted = measure_similarities(as_fitted), fitted_model().similarities
    assert found.told_apart == 1.0
    for one, same in (
        (found.similarities.late, fitted.late),
        (found.similarities.cosine, fitted.cosine),
    ):
        assert (one.unrelated, one.own) == pytest.approx((same.unrelated, same.own), abs=0.1)


def test_a_squeezed_scale_is_stretched(as_fitted: PassageIndex, other: PassageIndex) -> None:
    assert other.scale.late.factor == pytest.approx(5, rel=0.1)
    assert other.scale.cosine.factor == pytest.approx(5, rel=0.1)
    for name in (field.name for field in fields(Topic)):
        measured = getattr(other.background, name)
        assert measured == pytest.approx(getattr(as_fitted.background, name), abs=0.1)
    for question in ASKED:
        one, same = (
            search(index, Query(question), 3).signals.evidence for index in (as_fitted, other)
        )
        assert same.late_first == pytest.approx(one.late_first, abs=0.1)
        assert same.cosine == pytest.approx(one.cosine, abs=0.1)


def test_another_model_answers_and_refuses_as_the_fitted_one(
    as_fitted: PassageIndex, other: PassageIndex
) -> None:
    expected, found = Answerer(as_fitted), Answerer(other)
    for question in ASKED:
        one, same = expected.answer(question), found.answer(question)
        assert Status.NOT_FOUND not in (one.status, same.status)
        assert same.citations[0].quote == one.citations[0].quote
    for question in ABOUT_OTHER_THINGS:
        assert expected.answer(question).status is Status.NOT_FOUND
        assert found.answer(question).status is Status.NOT_FOUND


def test_without_the_scale_it_refuses_more(other: PassageIndex) -> None:
    unscaled = replace(other, scale=AS_FITTED)
    unscaled = replace(unscaled, background=measure_background(unscaled))
    statuses = [Answerer(unscaled).answer(question).status for question in ASKED]
    refused = [status is Status.NOT_FOUND for status in statuses]
    assert refused == [False, True, False, True, False, False]


def test_the_scale_is_kept_in_the_snapshot(tmp_path: Path, articles: tuple[Article, ...]) -> None:
    encoder = FakeEncoder()
    built = build_index(articles, tmp_path, encoder, lambda _done, _total: None)
    assert built.scale != AS_FITTED
    assert load(tmp_path, encoder).scale == built.scale


def test_a_question_in_another_language_is_judged_by_the_model_itself(tmp_path: Path) -> None:
    index = cheap_index("gen-1", articles_of(tmp_path, a="One ferry crosses.\n"))
    assert index.scale != AS_FITTED
    found = search(index, Query("Ein ferry?"), 1, stages=None)
    assert found == search(replace(index, scale=AS_FITTED), Query("Ein ferry?"), 1, stages=None)


def test_a_model_that_makes_nothing_of_the_articles_is_named(
    tmp_path: Path, articles: tuple[Article, ...], caplog: pytest.LogCaptureFixture
) -> None:
    encoder = Clueless(name="guesser", fingerprint="6" * 64)
    built = build_index(articles, tmp_path, encoder, lambda _done, _total: None)
    assert built.scale.told_apart < 0.5
    assert caplog.messages == [
        f"The model guesser finds only {100 * built.scale.told_apart:.0f}% of this collection's "
        "sentences nearer to their own words than to unrelated questions, so most questions will "
        "be refused; build the index with another --model."
    ]


def test_the_fitted_scale_is_the_mean_of_some_collections(tmp_path: Path) -> None:
    indexes = [
        cheap_index("gen-1", articles_of(tmp_path / name, **{name: TOWN[name]}))
        for name in ("ferry", "bridge")
    ]
    data = [TrainingData("town", (), index, own=True) for index in indexes]
    measured = [measure_similarities(index).similarities for index in indexes]
    values = fit_scale_to(data, 0).values
    for name in ("late", "cosine"):
        anchors = [getattr(each, name) for each in measured]
        assert values[name] == {
            "unrelated": round(sum(each.unrelated for each in anchors) / 2, 4),
            "own": round(sum(each.own for each in anchors) / 2, 4),
        }
    assert values["fitted"]["model"] == "c" * 64
