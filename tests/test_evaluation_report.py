"""The report: its whole Markdown, and a page that needs nothing else."""

import re
from dataclasses import replace
from pathlib import Path

from citadel.evaluation.reports.html import html_report
from citadel.evaluation.reports.report import cell_text, markdown_report, share
from citadel.evaluation.scoring.metrics import summarise
from citadel.evaluation.scoring.results import About, JudgedQuestion, Result
from citadel.qa.answer.answers import Status

EXPECTED = Path(__file__).parent / "data" / "evaluation-report.md"

ABOUT = About(
    dataset="rivers",
    questions_sha256="a" * 64,
    articles=1,
    passages=2,
    articles_sha256="b" * 64,
    system="the model m",
    passages_asked=5,
    unlocated=(("q2", "It ends | there."),),
    misquoted=1,
    quoted=3,
)


def judged(identifier: str, status: Status, confidence: float, **values: float) -> JudgedQuestion:
    """A question; “hit_1” stands for “hit@1”."""
    quoted = status in (Status.ANSWERED, Status.POSSIBLE)
    return JudgedQuestion(
        id=identifier,
        kind="near" if "refused" in values else "fact",
        question=f"<b>Where</b> is {identifier}?",
        history=("Who?",) if identifier == "q2" else (),
        answerable="refused" not in values,
        status=status,
        confidence=confidence,
        quotes=("It ends <here> & there.",) if quoted else (),
        error="Too long." if identifier == "q4" else "",
        elapsed_ms=20.0,
        values={name.replace("_", "@"): value for name, value in values.items()},
        without_history={"hit@1": 0.0, "answered": 1.0} if identifier == "q2" else {},
        rewritten={},
    )


RESULT = Result(
    ABOUT,
    (
        judged("q1", Status.ANSWERED, 0.95, hit_1=1.0, sentence_1=1.0, sentence_3=1.0, answered=1),
        judged("q2", Status.POSSIBLE, 0.45, hit_1=1.0, sentence_1=0.0, sentence_3=0.0, answered=1),
        judged("q3", Status.ANSWERED, 0.65, refused=0.0),
        judged("q4", Status.NOT_FOUND, 0.05, refused=1.0),
    ),
)


def test_the_whole_report() -> None:
    assert markdown_report(RESULT, summarise(RESULT)) == EXPECTED.read_text("utf-8")


def test_the_page_needs_nothing_else_and_shows_text_as_text() -> None:
    page = html_report(RESULT, summarise(RESULT))
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert page == html_report(RESULT, summarise(RESULT))
    assert page.count('<img src="data:image/svg+xml;base64,') == 5
    assert not re.findall(r"(?:src|href)=\"(?!data:)|<script|@import|url\(", page)
    assert "<b>Where" not in page
    assert "&lt;b&gt;Where&lt;/b&gt; is q3?" in page
    assert "<q>It ends &lt;here&gt; &amp; there.</q>" in page
    assert re.findall(r'<section id="(\w+)">', page) == [
        "overall",
        "kinds",
        "refusing",
        "calibration",
        "followups",
        "time",
        "notes",
        "misses",
    ]


def test_the_misses_are_what_should_have_been_otherwise() -> None:
    page = html_report(RESULT, summarise(RESULT))
    assert "<h2>Questions that went wrong (2)</h2>" in page
    misses = page[page.index('id="misses"') :]
    # The surest comes first.
    assert re.findall(r"is (q\d)\?", misses) == ["q3", "q2"]


def test_a_result_with_nothing_wrong_has_no_misses() -> None:
    perfect = replace(RESULT, questions=RESULT.questions[:1])
    page = html_report(perfect, summarise(perfect))
    assert 'id="misses"' not in page
    assert 'id="followups"' not in page


def test_only_unanswerable_questions_have_no_table_of_kinds() -> None:
    refused = replace(RESULT, questions=RESULT.questions[3:])
    page = html_report(refused, summarise(refused))
    assert re.findall(r'<section id="(\w+)">', page) == [
        "overall",
        "refusing",
        "calibration",
        "time",
        "notes",
    ]


def test_a_cell_can_not_end_its_row() -> None:
    assert cell_text(" a\n| b ") == "a \\| b"


def test_shares_are_told_without_the_zero() -> None:
    assert [share(value) for value in (0.0, 0.12345, 1.0)] == [".000", ".123", "1.000"]
