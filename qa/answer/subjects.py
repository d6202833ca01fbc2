"""The subjects of verbs, and the person or thing that a sentence begins with. Pure.

Signs of English, read off names, descriptions and commas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from citadel.qa.answer.frames import MASK
from citadel.qa.answer.person_names import PART, PERSON, PRONOUNS, UPPER, speech_words

Range = tuple[int, int]
"""Where words begin and end in a frame."""


def either(*words: str) -> str:
    """Return a pattern of words, the longer before those that they begin with."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


# Words of English, from speech.toml.
NO_SUBJECT = speech_words("words", "not_a_subject") - {"his", "her", "its", "their"}
_PREPOSITIONS = speech_words("words", "prepositions")
FINITE = speech_words("words", "finite")
_IN_NAMES = speech_words("words", "participles_in_names")
PEOPLE = speech_words("words", "people")
_MONTHS_AND_DAYS = speech_words("words", "months_and_days")
_AUXILIARIES = re.compile(
    r"(?:[’']d|(?:^|\s+)(?:ha(?:s|ve|d)|also|then|later|now|since|always|often|again|still|both|did|do"
    r"|only|once|merely|simply|himself|herself|itself|themselves|[a-z]+ly|used to|liked to|likes to"
    r"|yesterday|afterwards|earlier|in turn|in (?:19|20)\d\d|on \w+day))*\s*$"
)
_BREAK = re.compile(
    rf"[{MASK};:()—–?!]|\b(?:but|that|when|while|where|which|as|because|so|than"
    r"|whether|if|after|how)\s",
    re.IGNORECASE,
)
_OF_THAT_NAME = re.compile(
    rf"(?:\s(?:of|at|for|in|appointed)\b[^,;:{MASK}]{{2,60}})?,\s(?:(?!who\b)[a-z]+\s){{0,3}}{PERSON}(?=,)"
)
_DETERMINER = (
    r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[Oo]ne|[Aa]nother|[Ss]ome|[Ss]everal|[Mm]any"
    r"|[Mm]ost|[Tt]wo|[Tt]hree|[Bb]oth)"
)
_DESCRIPTION = re.compile(rf"{_DETERMINER}(?:\s[\w’'.&“”\"-]+){{1,14}}$")
_CAPITALISED = re.compile(rf"(?:{PART}|[{UPPER}][\w’'.&“”\"-]*)(?:\s[\w’'.&“”\"-]+){{0,9}}$")
_LOWER_NOUNS = re.compile(rf"(?:[a-z][\w’'-]*\s){{0,4}}(?:{PERSON}|[a-z]+)$")
_STARTS_NAME = re.compile(PART)
_PERSON_AT_END = re.compile(
    rf"(?:{_DETERMINER}\s(?:(?!first|second|third|latter|former)[a-z-]+\s){{1,3}})?{PERSON}$"
)
_DESCRIBED_PERSON = re.compile(rf"(?:the|a|an)\s(?:(?!of\b)[a-z-]+\s){{0,3}}{PERSON}$")
_DESCRIPTION_AT_END = re.compile(r"\b(?:[Tt]he|[Aa]n?)\s[a-z-]+(?:\s[a-z-]+)?$")
_AFTER = re.compile(
    rf"\s+(?P<np>(?:{_DETERMINER}\s)?[^,;:()—{MASK}]{{2,90}}?)"
    rf"(?P<more>,\s(?:(?:a|an|the)\s[^,.;:]{{3,80}}|{PERSON}|[a-z]+(?:\s[a-z]+)?\sof\s[^,.;:]{{3,80}})(?=[,.;]))?"
    rf"(?=[,;:()—{MASK}]|\.$|$"
    r"|\s(?:who|when|after|in an?|at a|at the|on the|as|before|during|outside|over|on)\s"
    r"|\sin [a-z]+ing\b)"
)
_LEADING = re.compile(
    r"^[\W_]*(?:\d\d[.:]\d\d\s+)?(?:(?:[Aa]nd|[Bb]ut|[Ss]o|[Tt]hen|[Yy]et|[Ss]till|[Nn]ow|[Hh]owever|[Ll]ater|[Ee]arlier)\b,?\s+)?"
)
_ASIDE_FIRST = re.compile(
    rf"(?:{either(*(word.capitalize() for word in _PREPOSITIONS))}|Pressed|Questioned|Reached"
    rf"|[A-Z][a-z]+ing)\b[^,;{MASK}]*,\s+(?:\d{{4}},\s+)?"
)
_PRONOUN_FIRST = re.compile(r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t)(?=[\s’',])")
_NAME_FIRST = re.compile(
    rf"[Tt]he\s{PERSON}(?=,|\s(?:who|and|{either(*FINITE)}|[a-z]+ed|[a-z]+s)\b)"
    rf"|[{UPPER}][a-z]+\s(?:(?!(?:for|of|from|in|at|to|with|on|and)\b)[a-z]+\s){{1,2}}{PART}\s{PERSON}(?![’']s)"
    rf"|(?:(?:[Tt]he|[Hh]is|[Hh]er|[Aa]n?)\s(?:(?!(?:for|of|from|in|at|to|with|is|was|and)\b)[a-z-]+\s){{1,4}})?"
    rf"(?!(?:The|An?|His|Her|Its|Their|This|That|These|Those|There|It)\b){PERSON}(?![’']s)"
)
_DESCRIPTION_FIRST = re.compile(
    r"(?:[Tt]he|[Aa]n?)\s(?:[a-z-]+\s){0,3}?[a-z-]+"
    rf"(?=\s(?:of|at|for|in|appointed|who|{either(*FINITE)})\b|,|\s[a-z]+ed\b)"
)
_ENDS_IN_PRONOUN = re.compile(r"(?:^|[\s,“\"(])(he|she|they|it|I|we)$", re.IGNORECASE)
_ENDS_IN_WHO = re.compile(r",\s+who$")
_ENDS_IN_AN_ASIDE = re.compile(r",\s+as\s+(?:he|she|it|they)$")
_WHO = re.compile(r",?\s+who\s")
_COMMA = re.compile(r",\s+")
_ROLE = re.compile(r"(?:the|a|an|[a-z]+(?:\s[a-z]+)?\s(?:of|for|at))\s")
_CONTRACTION = re.compile(r"[’'](?:s|d|ll|re|ve|m)$")
_POSSESSED = re.compile(r"[’']s\s[a-z]")
_CONJUNCTIONS = frozenset({"and", "or", "then", "yet", "still", "meanwhile", "but", "however"})
_THEN_AS = re.compile(r"(?:and|but|then)\sas\s")
_FEW_WORDS = 2
_MOST_WORDS = 16


def leading_subject(frame: str) -> Range | None:
    """Return what a sentence begins with: a pronoun, a name or a description."""
    start = _LEADING.match(frame)
    cursor = start.end() if start is not None else 0
    aside = _ASIDE_FIRST.match(frame, cursor)
    if aside is not None:
        cursor = aside.end()
    for form in (_PRONOUN_FIRST, _NAME_FIRST, _DESCRIPTION_FIRST):
        match = form.match(frame, cursor)
        if match is None or match.group().split()[0].lower() in _PREPOSITIONS:
            continue
        if _is_subject(match.group()):
            named = _OF_THAT_NAME.match(frame, match.end()) if form is _DESCRIPTION_FIRST else None
            return match.start(), match.end() if named is None else named.end()
    return None


def subject_after(frame: str, start: int) -> Range | None:
    """Return who is named behind a verb: “said the attorney, Roberta Kincaid”."""
    match = _AFTER.match(frame, start)
    if match is None or not _is_subject(match["np"]):
        return None
    return match.start("np"), match.end("more") if match["more"] else match.end("np")


def subject_before(frame: str, verb: int) -> Range | None:
    """Return who is named before a verb: “The owner, who lives in Portugal, says”."""
    before = frame[:verb]
    auxiliaries = _AUXILIARIES.search(before)
    left = before[: auxiliaries.start()].rstrip() if auxiliaries is not None else before.rstrip()
    if not left or left.split()[-1].lower().rstrip(",") in ("and", "but", "or"):
        return leading_subject(frame)
    pronoun = _ENDS_IN_PRONOUN.search(left)
    if pronoun is not None:
        aside = _ENDS_IN_AN_ASIDE.search(left)
        told = aside and _last_piece(frame, *_pieces(left[: aside.start()])[-1])
        return told or pronoun.span(1)
    if left.endswith(" who") and not _ENDS_IN_WHO.search(left):
        return None
    apposed = left.endswith(",")
    relative = _ENDS_IN_WHO.search(left)
    if relative is not None:
        left, apposed = left[: relative.start()], True
    pieces = _pieces(left.rstrip(" ,"))
    if apposed:
        return _apposed(frame, pieces)
    start, end = pieces[-1]
    last = frame[start:end].split()
    as_told = _THEN_AS.match(frame, start)
    if as_told is not None:
        # “The results were good, but as the agency has remarked, …”
        start = as_told.end()
    elif (
        len(pieces) > 1
        and last[0] in ("and", "but", "then")
        and last[1:2]
        and last[1] in _PREPOSITIONS
    ):
        return leading_subject(frame)
    return _last_piece(frame, start, end)


def _pieces(left: str) -> list[Range]:
    """Return what stands between the commas of a text."""
    pieces: list[Range] = []
    cursor = 0
    for comma in _COMMA.finditer(left):
        pieces.append((cursor, comma.start()))
        cursor = comma.end()
    return [*pieces, (cursor, len(left))]


def _apposed(frame: str, pieces: Sequence[Range]) -> Range | None:
    """Return a name or description with what is said of it between commas."""
    last = len(pieces) - 1
    head = last
    while head > 0 and not _is_named(frame[slice(*pieces[head])]):
        head -= 1
    if head > 0 and head == last:
        described = frame[slice(*pieces[head - 1])]
        if _DESCRIPTION.match(described) or _POSSESSED.search(described):
            whole = _last_piece(frame, *pieces[head - 1])
            return None if whole is None else (whole[0], pieces[last][1])
    span = _last_piece(frame, *pieces[head])
    if span is None:
        return None
    role = head + 1 == last and _ROLE.match(frame[slice(*pieces[last])])
    return (span[0], pieces[last][1]) if role else span


def _is_named(piece: str) -> bool:
    """Distinguish “Philip Quade” and “the late Professor Howel Pascoe” from “the only supplier”."""
    piece = piece.removeprefix("and ").lstrip('“"')
    return bool(_STARTS_NAME.match(piece) or _DESCRIBED_PERSON.match(piece))


def _last_piece(frame: str, start: int, end: int) -> Range | None:
    """Return the subject that ends a clause."""
    for mark in _BREAK.finditer(frame, start, end):
        start = mark.end()
    piece = frame[start:end]
    start += len(piece) - len(piece.lstrip(" ,.”’…"))
    words = frame[start:end].split()
    if words and words[0].lower() in _CONJUNCTIONS:
        start += len(words[0]) + 1
        words = words[1:]
    if not words:
        return None
    piece = frame[start:end]
    if words[0].lower() not in _PREPOSITIONS and _is_subject(piece):
        return start, end
    relative = _WHO.search(piece)
    if relative is not None and _is_subject(piece[: relative.start()]):
        return start, start + relative.start()
    for form in (_PERSON_AT_END, _DESCRIPTION_AT_END):
        match = form.search(piece)
        if match is not None and _is_subject(match.group()):
            return start + match.start(), end
    return None


def _is_subject(piece: str) -> bool:
    """Distinguish a name or a description from a piece of a clause."""
    words = piece.split()
    if not words or len(words) > _MOST_WORDS:
        return False
    first = words[0].lower()
    if first in PRONOUNS and len(words) == 1:
        return True
    if _CONTRACTION.sub("", first) in NO_SUBJECT | PRONOUNS or _has_verb(words[1:]):
        return False
    if len(words) <= _FEW_WORDS and words[-1].lower() in _MONTHS_AND_DAYS:
        return False
    named = _STARTS_NAME.match(words[-1]) or words[-1] in PEOPLE
    return bool(
        _DESCRIPTION.match(piece)
        or _CAPITALISED.match(piece)
        or (named and _LOWER_NOUNS.match(piece))
    )


def _has_verb(words: Sequence[str]) -> bool:
    return any(
        word in FINITE or (word.endswith("ed") and word.islower() and word not in _IN_NAMES)
        for word in words
    )
