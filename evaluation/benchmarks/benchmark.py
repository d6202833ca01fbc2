"""How fast answers are, compared with other libraries: the same passages and questions, in turn."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from citadel.evaluation.benchmarks.baseline_benchmark import QUALITY, ROOT, environment, quality_of
from citadel.evaluation.fitting.training_data import TrainingData, one_search_questions
from citadel.evaluation.reports.performance import CLIENTS, Performance
from citadel.evaluation.reports.report import markdown_table
from citadel.index.encoders.backends import OPENVINO, TORCH
from citadel.index.errors import CitadelError

_SECONDS = 6.0
"""For which they do."""

_PAUSE = 0.02
"""Seconds between two contestants."""

_BASE = "encode, torch"
"""What all times are reported as multiples of: a library's own encode, and nothing else."""


class BenchmarkProcess:
    """A process that is asked in lines of JSON, see baselines/loop.py."""

    def __init__(self, name: str, command: Sequence[str], question: str) -> None:
        """Start it, and wait for its first answer.

        Raises:
            CitadelError: It ends before.

        """
        self.name = name
        began = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.build = float(self._told()["build_seconds"])
        self.ask(question)
        self.start = time.perf_counter() - began - self.build

    def ask(self, question: str) -> tuple[float, tuple[int, ...]]:
        """Return the milliseconds of one question, and the passages found."""
        told = self._do({"do": "ask", "question": question})
        return told["milliseconds"], tuple(told["found"])

    def load(self, questions: Sequence[str], clients: int) -> float:
        """Return the answers a second."""
        told = self._do(
            {"do": "load", "questions": questions, "clients": clients, "seconds": _SECONDS}
        )
        return float(told["per_second"])

    def memory(self) -> int:
        """Return the bytes that it takes."""
        return int(self._do({"do": "memory"})["bytes"])

    def end(self) -> None:
        """Let it end."""
        self._process.communicate()

    def _do(self, command: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return self._told()

    def _told(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            _, errors = self._process.communicate()
            last = (errors.strip().splitlines() or [""])[-1]
            raise CitadelError(f"The contestant {self.name} failed ({last}).")
        told: dict[str, Any] = json.loads(line)
        return told


def measure(
    training_data: TrainingData, sources: Path, tell: Callable[[str], None]
) -> tuple[Performance, ...]:
    """Ask all contestants the same questions, each question of all of them before the next one.

    Args:
        training_data: The questions, and the passages.
        sources: The folder of the articles that the passages are of.
        tell: Called with what is being done.

    Raises:
        CitadelError: A contestant can't be installed, or fails.

    """
    questions = [question.text for question in one_search_questions(training_data)]
    tell("installing the other libraries")
    python = environment()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        commands = _commands(python, training_data, sources, Path(folder))
        # Once for Citadel to convert the model and to build its index.
        builds = {}
        for name in ("Citadel", "Citadel, torch"):
            tell(f"{name}: building")
            with _running(name, commands[name], questions[0]) as process:
                builds[name] = process.build
        processes = []
        for name, command in commands.items():
            tell(f"{name}: starting")
            processes.append(stack.enter_context(_running(name, command, questions[0])))
        tell(f"asking {len(questions)} questions in turn")
        asked = [[_ask(each, question) for each in processes] for question in questions]
        memory = [each.memory() for each in processes]
        load = []
        for clients in CLIENTS:
            tell(f"{clients} clients at once")
            load.append([each.load(questions, clients) for each in processes])
    return tuple(
        Performance(
            name=each.name,
            start=each.start,
            build=builds.get(each.name, each.build),
            milliseconds=tuple(answers[number][0] for answers in asked),
            found=tuple(answers[number][1] for answers in asked),
            per_second=tuple(rates[number] for rates in load),
            memory=memory[number],
        )
        for number, each in enumerate(processes)
    )


def _ask(process: BenchmarkProcess, question: str) -> tuple[float, tuple[int, ...]]:
    # Until the threads of the one before sleep, which wait for more work for a while.
    time.sleep(_PAUSE)
    return process.ask(question)


@contextmanager
def _running(name: str, command: Sequence[str], question: str) -> Iterator[BenchmarkProcess]:
    process = BenchmarkProcess(name, command, question)
    try:
        yield process
    finally:
        process.end()


def _commands(
    python: Path, training_data: TrainingData, sources: Path, folder: Path
) -> dict[str, list[str]]:
    """Return how each contestant is started, Citadel first."""
    data = folder / "data.json"
    data.write_text(
        json.dumps({"passages": [passage.text for passage in training_data.index.passages]}),
        "utf-8",
    )

    def baseline(name: str) -> list[str]:
        return [
            str(python),
            "-m",
            "citadel.evaluation.benchmarks.baselines",
            "contest",
            name,
            str(data),
        ]

    def citadel(what: str, backend: str) -> list[str]:
        plan = folder / f"{what}-{backend}.json"
        index_dir = str(folder / f"index-{backend}")
        plan.write_text(
            json.dumps(
                {"what": what, "backend": backend, "index_dir": index_dir, "sources": str(sources)}
            ),
            "utf-8",
        )
        return [sys.executable, "-m", "citadel.evaluation.benchmarks.contestant", str(plan)]

    return {
        "Citadel": citadel("answer", OPENVINO),
        "Citadel, torch": citadel("answer", TORCH),
        "chroma": baseline("chroma"),
        "txtai, hybrid": baseline("txtai"),
        "Haystack, hybrid": baseline("haystack"),
        _BASE: baseline("encode"),
        "encode, OpenVINO": citadel("encode", OPENVINO),
    }


def markdown_performance(training_data: TrainingData, performances: Sequence[Performance]) -> str:
    """Return a Markdown table, a row for each contestant; times as multiples of the bare encode."""
    questions = one_search_questions(training_data)
    rows = []
    for each, row in zip(performances, relative_rows(performances), strict=True):
        quality = quality_of(training_data, questions, each.found) if any(each.found) else ["–"] * 4
        rows.append([*row, quality[0], quality[3]])
    header = [
        "",
        "p50, × encode",
        "p50, ms",
        "p99, ms",
        *(f"answers, × encode’s: {clients} at once" for clients in CLIENTS),
        "start, s",
        "build, s",
        "memory, MB",
        QUALITY[0],
        QUALITY[3],
    ]
    return f"{_machine()}\n\n{markdown_table(header, rows)}"


def relative_rows(performances: Sequence[Performance]) -> list[list[str]]:
    """Return what each took, in the order of the columns of the table."""
    base = bare_encode(performances)
    rows = []
    for each in performances:
        p50, p99 = np.percentile(each.milliseconds, (50, 99))
        rows.append(
            [
                each.name,
                f"{p50 / np.percentile(base.milliseconds, 50):.2f}",
                f"{p50:.1f}",
                f"{p99:.1f}",
                *(f"{rate / base.per_second[0]:.2f}" for rate in each.per_second),
                f"{each.start:.1f}",
                f"{each.build:.1f}" if each.build else "–",
                f"{each.memory / 1e6:.0f}",
            ]
        )
    return rows


def bare_encode(performances: Sequence[Performance]) -> Performance:
    """Return the one that all others are compared with."""
    return next(each for each in performances if each.name == _BASE)


def _machine() -> str:
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[1]
    return (
        f"{cpu}, {cores} cores, Python {platform.python_version()}; {load:.1f} processes wanted to "
        "run at a time, on average of the last five minutes."
    )
