"""Reports a result in Markdown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from citadel.evaluation.scoring.metrics import ALL, MEASURES, Estimates, Summary, is_misled
from citadel.evaluation.scoring.results import Result
from citadel.evaluation.scoring.significance import Estimate
from citadel.qa.answer.answers import Status
from citadel.qa.answer.markup import plural


class Section(Enum):
    """A part of the report."""

    TITLE = "title"
    OVERALL = "overall"
    KINDS = "kinds"
    REFUSING = "refusing"
    CALIBRATION = "calibration"
    FOLLOWUPS = "followups"
    TIME = "time"
    NOTES = "notes"


_MEANINGS = {
    "hit@1": "the first passage holds the evidence",
    "hit@3": "one of the first three passages does",
    "hit@5": "one of the first five passages does",
    "MRR@10": "mean reciprocal rank of the first such passage",
    "nDCG@10": "normalised discounted cumulative gain of ten passages",
    "sentence@1": "the first sentence shown answers; a refusal counts as zero",
    "sentence@3": "one of the three sentences shown answers; a refusal counts as zero",
    "ranked sentence@1": "the best sentence answers, whether it was shown or refused",
    "ranked sentence@3": "one of the three best sentences answers, shown or refused",
    "answered": "answerable questions that were given quotes",
    "refused": "unanswerable questions that were given none",
}


def markdown_report(result: Result, summary: Summary) -> str:
    """Return the whole report of a result."""
    return "\n\n".join(markdown_sections(result, summary).values()) + "\n"


def markdown_sections(result: Result, summary: Summary) -> dict[Section, str]:
    """Return the parts of the report that have something to report, in their order."""
    sections = {
        Section.TITLE: _title(result),
        Section.OVERALL: _overall(summary),
        Section.KINDS: _by_kind(summary),
        Section.REFUSING: _refusing(summary),
        Section.CALIBRATION: _calibration(summary),
        Section.FOLLOWUPS: _followups(summary),
        Section.TIME: _latency(summary),
        Section.NOTES: _notes(result),
    }
    return {name: text for name, text in sections.items() if text}


def markdown_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], last_is_text: bool = False
) -> str:
    """Return a table; the first column is text, the others are numbers, except maybe the last."""
    alignments = ["---", *["---:"] * (len(header) - 1)]
    if last_is_text:
        alignments[-1] = "---"
    lines = [header, alignments, *rows]
    return "\n".join("| " + " | ".join(cell_text(c) for c in cells) + " |" for cells in lines)


def cell_text(text: str) -> str:
    """Return a text that can't end its cell or its row."""
    return " ".join(text.split()).replace("|", "\\|")


def share(value: float) -> str:
    """Return a number from 0 to 1 with three digits, without the zero before the point."""
    return f"{value:.3f}".removeprefix("0")


def interval(item: Estimate) -> str:
    """Return the 95% interval of an estimate."""
    return f"{share(item.low)}–{share(item.high)}"


def _title(result: Result) -> str:
    about = result.about
    answerable = sum(question.answerable for question in result.questions)
    return (
        f"# {about.dataset}: {len(result.questions)} questions, {answerable} of them answerable\n\n"
        f"{plural(about.articles, 'article')} in {plural(about.passages, 'passage')}; "
        f"answered by {about.system}.\n"
        f"Questions {about.questions_sha256[:12]}, articles {about.articles_sha256[:12]} (SHA-256)."
        f"{_of_a_hundred(result)}"
    )


def _of_a_hundred(result: Result) -> str:
    """Return the line to look at first; nothing where the evidence names no sentences."""
    asked = result.questions
    if not any("sentence@1" in question.values for question in asked):
        return ""
    right = sum(question.answered and question.values.get("sentence@1") == 1 for question in asked)
    refused = sum(not question.answerable and not question.answered for question in asked)
    misled = sum(map(is_misled, asked))
    of_100 = [f"{100 * count / len(asked):.0f}" for count in (right, refused, misled)]
    return (
        f"\n\n**Of 100 questions, {of_100[0]} were answered right first, {of_100[1]} rightly "
        f"refused, and {of_100[2]} misled**: called answered with a first sentence that does not "
        "answer, or without an answer in the sources."
    )


def _overall(summary: Summary) -> str:
    rows = [
        [name, share(item.value), interval(item), str(item.count), _MEANINGS[name]]
        for name, item in summary.overall.items()
    ]
    return "## In all\n\n" + markdown_table(
        ["measure", "value", "95% interval", "questions", "what it tells"], rows, last_is_text=True
    )


