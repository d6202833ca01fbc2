"""Whether English sentences speak of the same thing: what is counted, of whom, and when. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from citadel.index.corpus.languages import ENGLISH
from citadel.index.retrieval.lexical import content_terms, content_words, words
from citadel.qa.answer.figures import Figure, Kind, figures

DEATH = "death"
"""The term that stands for all words of dying."""

PEOPLE = content_terms(
    "people persons person civilians residents patients men women children", ENGLISH
)
"""Who is counted, which says nothing of what is said about them."""

_ANYBODY = content_terms("people persons person residents patients inhabitants", ENGLISH)
GROUPS = content_terms(
    "women men children boys girls infants babies civilians soldiers troops fighters militants "
    "rebels terrorists policemen officers journalists reporters doctors nurses medics paramedics "
    "students pupils teachers workers prisoners detainees refugees foreigners volunteers",
    ENGLISH,
)
"""Of whom there may be some among those who are counted."""

_DYING = re.compile(
    r"\b(?:dead|deaths?|die[sd]?|dying|kill(?:s|ed|ing)?|victims|casualties|fatalities|toll|burials"
    r"|buried|perish(?:es|ed)|drowned|executed|murdered|massacred|corpses|bodies|graves"
    r"|(?:lose|lost|losing) (?:their|its|his|her) li(?:fe|ves)"
    r"|(?:cost|claimed|took) the li(?:fe|ves)|fatal(?:ly)?)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",[^,;]*\b(?:of (?:them|whom|these|those)|including|among them)\b[^,;]*(?=,)")
_ANOTHER_CLAUSE = re.compile(
    r"[;:—–]|\b(?:and|or|but|while|whereas|although|though)\b", re.IGNORECASE
)
_DEATHS = content_terms(
    "dead death deaths victims died dies die killed killing casualties fatalities toll burials "
    "perished",
    ENGLISH,
)
_UNTOLD = content_terms(
    "many much number total figure amount count exactly altogether give put say said according "
    "report reported when date year what which how big large high cost money was were",
    ENGLISH,
)
_TIMES = content_terms("second minute hour day night week month year decade century time", ENGLISH)
_UNIT = re.compile(r"\b(?:how many|number of|how much)\s+((?:[\w’'-]+\s*){1,4})", re.IGNORECASE)
_OF_ALL = re.compile(r"\bhow many of\b", re.IGNORECASE)
_NO_UNIT = re.compile(
    r"did|do|does|have|has|had|are|is|was|were|be|been|can|could|will|would|should|in|on|of|at|by"
    r"|for|from|to|died?|left|lost|came|went|took|got|still|so|that|who|which",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\b(?:how much|costs?|price|worth|pa(?:y|id)|budget|debts?|loans?|money|turnover|revenue"
    r"|ransom|damages?|hole|deficit|fund)\b",
    re.IGNORECASE,
)
_QUALIFIERS = re.compile(
    r"\b(?:(?:1[5-9]|20)\d\d|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|spring|summer"
    r"|autumn|winter|(?:weeks?|day|phase|block|year)\s\d+)\b"
)


@lru_cache(1024)
def telling_terms(text: str) -> frozenset[str]:
    """Return the terms that say what a text is about; all words of dying are one."""
    terms = content_terms(text, ENGLISH) - _UNTOLD
    return terms - _DEATHS | {DEATH} if terms & _DEATHS else terms


def qualifiers(sentence: str) -> frozenset[str]:
    """Return the years, months, seasons and numbered weeks that a sentence limits itself to."""
    return frozenset(_QUALIFIERS.findall(sentence))


def same_counted(one: Figure, other: Figure) -> bool:
    """Return whether two figures count the same: with a word in common, both deaths, or people.

    The women among the dead are neither all of them nor the children.
    """
    if GROUPS & one.counted != GROUPS & other.counted:
        return False
    if one.counted & other.counted:
        return True
    dead = bool(_DEATHS & one.counted), bool(_DEATHS & other.counted)
    if any(dead):
        return all(dead)
    return bool(PEOPLE & one.counted) and bool(PEOPLE & other.counted)


def asked_figure(question: str, sentence: str, *, alone: bool) -> Figure | None:
    """Return the figure of a sentence that answers a question; None where it isn't plain which.

    Args:
        question: What is asked.
        sentence: What is quoted for it.
        alone: Whether it may be the only figure of the sentence, though the sentence doesn't say
            of what: “The ministry acknowledges 18.”

    """
    found = [each for each in figures(sentence) if not _TIMES & each.counted]
    unit, asked, own = _unit(question), telling_terms(question), telling_terms(sentence)
    if unit & PEOPLE and not (asked - PEOPLE) & own:
        return None
    named = [each for each in found if unit & each.counted]
    if not named and unit & _ANYBODY:
        named = [each for each in found if _ANYBODY & each.counted]
    if not named and DEATH in asked:
        named = [each for each in found if counts_the_dead(each, sentence)]
    if not named and _MONEY.search(question):
        named = [each for each in found if each.kind is Kind.MONEY]
    if not named and alone and all(not f.counted or not unit or unit <= PEOPLE for f in found):
        named = found
    if DEATH in asked:
        named = [each for each in named if not lives_on(each, sentence)]
    # The women among the dead are not the dead.
    named = [each for each in named if not each.counted or GROUPS & unit <= each.counted]
    return named[0] if len(named) == 1 and not named[0].part else None


def lives_on(figure: Figure, sentence: str) -> bool:
    """Return whether a figure counts people, but not the dead: “infected 900 and killed 40”."""
    return bool((PEOPLE | GROUPS) & figure.counted) and not counts_the_dead(figure, sentence)


def may_be_the_dead(figure: Figure) -> bool:
    """Return whether a figure counts people, deaths, or what only the sentence says."""
    return not figure.counted or bool((PEOPLE | GROUPS | _DEATHS) & figure.counted)


def counts_the_dead(figure: Figure, sentence: str) -> bool:
    """Recognise “killed 14 people” and “312 dead”."""
    if _DEATHS & figure.counted:
        return True
    return bool((PEOPLE | GROUPS) & figure.counted) and any(
        _nearest(word.span(), sentence) == figure.start for word in _DYING.finditer(sentence)
    )


def _nearest(word: tuple[int, int], sentence: str) -> int | None:
    """Return where the figure begins that is nearest to a word, in the same clause; or None."""
    plain = _ASIDE.sub(lambda aside: " " * len(aside.group()), sentence)
    apart: dict[int, int] = {}
    for each in figures(plain):
        first, last = sorted([word, (each.start, each.end)])
        if not _ANOTHER_CLAUSE.search(plain, first[1], last[0]):
            apart[each.start] = last[0] - first[1]
    return min(apart, key=lambda start: apart[start], default=None)


def _unit(question: str) -> frozenset[str]:
    """Return the terms of what is to be counted: “armed men” in “how many armed men came”."""
    asked = _UNIT.search(question)
    if _OF_ALL.search(question):
        return content_terms(question, ENGLISH) & GROUPS
    if asked is None:
        return telling_terms(question)
    named = takewhile(lambda word: not _NO_UNIT.fullmatch(word), asked[1].split())
    return content_terms(" ".join(named), ENGLISH)


def spread(sentence: str, terms: frozenset[str]) -> int:
    """Return the fewest content words of a sentence over which some of its terms are spread."""
    found = [_folded(word.term) for word in content_words(words(sentence, ENGLISH))]
    places = [n for n, term in enumerate(found) if term in terms]
    for length in range(len(terms), len(found) + 1):
        if any(terms <= set(found[n : n + length]) for n in places):
            return length
    return len(found) + 1


def _folded(term: str) -> str:
    return DEATH if term in _DEATHS else term
