"""The people whom a sentence names or mentions, not places, groups and things. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citadel.index.corpus.layout import Span
from citadel.qa.answer.frames import Scene
from citadel.qa.answer.person_names import (
    PERSON,
    PRONOUNS,
    introduction,
    is_apposed_to_person,
    is_common_word,
    is_described_person,
    is_group,
    is_known_by_last_name,
    is_titled,
    sex,
    speech_words,
    without_possessive,
)

_NAME = re.compile(PERSON)
_NAME_AT_END = re.compile(rf"{PERSON}$")
_PERSON_NOUN = "|".join(sorted(speech_words("words", "persons")))
_CALLED_PERSON = re.compile(
    rf"\b(?:{_PERSON_NOUN})(?:\s(?:with|of|at|in|from|who)\s[^,]{{1,60}},|,)?\s$"
)
_SOMEBODY = re.compile(
    rf"\b(?:a|an|one|the|another|his|her)\s(?:[a-z-]+\s){{0,3}}?(?:{_PERSON_NOUN})\b|\bJuror\b"
)
_ALIAS = re.compile(r"\b(?:known as|called|nicknamed|alias)\s(?:by [^“\"‘']{1,30})?[“\"‘']$")
_LEFT_OF_NAMES = (
    speech_words("words", "prepositions")
    | speech_words("words", "not_a_subject")
    | {"the", "a", "an"}
)
_NO_NAMES = _LEFT_OF_NAMES | speech_words("words", "persons") | speech_words("gender", "titles")
_QUANTITIES = frozenset(
    {"all", "both", "each", "every", "few", "many", "most", "others", "several", "some"}
)
_SEEN_AFTER = 80
"""How many code points after a name are searched for who that is."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a sentence by which somebody is named.

    Attributes:
        line: The place of the sentence among those of its scene.
        start: Where the words begin in the sentence.
        end: One past their last code point.

    """

    line: int
    start: int
    end: int

    def of(self, scene: Scene) -> str:
        """Return the words."""
        return scene.lines[self.line].text[self.start : self.end]

    def span(self, scene: Scene) -> Span:
        """Return where they stand in the article."""
        start = scene.lines[self.line].span.start
        return Span(start + self.start, start + self.end)


def somebody(frame: str) -> bool:
    """Return whether a sentence speaks of “a man”, “the guard” or “Juror No. 9”."""
    return _SOMEBODY.search(frame) is not None


def people_in(scene: Scene, number: int) -> list[Mention]:
    """Return the people whom a sentence names outside quotation marks, in order."""
    frame = scene.lines[number].frame
    found: list[Mention] = []
    for match in _NAME.finditer(frame):
        start, end = match.start(), match.start() + len(without_possessive(match.group()))
        for word in re.finditer(r"\S+\s", frame[start:end]):
            if word.group().strip().lower() not in _LEFT_OF_NAMES:
                break
            start += len(word.group())
        mention = Mention(number, start, end)
        named = mention.of(scene).lower() not in _NO_NAMES
        if named and not _ALIAS.search(frame, 0, start) and is_person(scene, mention, acts=False):
            found.append(mention)
    return found


def is_person(scene: Scene, mention: Mention, *, acts: bool = True) -> bool:
    """Distinguish a person from a place, a group and a thing, by the words that name it.

    Args:
        scene: Where the sentence stands.
        mention: The words.
        acts: Whether the sentence is about what they name, or they speak in it.

    """
    words = mention.of(scene)
    if is_described_person(words):
        return True
    name = _NAME_AT_END.search(words)
    if name is None or is_group(name.group()):
        return False
    frame = scene.lines[mention.line].frame
    return bool(
        sex(words)
        or is_titled(name.group())
        or is_apposed_to_person(frame[mention.end : mention.end + _SEEN_AFTER])
        or _CALLED_PERSON.search(frame[: mention.start + name.start()])
        or _is_known(scene, without_possessive(name.group()), acts=acts)
    )


def _is_known(scene: Scene, name: str, *, acts: bool) -> bool:
    """Return whether the article shows a name to be a person's: it has the last name alone, too."""
    last = name.rsplit(maxsplit=1)[-1]
    if last != name:
        return acts and is_known_by_last_name(last, scene.article)
    found = introduction(name, scene.article, len(scene.article))
    if found is None or not is_known_by_last_name(last, scene.article):
        return False
    return not is_group(found.of(scene.article).split(",")[0])


def is_unknown_name(scene: Scene, mention: Mention) -> bool:
    """Return whether a name may be a person's or a place's."""
    words = mention.of(scene)
    if " " in words or words.lower() in _QUANTITIES | PRONOUNS or not _NAME.fullmatch(words):
        return False
    known = sex(words) or is_group(words) or is_common_word(words, scene.article)
    return not known and not is_person(scene, mention)
