import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import citadel.evaluation.cli as commands
from citadel.evaluation.data.question_sets import read_question_set
from citadel.index.errors import CitadelError
from citadel.qa.answer.answering import Answerer
from citadel.qa.service.feedback import FeedbackFile, Problem


def test_reports_of_the_page_become_draft_questions(answerer: Answerer, tmp_path: Path) -> None:
    reports = FeedbackFile(tmp_path / "feedback.jsonl")
    leads = answerer.answer("Who leads Jaish Halab?")
    follow_up = answerer.answer("Who leads it?", ("What is Jaish Halab?",))
    opera = answerer.answer("Who wrote the opera Fidelio?")
    reports.add(Problem.WRONG_SENTENCE, "It is a colonel.", leads)
    reports.add(Problem.SHOULD_BE_NOT_FOUND, "", opera)
    reports.add(Problem.WRONG_PASSAGE, "", follow_up, ("What is Jaish Halab?",))
    reports.add(Problem.SHOULD_BE_NOT_FOUND, "Not said.", leads)
    printed = CliRunner().invoke(commands.app, ["drafts", str(reports.path)])
    assert (printed.exit_code, printed.stderr) == (0, "")
    shown = " | ".join(citation.quote for citation in leads.citations)
    about_it = " | ".join(citation.quote for citation in follow_up.citations)
    common = {"kind": "reported", "evidence": [], "need": "any"}
    drafts = [json.loads(line) for line in printed.stdout.splitlines()]
    assert drafts == [
        common
        | {
            "id": "report-001",
            "question": "Who leads Jaish Halab?",
            "history": [],
            "answerable": True,
            "note": [
                f"wrong_sentence: It is a colonel. — was shown: {shown}",
                f"should_be_not_found: Not said. — was shown: {shown}",
            ],
        },
        common
        | {
            "id": "report-002",
            "question": "Who wrote the opera Fidelio?",
            "history": [],
            "answerable": False,
            "note": ["should_be_not_found — nothing was quoted"],
        },
        common
        | {
            "id": "report-003",
            "question": "Who leads it?",
            "history": ["What is Jaish Halab?"],
            "answerable": True,
            "note": [f"wrong_passage — was shown: {about_it}"],
        },
    ]
    check_a_person_is_asked(tmp_path / "drafts.jsonl", printed.stdout.splitlines())


def check_a_person_is_asked(path: Path, lines: list[str]) -> None:
    """A draft without an answer is refused as a question; a complete one is taken."""
    path.write_text(lines[0] + "\n", "utf-8")
    with pytest.raises(CitadelError, match="line 1 is answerable but has no evidence; quote what"):
        read_question_set(path)
    path.write_text(lines[1] + "\n", "utf-8")
    assert [q.text for q in read_question_set(path).questions] == ["Who wrote the opera Fidelio?"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1 is not JSON"),
        ('{"question": "Why?"}', "line 1 has no “history” of type list; add it."),
        (
            '{"question": "Why?", "history": [], "problem": "dull", "answers": [], "comment": ""}',
            "line 1 reports the unknown problem 'dull'; remove the line.",
        ),
    ],
)
def test_what_is_no_report(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_text(line, "utf-8")
    found = CliRunner().invoke(commands.app, ["drafts", str(path)])
    assert isinstance(found.exception, CitadelError)
    assert message in str(found.exception)
