"""What speaks for an answer being there, on scales that are comparable between questions. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from citadel.index.retrieval.answer_types import without_dates
from citadel.index.retrieval.lexical import Word, fold
from citadel.index.retrieval.ranking import Scores

_TENTH = 10

_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|old|long|far|tall|big|large|fast|often|high|deep)\b|\bnumber of\b"
    r"|\bwhat percent",
    re.IGNORECASE,
)
_ASKS_DATE = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time)\b|\bdate of\b",
    re.IGNORECASE,
)
_ASKS_PERSON = re.compile(r"\bwho(?:m|se|'s|’s)?\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d\d|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|century|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today"
    r"|yesterday|spring|summer|autumn|winter|decade|year|week|month|day)s?\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?"
    r"|hundreds?|thousands?|millions?|billions?|half|twice|once|third|quarter|percent|several"
    r"|many|few)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?“\"]\s)(?<!^)\b[A-Z][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """How near a question is to the collection as a whole.

    Attributes:
        late_best: The best late interaction of question and sentence, -1 to 1.
        late_tenth: The tenth best.
        cosine_best: The best cosine of question and sentence, -1 to 1.
        cosine_tenth: The tenth best.

    """

    late_best: float
    late_tenth: float
    cosine_best: float
    cosine_tenth: float

    def minus(self, background: Topic) -> Topic:
        """Take off what unrelated questions get: a large collection has something near to all."""
        return Topic(*(getattr(self, f.name) - getattr(background, f.name) for f in fields(Topic)))


NO_BACKGROUND = Topic(0.0, 0.0, 0.0, 0.0)


def mean_topic(topics: Sequence[Topic]) -> Topic:
    """Return the mean of each number."""
    return Topic(
        *(float(np.mean([getattr(topic, f.name) for topic in topics])) for f in fields(Topic))
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the best passage and its best sentence answer.

    Attributes:
        late_best: The best late interaction of question and sentence, -1 to 1.
        passage_margin: That of the best passage, less the mean of the next three.
        missing_names: How many names and numbers of the question the best passage lacks.
        coverage: The share of the question's content words in the best sentence, 0 to 1.
        cosine: The cosine of the question and the best sentence, -1 to 1.
        type_missing: 1 when a date, number or person is asked for and the best sentence has none
            but those of the question, else 0.

    """

    late_best: float
    passage_margin: float
    missing_names: float
    coverage: float
    cosine: float
    type_missing: float


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer.

    Attributes:
        topic: Nearness to the collection, above that of unrelated questions.
        evidence: The match of the best passage.

    """

    topic: Topic
    evidence: Evidence


def topic_signals(late: Scores, cosines: Scores) -> Topic:
    """Measure the nearness of a question to a collection.

    Args:
        late: float32, (sentences,): late interaction of question and each candidate sentence.
        cosines: float32, (sentences,): their cosines.

    """
    return Topic(float(late.max()), _tenth(late), float(cosines.max()), _tenth(cosines))


def _tenth(scores: Scores) -> float:
    rank = min(_TENTH, len(scores))
    return float(np.partition(scores, -rank)[-rank])


def passage_margin(late: Scores) -> float:
    """Return the best late interaction of question and passage less the mean of the next three."""
    best, *others = sorted(late.tolist(), reverse=True)
    return float(best - sum(others[:3]) / 3 if len(others) >= 3 else best)


def is_name_or_number(word: Word, question: str) -> bool:
    """Tell a word with a digit, or with a capital that does not begin the question."""
    if any(char.isdigit() for char in word.surface):
        return True
    return word.surface[0].isupper() and question[: word.start].strip() != ""


def lacks_asked_type(question: str, sentence: str, question_words: Sequence[Word]) -> bool:
    """Tell whether the date, number or person that is asked for is missing from a sentence.

    What the question says itself is no answer to it, nor is the day of a date a number.
    """
    if _ASKS_NUMBER.search(question):
        kind = _NUMBER
        sentence = without_dates(sentence)
    elif _ASKS_DATE.search(question):
        kind = _DATE
    elif _ASKS_PERSON.search(question):
        kind = _NAME
    else:
        return False
    asked = {fold(word.surface) for word in question_words}
    return all(fold(match.group()) in asked for match in kind.finditer(sentence))
