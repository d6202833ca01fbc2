"""The names that stand in a text, as its capitals show them. Pure.

Nothing is learnt and no list of people is needed: a name is a run of words with capitals, in a
script that has them. What begins a sentence may have its capital from there, so a word that
stands alone there is a name only where it stands within sentences, too. It is a person's, an
organisation's or a place's only where a word says so: a title before it, “Army” in it, “city of”
before it. Precision comes first: what is doubtful is left out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from citadel.index.corpus.characters import as_ranges
from citadel.index.retrieval.lexical import fold, stop_words
from citadel.index.retrieval.name_counts import no_names


class NameKind(StrEnum):
    """What a name is the name of, where the text says so."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    UNKNOWN = "name"


_CAPITAL = f"[{as_ranges(n for n in range(0x2000) if chr(n).isupper())}]"
_WORD = (
    rf"(?:[A-Z]\.(?=[ A-Z])|(?:[a-z]{{2}}[-’']|al)?{_CAPITAL}\w*(?:[’'‑-]\w+)*"
    rf"(?:(?<=s)[’'](?= {_CAPITAL}))?)"
)
_WITHIN = (
    r"(?:(?:of the|of|for|for the|bin|ibn|abu|al|el|de|de la|del|della|da|di|du|des|la|le|van"
    r"|van der|van den|von|der|den|ter|y) )?"
)
_NAME = re.compile(rf"(?<![\w’'.@/-]){_WORD}(?: {_WITHIN}{_WORD})*")
_POSSESSIVE = re.compile(r"[’']s?$")
_AROUND = " \t“”„«»\"‘’'()[]*_#"
_ENDS = ".?!:;…—–•|\n-"
"""What a sentence, a clause that stands for itself or the item of a list begins after."""

_AFTER_OF = re.compile(r" (?:of the|of|for the|for) ")
_LONGER = re.compile(r"[^\W\d_]{3,}")
_SHORTEST = 2
_ROMAN = re.compile(r"[IVXLC]+\.?$")

_PLACED = re.compile(
    r"\b(?:in|at|into|near|inside|outside|around|across|towards?|from|(?:north|south|east|west)"
    r"(?:ern)?(?: of)?)\s+(?:the )?$",
    re.IGNORECASE,
)
_AGED = re.compile(r", (?:aged )?\d\d?,")
_ACRONYM = re.compile(rf"\s\(({_CAPITAL}{{2,7}})\)")


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name where it stands.

    Attributes:
        start: Its first character in the text.
        end: One past its last.
        text: As written, without titles and possessive ending.
        opens: Whether it may have its first capital from the beginning of a sentence.
        kind: What a word in it or next to it says it is.
        placed: Whether it stands after “in”, “near” and the like.
        acronym: The letters that stand in brackets after it, as in “Free Syrian Army (FSA)”.

    """

    start: int
    end: int
    text: str
    opens: bool
    kind: NameKind
    placed: bool
    acronym: str

    @property
    def words(self) -> tuple[str, ...]:
        """Its words."""
        return tuple(self.text.split())


def written_names(text: str) -> Iterator[WrittenName]:
    """Yield the names of a sentence, in order.

    Args:
        text: One sentence. Of one that is set in capitals throughout, as headlines are, nothing
            is yielded.

    """
    found = list(_NAME.finditer(text))
    if not found or _is_headline(text, found):
        return
    for match in found:
        for start, end in _parts(text, match):
            name = _trimmed(text, start, end)
            if name is not None:
                yield name


def _is_headline(text: str, found: list[re.Match[str]]) -> bool:
    """Return whether every content word of a line has a capital: that proves no name."""
    if sum(match.end() - match.start() for match in found) < len(text) / 2:
        return False
    words = [word for word in _LONGER.findall(text) if word not in _cues().small]
    return len(words) > 3 and not any(word.islower() for word in words)


def _parts(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield a run of names, or what it is made of where “of” joins a person's name to a place.

    “Ministry of Health” is one name, and “Erik Holm of Norway” is two: only what begins with a
    word for an organisation or a place, or has a title's or ordinary form, goes on after “of”.
    """
    start, end = match.span()
    joint = _AFTER_OF.search(text, start, end)
    if joint is None:
        yield start, end
        return
    before = text[start : joint.start()].split()
    word = before[-1]
    alone = len(before) == 1 and not (_is_bare(word) or _opens(text, start))
    if _folded(word) in _cues().joining or alone:
        yield start, end
        return
    yield start, joint.start()
    yield joint.end(), end


def _is_bare(word: str) -> bool:
    return _folded(word) in _cues().nothing


