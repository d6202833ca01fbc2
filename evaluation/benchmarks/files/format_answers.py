"""How well the same articles answer when they come as files of other formats."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from citadel.evaluation.benchmarks.files.truth import Look, Truth, plain_truth
from citadel.evaluation.benchmarks.files.writers import WRITERS
from citadel.evaluation.data.questions import Dataset
from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.judging import Judge
from citadel.evaluation.scoring.results import Result
from citadel.evaluation.scoring.running import Answers, Progress, ask_all
from citadel.evaluation.scoring.scoring import score
from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import read_articles

FORMATS = (".md", ".html", ".docx", ".pdf")
MEASURES = ("hit@1", "hit@3", "sentence@1", "sentence@3")


def answers_by_format(
    dataset: Dataset, answerer_of: Callable[[Sequence[Article]], Answers], progress: Progress
) -> dict[str, Result]:
    """Write the articles of a data set in each format, and ask its questions of what is read.

    Asked are the answerable questions whose evidence stands in the Markdown. Letters beyond those
    of Western Europe are no part of the PDFs, so sentences with them are part of no file.

    Args:
        dataset: With articles of its own.
        answerer_of: Makes what answers from some articles.
        progress: Called with the number of questions asked so far, and in all, for each format.

    Returns:
        By the ends of the files' names.

    Raises:
        CitadelError: A file can't be read.

    """
    looks = frozenset({Look.PLAIN})
    texts = {
        Path(article.source).stem: plain_truth(article).fitted(looks, tables=False, unicode=False)
        for article in dataset.articles
    }
    readings = {suffix: _written_and_read(texts, suffix) for suffix in FORMATS}
    answerable = [question for question in dataset.questions if question.answerable]
    judge = Judge(readings[FORMATS[0]], answerable)
    lost = {identifier for identifier, _ in judge.unlocated}
    asked = replace(dataset, questions=tuple(q for q in answerable if q.id not in lost))
    found: dict[str, Result] = {}
    for suffix, articles in readings.items():
        answers = ask_all(answerer_of(articles), asked.questions, progress)
        found[suffix], _, _ = score(asked, articles, answers, suffix)
    return found


def _written_and_read(texts: Mapping[str, Truth], suffix: str) -> tuple[Article, ...]:
    write = next(writer for writer in WRITERS if writer.suffix == suffix).write
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            Path(folder, f"{name}{suffix}").write_bytes(write(text))
        return read_articles(Path(folder))


def markdown_by_format(found: Mapping[str, Result]) -> str:
    """Return the measures of each format as a table."""
    rows = []
    for suffix, result in found.items():
        values = [question.values for question in result.questions]
        means = [share(fmean(each[measure] for each in values)) for measure in MEASURES]
        rows.append([suffix, str(len(values)), *means])
    return markdown_table(["format", "questions", *MEASURES], rows)
