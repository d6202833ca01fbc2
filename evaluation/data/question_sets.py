"""Reads question sets: JSON Lines that quote their evidence from articles kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from citadel.evaluation.data.files import field, read_json_lines
from citadel.evaluation.data.questions import Dataset, Evidence, Need, Question
from citadel.index.corpus.corpus import read_articles
from citadel.index.errors import CitadelError


def read_collection(folder: Path) -> Dataset:
    """Read a folder of ``articles`` and the question sets next to it, all asked of them together.

    Raises:
        CitadelError: A line or an article is malformed, or an identifier is given twice.

    """
    sets = [read_question_set(path) for path in sorted(folder.glob("*.jsonl"))]
    questions = {question.id: question for each in sets for question in each.questions}
    if len(questions) != sum(len(each.questions) for each in sets):
        raise CitadelError(f"{folder} has two questions with one id; give one of them another.")
    if not questions:
        raise CitadelError(f"{folder} holds no question; write a question set (.jsonl) into it.")
    return Dataset(folder.name, tuple(questions.values()), read_articles(folder / "articles"))


def read_question_set(path: Path) -> Dataset:
    """Read a file of ``{"id", "kind", "question", "history"?, "answerable", "evidence", "need"}``.

    Raises:
        CitadelError: A line is malformed, or repeats an earlier line's identifier.

    """
    questions: dict[str, Question] = {}
    for number, values in read_json_lines(path):
        where = f"{path}, line {number}"
        question = _question(values, where)
        if question.id in questions:
            raise CitadelError(f"{where} repeats the id {question.id!r}; give it another.")
        questions[question.id] = question
    if not questions:
        raise CitadelError(f"{path} holds no question; write one JSON object a line.")
    return Dataset(path.stem, tuple(questions.values()))


def _question(values: Mapping[str, Any], where: str) -> Question:
    answerable = field(values, "answerable", bool, where)
    evidence = _strings(values, "evidence", where)
    if answerable and not evidence:
        raise CitadelError(f"{where} is answerable but has no evidence; quote what answers it.")
    need = values.get("need", Need.ANY)
    if need not in set(Need):
        raise CitadelError(f"{where} needs {need!r} of its evidence; write “any” or “all”.")
    return Question(
        id=field(values, "id", str, where),
        kind=field(values, "kind", str, where),
        text=field(values, "question", str, where),
        history=_strings(values, "history", where),
        answerable=answerable,
        evidence=tuple(Evidence(text) for text in evidence),
        need=Need(need),
        article=str(values.get("article", "")),
        answers=_strings(values, "answers", where),
    )


def _strings(values: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    items = values.get(name, [])
    if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
        raise CitadelError(f"{where}: “{name}” must be a list of strings that are not empty.")
    return tuple(items)
