"""Who acts in an article: the people and groups that it names most often. Pure.

Surface signs of English: a name is a run of words with a capital; who acts is followed by a verb,
or stands after “by”. What mostly stands after “in” or “near” is a place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from citadel.index.retrieval.lexical import fold, stop_words

_PART = r"(?:[A-Z]\.|(?:[a-z]{2}-)?[A-Z][\w’'-]*)"
_NAME = re.compile(rf"{_PART}(?: (?:(?:of the|of|for|de|du|von|van|bin|ibn) )?{_PART})*")
_HONORIFIC = re.compile(r"^(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lord|Lady)\.? )+(?=[A-Z])")
_POSSESSIVE = re.compile(r"[’']s?$")
_DATE = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_ACTS = re.compile(
    r"[”\"’']?,?\s+(?:who |which |also |then |later |forces |officials )?"
    r"(?:sa(?:id|ys)|told|tells?|ha[sd]|have|is|was|were|are|will|would|could|did|does|wants?"
    r"|began|won|lost|led|leads?|took|takes?|made|makes?|gave|gives?|went|came|held|sent|sold|fled"
    r"|wrote|sees?|saw|thinks?|plans?|refuses?|agrees?|\w{2,}ed)\b"
)
_IS_ACTOR = re.compile(
    r"\b(?:by|according to|led by|told|accused|between|against)\s+(?:the )?[“\"]?$", re.IGNORECASE
)
_IS_PLACE = re.compile(
    r"\b(?:in|at|into|near|inside|outside|around|across|through|towards?|(?:north|south|east|west)"
    r"(?:ern)?(?: of)?|(?:city|town|village|district|area|road|streets?|neighbou?rhoods?) of"
    r"|from)\s+(?:the )?[“\"]?$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"^[\W_]*$")


@dataclass(slots=True)
class _Mentions:
    """How a name is spoken of.

    Attributes:
        sentences: The number of the sentence of each mention, ascending.
        acts: In how many of them it does something.
        lies: In how many of them something happens there.

    """

    sentences: list[int] = field(default_factory=list)
    acts: int = 0
    lies: int = 0


def introductions(
    sentences: Sequence[str], count: int, besides: Collection[str] = ()
) -> tuple[int, ...]:
    """Return the sentences that introduce those who are named most, most named first.

    Each is the first sentence with the longest form of a name: “the mayor, Anna Holm” and not
    “Holm”. One sentence may introduce several.

    Args:
        sentences: An article's, in reading order.
        count: For how many names at most.
        besides: Who is named but not involved: the author and the publisher.

    Returns:
        Places in ``sentences``, each once; none for a text without capitals.

    """
    found = _mentions(sentences)
    longer = {name: _longest(name, found) for name in found}
    parties: dict[str, _Mentions] = {}
    for name, mentions in found.items():
        party = parties.setdefault(longer[name], _Mentions())
        party.sentences += mentions.sentences
        party.acts += mentions.acts
        party.lies += mentions.lies
    named = sorted(
        (
            name
            for name, party in parties.items()
            if party.acts and 2 * party.lies <= len(party.sentences) and name not in besides
        ),
        key=lambda name: (-len(parties[name].sentences), found[name].sentences[0]),
    )
    return tuple(dict.fromkeys(found[name].sentences[0] for name in named[:count]))


def _mentions(sentences: Sequence[str]) -> dict[str, _Mentions]:
    """Return how each name is spoken of; a first word of a sentence alone proves no name."""
    inside: dict[str, _Mentions] = {}
    leading: list[tuple[str, int, re.Match[str], str]] = []
    for number, sentence in enumerate(sentences):
        for match in _NAME.finditer(sentence):
            before = sentence[: match.start()]
            opens = _OPENING.match(before) is not None
            name = _plain(match.group(), opens=opens)
            if not name or _is_common(name):
                continue
            if opens and " " not in match.group():
                leading.append((name, number, match, sentence))
            else:
                _count(inside.setdefault(name, _Mentions()), number, match, sentence)
    for name, number, match, sentence in leading:
        if name in inside or any(name in other.split() for other in inside):
            _count(inside.setdefault(name, _Mentions()), number, match, sentence)
    for mentions in inside.values():
        mentions.sentences.sort()
    return inside


def _count(mentions: _Mentions, number: int, match: re.Match[str], sentence: str) -> None:
    mentions.sentences.append(number)
    before = sentence[: match.start()]
    mentions.acts += bool(_ACTS.match(sentence, match.end()) or _IS_ACTOR.search(before))
    mentions.lies += _IS_PLACE.search(before) is not None


def _plain(name: str, *, opens: bool) -> str:
    """Return “Ferry Company” for “The Ferry Company’s”, “Holm” for “Mrs Holm”."""
    first, _, rest = name.partition(" ")
    name = rest if opens and fold(first) in stop_words() else name
    name = _POSSESSIVE.sub("", _HONORIFIC.sub("", name))
    return name.replace("Al-", "al-", 1) if name.startswith("Al-") else name


def _is_common(name: str) -> bool:
    return fold(name) in stop_words() or _DATE.match(name) is not None


def _longest(name: str, found: Collection[str]) -> str:
    """Return the longest name that ends in this one: “Anna Holm” for “Holm”; itself if none."""
    candidates = [other for other in found if other.endswith(f" {name}")]
    return max(candidates, key=lambda other: (len(other.split()), other), default=name)
