"""Citadel in the benchmark, a process of its own, whose argument is a file with a plan.

The plan names what is to be measured: {"what": "answer" or "encode", "backend", "index_dir",
"sources"}; the passages are numbered as the index has them.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from citadel.evaluation.benchmarks.baselines.loop import Search, contest
from citadel.index.build.opening import open_index
from citadel.index.encoders.backends import encoder_loader, use_threads
from citadel.index.encoders.batching import GatheringEncoder
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.snapshots.snapshots import has_index
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import answer_record


def main() -> None:
    """Build the index, or open it; then be asked."""
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    index_dir = Path(plan["index_dir"])
    load = encoder_loader(index_dir, plan["backend"])
    if plan["what"] == "encode":
        encoder = load(DEFAULT_MODEL)
        use_threads(1)

        def encode(question: str) -> list[int]:
            encoder.encode_questions([question])
            return []

        contest(encode, 0.0)
        return
    built = has_index(index_dir)
    encoder = load(DEFAULT_MODEL)
    started = time.perf_counter()
    index = open_index(
        index_dir,
        Path(plan["sources"]),
        None,
        lambda _model: GatheringEncoder(encoder),
        lambda _done, _total: None,
    )
    build_seconds = 0.0 if built else time.perf_counter() - started
    use_threads(1)
    contest(_search(Answerer(index)), build_seconds)


def _search(answerer: Answerer) -> Search:
    numbers = {
        (passage.source, passage.start): number
        for number, passage in enumerate(answerer.index.passages)
    }

    def search(question: str) -> list[int]:
        answer = answerer.answer(question, (), 10)
        # As the command line and the HTTP API give it.
        json.dumps(answer_record(answer))
        return [numbers[hit.passage.source, hit.passage.start] for hit in answer.hits]

    return search


if __name__ == "__main__":
    main()
