"""Other libraries on the same passages and questions, each asked in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from citadel.evaluation.data.questions import Place, Question
from citadel.evaluation.fitting.training_data import TrainingData, one_search_questions
from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.judging import holds
from citadel.index.errors import CitadelError
from citadel.index.retrieval.stages import Stages
from citadel.qa.answer.answering import Answerer

FOLDER = Path(__file__).resolve().parent / "baselines"
ROOT = FOLDER.parents[2]
"""Where ``python -m`` finds this package, whatever environment it runs in."""

BASELINES = ("sentence-transformers", "bm25s", "txtai", "haystack")

_DEPTH = 10


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """What one library found.

    Attributes:
        name: Of the library.
        rankings: The best passages of each question, by their numbers, best first.
        milliseconds: How long each question took.
        encode: How long the bare encoding of each question took, in the same process.

    """

    name: str
    rankings: tuple[tuple[int, ...], ...]
    milliseconds: tuple[float, ...]
    encode: tuple[float, ...]


def compare_baselines(
    training_data: TrainingData,
    systems: Mapping[str, Stages],
    encode: Callable[[str], object],
    progress: Callable[[int, int], None],
) -> str:
    """Return a Markdown table: a row for each baseline, and one for each form of Citadel.

    Args:
        training_data: The questions and the index; the same passages are given to every baseline.
        systems: What ranks the candidates in each form of Citadel, by the name of its row.
        encode: The bare ``model.encode`` of one text, in this process.
        progress: Called with the number of baselines done, and of all.

    Raises:
        CitadelError: The baselines can't be installed, or one of them fails.

    """
    questions = one_search_questions(training_data)
    total = len(BASELINES) + len(systems)
    progress(0, total)
    python = environment()
    results = []
    data = {
        "passages": [passage.text for passage in training_data.index.passages],
        "questions": [question.text for question in questions],
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.json"
        file.write_text(json.dumps(data), "utf-8")
        for done, baseline in enumerate(BASELINES, start=1):
            results.append(_ask_baseline(python, baseline, file))
            progress(done, total)
    for done, (name, stages) in enumerate(systems.items(), start=len(BASELINES) + 1):
        results.append(_ask_citadel(name, stages, training_data, questions, encode))
        progress(done, total)
    return baseline_table(training_data, questions, results)


def environment() -> Path:
    """Return the Python of the baselines' environment; make it, or renew it, when it has to be."""
    folder = Path(sys.prefix) / "baselines"
    python = folder / "bin" / "python"
    wanted = (FOLDER / "requirements.txt").read_text("utf-8")
    stamp = folder / "installed.txt"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return python
    venv.create(folder, with_pip=True, clear=True)
    _run([str(python), "-m", "pip", "install", "-q", "-r", str(FOLDER / "requirements.txt")])
    stamp.write_text(wanted, "utf-8")
    return python


def _ask_baseline(python: Path, baseline: str, file: Path) -> BaselineResult:
    found: dict[str, Any] = json.loads(
        _run([str(python), "-m", "citadel.evaluation.benchmarks.baselines", baseline, str(file)])
    )
    return BaselineResult(
        baseline,
        tuple(tuple(ranking) for ranking in found["rankings"]),
        tuple(found["milliseconds"]),
        tuple(found["encode"]),
    )


def _run(command: Sequence[str]) -> str:
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or [""]
        raise CitadelError(
            f"“{' '.join(command[1:4])}” failed ({lines[-1]}); is the package index in reach?"
        ) from error


def _ask_citadel(
    name: str,
    stages: Stages,
    training_data: TrainingData,
    questions: Sequence[Question],
    encode: Callable[[str], object],
) -> BaselineResult:
    answerer = Answerer(training_data.index, stages)
    numbers = {
        (passage.source, passage.start): number
        for number, passage in enumerate(training_data.index.passages)
    }
    rankings, milliseconds, encodings = [], [], []
    for question in (questions[0], *questions):
        started = time.perf_counter()
        encode(question.text)
        encoded = time.perf_counter()
        answer = answerer.answer(question.text, (), _DEPTH)
        milliseconds.append((time.perf_counter() - encoded) * 1000)
        encodings.append((encoded - started) * 1000)
        found = [(hit.passage.source, hit.passage.start) for hit in answer.hits]
        rankings.append(tuple(numbers.get(place, -1) for place in found))
    return BaselineResult(name, tuple(rankings[1:]), tuple(milliseconds[1:]), tuple(encodings[1:]))


def baseline_table(
    training_data: TrainingData, questions: Sequence[Question], results: Sequence[BaselineResult]
) -> str:
    """Return the measures of each result as a Markdown table."""
    rows = []
    for result in results:
        taken, bare = np.median(result.milliseconds), np.median(result.encode)
        found = quality_of(training_data, questions, result.rankings)
        rows.append([result.name, *found, f"{taken:.1f}", f"{taken / bare:.2f}"])
    return markdown_table(["library", *QUALITY, "p50, ms", "× bare encode"], rows)


QUALITY = ("hit@1", "hit@3", "hit@5", "MRR@10")


def quality_of(
    training_data: TrainingData, questions: Sequence[Question], rankings: Sequence[Sequence[int]]
) -> list[str]:
    """Return the measures that ``QUALITY`` names, of the passages found for each question."""
    places = [Place(p.source, p.start, p.end) for p in training_data.index.passages]
    relevant = [
        {n for n, place in enumerate(places) if any(holds(place, e) for e in question.evidence)}
        for question in questions
    ]
    ranks = [
        next((r for r, number in enumerate(found, start=1) if number in right), None)
        for found, right in zip(rankings, relevant, strict=True)
    ]
    hits = [float(np.mean([rank is not None and rank <= k for rank in ranks])) for k in (1, 3, 5)]
    return [*map(share, hits), share(float(np.mean([1 / rank if rank else 0.0 for rank in ranks])))]
