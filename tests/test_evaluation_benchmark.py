import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from citadel.evaluation.benchmarks import benchmark
from citadel.evaluation.benchmarks.benchmark import BenchmarkProcess, bare_encode, relative_rows
from citadel.evaluation.benchmarks.profiling import STEPS, markdown_profile
from citadel.evaluation.fitting.training_data import TrainingData
from citadel.evaluation.reports.performance import Performance
from citadel.evaluation.reports.plots import performance_plot
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.qa.answer.answering import Answerer

COUNTING = """
import sys
from citadel.evaluation.benchmarks.baselines.loop import contest
contest(lambda question: [len(question), 7], 0.25)
"""


def performance(
    name: str, milliseconds: tuple[float, ...], rates: tuple[float, ...]
) -> Performance:
    return Performance(name, 1.25, 2.5, milliseconds, ((),) * len(milliseconds), rates, 123_400_000)


def test_a_contestant_is_asked_line_by_line() -> None:
    process = BenchmarkProcess("counting", [sys.executable, "-c", COUNTING], "Who?")
    try:
        assert process.build == 0.25
        milliseconds, found = process.ask("When?")
        assert found == (5, 7)
        assert 0 <= milliseconds < 60_000
        assert process.load(["Who?", "When?"], 2) > 0
        assert process.memory() > 1_000_000
    finally:
        process.end()


def test_a_contestant_that_fails_is_named() -> None:
    with pytest.raises(CitadelError) as caught:
        BenchmarkProcess("broken", [sys.executable, "-c", "raise SystemExit('no model')"], "Who?")
    assert str(caught.value) == "The contestant broken failed (no model)."


def test_every_contestant_is_a_module_that_is_there(
    passage_index: PassageIndex, tmp_path: Path
) -> None:
    data = TrainingData("siege-dev", (), passage_index, own=False)
    commands = benchmark._commands(Path(sys.executable), data, tmp_path, tmp_path)
    modules = {command[command.index("-m") + 1] for command in commands.values()}
    assert [name for name in sorted(modules) if find_spec(name) is None] == []


def test_times_are_told_as_multiples_of_the_bare_encode() -> None:
    measured = [
        performance("Citadel", (4.0, 6.0, 8.0), (100.0, 300.0, 250.0)),
        performance("encode, torch", (12.0, 12.0, 12.0), (50.0, 60.0, 55.0)),
    ]
    assert bare_encode(measured) is measured[1]
    assert relative_rows(measured) == [
        ["Citadel", "0.50", "6.0", "8.0", "2.00", "6.00", "5.00", "1.2", "2.5", "123"],
        ["encode, torch", "1.00", "12.0", "12.0", "1.00", "1.20", "1.10", "1.2", "2.5", "123"],
    ]
    picture = performance_plot(measured, measured[1])
    assert re.findall(r">(Citadel|encode, torch|[0-9]+ at once)<", picture) == [
        "encode, torch",
        "Citadel",
        "1 at once",
        "8 at once",
        "32 at once",
    ]


def test_each_step_of_an_answer_takes_a_share(passage_index: PassageIndex) -> None:
    table = markdown_profile(Answerer(passage_index), ["Who leads Jaish Halab?"])
    rows = [line.split("|")[1:4] for line in table.splitlines()[2:]]
    assert [name.strip() for name, _, _ in rows] == [
        *STEPS,
        "all else: features, ranking, notes",
        "**together**",
    ]
    assert sum(int(share.strip(" %")) for _, share, _ in rows[:-1]) == pytest.approx(100, abs=5)
