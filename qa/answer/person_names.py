"""Names of people in English prose: which they are, of which sex, and how introduced. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from citadel.index.corpus.layout import Span

_LETTERS = [chr(code) for code in range(0x250)]
UPPER = "".join(char for char in _LETTERS if unicodedata.category(char) == "Lu")
"""What a name begins with, in the Latin scripts; to stand in a character class."""

_ARTICLE = r"(?:(?:[Aa]l|[Ee]l|[Aa]d|[Aa]s|[Aa]n|[Aa]r|[Uu]l)-)?"
_REST_OF_NAME = r"(?:[^\W_]|[’'-](?=\w))*"
_ABBREVIATED = (
    r"(?:Mr|Mrs|Ms|Dr|St|Rev|Hon|Prof|Gov|Sen|Rep|Lt|Col|Gen|Capt|Cpt|Maj|Brig|Sgt|Cpl|Supt|Insp"
    r"|Cllr)"
)
PART = (
    rf"(?:{_ABBREVIATED}\.|(?:Mc|Mac|O['’])?"
    rf"(?:(?:[{UPPER}]\.)+|{_ARTICLE}[{UPPER}]{_REST_OF_NAME}))"
)
_LOWER = r"(?:de|du|da|del|della|di|von|van|der|den|bin|ibn|ould|al|el|Ní|Ó)"
_NICKNAME = r"[“\"][^”\"]+[”\"]\s"
PERSON = rf"(?:(?:Mr|Mrs|Ms|Dr|St)\.?\s)?{PART}(?:\s(?:(?:{_LOWER}|&)\s)?(?:{_NICKNAME})?{PART})*"
_NAME = re.compile(PERSON)
_POSSESSIVE = re.compile(r"[’']s?$")
_WORD = re.compile(r"\w[\w’'-]*")
_ROLE = re.compile(
    r",\s(?P<role>(?:(?:the|an?)\s|[a-z-]+(?:\s[a-z-]+){0,3}\sof\s)[^,;:()“”\"\n]{3,90}?)"
    r"(?=,\s|[.;]\s|[.;]?$|\s(?:who|whose|which)\b)",
    re.MULTILINE,
)
PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we"})

_REMEMBERED = 512
"""For how many names introductions are remembered: an answer asks for few, but often."""

_WHERE = re.compile(r"\b(?:at|in|near|into|outside|across)\s$")
_LONGEST_NAME = 60
_ENDS_IN_NAME = re.compile(rf"(?:[{UPPER}][\w’'-]*\.?|{_LOWER}|[”\"])\s$")
_LONGEST_INTRODUCTION = 200_000
"""How many code points before a sentence are searched for who somebody is."""


@cache
def speech_words(table: str, name: str) -> frozenset[str]:
    """Return a list of words of ``speech.toml``, in lower case."""
    return frozenset(_tables()[table][name].split())


@cache
def speech_phrases(table: str, name: str) -> frozenset[str]:
    """Return a list of phrases of ``speech.toml``."""
    return frozenset(_tables()[table][name])


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("citadel.qa.answer").joinpath("speech.toml").read_text("utf-8"))


def without_possessive(name: str) -> str:
    """Return “Stutz” for “Stutz’s”."""
    return _POSSESSIVE.sub("", name) if re.search(r"[’']s$", name) else name


def sex(name: str) -> str:
    """Return “he” or “she” for a person whose title, role or given name says so; else ""."""
    for word in _WORD.findall(name.lower()):
        for pronoun in ("he", "she"):
            if word in speech_words("gender", pronoun):
                return pronoun
            if word in speech_words("gender", f"{pronoun}_names"):
                return pronoun
    return ""


def is_group(name: str) -> bool:
    """Return whether a name or description has a word for what is no person: “Bank”."""
    words = _after_title(_WORD.findall(name.lower()))
    groups = speech_words("words", "groups")
    return "&" in name or any(word in groups or word.removesuffix("s") in groups for word in words)


def _after_title(words: list[str]) -> list[str]:
    """Return “yolanda ferris” of “council president yolanda ferris”."""
    titles = [n for n, word in enumerate(words) if word in speech_words("gender", "titles")]
    return words[titles[-1] + 1 :] or words if titles else words


def is_apposed_to_person(after: str) -> bool:
    """Return whether what follows a name makes it a person's: “, who”, “, 71,”, “, the owner”."""
    if re.match(r"\*?,\s(?:who\b|\d\d(?=[,;.]))", after):
        return True
    role = re.match(r"\*?,\s((?:the|an?|[Hh]is|[Hh]er)\s[^,;.]{3,60})", after)
    return role is not None and is_described_person(role[1])


