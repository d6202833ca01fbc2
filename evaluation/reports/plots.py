"""Draws a summary as SVG pictures. The only module that imports matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from citadel.evaluation.reports.performance import CLIENTS, Performance
from citadel.evaluation.scoring.calibration import Reliability, RiskCoverage, reliability
from citadel.evaluation.scoring.collection_sizes import AtSize
from citadel.evaluation.scoring.metrics import ALL, Estimates, Summary
from citadel.evaluation.scoring.results import JudgedQuestion

_INK = "#1f2933"
_GREY = "#9aa5b1"
_BLUE = "#1769aa"
_ORANGE = "#d9730d"
_GREEN = "#2e7d4f"
_RED = "#b3261e"
_STYLE: Any = {
    "axes.edgecolor": _GREY,
    "axes.labelcolor": _INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "font.family": "sans-serif",
    "font.size": 10,
    "grid.color": "#e4e7eb",
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "citadel",
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def kinds_plot(summary: Summary) -> str:
    """Draw how often passages and sentences were right for each kind of answerable question."""
    with mpl.rc_context(_STYLE):
        rows = [
            (kind, estimates)
            for kind, estimates in {**summary.kinds, ALL: summary.overall}.items()
            if "answered" in estimates
        ][::-1]
        shown = [
            (name, label, colour)
            for name, label, colour in (
                ("hit@5", "passage among five", _GREY),
                ("hit@1", "first passage", _BLUE),
                ("sentence@3", "a sentence shown (of three)", _ORANGE),
            )
            if any(name in estimates for _, estimates in rows)
        ]
        figure = Figure(figsize=(8, 0.9 + 0.42 * len(rows)), layout="constrained")
        axes = figure.subplots()
        for place, (name, label, colour) in enumerate(shown):
            offset = 0.22 * (1 - place)
            _dots(axes, rows, name, label, colour, offset)
        axes.set_yticks(range(len(rows)), [f"{kind}  ({e['answered'].count})" for kind, e in rows])
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.grid(axis="x")
        axes.set_xlabel("share of the questions, with 95% intervals")
        figure.legend(loc="outside upper left", ncols=len(shown))
        return _svg(figure)


def _dots(
    axes: Axes,
    rows: Sequence[tuple[str, Estimates]],
    name: str,
    label: str,
    colour: str,
    offset: float,
) -> None:
    found = [(y, e[name]) for y, (_, e) in enumerate(rows) if name in e]
    heights = np.array([y + offset for y, _ in found])
    axes.hlines(
        heights, [e.low for _, e in found], [e.high for _, e in found], color=colour, linewidth=1.5
    )
    axes.plot([e.value for _, e in found], heights, "o", color=colour, markersize=5, label=label)


def confidence_plot(questions: Sequence[JudgedQuestion]) -> str:
    """Draw the confidence of every question, in a row for each kind of truth."""
    groups = {"answerable": [q for q in questions if q.answerable]}
    for question in questions:
        if not question.answerable:
            groups.setdefault(question.kind, []).append(question)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8, 0.9 + 0.55 * len(groups)), layout="constrained")
        axes = figure.subplots()
        random = np.random.default_rng(0)
        for row, group in enumerate(reversed(groups.values())):
            for answered, marker in ((True, "o"), (False, "x")):
                points = [q.confidence for q in group if q.answered is answered]
                right = group[0].answerable is answered if group else True
                axes.scatter(
                    points,
                    row + random.uniform(-0.28, 0.28, len(points)),
                    marker=marker,
                    s=16,
                    linewidths=0.9,
                    color=_GREEN if right else _RED,
                    alpha=0.65,
                )
        names = [f"{name}  ({len(group)})" for name, group in groups.items()][::-1]
        axes.set_yticks(range(len(groups)), names)
        axes.set_xlim(-0.02, 1.02)
        axes.grid(axis="x")
        axes.set_xlabel("confidence   (● quotes shown, × refused; green as it should be, red not)")
        return _svg(figure)


def reliability_plot(summary: Summary) -> str:
    """Draw confidence against truth, once for each meaning of the confidence."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8, 3.9), layout="constrained")
        left, right = figure.subplots(1, 2)
        _reliability_axes(left, summary.answerable, "the sources answer")
        _reliability_axes(right, summary.right, "the best three sentences answer")
        left.set_ylabel("how often that was true")
        return _svg(figure)


