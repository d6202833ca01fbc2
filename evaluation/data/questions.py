"""Questions with what is known of their answers: the data that answers are judged by."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from citadel.index.corpus.articles import Article


class Need(StrEnum):
    """How much of the evidence an answer takes."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Place:
    """A half-open range of code points in the stored text of one article."""

    source: str
    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse an empty or reversed range."""
        if not 0 <= self.start < self.end:
            raise ValueError(f"a place needs 0 <= start < end, got {self.start} and {self.end}")

    def matches(self, other: Place) -> bool:
        """Return whether two places share at least half of the shorter one.

        Sentences are cut differently by people and by programs, so that equality would count
        right quotes as wrong; a place within the other always matches it.
        """
        if self.source != other.source:
            return False
        shared = min(self.end, other.end) - max(self.start, other.start)
        return shared > 0 and 2 * shared >= min(self.end - self.start, other.end - other.start)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something the sources say that answers a question.

    Attributes:
        text: Verbatim.
        places: Where it stands; several when the text is repeated; none while it is not located,
            or when the sources don't hold it.
        grade: How relevant it is, 1 or more, as in TREC qrels.

    """

    text: str
    places: tuple[Place, ...] = ()
    grade: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what answers it.

    Attributes:
        id: Unique in its data set.
        kind: What makes it hard; measures are reported by it.
        text: As a person types it.
        history: The person's earlier questions, oldest first.
        answerable: Whether the sources answer it.
        evidence: What answers it; for an unanswerable question what contradicts it, if anything.
        need: Whether one piece of the evidence is enough.
        rewrite: The question as a person would ask it without the history; "" if unknown.
        article: The source of the article that it is about; "" where that is not given.
        answers: The words of the evidence that answer, as they stand there, where that is known.

    """

    id: str
    kind: str
    text: str
    history: tuple[str, ...]
    answerable: bool
    evidence: tuple[Evidence, ...]
    need: Need
    rewrite: str = ""
    article: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions, and the articles that they are asked of when the data brings its own.

    Attributes:
        name: The name of the file or folder, without its ending.
        questions: In the order of the file.
        articles: The data's own; none when the questions are about articles kept elsewhere.
        tells_sentences: Whether the evidence gives the answering sentence, and not only the
            passage that holds it.

    """

    name: str
    questions: tuple[Question, ...]
    articles: tuple[Article, ...] = ()
    tells_sentences: bool = True

    def without_kinds(self, kinds: Collection[str]) -> Dataset:
        """Return the data set without the questions of some kinds."""
        return replace(self, questions=tuple(q for q in self.questions if q.kind not in kinds))

    def sample(self, count: int, seed: int = 0) -> Dataset:
        """Return a random sample of the questions, in their order; the articles stay whole."""
        if count >= len(self.questions):
            return self
        chosen = sorted(random.Random(seed).sample(range(len(self.questions)), count))
        return replace(self, questions=tuple(self.questions[place] for place in chosen))


def questions_sha256(questions: Sequence[Question]) -> str:
    """Hash what the questions ask and what answers them, whatever the file's form."""
    rows = [
        [q.id, q.kind, q.text, q.history, q.answerable, [e.text for e in q.evidence], q.need]
        for q in questions
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=True).encode()).hexdigest()


def articles_sha256(articles: Sequence[Article]) -> str:
    """Hash the names and stored texts of a collection, whatever the order of its articles."""
    rows = sorted((article.source, article.text) for article in articles)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=True).encode()).hexdigest()
