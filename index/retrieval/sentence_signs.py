"""What a question asks for, and what a sentence offers or withholds, by surface signs. Pure.

Signs of English, as ``answer_types`` has them, but finer: what is new in a sentence against the
question, and whether it withholds what is asked for (“an outside auditor”: who?). They are features
for fitted models, never rules. In other languages they are silent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from citadel.index.retrieval.answer_types import without_dates

Floats = npt.NDArray[np.float32]

_WORD = re.compile(r"[\w']+")
_AMOUNT = re.compile(
    r"\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty"
    r"|forty|fifty|dozens?|hundreds?|thousands?|millions?|billions?|half|twice|third|quarter)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d\d|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|spring"
    r"|summer|autumn|winter|year|week|month|day|o'clock|morning|night|evening"
    r"|\d{1,2}[:.]\d\d)s?\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?“\"]\s)(?<!^)\b[A-Z][\w’'-]+")
_WITHHELD = re.compile(
    r"\b(?:not (?:been )?(?:say|said|named?|identif\w+|disclos\w+|known|give|given|reveal\w*"
    r"|publish\w*|specif\w*|explain\w*|record\w*|state\w*|answer\w*|comment\w*|clear)"
    r"|declin\w+|refus\w+|anonym\w+|undisclosed|unnamed|unknown|unidentified|unclear|confidential"
    r"|secret|sealed|withh\w+|(?:would|did|could|has|have|had) not|(?:would|did|could|has|have|had)"
    r"n['’]t|cannot|can['’]t|never|nobody|no one|without (?:nam|say|giv)\w+|whose name"
    r"|asked not to|not to be named|neither)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b(?:a|an|another|one|some|certain|several|two|three)\s+(?:\w+\s+){0,3}?(?:man|woman|official"
    r"|officer|employee|worker|colleague|company|firm|bank|consultant|auditor|doctor|surgeon"
    r"|engineer|lawyer|judge|journalist|donor|friend|relative|neighbour|businessman|contractor"
    r"|supplier|ministry|government|country|town|village|hospital|hotel|farmer|witness|source"
    r"|person|member|expert|minister|commander|driver|resident|foundation|charity|university"
    r"|newspaper|paper)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^[\"“‘']?(?:he|she|it|they|this|that|these|those|his|her|their|its|there|the latter"
    r"|the former|both|neither|one|another|such)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"[“”\"]|\b(?:said|says|told|added|asked|replied|insist\w+|claim\w*|argu\w+|wrote|call\w+"
    r"|describ\w+|accus\w+|denied|admitted|recall\w+|according to)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:because|since|as a result|due to|owing|so that|in order|to (?:avoid|prevent|save|make"
    r"|protect)|reason|caus\w+|fear\w*|after|therefore|which meant|for (?:fear|lack))\b",
    re.IGNORECASE,
)

_ASKS = (
    re.compile(
        r"\b(?:who|whom|whose|name of|named?|called|which (?:\w+ )?(?:person|man|woman|company|firm"
        r"|bank|country|town|village|official|judge|doctor|lawyer|paper|newspaper|ministry|agency"
        r"|party|group|hospital|school|ship|supplier|auditor))\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:how (?:many|much|old|long|far|large|big|high|deep|often|heavy|tall)|number|cost"
        r"|price|percentage|share|amount|total|sum|size|salary|paid?|worth)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:when|what (?:year|date|day|month|time)|which (?:year|day|month)|date"
        r"|how long ago)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:where|(?:which|what) (?:town|city|village|country|place|street|port|district))\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:why|reason|what made|how come|because|motive|cause)\b", re.IGNORECASE),
    re.compile(
        r"^\s*how\b(?! (?:many|much|old|long|far|large|big|often))|\bin what way", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:say|said|says|think|thought|believe|comment|describe|call|called|opinion|view"
        r"|react\w*|respond\w*|claim\w*|quote\w*|according)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"^\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|any)\b",
        re.IGNORECASE,
    ),
)


SIGNS: Final = (
    *("name_new", "name_none", "amount_new", "amount_none", "date_new", "date_none"),
    *("place_new", "place_none", "reason_given", "manner", "opinion_reported", "yes_or_no"),
    *("withheld", "value_withheld", "somebody_for_name", "pronoun", "reported", "cause", "length"),
    *("announcing", "names", "amounts", "dates", "shared_words", "names_for_name", "leaning"),
)
"""What ``signs_of_pairs`` measures, in order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    Attributes:
        words: Its words in lower case.
        name: Whether it asks for a name; likewise an amount, a date, a place, a reason, a manner,
            an opinion, or yes or no.

    """

    words: frozenset[str]
    name: bool
    amount: bool
    date: bool
    place: bool
    reason: bool
    manner: bool
    opinion: bool
    yes_or_no: bool

    @property
    def value(self) -> bool:
        """Whether it asks for something that a span of a sentence can fill."""
        return self.name or self.amount or self.date or self.place or self.reason


@dataclass(frozen=True, slots=True)
class Offered:
    """What a sentence says, as far as its surface shows.

    Attributes:
        words: Its words in lower case.
        names: Names in it, except one that begins it; lower case, as often as they occur.
        amounts: Numbers in it, except those of dates.
        dates: What names a time.
        withheld: How often it says that something is not said, known or done.
        somebody: Whether it speaks of an unnamed person or body.
        pronoun: Whether it begins with a pronoun.
        reported: Whether it quotes or reports.
        cause: Whether it gives a reason or a consequence.
        length: How many words it has, one at least.
        announcing: Whether it ends with a colon.

    """

    words: frozenset[str]
    names: tuple[str, ...]
    amounts: tuple[str, ...]
    dates: tuple[str, ...]
    withheld: int
    somebody: bool
    pronoun: bool
    reported: bool
    cause: bool
    length: int
    announcing: bool


@lru_cache(64)
def asked_for(question: str) -> Asked:
    """Read what a question asks for."""
    return Asked(_words(question), *(pattern.search(question) is not None for pattern in _ASKS))


@lru_cache(8192)
def offered_by(sentence: str) -> Offered:
    """Read what a sentence offers; those read last are remembered."""
    return Offered(
        words=_words(sentence),
        names=tuple(found.lower() for found in _NAME.findall(sentence)),
        amounts=tuple(found.lower() for found in _AMOUNT.findall(without_dates(sentence))),
        dates=tuple(found.group().lower() for found in _DATE.finditer(sentence)),
        withheld=len(_WITHHELD.findall(sentence)),
        somebody=_SOMEBODY.search(sentence) is not None,
        pronoun=_PRONOUN.search(sentence) is not None,
        reported=_REPORTED.search(sentence) is not None,
        cause=_CAUSE.search(sentence) is not None,
        length=max(len(sentence.split()), 1),
        announcing=sentence.rstrip().endswith(":"),
    )


def new_in(offered: tuple[str, ...], asked: Asked) -> int:
    """Return how many of the names, numbers or dates of a sentence the question does not have."""
    return sum(found not in asked.words for found in offered)


def signs_of_pairs(question: str, sentences: Sequence[str], leaning: Floats) -> Floats:
    """Measure the surface signs of a question and each of some sentences.

    Args:
        question: As it is searched for.
        sentences: Their texts.
        leaning: float32, (sentences,): how much better the sentence before each matches, which
            counts for one that begins with a pronoun.

    Returns:
        float32, (sentences, signs), in the order of ``SIGNS``.

    """
    asked = asked_for(question)
    return np.array(
        [
            [*_signs(asked, offered), float(leans) if offered.pronoun else 0.0]
            for offered, leans in zip(map(offered_by, sentences), leaning, strict=True)
        ],
        dtype=np.float32,
    )


def _signs(asked: Asked, offered: Offered) -> list[float]:
    """Return the signs of one pair in the order of ``SIGNS``, but for the last one."""
    names = new_in(offered.names, asked)
    amounts, dates = new_in(offered.amounts, asked), new_in(offered.dates, asked)
    return [
        *(float(asked.name and names > 0), float(asked.name and not names)),
        *(float(asked.amount and amounts > 0), float(asked.amount and not amounts)),
        *(float(asked.date and dates > 0), float(asked.date and not dates)),
        *(float(asked.place and names > 0), float(asked.place and not names)),
        *(float(asked.reason and offered.cause), float(asked.manner)),
        *(float(asked.opinion and offered.reported), float(asked.yes_or_no)),
        float(offered.withheld),
        float(asked.value and offered.withheld > 0),
        float(asked.name and offered.somebody),
        *(float(offered.pronoun), float(offered.reported), float(offered.cause)),
        *(float(np.log(offered.length)), float(offered.announcing)),
        *(float(min(names, 4)), float(min(amounts, 3)), float(min(dates, 3))),
        len(offered.words & asked.words) / max(len(asked.words), 1),
        float(asked.name * min(names, 3)),
    ]


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))
