"""What is fitted follows the answers; what is written is read back."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from citadel.evaluation.data.datasets import read_dataset
from citadel.evaluation.fitting.confidence_fit import fit_confidence
from citadel.evaluation.fitting.confidence_rows import (
    ConfidenceRow,
    Regime,
    Setting,
    confidence_rows,
)
from citadel.evaluation.fitting.fitting import (
    CONFIDENCE_FILE,
    RANKING_FILE,
    Fit,
    fit_confidence_to,
    write_fit,
)
from citadel.evaluation.fitting.folds import FOLDS, folds_of
from citadel.evaluation.fitting.operating_points import Thresholds, least_at_risk
from citadel.evaluation.fitting.ranking_fit import fit_ranking
from citadel.evaluation.fitting.ranking_rows import RankingRow, ranking_rows
from citadel.evaluation.fitting.training_data import RememberingEncoder, TrainingData, gather
from citadel.evaluation.reports.readme import put
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.retrieval.ranking import FEATURES, RankingWeights
from citadel.index.retrieval.signals import Evidence, ReadingSignals, Signals, Topic
from citadel.qa.answer.confidence import ConfidenceModel

WATER = "The Orb is a river of the south. It rises in the hills of Bouviala."
BREAD = "Bread is baked of rye in the villages. The ovens are heated with beech."


def article(title: str, *paragraphs: tuple[str, str, str]) -> object:
    """An article of SQuAD with one question a paragraph: text, question, answer."""
    return {
        "title": title,
        "paragraphs": [
            {
                "context": text,
                "qas": [
                    {
                        "id": f"{title}-{number}",
                        "question": question,
                        "answers": [{"text": answer, "answer_start": text.index(answer)}],
                    }
                ],
            }
            for number, (text, question, answer) in enumerate(paragraphs)
        ],
    }


@pytest.fixture(scope="module")
def training_data(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> TrainingData:
    """Two articles of two paragraphs."""
    path = tmp_path_factory.mktemp("data") / "two.json"
    data = [
        article(
            "Rivers",
            (WATER, "Where does the river Orb rise?", "the hills of Bouviala"),
            ("The Lez is short. It ends in the sea.", "Where does the Lez end?", "the sea"),
        ),
        article(
            "Food",
            (BREAD, "With what are the ovens heated?", "beech"),
            ("Cheese is made of milk of ewes.", "Of what is cheese made?", "milk of ewes"),
        ),
    ]
    path.write_text(json.dumps({"data": data}), "utf-8")
    return gather(
        read_dataset(path), (), RememberingEncoder(encoder), lambda _done, _total: None, 10, 0
    )


@dataclass(frozen=True)
class Row:
    dataset: str
    group: str


def test_a_group_is_in_one_fold_and_every_fold_is_used() -> None:
    rows = [Row("a", str(number // 2)) for number in range(24)]
    folds = folds_of(rows, seed=1)
    assert set(folds.tolist()) == set(range(FOLDS))
    assert folds[::2].tolist() == folds[1::2].tolist()
    assert folds.tolist() == folds_of(rows, seed=1).tolist()


def test_rows_mark_what_answers(training_data: TrainingData) -> None:
    rows = list(ranking_rows(training_data))
    assert [row.group for row in rows] == ["0001 Rivers"] * 2 + ["0002 Food"] * 2
    assert rows[0].features.shape == (7, len(FEATURES))
    assert rows[0].firsts.tolist() == [0, 2, 4, 6]
    assert rows[0].answers.tolist() == [False, True, False, False, False, False, False]
    assert rows[0].holds.tolist() == [True, False, False, False]
    weights = RankingWeights.of(dict.fromkeys(FEATURES, 0.0) | {"context": 1.0})
    assert rows[0].values(weights)["hit@1"] == 1.0


def test_weights_follow_what_answers() -> None:
    random = np.random.default_rng(0)
    rows = []
    for number in range(60):
        features = random.normal(size=(12, len(FEATURES))).astype(np.float32)
        answer = int(np.argmax(features[:, 1] - features[:, 2]))
        answers = np.arange(12) == answer
        firsts = np.array([0, 4, 8])
        holds = np.arange(3) == answer // 4
        rows.append(RankingRow("toy", str(number), "k", features, firsts, answers, holds))
    weights = fit_ranking(rows, {"toy": 1.0}).values
    assert weights[1] > 3
    assert weights[2] < -3
    assert np.abs(np.delete(weights, [1, 2])).max() < 1


def test_questions_are_asked_where_they_are_not_answered(training_data: TrainingData) -> None:
    rows = list(confidence_rows(training_data))
    counts = {
        (setting, regime): sum(r.setting is setting and r.regime is regime for r in rows)
        for setting in (Setting.ARTICLE, Setting.ALL)
        for regime in (Regime.ANSWERABLE, Regime.NEAR, Regime.OFF_TOPIC)
    }
    assert set(counts.values()) == {4}
    best = {
        regime: np.mean([r.signals.evidence.late_best for r in rows if r.regime is regime])
        for regime in (Regime.ANSWERABLE, Regime.NEAR, Regime.OFF_TOPIC)
    }
    assert best[Regime.ANSWERABLE] > best[Regime.NEAR] > best[Regime.OFF_TOPIC]


def toy_confidence_rows() -> list[ConfidenceRow]:
    random = np.random.default_rng(0)
    level = {Regime.ANSWERABLE: 1.0, Regime.NEAR: 0.4, Regime.OFF_TOPIC: 0.0}
    rows = []
    for number in range(360):
        regime = list(level)[number % 3]
        near = float(level[regime] + random.normal(scale=0.15))
        on_topic = float((regime is not Regime.OFF_TOPIC) + random.normal(scale=0.15))
        setting = (Setting.ARTICLE, Setting.ALL, Setting.QUESTION_SET)[number // 3 % 3]
        signals = Signals(
            Topic(on_topic, 0.0, on_topic, 0.0), Evidence(near, 0.0, 0.0, near, 0.0, 0.0)
        )
        name = "set" if setting is Setting.QUESTION_SET else "own"
        right = regime is Regime.ANSWERABLE
        rows.append(ConfidenceRow(name, str(number), "k", regime, setting, signals, right))
    return rows


def with_readings(rows: list[ConfidenceRow]) -> list[ConfidenceRow]:
    random = np.random.default_rng(1)
    read = []
    for row in rows:
        logit = float((3.0 if row.answerable else -3.0) + random.normal())
        reading = ReadingSignals(logit, 0.0, logit, 0.0)
        read.append(replace(row, signals=replace(row.signals, reading=reading)))
    return read


def test_confidence_separates_the_regimes() -> None:
    rows = toy_confidence_rows()
    fitted = fit_confidence(rows, with_readings(rows), seed=0, chosen=Thresholds(risk=0.25))
    model, judged = fitted.model, fitted.judged
    mean = {
        regime: np.mean(
            [c for c, r in zip(judged.confidence, rows, strict=True) if r.regime is regime]
        )
        for regime in (Regime.ANSWERABLE, Regime.NEAR, Regime.OFF_TOPIC)
    }
    assert mean[Regime.ANSWERABLE] > 0.9
    assert mean[Regime.NEAR] < 0.2
    assert mean[Regime.OFF_TOPIC] < 0.05
    for points in (model.points, model.reading.points):
        assert 0 < points.topic < 1
        assert 0 < points.possible < 1
        assert 0 < points.answered < 1
    # The reader of these rows knows the truth.
    assert model.reading.answers.weights["every"] > 0
    assert model.reading.right.weights["first"] > 0
    answerable = [row.answerable for row in rows]
    assert ((fitted.read.confidence > 0.5) == answerable).mean() > 0.99


def test_confidence_is_not_learned_from_a_question_set_alone(training_data: TrainingData) -> None:
    with pytest.raises(CitadelError, match="data set with articles of its own"):
        fit_confidence_to([replace(training_data, own=False)], {}, 0)


def test_the_risk_is_bounded_at_its_upper_end() -> None:
    confidences = np.linspace(1, 0.01, 100)
    wrong = np.arange(100) >= 60
    # 63 of 63 less three wrong ones: Clopper & Pearson give 11.9% at most.
    assert least_at_risk(confidences, wrong, 0.12, 0.95) == pytest.approx(confidences[62])
    assert least_at_risk(confidences, ~wrong, 0.01, 0.95) == 1.0


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    for file, key in ((RANKING_FILE, "weights"), (CONFIDENCE_FILE, "thresholds")):
        values = json.loads(file.read_text("utf-8"))
        assert key in values
        write_fit(tmp_path / file.name, Fit(values, ""))
        assert json.loads((tmp_path / file.name).read_text("utf-8")) == values
    RankingWeights.of(json.loads((tmp_path / "ranking.json").read_text("utf-8"))["weights"])
    ConfidenceModel.of(json.loads((tmp_path / "confidence.json").read_text("utf-8")))


def test_a_table_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("a\n<!-- t -->\nold\n<!-- /t -->\nb\n", "utf-8")
    put(path, "t", "| new |\n")
    put(path, "t", "| newer |\n")
    assert path.read_text("utf-8") == "a\n<!-- t -->\n\n| newer |\n\n<!-- /t -->\nb\n"
    with pytest.raises(CitadelError, match="has no place for the table"):
        put(path, "u", "| new |")
