"""Reports how answers, and the confidence in them, hold as collections grow."""

from __future__ import annotations

from collections.abc import Sequence

from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.calibration import auroc, reliability
from citadel.evaluation.scoring.collection_sizes import AtSize
from citadel.evaluation.scoring.metrics import is_misled
from citadel.evaluation.scoring.results import JudgedQuestion
from citadel.qa.answer.answers import Status

_NEAR = "unanswerable-near"
_OFF_TOPIC = "unanswerable-offtopic"


def markdown_sizes(found: Sequence[AtSize]) -> str:
    """Return a table with a row for each size of collection."""
    header = [
        *("articles", "passages", "hit@1", "hit@3", "sentence@1", "sentence@3", "answered"),
        *("answered or possible", "AUROC of near misses", "near misses answered"),
        *("off-topic refused", "ECE", "misled of 100"),
    ]
    return markdown_table(header, [_row(each) for each in found])


def _row(at_size: AtSize) -> list[str]:
    questions = at_size.questions
    answerable = [question for question in questions if question.answerable]
    near = [question for question in questions if question.kind == _NEAR]
    off_topic = [question for question in questions if question.kind == _OFF_TOPIC]
    measures = [
        _mean([question.values.get(name, 0.0) for question in answerable])
        for name in ("hit@1", "hit@3", "sentence@1", "sentence@3")
    ]
    separation = auroc([q.confidence for q in answerable], [q.confidence for q in near])
    calibration = reliability([q.confidence for q in questions], [q.answerable for q in questions])
    return [
        f"{at_size.articles:,}",
        f"{at_size.passages:,.0f}",
        *map(share, measures),
        share(_mean([_is_answered(question) for question in answerable])),
        share(_mean([question.answered for question in answerable])),
        share(separation.value),
        share(_mean([_is_answered(question) for question in near])),
        share(_mean([not question.answered for question in off_topic])),
        share(calibration.ece),
        f"{100 * _mean([is_misled(question) for question in questions]):.0f}",
    ]


def _is_answered(question: JudgedQuestion) -> bool:
    return question.status is Status.ANSWERED


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