def is_titled(name: str) -> bool:
    """Recognise “Sister Milagros Tan” by the title that it begins with."""
    words = re.split(r"[\s-]+", name.lower().replace(".", ""))
    return len(words) > 1 and words[0] in speech_words("gender", "titles")


def is_common_word(word: str, text: str) -> bool:
    """Return whether an article has a word in small letters, too: “Workers” is no name there."""
    small = word.lower()
    return small != word and next(_places(small, text, 0, len(text)), None) is not None


@lru_cache(_REMEMBERED)
def is_known_by_last_name(last: str, text: str) -> bool:
    """Return whether an article has a last name alone, too, as it has that of a person."""
    alone = [
        place
        for place in _places(last, text, 0, len(text))
        if _full_name(text, place, place + len(last)) is None
    ]
    where = [place for place in alone if _WHERE.search(text[max(0, place - 10) : place])]
    return bool(alone) and 5 * len(where) <= len(alone) and not is_common_word(last, text)


def is_described_person(description: str) -> bool:
    """Distinguish “the former president” from “the report”, by the noun that it is about."""
    head = re.split(
        r"\s(?:of|at|in|from|for|to|with|on|who|whose|loyal)\b", description, maxsplit=1
    )[0]
    words = _WORD.findall(head.lower())
    return bool(words) and (
        words[-1] in speech_words("words", "persons") or words[-1].endswith(("ologist", "ician"))
    )


@lru_cache(_REMEMBERED)
def introduction(name: str, text: str, before: int) -> Span | None:
    """Return the fullest form of a person's name up to a place in an article, with the role.

    Args:
        name: As it stands in a sentence: “Lavrov”, “Mr Lavrov” or “Sergey Lavrov”.
        text: The stored text of the article.
        before: Where that sentence ends.

    Returns:
        “Sergey Lavrov, the Russian Minister of Foreign Affairs”; None where the name has only its
        last part there, or where two people have it.

    """
    last = _parts(name)[-1]
    if re.match(r"A[a-z]{1,2}-", last):
        last = last[0].lower() + last[1:]
    start = max(0, before - _LONGEST_INTRODUCTION)
    found: dict[str, Span] = {}
    for place in _places(last, text, start, before):
        span = _full_name(text, place, place + len(last))
        if span is not None:
            found.setdefault(" ".join(_parts(span.of(text))), span)
    given = _parts(name)[:-1]
    fitting = {
        full: span for full, span in found.items() if not given or given[-1] in full.split()[:-1]
    }
    longest = max(fitting, key=len, default=None)
    if longest is None or any(not _same_person(each, longest) for each in fitting):
        return None
    span = fitting[longest]
    role = _ROLE.match(text, span.end)
    first = "" if role is None else role["role"].split()[0]
    if (
        role is None
        or first in speech_words("words", "finite")
        or not is_described_person(role["role"])
    ):
        return span
    return Span(span.start, role.end("role"))


def _places(word: str, text: str, start: int, end: int) -> Iterator[int]:
    place = text.find(word, start, end)
    while place != -1:
        after = place + len(word)
        if not (_in_word(text[place - 1 : place]) or _in_word(text[after : after + 1])):
            yield place
        place = text.find(word, after, end)


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "-"


def _full_name(text: str, start: int, end: int) -> Span | None:
    """Return the name that ends with a last name, if it has more than that."""
    before = text[max(0, start - _LONGEST_NAME) : start]
    if before[-1:] != " " or not _ENDS_IN_NAME.search(before):
        return None
    line = max(text.rfind("\n", 0, start) + 1, start - _LONGEST_NAME)
    for match in _NAME.finditer(text, line, end):
        if match.end() == end and match.start() < start:
            words = [*re.finditer(r"\S+", match.group())]
            # “On Monday Stutz” is no name, but no such run begins in the middle of a name either.
            while words and _is_no_given_name(words[0].group()):
                words.pop(0)
            if len(words) > 1:
                return Span(match.start() + words[0].start(), end)
    return None


def _is_no_given_name(word: str) -> bool:
    folded = word.lower().rstrip(".")
    return (
        folded in speech_words("words", "prepositions")
        or folded in speech_words("words", "not_a_subject")
        or folded in speech_words("words", "groups")
        or folded in {"the", "asked"}
    )


def _same_person(one: str, other: str) -> bool:
    """Return whether the given names of one are among those of the other, or initials of them."""
    shorter, longer = sorted((one.split()[:-1], other.split()[:-1]), key=len)
    return all(any(a[0] == b[0] for b in longer) for a in shorter)


def _parts(name: str) -> list[str]:
    """Return the names in a name, without titles and nicknames."""
    words = re.sub(r"[“\"(][^”\")]*[”\")]", " ", without_possessive(name)).split()
    bare = [
        word for word in words if word.lower().rstrip(".") not in speech_words("gender", "titles")
    ]
    return bare or words
