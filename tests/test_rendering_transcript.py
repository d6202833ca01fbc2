"""What is written down: the transcript of an answer, and the reports about answers."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.retrieval.hits import Hit
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer, Citation, Status
from citadel.qa.page.handlers import receipt
from citadel.qa.page.transcript import transcript_entry
from citadel.qa.service.feedback import MAX_COMMENT, FeedbackFile, Problem, default_feedback_file
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service

PASSAGE = Passage("a.md", "A *Report*", "A *Report*", 3, 10, 20, "It [fell].", (Span(10, 20),))
ASKED = datetime(2026, 11, 22, 15, 41, tzinfo=UTC)


def answer(question: str = "When?", searched_for: str = "When?") -> Answer:
    hits = (Hit(PASSAGE, 0.5, (), ()),)
    citations = (Citation(1, PASSAGE, Span(10, 20), "Doubtful."),)
    return Answer(
        question, searched_for, Status.ANSWERED, 0.9, citations, hits, ("Note.",), "g1", 1.0
    )


def test_a_transcript_names_question_quote_place_time_and_index() -> None:
    assert transcript_entry(answer("And\n<b>when</b>?", "When did it fall?"), {}, ASKED) == (
        "## And \\<b\\>when\\</b\\>?\n\n"
        "Asked 2026-11-22 15:41 UTC, of the index g1.\n\n"
        "Searched for: When did it fall?\n\n"
        "Answer found.\n\n"
        "> It \\[fell\\].\n\n"
        "\\[1\\] A \\*Report\\*, paragraph 3 (a.md, characters 10 to 20)\n\nDoubtful.\n\n"
        "Note.\n"
    )


def test_a_report_is_one_line_with_what_is_needed_to_ask_again(tmp_path: Path) -> None:
    file = FeedbackFile(tmp_path / "new" / "feedback.jsonl")
    file.add(Problem.OTHER, "x" * 999, answer(), ("Before?",))
    line = json.loads(file.path.read_text("utf-8"))
    assert line.pop("time").endswith("Z")
    assert line == {
        "problem": "other",
        "comment": "x" * MAX_COMMENT,
        "question": "When?",
        "history": ["Before?"],
        "status": "answered",
        "confidence": 0.9,
        "answers": [
            {"quote": "It [fell].", "source": "a.md", "start": 10, "end": 20, "passage": 1}
        ],
        "index": "g1",
    }


def test_reports_never_grow_beyond_their_bound(tmp_path: Path) -> None:
    file = FeedbackFile(tmp_path / "feedback.jsonl", max_bytes=1000)
    for _ in range(20):
        file.add(Problem.OTHER, "", answer())
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {"feedback.jsonl", "feedback.jsonl.old"}
    assert max(sizes.values()) <= 1000


def test_reports_are_kept_next_to_the_index() -> None:
    assert default_feedback_file().name == "feedback.jsonl"


@pytest.mark.parametrize(
    "request_",
    [None, [], {}, {"turn": 1, "question": "x"}, {"problem": "no such", "question": "When?"}],
)
def test_what_is_no_report_is_refused(answerer: Answerer, tmp_path: Path, request_: object) -> None:
    file = FeedbackFile(tmp_path / "feedback.jsonl")
    assert (
        receipt(Service(LiveIndex.of(answerer)), file, request_)["announcement"]
        == "This report can’t be stored."
    )
    assert not file.path.exists()


def test_a_report_that_cannot_be_written_is_told_with_a_code(
    answerer: Answerer, tmp_path: Path
) -> None:
    request = {"turn": "t", "question": "Why?", "problem": "other"}
    told = receipt(Service(LiveIndex.of(answerer)), FeedbackFile(tmp_path), request)["announcement"]
    assert told.startswith("The report was not stored. Code ")
