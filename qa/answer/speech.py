"""Whom a sentence says to be speaking: “X said”, “said X”, “according to X”. Pure.

Signs of English. They are narrow on purpose: a wrong speaker misleads, none doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from citadel.qa.answer.frames import MASK
from citadel.qa.answer.person_names import PART, PERSON, PRONOUNS, UPPER, speech_words

Range = tuple[int, int]
"""Where words begin and end in a frame."""


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


def _either(*words: str) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_SAYING = speech_words("verbs", "saying")
_STATING = speech_words("verbs", "stating")
_COUNTING = speech_words("verbs", "counting")
_PARTING = speech_words("verbs", "parting")
_NAMING = frozenset({"called", "calls", "call", "described", "describes"})
_NO_SUBJECT = speech_words("words", "not_a_subject") - {"his", "her", "its", "their"}
_PREPOSITIONS = speech_words("words", "prepositions")
_FINITE = speech_words("words", "finite")
_IN_NAMES = speech_words("words", "participles_in_names")
_PEOPLE = speech_words("words", "people")
_MONTHS_AND_DAYS = speech_words("words", "months_and_days")

_PHRASES = frozenset({"put it", "puts it", "pointed out", "points out"})

_QUOTED = rf"[{MASK}“\"‘]"
_VERB = re.compile(
    rf"(?<![\w’'-])(?:{_either(*_SAYING, *_STATING, *_COUNTING, *_PARTING, *_PHRASES)}"
    r")(?![\w’'-])"
)
_STATES = re.compile(rf"[^;:{MASK}]{{0,70}}?(?:\bthat\b|{_QUOTED}|:\s)")
_NUMBERS = re.compile(r"\s+(?:[a-z]+\s){0,8}?(?:at\s)?[€$£R]{0,2}\d")
_NAMES_SO = re.compile(
    rf"\s+(?:it|them|him|her|this|that)\s(?:an?|the)\s|\s+\w[^.;:{MASK}]{{0,70}}?(?:as\s)?{_QUOTED}"
)
_AUXILIARIES = re.compile(
    r"(?:[’']d|(?:^|\s+)(?:ha(?:s|ve|d)|also|then|later|now|since|always|often|again|still|both|did|do"
    r"|only|once|merely|simply|himself|herself|itself|themselves|[a-z]+ly|used to|liked to|likes to"
    r"|yesterday|afterwards|earlier|in turn|in (?:19|20)\d\d|on \w+day))*\s*$"
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
_BREAK = re.compile(
    rf"[{MASK};:()—–?!]|\b(?:but|that|when|while|where|which|as|because|so|than"
    r"|whether|if|after|how)\s",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\b(?:according to|in the (?:words|opinion|view) of)\s+", re.IGNORECASE)
_AND = re.compile(
    r",\s(?:and|but|while|whereas)\s(?:(?:its|his|her|their|the|an?)\s[^,]{1,40},\s)?$"
)
_AUTHORITY = re.compile(rf"[^,;:()—{MASK}]+")
_AUTHORITY_ENDS = re.compile(
    r"\s(?:who|which|whose|that|has|have|had|were|was|is|are)\s|(?<!\ba)(?<!\bthe)(?<!\bof)(?<!\bin)\s(?=[€$£]?\d)|\.?$"
)
_NEW_CLAUSE = re.compile(r"(?<=[a-z]s)\s(?=(?:the|an?)\s)")
_OF_THAT_NAME = re.compile(
    rf"(?:\s(?:of|at|for|in|appointed)\b[^,;:{MASK}]{{2,60}})?,\s(?:(?!who\b)[a-z]+\s){{0,3}}{PERSON}(?=,)"
)
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
_SAID_BY = re.compile(rf"\s{PERSON}(?:,|\sin\s|\.$)")
_LEADING = re.compile(
    r"^[\W_]*(?:\d\d[.:]\d\d\s+)?(?:(?:[Aa]nd|[Bb]ut|[Ss]o|[Tt]hen|[Yy]et|[Ss]till|[Nn]ow|[Hh]owever|[Ll]ater|[Ee]arlier)\b,?\s+)?"
)
_ASIDE_FIRST = re.compile(
    rf"(?:{_either(*(word.capitalize() for word in _PREPOSITIONS))}|Pressed|Questioned|Reached"
    rf"|[A-Z][a-z]+ing)\b[^,;{MASK}]*,\s+(?:\d{{4}},\s+)?"
)
_PRONOUN_FIRST = re.compile(r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t)(?=[\s’',])")
_NAME_FIRST = re.compile(
    rf"[Tt]he\s{PERSON}(?=,|\s(?:who|and|{_either(*_FINITE)}|[a-z]+ed|[a-z]+s)\b)"
    rf"|[{UPPER}][a-z]+\s(?:(?!(?:for|of|from|in|at|to|with|on|and)\b)[a-z]+\s){{1,2}}{PART}\s{PERSON}(?![’']s)"
    rf"|(?:(?:[Tt]he|[Hh]is|[Hh]er|[Aa]n?)\s(?:(?!(?:for|of|from|in|at|to|with|is|was|and)\b)[a-z-]+\s){{1,4}})?"
    rf"(?!(?:The|An?|His|Her|Its|Their|This|That|These|Those|There|It)\b){PERSON}(?![’']s)"
)
_DESCRIPTION_FIRST = re.compile(
    r"(?:[Tt]he|[Aa]n?)\s(?:[a-z-]+\s){0,3}?[a-z-]+"
    rf"(?=\s(?:of|at|for|in|appointed|who|{_either(*_FINITE)})\b|,|\s[a-z]+ed\b)"
)
_ENDS_IN_PRONOUN = re.compile(r"(?:^|[\s,“\"(])(he|she|they|it|I|we)$", re.IGNORECASE)
_ENDS_IN_WHO = re.compile(r",\s+who$")
_ENDS_IN_AN_ASIDE = re.compile(r",\s+as\s+(?:he|she|it|they)$")
_WHO = re.compile(r",?\s+who\s")
_COMMA = re.compile(r",\s+")
_ROLE = re.compile(r"(?:the|a|an|[a-z]+(?:\s[a-z]+)?\s(?:of|for|at))\s")
_CONTRACTION = re.compile(r"[’'](?:s|d|ll|re|ve|m)$")
_POSSESSED = re.compile(r"[’']s\s[a-z]")
_WHOM = frozenset({"him", "her"})
_CONJUNCTIONS = frozenset({"and", "or", "then", "yet", "still", "meanwhile", "but", "however"})
_FEW_WORDS = 2
_MOST_WORDS = 16


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
    """Tell “The regulator replied, they say, after a year.”: the whole is what they say."""
    return frame[: saying.subject[0]].endswith(", ") and frame[saying.end :].startswith(",")


def _says_too(frame: str, saying: Saying) -> bool:
    """Tell “one says ten, and another says twenty” from “one says that another said so”."""
    return bool(_ACCORDING.match(frame, saying.start) or _AND.search(frame[: saying.subject[0]]))


def _distance(saying: Saying, edge: int) -> int:
    return min(abs(saying.end - edge), abs(saying.start - edge), abs(saying.subject[0] - edge))


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
    if first.lower() in _NO_SUBJECT:
        return None
    ends = _AUTHORITY_ENDS.search(piece.group())
    assert ends is not None
    words = piece.group()[: ends.start()]
    if ends.group().strip() in _FINITE:
        clause = _NEW_CLAUSE.search(words)
        words = words[: clause.start()] if clause is not None else words
    end = start + len(words.rstrip())
    if re.fullmatch(r"[a-z]+", words.strip()) and words.strip() not in _PEOPLE:
        return None
    named = _THEN_NAMED.match(frame, end)
    return (start, named.end()) if named is not None else (start, end)


def _by_verbs(frame: str) -> Iterator[Saying]:
    for verb in _VERB.finditer(frame):
        subject = _subject_of(frame, verb.group(), *verb.span())
        if subject is not None and frame[slice(*subject)].lower() not in ("i", "we"):
            yield Saying(subject, *verb.span())


def _subject_of(frame: str, word: str, start: int, end: int) -> Range | None:
    """Return who does what a verb says, where that is to speak."""
    before, after = frame[:start], frame[end:]
    if _NOT_SAID.search(before) and not _USED_TO.search(before):
        return None
    if word in _PARTING:
        speaks = before.rstrip().endswith(",") and _STATES.match(after)
        return leading_subject(frame) if speaks else None
    said_so = word in ("said", "says") and (
        before.endswith(" so ") or (before.endswith(", ") and _SAID_BY.match(after))
    )
    if said_so or before.rstrip(" ,").endswith(MASK):
        return _subject_after(frame, end)
    return _subject_before(frame, start) if _speaks(word, before, after) else None


def _speaks(word: str, before: str, after: str) -> bool:
    """Tell “admitted that” and “puts it at 12” from “admitted a patient” and “puts it down”."""
    if _AFTER_QUOTATION.search(before) or _AS_TOLD.search(before) or word in _PHRASES:
        return True
    if after.startswith(",") and word not in _COUNTING and _IN_COMMAS.search(before):
        # “They do, experts agree, work.”
        return True
    if _ASIDE.search(before) and MASK not in after:
        return False
    if word in _COUNTING and _NUMBERS.match(after):
        return True
    states = (_NAMES_SO if word in _NAMING else _STATES).match(after)
    return word in _SAYING or (word in _STATING and states is not None)


def _subject_after(frame: str, start: int) -> Range | None:
    """Return who is named behind a verb: “said the attorney, Roberta Kincaid”."""
    match = _AFTER.match(frame, start)
    if match is None or not _is_subject(match["np"]):
        return None
    return match.start("np"), match.end("more") if match["more"] else match.end("np")


def _subject_before(frame: str, verb: int) -> Range | None:
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
    last = frame[slice(*pieces[-1])].split()
    if (
        len(pieces) > 1
        and last[0] in ("and", "but", "then")
        and last[1:2]
        and last[1] in _PREPOSITIONS
    ):
        return leading_subject(frame)
    return _last_piece(frame, *pieces[-1])


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
    """Tell “Philip Quade” and “the late Professor Howel Pascoe” from “the only supplier”."""
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
    """Tell a name or a description from a piece of a clause."""
    words = piece.split()
    if not words or len(words) > _MOST_WORDS:
        return False
    first = words[0].lower()
    if first in PRONOUNS and len(words) == 1:
        return True
    if _CONTRACTION.sub("", first) in _NO_SUBJECT | PRONOUNS or _has_verb(words[1:]):
        return False
    if len(words) <= _FEW_WORDS and words[-1].lower() in _MONTHS_AND_DAYS:
        return False
    named = _STARTS_NAME.match(words[-1]) or words[-1] in _PEOPLE
    return bool(
        _DESCRIPTION.match(piece)
        or _CAPITALISED.match(piece)
        or (named and _LOWER_NOUNS.match(piece))
    )


def _has_verb(words: Sequence[str]) -> bool:
    return any(
        word in _FINITE or (word.endswith("ed") and word.islower() and word not in _IN_NAMES)
        for word in words
    )
