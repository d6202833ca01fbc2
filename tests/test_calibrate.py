"""What labels of a collection do to the confidence: a model that is too sure is brought down."""

from collections.abc import Sequence

import numpy as np
import pytest

from citadel.evaluation.data.questions import Evidence as Answering
from citadel.evaluation.data.questions import Need, Question, questions_sha256
from citadel.evaluation.fitting.calibrate import calibrated
from citadel.evaluation.fitting.labels import Label
from citadel.evaluation.fitting.logit_lines import Refined, fit_line, refined
from citadel.index.errors import CitadelError
from citadel.qa.answer.calibration import AS_FITTED, Calibration, LogitLine
from citadel.qa.answer.confidence import Probabilities
from tests.calibrating import POINTS
from tests.fake_encoder import FakeEncoder
from tests.small_index import refusal


def truths_of(count: int, came_true: float) -> list[bool]:
    return [place < came_true * count for place in range(count)]


def overconfident(count: int) -> LogitLine:
    """The line of a model that says .9 and .1 where .75 and .25 come true, by so many labels."""
    half = count // 2
    probabilities = np.repeat([0.9, 0.1], half)
    return fit_line(probabilities, np.array(truths_of(half, 0.75) + truths_of(half, 0.25)))


def test_an_overconfident_model_is_brought_down() -> None:
    # Odds of 3 instead of 9: half of the logarithm.
    assert overconfident(4000) == LogitLine(0.5015, 0.0)


def test_fewer_labels_move_it_less() -> None:
    lines = [overconfident(count) for count in (400, 40, 8)]
    assert lines == [LogitLine(0.5144, 0.0), LogitLine(0.5997, 0.0), LogitLine(0.7484, 0.0)]
    assert fit_line(np.empty(0), np.empty(0, dtype=bool)) == AS_FITTED


def test_a_confidence_that_is_too_low_is_raised() -> None:
    probabilities = np.full(400, 0.5)
    assert fit_line(probabilities, np.array(truths_of(400, 0.8))) == LogitLine(1.0, 1.3651)
    assert fit_line(probabilities[:20], np.array(truths_of(20, 0.8))) == LogitLine(1.0, 1.0779)


def test_the_order_is_never_turned_around() -> None:
    line = fit_line(np.repeat([0.9, 0.1], 200), np.array([False] * 200 + [True] * 200))
    assert line == LogitLine(0.0307, 0.0)


def label(
    number: int,
    answers: float,
    right: float,
    is_answered: bool,
    is_right: bool,
    group: str = "",
    on_topic: bool = True,
) -> Label:
    name = f"q{number}"
    evidence = (Answering("It crosses."),) if is_answered else ()
    question = Question(name, "factoid", f"{name}?", (), is_answered, evidence, Need.ANY)
    fitted = Probabilities(on_topic, answers, right, POINTS)
    return Label("town", group or name, question, fitted, is_right)


def too_sure(count: int) -> list[Label]:
    """Of four labels of which .9 and .8 are said, two are answered, and one of them rightly."""
    return [
        label(number, 0.9 if number % 2 else 0.8, 0.75, number % 4 in (1, 3), number % 4 == 1)
        for number in range(count)
    ]


def refined_confidence(labels: Sequence[Label]) -> Refined:
    return refined(
        "the articles answer",
        labels,
        [each.fitted.answers for each in labels],
        np.array([each.answerable for each in labels]),
    )


def test_labels_are_judged_by_lines_that_their_article_is_no_part_of() -> None:
    """What is true of an article changes the lines of the others only."""
    labels = [
        label(number, 0.6 + number / 100, 0.5, number % 3 > 0, False, group="abc"[number % 3])
        for number in range(30)
    ]
    before = refined_confidence(labels)
    other = [
        label(number, each.fitted.answers, 0.5, each.group == "c", False, group=each.group)
        for number, each in enumerate(labels)
    ]
    after = refined_confidence(other)
    same = [bool(one == two) for one, two in zip(before.after, after.after, strict=True)]
    assert same == [each.group == "b" for each in labels]


def test_what_comes_out() -> None:
    labels = [*too_sure(40), label(40, 0.9, 0.9, False, False, on_topic=False)]
    found = calibrated(labels, FakeEncoder(), reader=True)
    assert found.better == Calibration(
        model_sha256="c" * 64,
        reader=True,
        answers=LogitLine(1.5642, -2.5228),
        right=LogitLine(0.7185, -1.6755),
        questions=40,
        questions_sha256=questions_sha256([each.question for each in labels[:40]]),
    )
    assert (
        found.report
        == """\
fake and the reader: 40 questions, 20 of them answerable; left out, \
as about something else: 1. “After” is cross-validated.

| the probability that | ECE | ECE after | Brier | Brier after | AUROC | AUROC after | slope \
| bias | better |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
| the articles answer | .450 | .380 | .325 | .150 | 1.000 | 1.000 | 1.56 | -2.52 | yes |
| the first sentence does | .500 | .135 | .438 | .196 | .500 | .322 | 0.72 | -1.68 | yes |

| questions | asked | answered | answered after | possible | possible after | not found | \
not found after |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| answerable | 20 | 1.000 | .000 | .000 | 1.000 | .000 | .000 |
| unanswerable | 21 | .952 | .000 | .000 | .905 | .048 | .095 |"""
    )


def test_a_probability_that_gets_no_better_stays_as_fitted() -> None:
    labels = [
        label(number, 0.9 if number % 2 else 0.8, 0.25, number % 2 == 1, number % 4 == 1)
        for number in range(40)
    ]
    found = calibrated(labels, FakeEncoder(), reader=False).better
    assert (found.answers != AS_FITTED, found.right) == (True, AS_FITTED)


def test_a_probability_that_hardly_ever_comes_true_stays_as_fitted() -> None:
    for right, line in ((4, AS_FITTED), (5, LogitLine(0.583, -2.047))):
        labels = [
            label(n, 0.9, 0.6 + n / 200, n % 2 == 1, n in range(1, 2 * right, 2)) for n in range(40)
        ]
        assert calibrated(labels, FakeEncoder(), reader=False).better.right == line


def test_what_gets_no_better_is_not_written() -> None:
    labels = [label(n, 0.75, 0.75, n % 4 > 0, n % 4 > 0) for n in range(40)]
    found = calibrated(labels, FakeEncoder(), reader=False)
    assert not found.is_better
    with pytest.raises(CitadelError) as caught:
        _ = found.better
    assert str(caught.value) == (
        "Nothing is written, as the Brier score of questions left out gets no better; label more "
        "questions, or keep the confidence as it is."
    )


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (too_sure(29), "Only 29 of the questions can be learned from, 14 of them answerable"),
        (
            [*too_sure(29), label(29, 0.9, 0.9, True, True, on_topic=False)],
            "Only 29 of the questions can be learned from, 14 of them answerable",
        ),
        (
            [label(n, 0.9, 0.9, True, True) for n in range(60)],
            "Only 60 of the questions can be learned from, 60 of them answerable",
        ),
        (
            [label(n, 0.9, 0.9, n < 4, False) for n in range(60)],
            "Only 60 of the questions can be learned from, 4 of them answerable",
        ),
        ([], "Only 0 of the questions can be learned from, 0 of them answerable"),
    ],
)
def test_too_few_labels_are_refused(labels: list[Label], told: str) -> None:
    assert refusal(calibrated, labels, FakeEncoder(), False) == (
        f"{told}; label at least 30 about the subject of the articles, 5 of them answerable and 5 "
        "not."
    )
