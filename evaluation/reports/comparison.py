"""Two results side by side: what differs, how surely, and on which questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citadel.evaluation.reports.report import cell_text, markdown_table, share
from citadel.evaluation.scoring.metrics import MEASURES
from citadel.evaluation.scoring.results import JudgedQuestion, Result
from citadel.evaluation.scoring.significance import Estimate, mean_estimate, randomisation_p
from citadel.index.errors import CitadelError

_CHANGES = ("sentence@1", "sentence@3", "hit@1", "hit@3", "hit@5", "answered", "refused")
"""What makes a question worth reading again: one of these changed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of two results.

    Attributes:
        measure: Its name.
        before: Its mean in the first result, over the questions of both.
        after: Its mean in the second.
        change: The mean of the differences, with its 95% interval.
        p: Two-sided, of a paired randomisation test.
        better: On how many questions the second is better.
        worse: On how many it is worse.

    """

    measure: str
    before: float
    after: float
    change: Estimate
    p: float
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class Change:
    """A question on which two results differ."""

    before: JudgedQuestion
    after: JudgedQuestion
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results on the questions that both were asked."""

    before: Result
    after: Result
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    common: int


def compare(before: Result, after: Result) -> Comparison:
    """Compare two results on the questions that both have.

    Raises:
        CitadelError: They share no question, or one question has other evidence in each.

    """
    by_id = {question.id: question for question in after.questions}
    pairs = [(q, by_id[q.id]) for q in before.questions if q.id in by_id]
    if not pairs:
        raise CitadelError(
            f"{before.about.dataset} and {after.about.dataset} share no question; "
            "compare two runs over the same questions."
        )
    differing = next((a.id for a, b in pairs if a.question != b.question), None)
    if differing is not None:
        raise CitadelError(
            f"The two runs ask different questions under the name {differing!r}; "
            "run both over the same file."
        )
    differences = tuple(d for name in MEASURES if (d := _difference(name, pairs)) is not None)
    changes = tuple(c for a, b in pairs if (c := Change(a, b, _changed(a, b))).measures)
    return Comparison(before, after, differences, changes, len(pairs))


def _difference(
    name: str, pairs: Sequence[tuple[JudgedQuestion, JudgedQuestion]]
) -> Difference | None:
    values = [
        (a.values[name], b.values[name]) for a, b in pairs if name in a.values and name in b.values
    ]
    if not values:
        return None
    deltas = [after - before for before, after in values]
    return Difference(
        measure=name,
        before=sum(before for before, _ in values) / len(values),
        after=sum(after for _, after in values) / len(values),
        change=mean_estimate(deltas),
        p=randomisation_p(deltas),
        better=sum(delta > 0 for delta in deltas),
        worse=sum(delta < 0 for delta in deltas),
    )


def _changed(before: JudgedQuestion, after: JudgedQuestion) -> tuple[str, ...]:
    return tuple(
        name for name in _CHANGES if before.values.get(name, 0.0) != after.values.get(name, 0.0)
    )


def markdown_comparison(comparison: Comparison) -> str:
    """Return the comparison as Markdown: the measures, then every question that changed."""
    rows = [
        [
            d.measure,
            share(d.before),
            share(d.after),
            _signed(d.change.value),
            f"{_signed(d.change.low)} to {_signed(d.change.high)}",
            f"{d.p:.3f}",
            str(d.better),
            str(d.worse),
        ]
        for d in comparison.differences
    ]
    header = ["measure", "A", "B", "B − A", "95% interval", "p", "better", "worse"]
    a, b = comparison.before.about, comparison.after.about
    parts = [
        f"# {a.dataset}: A and B on {comparison.common} questions",
        f"A: {a.system}, articles {a.articles_sha256[:12]}.\n"
        f"B: {b.system}, articles {b.articles_sha256[:12]}.",
        "p is that of a paired randomisation test, two-sided; better and worse count questions.",
        markdown_table(header, rows),
        f"## Questions that changed ({len(comparison.changes)})",
    ]
    parts += [_markdown_change(change) for change in comparison.changes]
    return "\n\n".join(parts) + "\n"


def _markdown_change(change: Change) -> str:
    before, after = change.before, change.after
    moves = ", ".join(
        f"{name} {before.values.get(name, 0.0):.0f} → {after.values.get(name, 0.0):.0f}"
        for name in change.measures
    )
    return (
        f"**{before.id}** ({before.kind}) {cell_text(before.question)}  \n{moves}\n"
        f"- A, {before.status} {share(before.confidence)}: {_first_quote(before)}\n"
        f"- B, {after.status} {share(after.confidence)}: {_first_quote(after)}"
    )


def _first_quote(question: JudgedQuestion) -> str:
    return cell_text(question.quotes[0]) if question.quotes else "no quote"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("0.", ".").replace("-", "−")
