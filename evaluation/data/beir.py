"""Reads a folder in the form of BEIR: corpus.jsonl, queries.jsonl and qrels/*.tsv."""

from __future__ import annotations

from pathlib import Path

from citadel.evaluation.data.corpora import Collected, collect
from citadel.evaluation.data.files import field, read_json_lines, read_text
from citadel.evaluation.data.questions import Dataset, Evidence, Need, Place, Question
from citadel.index.errors import CitadelError

KIND = "query"

_SPLIT = "test"
"""The file of qrels that is used; the only one when there is only one."""


def read_beir(folder: Path, language: str) -> Dataset:
    """Read a retrieval data set; each document is an article of one passage, title included.

    The evidence of a query are the documents judged relevant to it; no sentence is given.

    Args:
        folder: As downloaded: corpus.jsonl, queries.jsonl, qrels/test.tsv.
        language: ISO 639-1 code of the documents.

    Raises:
        CitadelError: A file is missing or malformed.

    """
    documents = _documents(folder / "corpus.jsonl", language)
    judged = _qrels(_qrels_file(folder / "qrels"))
    questions = []
    for number, values in read_json_lines(folder / "queries.jsonl"):
        where = f"{folder / 'queries.jsonl'}, line {number}"
        identifier = field(values, "_id", str, where)
        grades = judged.get(identifier, {})
        evidence = tuple(
            _evidence(documents[document].article.text, document, grade)
            for document, grade in grades.items()
            if document in documents
        )
        if evidence:
            text = field(values, "text", str, where).strip()
            questions.append(Question(identifier, KIND, text, (), True, evidence, Need.ANY))
    if not questions:
        raise CitadelError(f"{folder} judges no query of queries.jsonl; check qrels/.")
    articles = tuple(collected.article for collected in documents.values())
    return Dataset(folder.name, tuple(questions), articles, tells_sentences=False)


def _evidence(text: str, source: str, grade: int) -> Evidence:
    return Evidence("", (Place(source, 0, len(text)),), grade)


def _documents(path: Path, language: str) -> dict[str, Collected]:
    documents = {}
    for number, values in read_json_lines(path):
        where = f"{path}, line {number}"
        identifier = field(values, "_id", str, where)
        title = str(values.get("title", "")).strip()
        text = field(values, "text", str, where).strip()
        # The title stands in the passage, as in every published figure for these data.
        whole = "\n\n".join(filter(None, [title, text]))
        if whole:
            documents[identifier] = collect(identifier, title, language, [whole])
    return documents


def _qrels_file(folder: Path) -> Path:
    files = sorted(folder.glob("*.tsv"))
    if not files:
        raise CitadelError(f"{folder} holds no .tsv file of relevance judgements; add one.")
    named = [file for file in files if file.stem == _SPLIT]
    if not named and len(files) > 1:
        names = ", ".join(file.name for file in files)
        raise CitadelError(f"{folder} has no {_SPLIT}.tsv among {names}; rename one of them.")
    return (named or files)[0]


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    """Read ``query-id  corpus-id  score`` with tabs between; scores of 0 are no evidence."""
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        cells = line.split("\t")
        if not line.strip() or (number == 1 and not cells[-1].strip().lstrip("-").isdigit()):
            continue
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdigit():
            raise CitadelError(
                f"{path}, line {number} is no judgement; write query, document and grade, "
                "with tabs between."
            )
        grade = int(cells[2])
        if grade > 0:
            grades.setdefault(cells[0], {})[cells[1]] = grade
    return grades
