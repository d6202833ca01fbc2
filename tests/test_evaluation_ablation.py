"""The tables of methods and of other libraries."""

import json
from pathlib import Path

import pytest

import citadel.evaluation.benchmarks.baseline_benchmark as benchmark
from citadel.evaluation.benchmarks.baseline_benchmark import BaselineResult, baseline_table
from citadel.evaluation.data.datasets import BUNDLED_QUESTIONS, read_dataset
from citadel.evaluation.fitting.ablation import METHODS, ablate
from citadel.evaluation.fitting.training_data import TrainingData, one_search_questions
from citadel.evaluation.scoring.judging import Judge
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.stages import ONLY_RANKER


@pytest.fixture(scope="module")
def training_data(passage_index: PassageIndex) -> TrainingData:
    sample = read_dataset(BUNDLED_QUESTIONS).sample(8)
    judge = Judge(passage_index.articles, sample.questions)
    return TrainingData("siege-dev", judge.questions, passage_index, own=False)


def test_every_method_has_its_row(training_data: TrainingData) -> None:
    lines = ablate(training_data, lambda _done, _total: None).splitlines()
    assert lines[0] == "| ranked by | hit@1 | hit@3 | sentence@1 | sentence@3 |"
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]] == [
        name for name, _, _ in METHODS
    ]


def test_a_library_is_judged_by_the_rank_of_what_answers(training_data: TrainingData) -> None:
    questions = one_search_questions(training_data)[:2]
    passages = training_data.index.passages
    right = [
        next(
            number
            for number, p in enumerate(passages)
            if any(
                place.start >= p.start and place.end <= p.end
                for item in question.evidence
                for place in item.places
            )
        )
        for question in questions
    ]
    wrong = next(n for n in range(len(passages)) if n not in right)
    result = BaselineResult("p", ((right[0],), (wrong, right[1])), (4.0, 6.0), (2.0, 2.0))
    assert baseline_table(training_data, questions, [result]).splitlines()[2] == (
        "| p | .500 | 1.000 | 1.000 | .750 | 5.0 | 2.50 |"
    )


def test_peers_are_asked_in_their_own_environment(
    training_data: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def run(command: list[str]) -> str:
        asked.append(command[3])
        count = len(one_search_questions(training_data))
        ones = [1] * count
        return json.dumps({"rankings": [[0]] * count, "milliseconds": ones, "encode": ones})

    monkeypatch.setattr(benchmark, "environment", lambda: Path("python"))
    monkeypatch.setattr(benchmark, "_run", run)
    systems = {"ranked": ONLY_RANKER, "also": ONLY_RANKER}
    table = benchmark.compare_baselines(
        training_data, systems, lambda _text: None, lambda _done, _total: None
    )
    assert asked == list(benchmark.BASELINES)
    rows = [line.split("|") for line in table.splitlines()[2:]]
    assert [cells[1].strip() for cells in rows] == [*benchmark.BASELINES, "ranked", "also"]
    # The same ranking finds the same, however long it takes.
    assert rows[-1][2:6] == rows[-2][2:6]
