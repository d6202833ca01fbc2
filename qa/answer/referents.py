"""Whom “he”, “she” and “it” stand for: who is named in the sentences before. Pure.

What a sentence is about goes on in the next; so its subject is asked for first, then the one who is
the only person in it. Where two people might be meant, none is chosen.
"""

from __future__ import annotations

import re

from citadel.qa.answer.frames import Scene
from citadel.qa.answer.people import Mention, is_person, is_unknown_name, people_in, somebody
from citadel.qa.answer.person_names import (
    PRONOUNS,
    introduction,
    is_described_person,
    is_group,
    sex,
    speech_words,
    without_possessive,
)
from citadel.qa.answer.speech import sayings
from citadel.qa.answer.subjects import leading_subject

_MOST_BACK = 12
"""How many sentences before its own a pronoun is looked up in at most."""

_SEXES = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
}
_POSSESSIVES = frozenset({"his", "her"})
_THINGS = frozenset({"it", "its"})
_THINGS_BACK = 3
_A_OR_THE = re.compile(r"(?:the|an?|one|another)\s", re.IGNORECASE)
_AS_FOR = re.compile(r"^[\W_]*As\s(?:for|to)\b")


def resolved(scene: Scene, mention: Mention) -> Mention | None:
    """Return the words that name whom a mention stands for: itself, unless it is a pronoun.

    None where that isn't plain.
    """
    word = mention.of(scene).lower()
    if word in _SEXES:
        return _in_sentence(scene, mention, _SEXES[word]) or person_before(
            scene, mention.line, _SEXES[word]
        )
    if word in _THINGS:
        return _thing(scene, mention)
    return None if word in PRONOUNS else mention


def _in_sentence(scene: Scene, mention: Mention, pronoun: str) -> Mention | None:
    """Return the person whom a sentence is about before a pronoun in it, if there is one."""
    if mention.of(scene).lower() in _POSSESSIVES:
        before = [each for each in people_in(scene, mention.line) if each.end <= mention.start]
        return next((each for each in reversed(before) if _may_be(scene, each, pronoun)), None)
    subject = _subject(scene, mention.line)
    if subject is None or subject.end >= mention.start:
        return None
    aside = scene.lines[mention.line].frame[subject.end : mention.start].strip() == ","
    return subject if not aside and _may_be(scene, subject, pronoun) else None


def person_before(scene: Scene, place: int, pronoun: str) -> Mention | None:
    """Return the words before a sentence that name whom its “he” or “she” stands for.

    Args:
        scene: Where the sentence stands.
        place: Its place there.
        pronoun: “he” or “she”.

    """
    passage = scene.lines[place].passage
    leaning = place
    for number in scene.before(place, _MOST_BACK):
        subjects = _subjects(scene, number)
        named = _subject_of_that_sex(scene, subjects, pronoun)
        if named is not None:
            near = leaning - number == 1
            return named if _is_plain(scene, named, pronoun, near=near) else None
        if any(_SEXES.get(each.of(scene).lower()) == pronoun for each in subjects):
            passage, leaning = scene.lines[number].passage, number
            continue
        if subjects and is_unknown_name(scene, subjects[0]):
            return None
        if scene.lines[number].passage != passage:
            # Somebody whom another paragraph only mentions is hardly the subject of this one.
            continue
        people = [each for each in people_in(scene, number) if _may_be(scene, each, pronoun)]
        if people or somebody(scene.lines[number].frame):
            return people[0] if len(_last_names(scene, people)) == 1 else None
    return None


def _subject_of_that_sex(scene: Scene, subjects: list[Mention], pronoun: str) -> Mention | None:
    """Return the person of that sex whom a sentence is about or who speaks in it, if there is one.

    For a sentence about “he” itself, that is the person named before: “As for Stutz, he left.”
    """
    if subjects and _may_be(scene, subjects[0], pronoun):
        return subjects[0]
    goes_on = [each for each in subjects if _SEXES.get(each.of(scene).lower()) == pronoun]
    spoken = [each for each in subjects if _may_be(scene, each, pronoun)]
    if not goes_on:
        return spoken[0] if spoken else None
    number = goes_on[0].line
    people = [each for each in people_in(scene, number) if _may_be(scene, each, pronoun)]
    before = [each for each in {*people, *spoken} if each.end < goes_on[0].start]
    if len(before) != 1 or _is_aside(scene, before[0], goes_on[0]):
        return None
    return before[0]


def _last_names(scene: Scene, people: list[Mention]) -> set[str]:
    return {without_possessive(each.of(scene)).split()[-1] for each in people}


def _is_plain(scene: Scene, mention: Mention, pronoun: str, *, near: bool) -> bool:
    """Return whether “she” stands for “a doctor”: hardly where “his mother” is nearer."""
    words = mention.of(scene)
    if sex(words) or not _A_OR_THE.match(words):
        return True
    others = scene.lines[mention.line].frame.lower().split()
    return near and not any(
        word.strip(",.;:") in speech_words("gender", pronoun) for word in others
    )


def _is_aside(scene: Scene, name: Mention, pronoun: Mention) -> bool:
    """Distinguish “Stutz, he said, had left” from “As for Stutz, he had left”."""
    frame = scene.lines[name.line].frame
    return frame[name.end : pronoun.start] == ", " and not _AS_FOR.match(frame)


def _may_be(scene: Scene, mention: Mention, pronoun: str) -> bool:
    """Return whether “he” or “she” may stand for what a mention names."""
    words = mention.of(scene)
    if words.lower() in PRONOUNS:
        return False
    told = sex(words)
    if not told and len(words.split()) <= 2:
        full = introduction(words, scene.article, len(scene.article))
        told = sex(full.of(scene.article)) if full is not None else ""
    return told == pronoun if told else is_person(scene, mention)


def _subjects(scene: Scene, number: int) -> list[Mention]:
    """Return what a sentence is about, and who speaks in it."""
    line = scene.lines[number]
    ranges = [each.subject for each in sayings(line.frame)]
    first = leading_subject(line.frame)
    # “Stutz, he said, had signed it.” is about the speaker.
    if first is not None and not any(line.frame[first[1] : each[0]] == ", " for each in ranges):
        ranges.insert(0, first)
    return [Mention(number, *each) for each in ranges]


def _subject(scene: Scene, number: int) -> Mention | None:
    first = leading_subject(scene.lines[number].frame)
    return None if first is None else Mention(number, *first)


def _thing(scene: Scene, mention: Mention) -> Mention | None:
    """Return the group or text that “it” stands for: what the sentences before are about."""
    for number in range(mention.line, max(mention.line - 1 - _THINGS_BACK, -1), -1):
        subject = _subject(scene, number)
        if subject is None:
            return None
        if number == mention.line and subject.end > mention.start:
            continue
        if subject.of(scene).lower() == "it":
            continue
        return subject if is_thing(scene, subject) else None
    return None


def is_thing(scene: Scene, mention: Mention) -> bool:
    """Distinguish a group or a text from a person, by the words that name it."""
    words = mention.of(scene)
    if words.lower() in PRONOUNS or sex(words) or is_described_person(words):
        return False
    return is_group(words) or words.split()[0].lower() == "the" or words.isupper()
