"""Reads a data set of whatever form it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from citadel.evaluation.data.beir import read_beir
from citadel.evaluation.data.canard import read_canard
from citadel.evaluation.data.files import read_json
from citadel.evaluation.data.question_sets import read_collection, read_question_set
from citadel.evaluation.data.questions import Dataset
from citadel.evaluation.data.selqa import read_selqa
from citadel.evaluation.data.squad import read_squad
from citadel.index.errors import CitadelError

NEWSROOM = Path(__file__).resolve().parents[1] / "newsroom"
"""Invented articles with questions, in collections of some ten."""

_TRAINING = NEWSROOM / "training"

BUNDLED_QUESTIONS = Path(__file__).resolve().parents[1] / "questions" / "siege-dev.jsonl"
"""250 questions about the article that comes with Citadel."""

ASKED_IN_ARABIC = BUNDLED_QUESTIONS.with_name("siege-arabic.jsonl")
"""48 unanswerable ones in Arabic, half of them near misses: most are translated from those."""

_LANGUAGE = re.compile(r"[._-](?P<code>[a-z]{2})$")


def read_dataset(path: Path, language: str | None = None) -> Dataset:
    """Read a question set (.jsonl), SQuAD, CANARD or SelQA (.json), or a BEIR folder.

    Args:
        path: The file or folder.
        language: ISO 639-1 code of the articles that the data brings; None to take it from the
            name of the file, as in xquad.ar.json, and English when the name does not say.

    Raises:
        CitadelError: There is no such file, or it has none of these forms.

    """
    if language is None:
        named = _LANGUAGE.search(path.stem)
        language = named["code"] if named else "en"
    if path.is_dir():
        if (path / "articles").is_dir():
            return read_collection(path)
        if not (path / "corpus.jsonl").is_file():
            raise CitadelError(
                f"{path} has neither articles and question sets nor BEIR's corpus.jsonl; name "
                "another folder."
            )
        return read_beir(path, language)
    if path.suffix.lower() == ".jsonl":
        return read_question_set(path)
    return _read_json_dataset(path, read_json(path), language)


def newsroom_for_training() -> list[Dataset]:
    """Read the questions of the newsroom that only teach: written in quantity, and read once.

    The sets in its folder ``training`` are about the articles of the collection that has the name
    of the file; the collections in it bring their own.
    """
    more = [
        replace(read_question_set(path), articles=read_dataset(NEWSROOM / path.stem).articles)
        for path in sorted(_TRAINING.glob("*.jsonl"))
    ]
    return [*more, *(read_dataset(folder) for folder in sorted(_TRAINING.glob("?")))]


def _read_json_dataset(path: Path, values: Any, language: str) -> Dataset:
    if isinstance(values, Mapping) and "data" in values:
        return read_squad(path, values, language)
    first = values[0] if isinstance(values, list) and values else None
    if isinstance(first, Mapping) and "QuAC_dialog_id" in first:
        return read_canard(path, values)
    if isinstance(first, Mapping) and "candidates" in first:
        return read_selqa(path, values)
    raise CitadelError(
        f"{path} has none of the known forms; give a question set (.jsonl), SQuAD, CANARD or "
        "SelQA (.json), or a BEIR folder."
    )
