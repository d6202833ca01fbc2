"""Other libraries on the same passages and questions, each asked in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from citadel.evaluation.data.questions import Place, Question
from citadel.evaluation.fitting.training_data import Material, one_search_questions
from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.judging import holds
from citadel.index.errors import CitadelError
from citadel.qa.answer.answering import Answerer

FOLDER = Path(__file__).resolve().parent / "baselines"
ROOT = FOLDER.parents[2]
"""Where ``python -m`` finds this package, whatever environment it runs in."""

PEERS = ("sentence-transformers", "bm25s", "txtai", "haystack")

_DEPTH = 10


@dataclass(frozen=True, slots=True)
class PeerResult:
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


def compare_peers(
    material: Material, encode: Callable[[str], object], progress: Callable[[int, int], None]
) -> str:
    """Return a Markdown table: a row for each peer, and one for Citadel.

    Args:
        material: The questions and the index; the same passages are given to every peer.
        encode: The bare ``model.encode`` of one text, in this process.
        progress: Called with the number of peers done, and of all.

    Raises:
        CitadelError: The peers can't be installed, or one of them fails.

    """
    questions = one_search_questions(material)
    total = len(PEERS) + 1
    progress(0, total)
    python = environment()
    results = []
    data = {
        "passages": [passage.text for passage in material.index.passages],
        "questions": [question.text for question in questions],
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.json"
        file.write_text(json.dumps(data), "utf-8")
        for done, peer in enumerate(PEERS, start=1):
            results.append(_ask_peer(python, peer, file))
            progress(done, total)
    results.append(_ask_citadel(material, questions, encode))
    progress(total, total)
    return peer_table(material, questions, results)


def environment() -> Path:
    """Return the Python of the peers' environment; make it, or renew it, when it has to be."""
    folder = Path(sys.prefix) / "peers"
    python = folder / "bin" / "python"
    wanted = (FOLDER / "requirements.txt").read_text("utf-8")
    stamp = folder / "installed.txt"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return python
    venv.create(folder, with_pip=True, clear=True)
    _run([str(python), "-m", "pip", "install", "-q", "-r", str(FOLDER / "requirements.txt")])
    stamp.write_text(wanted, "utf-8")
    return python


def _ask_peer(python: Path, peer: str, file: Path) -> PeerResult:
    found: dict[str, Any] = json.loads(
        _run([str(python), "-m", "citadel.evaluation.benchmarks.baselines", peer, str(file)])
    )
    return PeerResult(
        peer,
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
    material: Material, questions: Sequence[Question], encode: Callable[[str], object]
) -> PeerResult:
    answerer = Answerer(material.index)
    numbers = {
        (passage.source, passage.start): number
        for number, passage in enumerate(material.index.passages)
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
    return PeerResult(
        "Citadel (whole answer)", tuple(rankings[1:]), tuple(milliseconds[1:]), tuple(encodings[1:])
    )


def peer_table(
    material: Material, questions: Sequence[Question], results: Sequence[PeerResult]
) -> str:
    """Return the measures of each result as a Markdown table."""
    rows = []
    for result in results:
        taken, bare = np.median(result.milliseconds), np.median(result.encode)
        found = quality_of(material, questions, result.rankings)
        rows.append([result.name, *found, f"{taken:.1f}", f"{taken / bare:.2f}"])
    return markdown_table(["library", *QUALITY, "p50, ms", "× bare encode"], rows)


QUALITY = ("hit@1", "hit@3", "hit@5", "MRR@10")


def quality_of(
    material: Material, questions: Sequence[Question], rankings: Sequence[Sequence[int]]
) -> list[str]:
    """Return the measures that ``QUALITY`` names, of the passages found for each question."""
    places = [Place(p.source, p.start, p.end) for p in material.index.passages]
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
