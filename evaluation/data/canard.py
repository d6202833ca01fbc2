"""Reads CANARD: follow-up questions of conversations, with a person's rewriting of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citadel.evaluation.data.corpora import collect
from citadel.evaluation.data.files import field
from citadel.evaluation.data.questions import Dataset, Evidence, Need, Question
from citadel.index.corpus.articles import Article

FIRST = "first"
FOLLOWUP = "followup"

_TITLES = 2
"""“History” begins with the title of the article and of its section."""


@dataclass(frozen=True, slots=True)
class _Turn:
    number: int
    question: str
    rewrite: str


def read_canard(path: Path, values: Sequence[Mapping[str, Any]]) -> Dataset:
    """Read Elgohary et al. 2019: the answers of all conversations are the passages.

    CANARD gives the answer to a question only in the “History” of the questions after it, so
    that the last question of each conversation has none and is left out; so are questions whose
    answer is given elsewhere in the same words (“I don't know”), since it says nothing.

    Args:
        path: Where it was read from, for names and messages.
        values: The file's JSON.

    Raises:
        CitadelError: Something in it is malformed.

    """
    conversations: dict[str, list[Mapping[str, Any]]] = {}
    for number, entry in enumerate(values, start=1):
        identifier = field(entry, "QuAC_dialog_id", str, f"{path}, entry {number}")
        conversations.setdefault(identifier, []).append(entry)
    histories = {key: _longest_history(path, entries) for key, entries in conversations.items()}
    repeated = _repeated(history[_TITLES + 1 :: 2] for history in histories.values())
    articles: list[Article] = []
    questions: list[Question] = []
    for key, entries in conversations.items():
        history = histories[key]
        answers = history[_TITLES + 1 :: 2]
        kept = [n for n, answer in enumerate(answers) if _key(answer) not in repeated]
        if not kept:
            continue
        collected = collect(key, ", ".join(history[:_TITLES]), "en", [answers[n] for n in kept])
        articles.append(collected.article)
        turns = {turn.number: turn for turn in _turns(path, entries)}
        for position, number in enumerate(kept):
            turn = turns.get(number + 1)
            if turn is None:
                continue
            answer = answers[number]
            questions.append(
                Question(
                    id=f"{key}#{turn.number}",
                    kind=FIRST if number == 0 else FOLLOWUP,
                    text=turn.question,
                    history=tuple(history[_TITLES : _TITLES + 2 * number : 2]),
                    answerable=True,
                    evidence=(Evidence(answer, (collected.place(position, 0, len(answer)),)),),
                    need=Need.ANY,
                    rewrite=turn.rewrite,
                )
            )
    return Dataset(path.stem, tuple(questions), tuple(articles), tells_sentences=False)


def _longest_history(path: Path, entries: Sequence[Mapping[str, Any]]) -> list[str]:
    histories = [field(entry, "History", list, str(path)) for entry in entries]
    return [str(part) for part in max(histories, key=len)]


def _turns(path: Path, entries: Sequence[Mapping[str, Any]]) -> Iterator[_Turn]:
    for entry in entries:
        yield _Turn(
            field(entry, "Question_no", int, str(path)),
            field(entry, "Question", str, str(path)),
            str(entry.get("Rewrite", "")),
        )


def _repeated(conversations: Iterable[Sequence[str]]) -> frozenset[str]:
    counts = Counter(_key(answer) for answers in conversations for answer in answers)
    return frozenset(key for key, count in counts.items() if count > 1 or not key)


def _key(answer: str) -> str:
    return " ".join(answer.casefold().split())
