"""What readers report about answers, kept as JSON Lines on this computer, never without bound."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from citadel.index.snapshots.pointer import default_index_dir
from citadel.qa.answer.answers import Answer, answer_record

MAX_COMMENT = 300
"""The longest remark, in code points."""

_MAX_BYTES = 2_000_000


class Problem(StrEnum):
    """What a reader finds wrong with an answer."""

    WRONG_PASSAGE = "wrong_passage"
    WRONG_SENTENCE = "wrong_sentence"
    SHOULD_BE_NOT_FOUND = "should_be_not_found"
    OTHER = "other"


def default_feedback_file() -> Path:
    """Return the file of reports next to the index in this user's data folder."""
    return default_index_dir().with_name("feedback.jsonl")


@dataclass(frozen=True, slots=True)
class FeedbackFile:
    """A file of reports, one JSON object a line.

    When it is full it becomes the “.old” one, and replaces that: the newest are kept.

    Attributes:
        path: The file; its folder is made with the first report.
        max_bytes: How large it may grow.

    """

    path: Path
    max_bytes: int = _MAX_BYTES
    _lock: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    def add(
        self, problem: Problem, comment: str, answer: Answer, history: tuple[str, ...] = ()
    ) -> None:
        """Store a report, with what the evaluation needs to ask the same again.

        Raises:
            OSError: The file can't be written.

        """
        record = answer_record(answer)
        line = json.dumps(
            {
                "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "problem": problem.value,
                "comment": comment[:MAX_COMMENT],
                "question": answer.question,
                "history": list(history),
                **{key: record[key] for key in ("status", "confidence", "answers", "index")},
            }
        )
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists() and self.path.stat().st_size + len(line) >= self.max_bytes:
                self.path.replace(self.path.with_name(f"{self.path.name}.old"))
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
