"""What was measured, question by question: every table and plot follows from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from citadel.evaluation.data.files import read_json
from citadel.index.errors import CitadelError
from citadel.qa.answer.answers import Status

FORMAT = 1
"""Raised whenever the file of results changes its form or meaning."""

RESULT_FILE = "run.json"

Values = Mapping[str, float]
"""Measures by their names, each 0 to 1, higher is better; those that apply to the question."""


@dataclass(frozen=True, slots=True)
class About:
    """What was measured with what.

    Attributes:
        dataset: The name of the data set.
        questions_sha256: Of its questions and their evidence.
        articles: How many there are.
        passages: How many they are cut into.
        articles_sha256: Of their names and texts.
        system: What answered: the model, or the file of answers.
        passages_asked: How many passages were asked for with each question; 0 if unknown.
        unlocated: The question and the text of evidence that no article holds.
        misquoted: How many quotes are not what stands at their place.
        quoted: How many quotes there are.

    """

    dataset: str
    questions_sha256: str
    articles: int
    passages: int
    articles_sha256: str
    system: str
    passages_asked: int
    unlocated: tuple[tuple[str, str], ...]
    misquoted: int
    quoted: int


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """One question and how good its answer is.

    Attributes:
        id: As in the data set.
        kind: As in the data set.
        question: As asked.
        history: The earlier questions, oldest first.
        answerable: Whether the sources answer it.
        status: Of the answer.
        confidence: Of the answer.
        quotes: The sentences shown, best first.
        error: Why there is no answer, or "".
        elapsed_ms: Time taken, in milliseconds.
        values: Its measures; a refused question has 0 where an answer was due.
        without_history: The same measures for a follow-up asked without its history, or empty.
        rewritten: … for a person's rewriting of a follow-up, or empty.

    """

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    status: Status
    confidence: float
    quotes: tuple[str, ...]
    error: str
    elapsed_ms: float
    values: Values
    without_history: Values
    rewritten: Values

    @property
    def answered(self) -> bool:
        """Whether anything was quoted."""
        return self.status in (Status.ANSWERED, Status.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Result:
    """A data set, judged."""

    about: About
    questions: tuple[JudgedQuestion, ...]


def write_result(path: Path, result: Result) -> None:
    """Write a result as JSON, one question a line."""
    rows = ",\n".join(json.dumps(asdict(q), ensure_ascii=False) for q in result.questions)
    about = json.dumps(asdict(result.about), ensure_ascii=False, indent=1)
    path.write_text(
        f'{{"format": {FORMAT},\n"about": {about},\n"questions": [\n{rows}\n]}}\n', "utf-8"
    )


def read_result(path: Path) -> Result:
    """Read what ``write_result`` wrote; of a folder, its run.json.

    Raises:
        CitadelError: It is missing, or no result of this version.

    """
    file = path / RESULT_FILE if path.is_dir() else path
    values = read_json(file)
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise CitadelError(
            f"{file} is no result of this version; write it again with “python -m evaluation run”."
        )
    about = values["about"]
    about["unlocated"] = tuple((question, text) for question, text in about["unlocated"])
    return Result(About(**about), tuple(_question(row) for row in values["questions"]))


def _question(row: dict[str, Any]) -> JudgedQuestion:
    return JudgedQuestion(
        **{
            **row,
            "history": tuple(row["history"]),
            "quotes": tuple(row["quotes"]),
            "status": Status(row["status"]),
        }
    )
