"""Which sentence names what another only points at: “He”, “it”, “the group”. Pure.

That sentence is shown before the quote, as it stands in the article: the reader sees what is
meant, and a wrong guess adds a sentence too many, but no false one.
"""

from __future__ import annotations

import re

from citadel.qa.answer.frames import Scene
from citadel.qa.answer.people import Mention, people_in, somebody
from citadel.qa.answer.person_names import speech_words
from citadel.qa.answer.referents import person_before
from citadel.qa.answer.speech import sayings
from citadel.qa.answer.subjects import leading_subject

_MOST_BACK = 4
"""How many sentences before a pronoun are searched for a thing at most."""

_MOST_SHOWN = 2
"""How many sentences are shown before a quote at most."""

_WHO = ("he", "she", "his", "her", "him")
_WHAT = ("it", "they", "its", "their", "them")
_OPENING = (
    r"^[\W_]*(?:\d\d[.:]\d\d\s+)?(?:(?:And|But|So|Yet|Then|Still|Now|Only|Even|Also|Or|Nor|For|Here"
    r"|Later|Earlier|Meanwhile|Instead|However|Thus|Therefore|In addition|By then)\b,?\s+)*"
)
_BEFORE = (
    r"(?:(?:In|On|At|By|Since|From|For|Until|After|Before|During|Under|Between|Among|Of|Behind|Within"
    r"|Around)\s(?:[\w-]+\s){0,3}?|[^,;.]{0,30}?\b(?:later|afterwards|soon|then)\s)?"
)
_PRONOUN = re.compile(
    rf"{_OPENING}{_BEFORE}(?P<word>(?i:it|they|he|she|its|their|his|her|them|him))(?=[\s’',.;:])"
)
_ABOUT_ITSELF = "summary|story|article|report|page|newspaper|paper|blog|live"
_OF_THEM = r"of (?:them|these|those|that|it)\b"
_HAPPENED = (
    "was|were|is|are|had|has|have|came|went|took|met|began|followed|lasted|ended|failed|started"
    "|opened|asked|did|said"
)
_POINTS_BACK = re.compile(
    rf"{_OPENING}{_BEFORE}(?i:"
    rf"th(?:is|ese|ose)\b(?!\s(?:{_ABOUT_ITSELF}))"
    r"|that\s(?:[a-z]+\s){0,2}(?:was|is|isn|had|has|would|did|made|left|meant|cost|year|day|night"
    r"|month|week|evening|morning|time)\b"
    rf"|(?:one|two|some|most|all|many|half) {_OF_THEM}"
    rf"|there\s(?:was|were|is|are)\s[a-z]+\s{_OF_THEM}"
    r"|both\s(?!of\b)(?:[a-z]+ed|were|are|had|have|dates|sides)\b"
    r"|(?:neither|none|few|others|another|the latter|the former)\b"
    r"|(?:two|three|four|five|several|some|most)\s(?:have|had|were|are|did|said)\b"
    rf"|the\s(?:first|second|third|others?|rest|two|three)(?:\sone)?(?:\s{_OF_THEM})?"
    rf"\s(?=(?:{_HAPPENED})\b))"
    r"|^(?:Before|After|Since|Until|By)\s(?:that|this|then)\b"
)
_ORDINAL = re.compile(r"^[\W_]*The\s(?:second|third|latter|former|others?|two|three|first)\b")
_COUNTS = re.compile(r"\b(?:first|two|three|both|second)\b", re.IGNORECASE)
_DEFINITE = re.compile(rf"{_OPENING}The\s(?P<noun>[a-z-]+)(?P<after>\s[a-z]+)")
_SAID_BY_THE = re.compile(r"\b[Aa]ccording to the (?P<noun>[a-z]+)(?=[,.;]|$)")
_NEW = frozenset({"a", "an", "one", "two", "three", "another"})
_WORDS_BETWEEN = 3
_SAYS_NOTHING = re.compile(
    r"It\s(?:(?:was|is|['’]s)\s(?:(?:likely|clear|possible|true|said|understood|thought|believed"
    r"|estimated|expected|hoped|feared|hard|easy|important|necessary|not\s(?:clear|known)|fashionable"
    r"|as)\b|(?!\w+ed\b)(?:the|an?|only|in|on|at|not|[A-Z])[^,.;]{0,50}?\s(?:who|which|that)\b)"
    r"|(?:seems|appears|turns out|rains|rained)\b|(?:took|takes)\s[^.;]{1,60}\sto\b)"
)
"""“It is likely that”, “It was she who”: what the sentence says, “it” doesn't stand for."""


