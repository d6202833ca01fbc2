"""Where one English sentence gives two values, each from a different speaker. Pure.

“The prosecution says that it was 640, the ministry gives 810.” The source of the second has to be
named by a verb that gives a value, or by “according to”: one sentence may also count two things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from citadel.qa.answer.figures import Figure
from citadel.qa.answer.frames import MASK
from citadel.qa.answer.speech import sayings

_JOINT = re.compile(
    r"(?P<mark>[;,—–])\s(?:(?P<contrast>while|whereas|although|though|but)\s|(?:and|yet)\s)?"
)
_GIVES = re.compile(
    r"\b(?:counts|counted|speaks? of|spoke of|makes? it|made it|reckons|reckoned|arrived at"
    r"|has it at|estimate[sd]?|claims?|claimed|acknowledge[sd]?|admits?|admitted|says?|said"
    r"|puts? (?:\S+ ){0,4}?(?:at|as)|gives?|gave)(?: that)?"
    r"(?: (?:it|they|there|he|she) (?:is|are|was|were)| only| just| the figure (?:of|as))?"
    r" ?[“\"‘]?$"
)
_RECORDS = re.compile(
    r"\b(?:documented|documents|confirmed|confirms|records?|recorded|registered|registers|found|finds|recogni[sz]e[sd]?"
    r"|reports?|reported|announced|mentions?|mentioned|suggests?|accepts?) ?[“\"‘]?$"
)
_SUBJECT = re.compile(
    r"(?:the|an?|its|his|her|their|one|another|some|most|[a-z]+s[’']|[A-Z])[^“”\";]*$|[a-z]+s$"
)
_NO_SUBJECT = re.compile(
    r"(?:it|he|she|they|this|that|these|those|which|who|we|i|there|then|so|according)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r",\s(?:while|whereas|although|though|but)\s")
_WHEN_FIRST = re.compile(r"^(?:Today|Yesterday|Now|Meanwhile|Later|Then)\s(?=[a-z])")
_AUXILIARY = re.compile(r",?\s(?:has|have|had|is said to have)$")
_LONGEST_SUBJECT = 90
_OF_SOMEBODY = (
    r"(?:according to (?P<{0}>[^,;.]+)"
    r"|by (?P<{0}_by>(?:\S+ ){{0,4}}?(?:estimates?|counts?|reckoning|figures?|calculations?"
    r"|satellite)\b))"
)
_FIRST_OF = re.compile(r"^(?:\s\w+){0,8}?,?\s" + _OF_SOMEBODY.format("who"))
_SECOND_OF = re.compile(r"^(?:\s[\w-]+){0,3}?,?\s" + _OF_SOMEBODY.format("who"))
_ENDS_JOINED = re.compile(r"(?:[,;]|,?\s(?:and|but|or))\s$")


@dataclass(frozen=True, slots=True)
class Apart:
    """A second value in a sentence, from somebody else than the first.

    Attributes:
        head: Where what gives the first value ends.
        figure: The second value.
        speaker: The words that name whose it is.
        first_speaker: Those that name whose the first value is; "" where none do.

    """

    head: int
    figure: Figure
    speaker: str
    first_speaker: str


def told_apart(sentence: str, values: Sequence[Figure]) -> Iterator[Apart]:
    """Yield the values of a sentence that come from another speaker than those before them.

    Args:
        sentence: As it stands in an article.
        values: Its values, in order.

    """
    for joint in _JOINT.finditer(sentence):
        after = [each for each in values if each.start >= joint.end()]
        if not after or not any(each.end <= joint.start() for each in values):
            continue
        start = joint.end()
        before = sentence[start : after[0].start]
        contrasts = bool(joint["contrast"] or joint["mark"] == ";")
        speaker = _giver(before, records=contrasts)
        if speaker:
            head = sentence[: joint.start()]
            first = next(each for each in values if each.end <= joint.start())
            whose = _giver(sentence[: first.start], records=True) or _speaker(head)
            yield Apart(joint.start(), after[0], speaker, whose)
    yield from _by_authorities(sentence, values)


def _giver(before: str, *, records: bool) -> str:
    """Return who gives the value that follows a text: “The ministry” of “The ministry says”."""
    verb = _GIVES.search(before) or (_RECORDS.search(before) if records else None)
    speaker = _AUXILIARY.sub("", before[: verb.start()].strip(" ,")) if verb is not None else ""
    speaker = _WHEN_FIRST.sub("", speaker)
    names = (
        0 < len(speaker) <= _LONGEST_SUBJECT
        and _SUBJECT.match(speaker) is not None
        and _NO_SUBJECT.match(speaker) is None
        and _CLAUSE.search(speaker) is None
    )
    return speaker if names else ""


def _by_authorities(sentence: str, values: Sequence[Figure]) -> Iterator[Apart]:
    """Yield the second of “600 according to one, 440 according to the other”."""
    for one, other in pairwise(values):
        between = sentence[one.end : other.start]
        joined, first = _ENDS_JOINED.search(between), _FIRST_OF.match(between)
        second = _SECOND_OF.match(sentence[other.end :])
        if joined is not None and first is not None and second is not None:
            speakers = [(each["who"] or each["who_by"]).strip() for each in (first, second)]
            yield Apart(other.start, other, speakers[1], _before_joint(speakers[0]))


def _before_joint(speaker: str) -> str:
    return re.sub(r"\s(?:and|but|or)$", "", speaker)


def _speaker(head: str) -> str:
    """Return who gives the first value, as the sentence names them; "" for nobody and “he”."""
    if MASK in head:
        return ""
    said = sayings(head)
    words = head[slice(*said[0].subject)] if len(said) == 1 else ""
    return "" if _NO_SUBJECT.fullmatch(words) else words
