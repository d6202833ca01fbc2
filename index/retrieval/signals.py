"""The evidence that an answer is there, on scales comparable between questions. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from citadel.index.retrieval.answer_types import without_dates
from citadel.index.retrieval.lexical import Word, fold
from citadel.index.retrieval.ranking import Scores
from citadel.index.retrieval.sentence_signs import asked_for, new_in, offered_by

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
        """Subtract what unrelated questions get: large collections have something near any."""
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
        rank_margin: The score of the best sentence, less that of the second.
        rank_lead: The same, less the mean of the fourth to the sixth.
        rank_crowd: The log of the summed odds of all sentences, the best one's being 1.
        late_first: The late interaction of the question and the sentence quoted first.
        cosine_best: The best cosine of question and sentence.
        words: The share of the question's words, by idf, in the sentence quoted first.
        passage_words: The same in its passage.
        unknown_words: The same of those that the collection does not have.
        asks_name: 1 when a name is asked for; likewise an amount, a date, a place, a reason, a
            manner.
        name_missing: 1 when a name is asked for and the sentence has none that is new; likewise
            an amount, a date, a place, a reason.
        new_names: How many names are new in a sentence, when a name is asked for.
        new_amounts: How many numbers are new in it, when an amount is asked for.
        withheld: How often the sentence says that something is not said, known or done.
        value_withheld: 1 when it does and a value is asked for.
        somebody: 1 when it speaks of an unnamed person or body.
        somebody_for_name: 1 when it does and a name is asked for.
        length: The natural logarithm of its number of words.
        question_length: That of the question.

    """

    late_best: float
    passage_margin: float
    missing_names: float
    coverage: float
    cosine: float
    type_missing: float
    rank_margin: float = 0.0
    rank_lead: float = 0.0
    rank_crowd: float = 0.0
    late_first: float = 0.0
    cosine_best: float = 0.0
    words: float = 0.0
    passage_words: float = 0.0
    unknown_words: float = 0.0
    asks_name: float = 0.0
    asks_amount: float = 0.0
    asks_date: float = 0.0
    asks_place: float = 0.0
    asks_reason: float = 0.0
    asks_manner: float = 0.0
    name_missing: float = 0.0
    amount_missing: float = 0.0
    date_missing: float = 0.0
    place_missing: float = 0.0
    reason_missing: float = 0.0
    new_names: float = 0.0
    new_amounts: float = 0.0
    withheld: float = 0.0
    value_withheld: float = 0.0
    somebody: float = 0.0
    somebody_for_name: float = 0.0
    length: float = 0.0
    question_length: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadingSignals:
    """What the reader thinks of what it read, all of it log-odds against that nothing answers.

    Attributes:
        first: Of the sentence that is quoted first.
        first_span: Of the best span in it.
        every: Of all sentences that were read: the log of their summed odds.
        best_span: Of the best span in any of them.

    """

    first: float
    first_span: float
    every: float
    best_span: float


@dataclass(frozen=True, slots=True)
class Signals:
    """The evidence for an answer.

    Attributes:
        topic: Nearness to the collection, above that of unrelated questions.
        evidence: The match of the best passage.
        reading: What the reader thinks of it; None where it read nothing.

    """

    topic: Topic
    evidence: Evidence
    reading: ReadingSignals | None = None


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
    """Return whether a word has a digit, or a capital that does not begin the question."""
    if any(char.isdigit() for char in word.surface):
        return True
    return word.surface[0].isupper() and question[: word.start].strip() != ""


def lacks_asked_type(question: str, sentence: str, question_words: Sequence[Word]) -> bool:
    """Return whether the date, number or person that is asked for is missing from a sentence.

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


def rank_signals(scores: Scores) -> dict[str, float]:
    """Measure how far the best sentence is ahead of the others.

    Args:
        scores: float32, (sentences,): the final scores.

    """
    best, *others = np.sort(scores)[::-1].tolist()
    behind = others[2:5] or others[-1:] or [best]
    return {
        "rank_margin": best - others[0] if others else 0.0,
        "rank_lead": best - sum(behind) / len(behind),
        "rank_crowd": float(np.log(np.exp(scores - best).sum())),
    }


def sign_signals(question: str, sentence: str) -> dict[str, float]:
    """Read off what a question asks for and a sentence offers or withholds."""
    asked, offered = asked_for(question), offered_by(sentence)
    names = new_in(offered.names, asked)
    amounts, dates = new_in(offered.amounts, asked), new_in(offered.dates, asked)
    signs = {
        "asks_name": asked.name,
        "asks_amount": asked.amount,
        "asks_date": asked.date,
        "asks_place": asked.place,
        "asks_reason": asked.reason,
        "asks_manner": asked.manner,
        "name_missing": asked.name and not names,
        "amount_missing": asked.amount and not amounts,
        "date_missing": asked.date and not dates,
        "place_missing": asked.place and not names,
        "reason_missing": asked.reason and not offered.cause,
        "new_names": min(names, 4) if asked.name else 0,
        "new_amounts": min(amounts, 4) if asked.amount else 0,
        "withheld": min(offered.withheld, 3),
        "value_withheld": asked.value and offered.withheld > 0,
        "somebody": offered.somebody,
        "somebody_for_name": asked.name and offered.somebody,
        "length": np.log(offered.length),
        "question_length": np.log(1 + len(question.split())),
    }
    return {name: float(value) for name, value in signs.items()}