def antecedents(scene: Scene, place: int) -> tuple[int, ...]:
    """Return the places of the sentences to read before a sentence, in reading order.

    They are the one that names what it points at, and the one that this leans on itself.
    """
    found: list[int] = []
    leaning: int | None = place
    while leaning is not None and len(found) < _MOST_SHOWN:
        leaning = _antecedent(scene, leaning)
        if leaning is not None:
            found.insert(0, leaning)
            if _is_named_by(scene, leaning):
                break
    return tuple(found)


def _antecedent(scene: Scene, place: int) -> int | None:
    """Return the place of the sentence that names what a sentence points at.

    None where the sentence stands alone, or where no sentence before it in its section names that.
    """
    line = scene.lines[place]
    if line.is_quoted:
        return None
    who = _who(scene, place)
    if who is not None:
        return _names(scene, place, who)
    if not _points(scene, place):
        return None
    if _ORDINAL.match(line.frame):
        for number in scene.before(place, _MOST_BACK):
            if _COUNTS.search(scene.lines[number].frame):
                return number
    for number in scene.before(place, _MOST_BACK):
        if not _goes_on(scene, number) and not scene.lines[number].is_quoted:
            return number
    return None


def _goes_on(scene: Scene, place: int) -> bool:
    """Return whether a sentence is itself about “it” or “them”."""
    word = _first_word(scene, place)
    return word is not None and word.of(scene).lower() in _WHAT and _points(scene, place)


def _is_named_by(scene: Scene, place: int) -> bool:
    """Return whether “it” may be shown with a sentence, though that begins with “the”."""
    return _first_word(scene, place) is None and not _POINTS_BACK.match(scene.lines[place].frame)


def _first_word(scene: Scene, place: int) -> Mention | None:
    """Return the pronoun that a sentence hangs on: what it begins with, or is about."""
    frame = scene.lines[place].frame
    match = _PRONOUN.match(frame)
    if match is not None:
        return Mention(place, *match.span("word"))
    subject = leading_subject(frame)
    if subject is not None and frame[slice(*subject)].lower() in (*_WHO, *_WHAT):
        return Mention(place, *subject)
    for each in sayings(frame):
        if frame[slice(*each.subject)].lower() in ("he", "she"):
            return Mention(place, *each.subject)
    return None


def _who(scene: Scene, place: int) -> Mention | None:
    """Return the “he” or “she” of a sentence that names nobody before."""
    word = _first_word(scene, place)
    if word is None or word.of(scene).lower() not in _WHO:
        return None
    return None if any(each.end <= word.start for each in people_in(scene, place)) else word


def _names(scene: Scene, place: int, word: Mention) -> int | None:
    pronoun = "she" if word.of(scene).lower() in ("she", "her") else "he"
    person = person_before(scene, place, pronoun)
    if person is not None:
        return person.line
    for number in scene.before(place, _MOST_BACK):
        if scene.lines[number].passage != scene.lines[place].passage:
            return None
        if people_in(scene, number):
            return None
        if _who(scene, number) is None and somebody(scene.lines[number].frame):
            return number
    return None


def _points(scene: Scene, place: int) -> bool:
    """Distinguish “The group left.” from “The group of Harlan left.” and “It is likely that”."""
    frame = scene.lines[place].frame
    if _SAYS_NOTHING.match(frame.lstrip("“\"‘' ")):
        return False
    word = _first_word(scene, place)
    if (word is not None and word.of(scene).lower() in _WHAT) or _POINTS_BACK.match(frame):
        return True
    source = _SAID_BY_THE.search(frame)
    if source is not None and source["noun"] in speech_words("references", "nouns"):
        return True
    definite = _DEFINITE.match(frame)
    if definite is None or definite["after"].strip() in speech_words("references", "complements"):
        return False
    if definite["noun"] in speech_words("references", "nouns"):
        return True
    return place > 0 and _introduces(scene.lines[place - 1].frame, definite["noun"])


def _introduces(frame: str, noun: str) -> bool:
    """Return whether a sentence speaks of “two sets” before one that speaks of “the sets”."""
    words = frame.lower().replace(",", " ").replace(".", " ").split()
    return any(
        word == noun
        and any(
            before in _NEW or before.isdigit()
            for before in words[max(0, n - 1 - _WORDS_BETWEEN) : n]
        )
        for n, word in enumerate(words)
    )
