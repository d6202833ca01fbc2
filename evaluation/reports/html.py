"""Reports a result as one HTML page that needs no other file. Pure."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

from markdown_it import MarkdownIt

from citadel.evaluation.reports import plots
from citadel.evaluation.reports.report import Section, markdown_sections, share
from citadel.evaluation.scoring.metrics import ALL, Summary, is_right
from citadel.evaluation.scoring.results import JudgedQuestion, Result

_MISSES = 300
"""How many questions that went wrong are listed; nobody reads more."""

_STYLE = """
:root { color-scheme: light; --ink: #1f2933; --soft: #616e7c; --line: #e4e7eb; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 66rem; padding: 2rem 1.25rem 4rem; color: var(--ink);
  background: #f8f9fb; font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .4rem; }
h2 { font-size: 1.2rem; margin: 0 0 .8rem; }
header p { color: var(--soft); margin: 0 0 1.4rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.6rem, 1fr)); gap: .8rem;
  margin: 0 0 1rem; padding: 0; list-style: none; }
.tiles li, section { background: #fff; border: 1px solid var(--line); border-radius: 10px; }
.tiles li { padding: .8rem 1rem; }
.tiles b { display: block; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: .85rem; }
section { padding: 1.2rem 1.3rem; margin: 0 0 1rem; }
figure { margin: 0 0 1rem; }
figure img { display: block; width: 100%; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .86rem; margin: .4rem 0 1rem;
  font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
th { font-weight: 600; color: var(--soft); }
td[style] { white-space: nowrap; }
.misses td { font-variant-numeric: normal; }
.misses q { color: var(--soft); }
"""


def html_report(result: Result, summary: Summary) -> str:
    """Return the whole page: what the Markdown report says, with pictures and the misses."""
    sections = markdown_sections(result, summary)
    figures = _figures(result, summary)
    body = [f"<header>{_html(sections[Section.TITLE])}</header>", _tiles(summary)]
    body += [
        f'<section id="{name.value}">{_with_figures(_html(text), figures.get(name, ()))}</section>'
        for name, text in sections.items()
        if name is not Section.TITLE
    ]
    body.append(_misses(result))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(result.about.dataset)} – Citadel’s evaluation</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _html(markdown: str) -> str:
    """Render our own Markdown; what comes from questions and texts stays text."""
    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return html.replace("<table>", '<div class="scroll"><table>').replace(
        "</table>", "</table></div>"
    )


def _with_figures(html: str, figures: Iterable[str]) -> str:
    """Put the pictures of a section under its heading."""
    heading, end, rest = html.partition("</h2>")
    return heading + end + "".join(figures) + rest


def _figures(result: Result, summary: Summary) -> dict[Section, list[str]]:
    questions = result.questions
    figures = {
        Section.REFUSING: [
            _figure(plots.confidence_plot(questions), "The confidence of every question")
        ],
        Section.CALIBRATION: [
            _figure(plots.reliability_plot(summary), "Reliability diagrams"),
            _figure(
                plots.risk_coverage_plot(summary.risk_coverage, _operating_point(questions)),
                "Risk against coverage",
            ),
        ],
    }
    if any(question.answerable for question in questions):
        figures[Section.KINDS] = [_figure(plots.kinds_plot(summary), "Measures by kind")]
    if summary.latency.count:
        figures[Section.TIME] = [_figure(plots.latency_plot(questions), "Times of all answers")]
    return figures


def _figure(svg: str, alternative: str) -> str:
    # As an image of its own: inline, the names inside one picture would clash with another's.
    data = base64.b64encode(svg.encode()).decode()
    source = f"data:image/svg+xml;base64,{data}"
    return f'<figure><img src="{source}" alt="{escape(alternative)}"></figure>'


def _operating_point(questions: Sequence[JudgedQuestion]) -> tuple[float, float] | None:
    given = [question for question in questions if question.answered]
    if not given:
        return None
    wrong = sum(not is_right(question) for question in given)
    return len(given) / len(questions), wrong / len(given)


def _tiles(summary: Summary) -> str:
    overall = summary.overall
    tiles = [
        (share(overall[name].value), label)
        for name, label in (
            ("hit@1", "first passage right"),
            ("sentence@1", "first sentence right"),
            ("sentence@3", "one of three sentences right"),
            ("answered", "of the answerable answered"),
            ("refused", "of the unanswerable refused"),
        )
        if name in overall
    ]
    if ALL in summary.auroc:
        tiles.append((share(summary.auroc[ALL].value), "AUROC, all unanswerable"))
    tiles.append((f"{summary.latency.p50:.0f} ms", "an answer (median)"))
    items = "".join(f"<li><b>{value}</b><span>{label}</span></li>" for value, label in tiles)
    return f'<ul class="tiles">{items}</ul>'


def _misses(result: Result) -> str:
    """List the questions whose answer is not what it should be, the surest first."""
    wrong = [
        question
        for question in result.questions
        if (question.answered and not is_right(question))
        or (question.answerable and not question.answered)
    ]
    if not wrong:
        return ""
    wrong.sort(key=lambda question: -question.confidence)
    rows = "".join(_miss(question) for question in wrong[:_MISSES])
    more = f", the {_MISSES} surest of them listed" if len(wrong) > _MISSES else ""
    return (
        f'<section id="misses"><h2>Questions that went wrong ({len(wrong)}{more})</h2>'
        "<details open><summary>the surest first</summary>"
        '<div class="scroll"><table class="misses"><thead><tr><th>question</th><th>kind</th>'
        "<th>status</th><th>confidence</th><th>first quote</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div></details></section>"
    )


def _miss(question: JudgedQuestion) -> str:
    quote = f"<q>{escape(question.quotes[0])}</q>" if question.quotes else ""
    history = "".join(f"{escape(turn)} → " for turn in question.history)
    return (
        f'<tr><td dir="auto">{history}{escape(question.question)}</td>'
        f"<td>{escape(question.kind)}</td><td>{question.status.value}</td>"
        f'<td>{share(question.confidence)}</td><td dir="auto">{quote}</td></tr>'
    )
