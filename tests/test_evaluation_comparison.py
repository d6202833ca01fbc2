"""Two results side by side: whole Markdown on three questions."""

from dataclasses import replace

import pytest

from citadel.evaluation.reports.comparison import compare, markdown_comparison
from citadel.evaluation.scoring.results import About, JudgedQuestion, Result
from citadel.index.errors import CitadelError
from citadel.qa.answer.answers import Status


def judged(identifier: str, values: dict[str, float], quote: str = "") -> JudgedQuestion:
    return JudgedQuestion(
        id=identifier,
        kind="fact",
        question=f"What | {identifier}?",
        history=(),
        answerable=True,
        status=Status.ANSWERED if quote else Status.NOT_FOUND,
        confidence=0.75 if quote else 0.25,
        quotes=(quote,) if quote else (),
        error="",
        elapsed_ms=1.0,
        values=values,
        without_history={},
        rewritten={},
    )


ABOUT = About("rivers", "a" * 64, 1, 2, "b" * 64, "the model m", 10, (), 0, 1)
BEFORE = Result(
    ABOUT,
    (
        judged("q1", {"hit@1": 1.0, "sentence@1": 0.0}),
        judged("q2", {"hit@1": 0.0}, "Same."),
        judged("q3", {"hit@1": 1.0}),
    ),
)
AFTER = Result(
    replace(ABOUT, system="the model n"),
    (
        judged("q2", {"hit@1": 0.0}, "Same."),
        judged("q1", {"hit@1": 1.0, "sentence@1": 1.0}, "It ends."),
    ),
)


def test_a_comparison_reports_measures_and_questions() -> None:
    assert markdown_comparison(compare(BEFORE, AFTER)) == (
        "# rivers: A and B on 2 questions\n"
        "\n"
        "A: the model m, articles bbbbbbbbbbbb.\n"
        "B: the model n, articles bbbbbbbbbbbb.\n"
        "\n"
        "p is that of a paired randomisation test, two-sided; better and worse count questions.\n"
        "\n"
        "| measure | A | B | B − A | 95% interval | p | better | worse |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| hit@1 | .500 | .500 | +.000 | +.000 to +.000 | 1.000 | 0 | 0 |\n"
        "| sentence@1 | .000 | 1.000 | +1.000 | +1.000 to +1.000 | 1.000 | 1 | 0 |\n"
        "\n"
        "## Questions that changed (1)\n"
        "\n"
        "**q1** (fact) What \\| q1?  \n"
        "sentence@1 0 → 1\n"
        "- A, not_found .250: no quote\n"
        "- B, answered .750: It ends.\n"
    )


def test_runs_without_a_common_question_are_refused() -> None:
    other = Result(replace(ABOUT, dataset="hills"), (judged("h1", {}),))
    with pytest.raises(CitadelError) as caught:
        compare(BEFORE, other)
    assert str(caught.value) == (
        "rivers and hills share no question; compare two runs over the same questions."
    )


def test_different_questions_of_one_name_are_refused() -> None:
    other = Result(ABOUT, (replace(judged("q1", {}), question="Why?"),))
    with pytest.raises(CitadelError) as caught:
        compare(BEFORE, other)
    assert str(caught.value) == (
        "The two runs ask different questions under the name 'q1'; run both over the same file."
    )
