"""Refines the confidence by labelled questions, and cross-validates what that is worth.

What the fitted models predict for each question is compared with what is known about it, and a line
in the logit of each of the two probabilities is fitted to that (Platt 1999). A probability that
does not improve stays as fitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from citadel.evaluation.data.questions import questions_sha256
from citadel.evaluation.fitting.labels import Label
from citadel.evaluation.fitting.logit_lines import (
    LEAST_OF_EACH,
    Bools,
    Floats,
    Refined,
    are_enough,
    refined,
)
from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.calibration import auroc, reliability
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.qa.answer.answers import Status
from citadel.qa.answer.calibration import Calibration

LEAST = 30
"""How many labelled questions are needed."""

_STATUSES = (Status.ANSWERED, Status.POSSIBLE, Status.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What came out.

    Attributes:
        calibration: Where a line makes a probability no better, that one stays as fitted.
        report: The cross-validated figures, as Markdown.
        is_better: Whether either of the two gets better.

    """

    calibration: Calibration
    report: str
    is_better: bool

    @property
    def better(self) -> Calibration:
        """The calibration.

        Raises:
            CitadelError: It makes nothing better.

        """
        if not self.is_better:
            raise CitadelError(
                "Nothing is written, as the Brier score of questions left out gets no better; "
                "label more questions, or keep the confidence as it is."
            )
        return self.calibration


def calibrated(labels: Sequence[Label], encoder: Encoder, reader: bool) -> Calibrated:
    """Fit both lines, and measure them on groups left out.

    Questions about something other than the articles are refused before, and so left out.

    Args:
        labels: What was asked.
        encoder: The model that it was asked with.
        reader: Whether the reader read.

    Raises:
        CitadelError: There are too few labels.

    """
    own = [label for label in labels if label.fitted.on_topic]
    answerable = np.array([label.answerable for label in own], dtype=bool)
    if len(own) < LEAST or not are_enough(answerable):
        raise CitadelError(
            f"Only {len(own)} of the questions can be learned from, {int(answerable.sum())} of "
            f"them answerable; label at least {LEAST} about the subject of the articles, "
            f"{LEAST_OF_EACH} of them answerable and {LEAST_OF_EACH} not."
        )
    answers = refined(
        "the articles answer", own, [label.fitted.answers for label in own], answerable
    )
    right = refined(
        "the first sentence does",
        own,
        [label.fitted.right for label in own],
        np.array([label.right for label in own]),
    )
    calibration = Calibration(
        model_sha256=encoder.fingerprint,
        reader=reader,
        answers=answers.better,
        right=right.better,
        questions=len(own),
        questions_sha256=questions_sha256([label.question for label in own]),
    )
    report = "\n\n".join(
        [
            _about(labels, own, encoder, reader),
            _figures([answers, right]),
            _shares(labels, answers, right),
        ]
    )
    return Calibrated(calibration, report, answers.is_better or right.is_better)


def _about(labels: Sequence[Label], own: Sequence[Label], encoder: Encoder, reader: bool) -> str:
    read = "and the reader" if reader else "without the reader"
    answerable = sum(label.answerable for label in own)
    return (
        f"{encoder.name} {read}: {len(own)} questions, {answerable} of them answerable; left out, "
        f"as about something else: {len(labels) - len(own)}. “After” is cross-validated."
    )


def _figures(refined: Sequence[Refined]) -> str:
    rows = []
    for each in refined:
        told = [reliability(values.tolist(), each.truths.tolist()) for values in _both(each)]
        rows.append(
            [
                each.about,
                *(share(one.ece) for one in told),
                *(share(one.brier) for one in told),
                *(_apart(values, each.truths) for values in _both(each)),
                f"{each.line.slope:.2f}",
                f"{each.line.bias:+.2f}",
                "yes" if each.is_better else "no, it stays as fitted",
            ]
        )
    measures = _before_and_after(["ECE", "Brier", "AUROC"])
    header = ["the probability that", *measures, "slope", "bias", "better"]
    return markdown_table(header, rows, last_is_text=True)


def _both(refined: Refined) -> Iterator[Floats]:
    yield refined.before
    yield refined.after


def _apart(values: Floats, truths: Bools) -> str:
    if truths.all() or not truths.any():
        return ""
    return share(auroc(values[truths].tolist(), values[~truths].tolist()).value)


def _shares(labels: Sequence[Label], answers: Refined, right: Refined) -> str:
    """Report what becomes of all questions; those about something else stay refused."""
    kept = (each.after if each.is_better else each.before for each in (answers, right))
    moved = zip(*(each.tolist() for each in kept), strict=True)
    after = []
    for label in labels:
        fitted = label.fitted
        if fitted.on_topic:
            own, first = next(moved)
            fitted = replace(fitted, answers=own, right=first)
        after.append(fitted.judgement().status)
    before = [label.fitted.judgement().status for label in labels]
    rows = []
    for answerable, name in ((True, "answerable"), (False, "unanswerable")):
        chosen = [place for place, label in enumerate(labels) if label.answerable is answerable]
        told = [
            share(sum(statuses[place] is status for place in chosen) / len(chosen))
            for status in _STATUSES
            for statuses in (before, after)
        ]
        rows.append([name, str(len(chosen)), *told])
    names = [status.value.replace("_", " ") for status in _STATUSES]
    return markdown_table(["questions", "asked", *_before_and_after(names)], rows)


def _before_and_after(names: Sequence[str]) -> list[str]:
    return [f"{name}{when}" for name in names for when in ("", " after")]