def _by_kind(summary: Summary) -> str:
    """Return the measures of answerable questions; those of the others are under Refusing."""
    names = [name for name in MEASURES if name in summary.overall and name != "refused"]
    rows = [
        [kind, str(estimates["answered"].count), *_cells(estimates, names)]
        for kind, estimates in {**summary.kinds, ALL: summary.overall}.items()
        if "answered" in estimates
    ]
    if not rows:
        return ""
    return "## By kind of question\n\n" + markdown_table(["kind", "answerable", *names], rows)


def _cells(estimates: Estimates, names: Sequence[str]) -> list[str]:
    return [share(estimates[name].value) if name in estimates else "" for name in names]


def _refusing(summary: Summary) -> str:
    status_rows = [
        [kind, *(str(counts[status]) for status in Status)]
        for kind, counts in summary.statuses.items()
    ]
    parts = ["## Answering and refusing"]
    if summary.auroc:
        rows = [
            [kind, str(item.count), share(item.value), interval(item), _refused(summary, kind)]
            for kind, item in summary.auroc.items()
        ]
        parts.append(
            "How well the confidence tells answerable questions from each kind of unanswerable "
            "one (AUROC; .5 is a coin), and the share of those that were given no quote:"
        )
        parts.append(
            markdown_table(["unanswerable", "questions", "AUROC", "95% interval", "refused"], rows)
        )
    parts.append("The status of every answer:")
    parts.append(markdown_table(["kind", *(status.value for status in Status)], status_rows))
    return "\n\n".join(parts)


def _refused(summary: Summary, kind: str) -> str:
    estimates = summary.overall if kind == ALL else summary.kinds[kind]
    return share(estimates["refused"].value)


def _calibration(summary: Summary) -> str:
    curve = summary.risk_coverage
    rows = [
        ["the sources answer", share(summary.answerable.ece), share(summary.answerable.brier)],
        ["the three best sentences answer", share(summary.right.ece), share(summary.right.brier)],
    ]
    risks = [
        [f"{percent}%", share(_risk_at(curve.coverage, curve.risk, percent / 100))]
        for percent in (10, 25, 50, 75, 100)
    ]
    return "\n\n".join(
        [
            "## Calibration",
            "The confidence, read as the probability that …; lower is better:",
            markdown_table(["", "ECE (10 bins)", "Brier score"], rows),
            "The share of wrong answers (risk) when only the surest questions are answered "
            f"(coverage). The area under this curve is {share(curve.area)}; no order of the same "
            f"answers has less than {share(curve.best_area)}.",
            markdown_table(["coverage", "risk"], risks),
        ]
    )


def _risk_at(coverage: Sequence[float], risk: Sequence[float], wanted: float) -> float:
    return next((r for c, r in zip(coverage, risk, strict=True) if c >= wanted - 1e-9), risk[-1])


def _followups(summary: Summary) -> str:
    if not summary.followups:
        return ""
    names = [name for name in MEASURES if any(name in e for e in summary.followups.values())]
    rows = [[name, *_cells(e, names)] for name, e in summary.followups.items()]
    count = max(e.count for e in summary.followups["with history"].values())
    return f"## Follow-ups ({count})\n\n" + markdown_table(["asked", *names], rows)


def _latency(summary: Summary) -> str:
    latency = summary.latency
    return "## Time\n\n" + markdown_table(
        ["", "p50", "p99", "questions"],
        [
            [
                "milliseconds a question",
                f"{latency.p50:.1f}",
                f"{latency.p99:.1f}",
                str(latency.count),
            ]
        ],
    )


def _notes(result: Result) -> str:
    about = result.about
    errors = [question for question in result.questions if question.error]
    notes = [
        f"- {question}: no article holds the evidence “{text}”, so it can't be found."
        for question, text in about.unlocated
    ]
    notes += [f"- {question.id}: {question.error}" for question in errors]
    if about.misquoted:
        notes.append(
            f"- {about.misquoted} of {about.quoted} quotes are not what stands at their place."
        )
    if about.passages_asked < 10:
        notes.append(
            f"- At most {about.passages_asked} passages were listed with an answer: MRR@10 and "
            "nDCG@10 see no more."
        )
    return "## Notes\n\n" + "\n".join(notes) if notes else ""
