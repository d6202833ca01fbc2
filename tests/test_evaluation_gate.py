"""The quality of the answers may not fall below the pinned floors."""

from dataclasses import replace
from pathlib import Path

import pytest

from citadel.evaluation.data.datasets import BUNDLED_QUESTIONS, NEWSROOM, read_dataset
from citadel.evaluation.reports.gate import (
    FLOORS,
    Floors,
    measured,
    read_floors,
    updated,
    violations,
    write_floors,
)
from citadel.evaluation.scoring.results import About, JudgedQuestion, Result
from citadel.evaluation.scoring.running import ask_all
from citadel.evaluation.scoring.scoring import score
from citadel.index.build.build import BUNDLED_SOURCES, index_articles
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.retrieval.stages import Stages
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Status

ABOUT = About("rivers", "a" * 64, 1, 2, "b" * 64, "the model m", 10, (), 0, 1)


def judged(number: int, answerable: bool, confidence: float, **values: float) -> JudgedQuestion:
    return JudgedQuestion(
        id=f"q{number}",
        kind="fact" if answerable else "offtopic",
        question="?",
        history=(),
        answerable=answerable,
        status=Status.NOT_FOUND,
        confidence=confidence,
        quotes=(),
        error="",
        elapsed_ms=1.0,
        values={name.replace("_", "@"): value for name, value in values.items()},
        without_history={},
        rewritten={},
    )


RESULT = Result(
    ABOUT,
    (
        replace(judged(1, True, 0.9, hit_1=1.0, answered=1.0), status=Status.ANSWERED),
        judged(2, True, 0.4, hit_1=0.5, answered=0.0),
        judged(3, False, 0.5, refused=1.0),
    ),
)
FLOORS_OF_RESULT = Floors(
    "a" * 64,
    "b" * 64,
    {"hit@1": 0.25, "answered": 0.0, "refused": 0.0, "not misled": 0.333, "AUROC all": 0.49},
)


def test_what_is_held_to_a_floor() -> None:
    assert {name: item.value for name, item in measured(RESULT).items()} == {
        "hit@1": 0.75,
        "answered": 0.5,
        "refused": 1.0,
        "not misled": 2 / 3,
        "AUROC all": 0.5,
    }


def test_floors_are_set_a_question_or_a_hundredth_below() -> None:
    assert updated(RESULT, None, allow_lower=False) == FLOORS_OF_RESULT
    assert violations(RESULT, FLOORS_OF_RESULT) == []


def test_what_falls_is_named() -> None:
    floors = replace(FLOORS_OF_RESULT, floors={"hit@1": 0.8, "answered": 0.5, "MRR@10": 0.1})
    assert violations(RESULT, floors) == [
        "hit@1 is 0.750, below its floor of 0.800.",
        "MRR@10 was not measured; its floor is 0.100.",
    ]


@pytest.mark.parametrize(
    ("floors", "what", "pinned"),
    [
        (replace(FLOORS_OF_RESULT, questions_sha256="c" * 64), "questions", "c"),
        (replace(FLOORS_OF_RESULT, articles_sha256="d" * 64), "articles", "d"),
    ],
)
def test_other_data_have_no_floors(floors: Floors, what: str, pinned: str) -> None:
    found = "a" if what == "questions" else "b"
    assert violations(RESULT, floors) == [
        f"The {what} are not those that the floors were set on (SHA-256 {12 * found}, pinned "
        f"{12 * pinned}); set new ones with “python -m evaluation gate --update”."
    ]


def test_floors_rise_by_themselves_and_fall_only_when_told() -> None:
    low = replace(FLOORS_OF_RESULT, floors={"hit@1": 0.2, "answered": 0.495})
    # hit@1 rises; answered is above its floor, which therefore stays.
    assert updated(RESULT, low, allow_lower=False).floors == {
        **FLOORS_OF_RESULT.floors,
        "answered": 0.495,
    }
    high = replace(FLOORS_OF_RESULT, floors={"hit@1": 0.8, "MRR@10": 0.1, "refused": 0.2})
    with pytest.raises(CitadelError) as caught:
        updated(RESULT, high, allow_lower=False)
    assert str(caught.value) == (
        "This would lower the floors of hit@1, MRR@10; mend what made them fall, "
        "or say --allow-lower."
    )
    assert updated(RESULT, high, allow_lower=True) == FLOORS_OF_RESULT


@pytest.mark.parametrize("broken", ['{"floor": 1}', '{"rivers": {"floor": 1}}', "[]"])
def test_floors_are_read_back(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "floors.json"
    assert read_floors(path) == {}
    write_floors(path, {"rivers": FLOORS_OF_RESULT})
    assert read_floors(path) == {"rivers": FLOORS_OF_RESULT}
    path.write_text(broken, "utf-8")
    with pytest.raises(CitadelError) as caught:
        read_floors(path)
    assert str(caught.value) == (
        f"{path} holds no floors; write them with “python -m evaluation gate --update”."
    )


@pytest.mark.timeout(1200)
def test_the_bundled_questions_are_answered_as_well_as_before(answerer: Answerer) -> None:
    assert fallen(BUNDLED_QUESTIONS, answerer) == []


@pytest.mark.torture
@pytest.mark.timeout(1200)
def test_what_strangers_ask_is_answered_as_well_as_before(encoder: Encoder, stages: Stages) -> None:
    articles = read_dataset(NEWSROOM / "a").articles
    index = index_articles("gen-1", articles, encoder, lambda _done, _total: None)
    assert fallen(NEWSROOM / "a", Answerer(index, stages)) == []


def fallen(path: Path, answerer: Answerer) -> list[str]:
    """What is answered worse than the floors allow; nothing may be misquoted."""
    dataset = read_dataset(path)
    asked = ask_all(answerer, dataset.questions, lambda _done, _total: None)
    articles = dataset.articles or read_articles(BUNDLED_SOURCES)
    result, _, _ = score(dataset, articles, asked, "the default model")
    assert result.about.misquoted == 0
    return violations(result, read_floors(FLOORS)[dataset.name])
