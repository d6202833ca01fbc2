"""Reads data in the JSON form of SQuAD: SQuAD 1.1 and 2.0, XQuAD, COVID-QA."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from citadel.evaluation.data.corpora import Collected, collect
from citadel.evaluation.data.files import field
from citadel.evaluation.data.questions import Dataset, Evidence, Need, Question

ANSWERABLE = "answerable"
IMPOSSIBLE = "unanswerable-impossible"
"""The kind of SQuAD 2.0's adversarial questions: the paragraph lacks only the fact itself."""


def read_squad(path: Path, values: Mapping[str, Any], language: str) -> Dataset:
    """Read SQuAD's JSON: every paragraph becomes a passage, every answer span a piece of evidence.

    Args:
        path: Where it was read from, for names and messages.
        values: The file's JSON.
        language: ISO 639-1 code of the paragraphs.

    Raises:
        CitadelError: Something in it is malformed.

    """
    questions: list[Question] = []
    articles = []
    for number, entry in enumerate(field(values, "data", list, str(path)), start=1):
        where = f"{path}, article {number}"
        paragraphs = field(entry, "paragraphs", list, where)
        texts = [field(paragraph, "context", str, where) for paragraph in paragraphs]
        if not any(text.strip() for text in texts):
            continue
        title = str(entry.get("title", "")).replace("_", " ")
        collected = collect(f"{number:04d} {title}".strip(), title, language, texts)
        articles.append(collected.article)
        questions += _questions(collected, paragraphs, where)
    return Dataset(path.stem, tuple(questions), tuple(articles))


def _questions(
    collected: Collected, paragraphs: Sequence[Mapping[str, Any]], where: str
) -> Iterator[Question]:
    for number, paragraph in enumerate(paragraphs):
        for position, values in enumerate(field(paragraph, "qas", list, where)):
            evidence = tuple(
                _evidence(collected, number, answer, where) for answer in values.get("answers", [])
            )
            answerable = not values.get("is_impossible", False) and bool(evidence)
            yield Question(
                id=str(values.get("id", f"{collected.article.source}#{number}.{position}")),
                kind=ANSWERABLE if answerable else IMPOSSIBLE,
                text=field(values, "question", str, where).strip(),
                history=(),
                answerable=answerable,
                # Annotators often agree: an answer given three times is one piece of evidence.
                evidence=tuple(dict.fromkeys(evidence)) if answerable else (),
                need=Need.ANY,
            )


def _evidence(
    collected: Collected, paragraph: int, answer: Mapping[str, Any], where: str
) -> Evidence:
    text = field(answer, "text", str, where)
    start = field(answer, "answer_start", int, where)
    return Evidence(text, (collected.place(paragraph, start, start + max(len(text), 1)),))
