"""A report of three passages, and answers that quote it."""

from pathlib import Path

from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import Passage
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.answers import Answer, Citation, Status
from tests.reading_here import read_article

REPORT = """---
title: A Report
publisher: The Paper
date: "2016-12-05"
---

It opened. It closed.

## The Convoy

The convoy left in May. It carried flour.

- One lorry stayed.
- Two went on.
"""


def report_in(folder: Path) -> Article:
    """The report, read from a file in a folder."""
    path = folder / "report.md"
    path.write_text(REPORT, encoding="utf-8")
    return read_article(path)


def hit(passage: Passage, score: float) -> Hit:
    sentences = tuple(SentenceHit(span, score) for span in passage.sentences)
    return Hit(passage, score, sentences, ())


def answer_of(
    status: Status,
    hits: tuple[Hit, ...] = (),
    citations: tuple[Citation, ...] = (),
    question: str = "When did the convoy leave?",
) -> Answer:
    return Answer(question, question, status, 0.5, citations, hits, (), "g1", 1.0)


def found(passages: tuple[Passage, ...], status: Status = Status.ANSWERED) -> Answer:
    opening, convoy, lorries = passages
    hits = (hit(convoy, 0.8), hit(lorries, 0.75), hit(opening, 0.3))
    citations = (
        Citation(1, convoy, convoy.sentences[0]),
        Citation(2, lorries, lorries.sentences[1], date_warning="Lorries don’t walk."),
    )
    return answer_of(status, hits, citations)
