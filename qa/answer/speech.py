"""Who speaks according to a sentence: “X said”, “said X”, “according to X”. Pure.

Signs of English. They are narrow on purpose: a wrong speaker misleads, a missing one doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citadel.qa.answer.frames import MASK
from citadel.qa.answer.person_names import PERSON, speech_phrases, speech_words
from citadel.qa.answer.subjects import (
    FINITE,
    NO_SUBJECT,
    PEOPLE,
    Range,
    either,
    leading_subject,
    subject_after,
    subject_before,
)


@dataclass(frozen=True, slots=True)
class Saying:
    """A verb of speech, or what stands for one, with its subject.

    Attributes:
        subject: The words that name who speaks: a name, a description or a pronoun.
        start: Where the verb begins.
        end: Where it ends.

    """

    subject: Range
    start: int
    end: int


_SAYING = speech_words("verbs", "saying")
_STATING = speech_words("verbs", "stating")
_COUNTING = speech_words("verbs", "counting")
_PARTING = speech_words("verbs", "parting")
_NAMING = frozenset({"called", "calls", "call", "described", "describes"})

_PHRASES = frozenset({"put it", "puts it", "pointed out", "points out"})
_STATING_PHRASES = speech_phrases("verbs", "stating_phrases")
_COUNTING_PHRASES = speech_phrases("verbs", "counting_phrases")

_VERBS = (
    *_STATING_PHRASES, *_COUNTING_PHRASES, *_SAYING, *_STATING, *_COUNTING, *_PARTING, *_PHRASES,
)  # fmt: skip

_QUOTED = rf"[{MASK}“\"‘]"
_VERB = re.compile(
    rf"(?<![\w’'-])(?:{either(*_VERBS)}"
    r")(?![\w’'-])"
)
_STATES = re.compile(rf"[^;:{MASK}]{{0,70}}?(?:\bthat\b|{_QUOTED}|:\s)")
_NUMBERS = re.compile(r"\s+(?:[a-z]+\s){0,8}?(?:at\s)?[€$£R]{0,2}\d")
_NAMES_SO = re.compile(
    rf"\s+(?:it|them|him|her|this|that)\s(?:an?|the)\s|\s+\w[^.;:{MASK}]{{0,70}}?(?:as\s)?{_QUOTED}"
)
_NOT_SAID = re.compile(
    r"(?:\b(?:not|never|nobody|nor|is|are|was|were|be|been|being|to|would|could|will|might|may|if"
    r"|what|let|of)|n[’']t)\s+(?:\w+ly\s+|also\s+)?$"
)
_USED_TO = re.compile(r"\b(?:used|liked|likes) to\s+$")
_ASIDE = re.compile(
    r"(?:^|\s)(?:when|after|because|before|since|if|although|though|which|where|until|unless|than)"
    r"\s[^,]*$",
    re.IGNORECASE,
)
_AS_TOLD = re.compile(r"(?:^|\s)(?:so|as)\s[^,]{2,60}$", re.IGNORECASE)
_AFTER_QUOTATION = re.compile(rf"{MASK}[\s,]*[^{MASK},.;:]{{1,70}}$")
_IN_COMMAS = re.compile(r",\s[^,]{2,50}$")
_ACCORDING = re.compile(r"\b(?:according to|in the (?:words|opinion|view) of)\s+", re.IGNORECASE)
_AND = re.compile(
    r",\s(?:and|but|while|whereas)\s(?:(?:its|his|her|their|the|an?)\s[^,]{1,40},\s)?$"
)
_AUTHORITY = re.compile(rf"[^,;:()—{MASK}]+")
_AUTHORITY_ENDS = re.compile(
    r"\s(?:who|which|whose|that|has|have|had|were|was|is|are)\s|(?<!\ba)(?<!\bthe)(?<!\bof)(?<!\bin)\s(?=[€$£]?\d)|\.?$"
)
_NEW_CLAUSE = re.compile(r"(?<=[a-z]s)\s(?=(?:the|an?)\s)")
_SAY_THE = re.compile(r"\s(?:the|some|many|most|its|his|her)\s[a-z]+s,")
_ADVERB = re.compile(r"(?<!\b[Tt]he)\s(?:first|also|later|then|once|now|still|often|always)$")
_THEN_PRONOUN = re.compile(r"\s(?:it|they|he|she|there)$")
_THEN_NAMED = re.compile(rf",\s{PERSON}(?=[,.;]|$|\s(?:at|of|in)\s)")
_DESCRIBED = re.compile(
    rf"\b(?:described|called|dismissed|denounced|criticised|criticized)\sby\s"
    rf"(?P<np>[^,.;:()—{MASK}]{{2,80}}?)\s(?:as\s)?(?={_QUOTED})"
)
_OWN_WORDS = re.compile(
    r"\bin (?P<pronoun>his|her|their|its) (?:own )?(?:words|opinion|view)\b"
    rf"|(?P<name>{PERSON})[’']s (?:own )?(?:words|phrase)\b"
)
_WORDS_OF = re.compile(r"\b(?:words|phrase|opinion|view)\b")
_LONGEST_OWNER = 60
_WITH_THE_LINE = re.compile(
    rf"\bwith the (?:lines?|words?|remark|comment|message|note),?\s+(?={MASK})"
)
_SAID_BY = re.compile(rf"\s{PERSON}(?:,|\sin\s|\.$)")
_GOES_ON = re.compile(r"\s(?:and|&)\s[A-Z]")
_BY_THEN = re.compile(r"\b(?:had|has|have) by\b[^,;]*$")
_O_CLOCK = re.compile(r"\s+\d\d?[.:]\d\d\b")
_WHEN_FIRST = re.compile(r"(?:Today|Yesterday|Now|Meanwhile|Later|Then)\s(?=[a-z])")
_WHOM = frozenset({"him", "her"})


def sayings(frame: str) -> list[Saying]:
    """Return who speaks in a sentence, in the order of its words.

    Where something is quoted in it, that is the one whose verb stands closest to the quotation.

    Args:
        frame: The sentence, with a mask over what is quoted.

    """
    found = sorted([*_by_phrases(frame), *_by_verbs(frame)], key=lambda each: each.start)
    if MASK not in frame:
        # “One says ten; the other twenty”: what stands after the semicolon is not all of it.
        clause = frame.find(";")
        said = [each for each in found if clause == -1 or each.start < clause]
        aside = [each for each in said if _is_aside(frame, each)]
        if aside:
            return aside
        return [each for n, each in enumerate(said) if n == 0 or _says_too(frame, each)]
    if len(found) < 2:
        return found
    edges = (frame.index(MASK), frame.rindex(MASK))
    return [min(found, key=lambda each: min(_distance(each, edge) for edge in edges))]


def _is_aside(frame: str, saying: Saying) -> bool:
    """Recognise “The regulator replied, they say, after a year.”: the whole is what they say."""
    return frame[: saying.subject[0]].endswith(", ") and frame[saying.end :].startswith(",")


def _says_too(frame: str, saying: Saying) -> bool:
    """Distinguish “one says ten, and another says twenty” from “one says that another said so”."""
    return bool(_ACCORDING.match(frame, saying.start) or _AND.search(frame[: saying.subject[0]]))


def _distance(saying: Saying, edge: int) -> int:
    return min(abs(saying.end - edge), abs(saying.start - edge), abs(saying.subject[0] - edge))


def introduces(frame: str) -> Range | None:
    """Return who is about to speak where a sentence says no more: “She told what came next.”."""
    return leading_subject(frame) if _VERB.search(frame) else None


def _by_phrases(frame: str) -> Iterator[Saying]:
    for match in _ACCORDING.finditer(frame):
        authority = _authority(frame, match.end())
        if authority is not None:
            yield Saying(authority, match.start(), authority[1])
    for match in _DESCRIBED.finditer(frame):
        yield Saying(match.span("np"), *match.span())
    for word in _WORDS_OF.finditer(frame):
        own = _OWN_WORDS.search(frame, max(0, word.start() - _LONGEST_OWNER), word.end())
        if own is not None:
            yield Saying(own.span("name" if own["name"] else "pronoun"), *own.span())
    for match in _WITH_THE_LINE.finditer(frame):
        subject = leading_subject(frame)
        if subject is not None:
            yield Saying(subject, *match.span())


def _authority(frame: str, start: int) -> Range | None:
    """Return what follows “according to”, up to where something else is said."""
    piece = _AUTHORITY.match(frame, start)
    if piece is None:
        return None
    first = piece.group().split()[0]
    if first.lower() in _WHOM:
        return start, start + len(first)
    if first.lower() in NO_SUBJECT:
        return None
    ends = _AUTHORITY_ENDS.search(piece.group())
    assert ends is not None
    words = piece.group()[: ends.start()]
    if ends.group().strip() in FINITE:
        clause = _NEW_CLAUSE.search(words)
        words = words[: clause.start()] if clause is not None else _THEN_PRONOUN.sub("", words)
    end = start + len(words.rstrip())
    if re.fullmatch(r"[a-z]+", words.strip()) and words.strip() not in PEOPLE:
        return None
    named = _THEN_NAMED.match(frame, end)
    return (start, named.end()) if named is not None else (start, end)


def _by_verbs(frame: str) -> Iterator[Saying]:
    for verb in _VERB.finditer(frame):
        subject = _subject_of(frame, verb.group(), *verb.span())
        if subject is not None and verb.group() in _COUNTING_PHRASES:
            subject = _who_counts(frame, subject, *verb.span())
        if subject is not None:
            subject = subject[0], subject[0] + len(_ADVERB.sub("", frame[slice(*subject)]))
        if subject is not None and frame[slice(*subject)].lower() not in ("i", "we"):
            yield Saying(subject, *verb.span())


def _who_counts(frame: str, subject: Range, verb: int, end: int) -> Range | None:
    """Return a subject without “Today”; None for a part of a name, or who arrived at 07.55."""
    if _GOES_ON.match(frame, subject[1]) or _BY_THEN.search(frame[:verb]):
        return None
    if _O_CLOCK.match(frame, end):
        return None
    when = _WHEN_FIRST.match(frame, *subject)
    return subject if when is None else (when.end(), subject[1])


def _subject_of(frame: str, word: str, start: int, end: int) -> Range | None:
    """Return the subject of a verb, if that is a verb of speech."""
    before, after = frame[:start], frame[end:]
    if _NOT_SAID.search(before) and not _USED_TO.search(before):
        return None
    if word in _PARTING:
        speaks = before.rstrip().endswith(",") and _STATES.match(after)
        return leading_subject(frame) if speaks else None
    said_so = (
        word in ("said", "says")
        and (before.endswith(" so ") or (before.endswith(", ") and _SAID_BY.match(after)))
    ) or (word == "say" and before.endswith(", ") and _SAY_THE.match(after) is not None)
    if said_so or before.rstrip(" ,").endswith(MASK):
        return subject_after(frame, end)
    return subject_before(frame, start) if _speaks(word, before, after) else None


def _speaks(word: str, before: str, after: str) -> bool:
    """Distinguish “admitted that”, “puts it at 12” from “admitted a patient”, “puts it down”."""
    if _AFTER_QUOTATION.search(before) or _AS_TOLD.search(before) or word in _PHRASES:
        return True
    if after.startswith(",") and word not in _COUNTING and _IN_COMMAS.search(before):
        # “They do, experts agree, work.”
        return True
    if _ASIDE.search(before) and MASK not in after:
        return False
    if word in _COUNTING | _COUNTING_PHRASES and _NUMBERS.match(after):
        return True
    states = (_NAMES_SO if word in _NAMING else _STATES).match(after)
    return word in _SAYING or (word in _STATING | _STATING_PHRASES and states is not None)