def _trimmed(text: str, start: int, end: int) -> WrittenName | None:
    """Return the name that a run is, without titles, nationalities and little words around it."""
    words = text[start:end].split(" ")
    first, titled = _after_titles(words)
    untitled = first
    while first < len(words) and _is_little(words[first]):
        first += 1
    last = len(words)
    while last > first and (
        _is_little(words[last - 1]) or _folded(words[last - 1]) in _cues().calendar
    ):
        last -= 1
    kept = words[first:last]
    if all(_means_nothing(word) for word in kept):
        return None
    if len(kept) == 1 and _folded(kept[0]) in _cues().common_nouns:
        return None  # “the Foundation”, whichever that is.
    begin = start + sum(len(word) + 1 for word in words[:first])
    name = _POSSESSIVE.sub("", " ".join(kept))
    if len(name.strip(".")) < _SHORTEST or _ROMAN.fullmatch(name):
        return None
    stop = begin + len(name)
    return WrittenName(
        begin,
        stop,
        name,
        opens=first == untitled == 0 and _opens(text, start),
        kind=_kind(text, begin, stop, titled=titled),
        placed=_PLACED.search(text[max(begin - 16, 0) : begin]) is not None,
        acronym=_acronym(text, stop, name),
    )


def _after_titles(words: list[str]) -> tuple[int, bool]:
    """Return where a name begins after the titles before it, and whether there are any."""
    first = 0
    for place, word in enumerate(words[:-1], start=1):
        folded = _folded(word)
        if _is_little(word) and place == first + 1:
            continue
        if folded in _cues().titles and _folded(words[place]) not in _cues().common_nouns:
            first = place
        elif folded not in _cues().before_titles and folded not in no_names():
            break
    return first, first > 0


def _opens(text: str, start: int) -> bool:
    """Return whether a word begins a sentence, a quotation or the item of a list."""
    before = text[max(start - 8, 0) : start].rstrip(" \t")
    bare = before.rstrip(_AROUND)
    return not bare or bare != before or bare[-1] in _ENDS


def _kind(text: str, start: int, end: int, *, titled: bool) -> NameKind:
    cues = _cues()
    words = [_folded(word) for word in text[start:end].split()]
    before = text[max(start - 40, 0) : start]
    if titled:
        return NameKind.PERSON
    if not cues.organisations.isdisjoint(words):
        return NameKind.ORGANISATION
    ends_as_place = len(words) > 1 and (words[-1] in cues.places or words[0] in cues.before_places)
    if ends_as_place or cues.before_place.search(before) or cues.after_place.match(text, end):
        return NameKind.PLACE
    aged = len(words) > 1 and words[0] not in no_names() and _AGED.match(text, end)
    return NameKind.PERSON if aged or cues.before_person.search(before) else NameKind.UNKNOWN


def _acronym(text: str, end: int, name: str) -> str:
    """Return the letters after a name, where its words begin with them."""
    match = _ACRONYM.match(text, end)
    if match is None:
        return ""
    letters = match.group(1)
    initials = "".join(word[0] for word in re.split(r"[\s-]", name) if word[:1].isupper())
    return letters if letters == initials.upper() and len(initials) > 1 else ""


@lru_cache(1 << 14)
def _is_little(word: str) -> bool:
    """Return whether no name begins or ends with a word: “The”, “He”, “I’ve”."""
    return re.split("[’']", word)[0].lower() in stop_words() or _folded(word) in stop_words()


@lru_cache(1 << 14)
def _means_nothing(word: str) -> bool:
    """Recognise capitalised English words that are no names: “Monday”, “Russian”, “President”."""
    return all(_folded(piece) in _cues().nothing for piece in re.split(r"[-‑]", word))


@lru_cache(1 << 16)
def _folded(word: str) -> str:
    return fold(_POSSESSIVE.sub("", word).strip(".,"))


@dataclass(frozen=True, slots=True)
class _Cues:
    titles: frozenset[str]
    before_titles: frozenset[str]
    organisations: frozenset[str]
    places: frozenset[str]
    before_places: frozenset[str]
    joining: frozenset[str]
    nothing: frozenset[str]
    common_nouns: frozenset[str]
    calendar: frozenset[str]
    small: frozenset[str]
    before_place: re.Pattern[str]
    after_place: re.Pattern[str]
    before_person: re.Pattern[str]


@cache
def _cues() -> _Cues:
    lists = tomllib.loads(files("citadel.index.retrieval").joinpath("name_cues.toml").read_text())
    sets = {name: frozenset(words.split()) for name, words in lists.items()}
    kinds = "|".join(sorted(sets["kinds_of_place"]))
    titles = "|".join(sorted(sets["titles"], key=len, reverse=True))
    return _Cues(
        titles=sets["titles"],
        before_titles=sets["before_titles"],
        organisations=sets["organisations"],
        places=sets["places"],
        before_places=sets["before_places"],
        nothing=no_names() | sets["titles"] | stop_words(),
        common_nouns=sets["organisations"] - {"reuters", "hezbollah", "tribune"}
        | sets["places"]
        | sets["common_nouns"],
        calendar=sets["calendar"],
        small=sets["small"],
        joining=sets["organisations"] | sets["places"] | {"rights", "doctors", "friends", "house"},
        before_place=re.compile(
            rf"\b(?:{kinds}|cities|towns|villages|districts|areas|neighbou?rhoods) of\s+$"
        ),
        after_place=re.compile(rf" (?:{kinds})\b"),
        before_person=re.compile(rf"\b(?:{titles}),? $"),
    )
