"""Reads SelQA: which sentence of a Wikipedia section answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from citadel.evaluation.data.corpora import Collected, collect
from citadel.evaluation.data.files import field
from citadel.evaluation.data.questions import Dataset, Evidence, Need, Question

_Section = tuple[str, str, tuple[str, ...]]


def read_selqa(path: Path, values: Sequence[Mapping[str, Any]]) -> Dataset:
    """Read Jurczyk et al. 2016 (arXiv:1606.08513): every section becomes an article of one passage.

    Args:
        path: Where it was read from, for names and messages.
        values: The file's JSON.

    Raises:
        CitadelError: Something in it is malformed.

    """
    sections: dict[_Section, Collected] = {}
    questions = []
    for number, entry in enumerate(values, start=1):
        where = f"{path}, entry {number}"
        sentences = tuple(field(entry, "candidates", list, where))
        article, section = str(entry.get("article", "")), str(entry.get("section", ""))
        key = (article, section, sentences)
        if key not in sections:
            name = f"{len(sections) + 1:04d} {article}"
            sections[key] = collect(name, article, "en", [" ".join(sentences)])
        collected = sections[key]
        answers = field(entry, "answers", list, where)
        questions.append(
            Question(
                id=f"{path.stem}-{number}",
                kind="paraphrase" if entry.get("is_paraphrase") else "question",
                text=field(entry, "question", str, where).strip(),
                history=(),
                answerable=bool(answers),
                evidence=tuple(_evidence(collected, sentences, answer) for answer in answers),
                need=Need.ANY,
            )
        )
    articles = tuple(collected.article for collected in sections.values())
    return Dataset(path.stem, tuple(questions), articles)


def _evidence(collected: Collected, sentences: Sequence[str], number: int) -> Evidence:
    start = sum(len(sentence) + 1 for sentence in sentences[:number])
    text = sentences[number]
    return Evidence(text, (collected.place(0, start, start + len(text)),))