def sizes_plot(found: Sequence[AtSize]) -> str:
    """Draw confidence against whether the sources answer, once for each size of collection."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(3.6 * len(found), 3.9), layout="constrained")
        for axes, at_size in zip(
            figure.subplots(1, len(found), squeeze=False)[0], found, strict=True
        ):
            confidences = [question.confidence for question in at_size.questions]
            truths = [question.answerable for question in at_size.questions]
            of = "an article" if at_size.articles == 1 else f"{at_size.articles:,} articles"
            _reliability_axes(axes, reliability(confidences, truths), of)
        return _svg(figure, transparent=False)


def _reliability_axes(axes: Axes, found: Reliability, meaning: str) -> None:
    axes.plot([0, 1], [0, 1], "--", color=_GREY, linewidth=1)
    most = max(b.count for b in found.bins)
    for b in found.bins:
        axes.plot([b.confidence] * 2, [b.confidence, b.share], color=_ORANGE, linewidth=1.2)
        axes.plot(
            b.confidence, b.share, "o", color=_BLUE, markersize=4 + 8 * (b.count / most) ** 0.5
        )
        axes.annotate(
            str(b.count), (b.confidence, b.share), (7, -3), textcoords="offset points", fontsize=8
        )
    axes.set_title(f"{meaning}\nECE {found.ece:.3f}, Brier {found.brier:.3f}")
    axes.set_xlabel("confidence")
    axes.set_xlim(-0.03, 1.06)
    axes.set_ylim(-0.03, 1.03)
    axes.set_aspect("equal")
    axes.grid()


def risk_coverage_plot(curve: RiskCoverage, operating: tuple[float, float] | None) -> str:
    """Draw what share of the answers is wrong when only the surest questions are answered.

    Args:
        curve: The curve.
        operating: The coverage and the risk of the answers that were given, if any were.

    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8, 3.4), layout="constrained")
        axes = figure.subplots()
        axes.plot(curve.coverage, curve.risk, color=_BLUE, label=f"area {curve.area:.3f}")
        axes.fill_between(curve.coverage, curve.risk, color=_BLUE, alpha=0.08)
        total = len(curve.coverage)
        wrong = round(curve.risk[-1] * total)
        best = [max(0, n - (total - wrong)) / n for n in range(1, total + 1)]
        axes.plot(
            curve.coverage, best, "--", color=_GREY, label=f"best order, area {curve.best_area:.3f}"
        )
        if operating is not None:
            axes.plot(*operating, "o", color=_ORANGE, label="answers that were given")
        axes.set_xlim(0, 1.01)
        axes.set_ylim(0, max(0.1, *curve.risk) * 1.08)
        axes.set_xlabel("coverage: share of the questions answered")
        axes.set_ylabel("risk: share of them wrong")
        axes.grid()
        axes.legend(loc="upper left")
        return _svg(figure)


def latency_plot(questions: Sequence[JudgedQuestion]) -> str:
    """Draw how long answers took."""
    times = np.array([q.elapsed_ms for q in questions if not q.error])
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(8, 2.4), layout="constrained")
        axes = figure.subplots()
        # One answer that waited for the machine would squeeze all others into a line.
        most = 1.3 * float(np.percentile(times, 99)) or 1.0
        axes.hist(np.minimum(times, most), bins=40, range=(0, most), color=_BLUE, alpha=0.8)
        for percentile, colour in ((50, _ORANGE), (99, _RED)):
            value = float(np.percentile(times, percentile))
            axes.axvline(value, color=colour, label=f"p{percentile}: {value:.1f} ms")
        axes.set_xlabel("milliseconds a question")
        axes.set_ylabel("questions")
        axes.legend()
        return _svg(figure)


def performance_plot(performances: Sequence[Performance], base: Performance) -> str:
    """Draw times and throughput as multiples of the bare encode of ``base``."""
    shown = performances[::-1]
    names = [each.name for each in shown]
    colours = [_BLUE if name.startswith("Citadel") else _GREY for name in names]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9, 3.2), layout="constrained")
        times, rates = figure.subplots(1, 2, sharey=True)
        bare = np.percentile(base.milliseconds, 50)
        p50, p99 = (
            np.array([np.percentile(each.milliseconds, p) / bare for each in shown])
            for p in (50, 99)
        )
        times.barh(names, p50, color=colours, xerr=[np.zeros(len(shown)), p99 - p50], ecolor=_INK)
        times.set_title("time of a question: p50, and up to p99")
        times.set_xlabel("× encode")
        answers = np.array([each.per_second for each in shown]) / base.per_second[0]
        for column, (clients, colour) in enumerate(
            zip(CLIENTS, (_GREY, _BLUE, _ORANGE), strict=True)
        ):
            rates.plot(answers[:, column], names, "o", color=colour, label=f"{clients} at once")
        rates.set_title("answers a second")
        rates.set_xlabel("× encode, one by one")
        rates.grid(axis="x")
        rates.legend(loc="center right")
        return _svg(figure, transparent=False)


def _svg(figure: Figure, transparent: bool = True) -> str:
    """Return the picture without the XML declaration; the same summary gives the same text."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=transparent, metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
