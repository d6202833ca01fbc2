"""Draft questions from what readers reported: a person checks them and adds what answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from citadel.evaluation.data.files import field, read_json_lines
from citadel.index.errors import CitadelError
from citadel.qa.service.feedback import Problem


def draft_questions(path: Path) -> Iterator[str]:
    """Yield a draft question for each question that was reported, as lines of a question set.

    Where the answer should have been “not found”, the draft is complete. In the others
    “evidence” is left empty, which a question set refuses: only a person can quote what answers.
    A question that several people reported makes one draft, with all they said in its note.

    Args:
        path: The file of reports that the page writes.

    Raises:
        CitadelError: The file can't be read, or a line is no report.

    """
    drafts: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
    for number, report in read_json_lines(path):
        where = f"{path}, line {number}"
        question = field(report, "question", str, where)
        history = field(report, "history", list, where)
        draft = drafts.setdefault(
            (question, tuple(history)),
            {
                "id": f"report-{len(drafts) + 1:03}",
                "kind": "reported",
                "question": question,
                "history": history,
                "answerable": False,
                "evidence": [],
                "need": "any",
                "note": [],
            },
        )
        problem = field(report, "problem", str, where)
        if problem not in set(Problem):
            raise CitadelError(f"{where} reports the unknown problem {problem!r}; remove the line.")
        # Opinions may differ; whether the sources answer is then for the person to find out.
        draft["answerable"] |= problem != Problem.SHOULD_BE_NOT_FOUND
        draft["note"].append(_note(report, problem, where))
    for draft in drafts.values():
        yield json.dumps(draft, ensure_ascii=False)


def _note(report: Mapping[str, Any], problem: str, where: str) -> str:
    quotes = [field(quote, "quote", str, where) for quote in field(report, "answers", list, where)]
    shown = f"was shown: {' | '.join(quotes)}" if quotes else "nothing was quoted"
    comment = field(report, "comment", str, where)
    return f"{problem}: {comment} — {shown}" if comment else f"{problem} — {shown}"
