"""How a collection writes its words and names, in numbers that add up article by article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib.resources import files

from citadel.index.corpus.characters import bare_letters, word_pattern
from citadel.index.retrieval.lexical import stop_words

_LETTERS = word_pattern(r"[^\W\d_]")
WORD = re.compile(rf"{_LETTERS}(?:['’`ʿʾ-]{_LETTERS})*")
ARTICLE = re.compile(r"^(?:al|el|as|an|ash|az|ar|at|ad|ul|ed|ez|es|en)[-'’ ]")
_LONG_NAME = re.compile(r"\b[A-Z]\w+(?:\s(?:(?:of|for|the|to)\s){0,2}[A-Z]\w+){1,5}")

SHORTEST_WORD = 3
_SHORTEST_ACRONYM = 3
_RUNS = (2, 3)
_NUMERAL = re.compile(r"(?=[IVXL]{2})(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_WITHIN = re.compile(r"(?:[\w,;’]|\b(?:Dr|Mr|Mrs|Ms|St)\.) $")
_CODE_BEFORE, _CODE_AFTER = re.compile(r"\d-?$"), re.compile(r"-?\d")

_REMEMBERED_WORDS = 1 << 16
"""A collection has few words, each of them many times."""


@dataclass(frozen=True, slots=True)
class NameCounts:
    """All that spelling needs to know of a collection.

    Attributes:
        lower: How often each word stands without a capital; keys in lower case, without accents.
        upper: How often each stands with one.
        runs: How often two or three words follow one another in a name, with a space between.
        names: How often each name of three words and more with a capital stands, as written.

    """

    lower: dict[str, int]
    upper: dict[str, int]
    runs: dict[str, int]
    names: dict[str, int]

    @classmethod
    def collect(cls, texts: Iterable[str]) -> NameCounts:
        """Count the words of passages."""
        lower: Counter[str] = Counter()
        upper: Counter[str] = Counter()
        runs: Counter[str] = Counter()
        names: Counter[str] = Counter()
        for text in texts:
            for match in _LONG_NAME.finditer(text):
                name = match.group().split()
                if name[0].lower() in stop_words():
                    name = name[1:]
                if len(_initials(name)) >= _SHORTEST_ACRONYM:
                    names[" ".join(name)] += 1
            run: list[str] = []
            end = -9
            for match in WORD.finditer(text):
                capital, bare, parts = _readings(match.group())
                counter = upper if capital else lower
                for part in parts:
                    counter[part] += 1
                follows = match.start() - end <= 1
                run = ([*run, bare] if follows else [bare]) if capital else []
                end = match.end()
                for length in _RUNS:
                    if len(run) >= length:
                        runs[" ".join(run[-length:])] += 1
        return cls(dict(lower), dict(upper), dict(runs), dict(names))

    def record(self) -> dict[str, dict[str, int]]:
        """Return the counts by the names of the attributes."""
        return {column.name: getattr(self, column.name) for column in fields(self)}

    def changed(self, gone: NameCounts, come: NameCounts) -> NameCounts:
        """Return the counts after other passages replaced some of those counted here.

        Raises:
            ValueError: What is gone was never here.

        """
        return NameCounts(
            *(
                _changed(*(getattr(counts, column.name) for counts in (self, gone, come)))
                for column in fields(self)
            )
        )

    def pairs(self) -> frozenset[str]:
        """Return the words that follow one another in a name, with a space between."""
        return frozenset(run for run in self.runs if run.count(" ") == 1)

    def joined(self) -> dict[str, str]:
        """Return the names of two or three words by how they are written together.

        Of several it is the most frequent, the first in the alphabet of those.
        """
        return _usual(self.runs, lambda run: run.replace(" ", ""))

    def acronyms(self) -> dict[str, str]:
        """Return the names of several words, as written, by their initials in capitals.

        Of several it is the most frequent, the first in the alphabet of those.
        """
        return _usual(self.names, lambda name: _initials(name.split()))


def _changed(
    before: Mapping[str, int], gone: Mapping[str, int], come: Mapping[str, int]
) -> dict[str, int]:
    counts = dict(before)
    for key, count in come.items():
        counts[key] = counts.get(key, 0) + count
    for key, count in gone.items():
        left = counts.get(key, 0) - count
        if left < 0:
            raise ValueError(f"{key!r} was counted {count} times among what was never here")
        if left:
            counts[key] = left
        else:
            del counts[key]
    return counts


def _usual(counts: Mapping[str, int], key: Callable[[str], str]) -> dict[str, str]:
    usual: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        usual.setdefault(key(name), name)
    return usual


def _initials(name: Iterable[str]) -> str:
    return "".join(word[0] for word in name if word[0].isupper())


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _readings(surface: str) -> tuple[bool, str, tuple[str, ...]]:
    """Return whether a word has a capital, its bare form, and all forms that are counted."""
    pieces = surface.split("-")
    bare = bare_form(surface)
    forms = {plain_form(surface), bare, *map(plain_form, pieces)}
    return (
        any(piece[:1].isupper() for piece in pieces),
        bare,
        tuple(sorted(form for form in forms if len(form) >= SHORTEST_WORD)),
    )


def plain_form(word: str) -> str:
    """Return a word in lower case, without accents and possessive ending."""
    bare = bare_letters(word.lower().replace("’", "'"))
    return bare.removesuffix("'s").removesuffix("'")


def bare_form(word: str) -> str:
    """Return a plain word without the Arabic article before it."""
    return plain_form(ARTICLE.sub("", word.lower()))


@cache
def no_names() -> frozenset[str]:
    """Return the words that have a capital in English without being a name, in lower case."""
    return frozenset(
        files("citadel.index.retrieval").joinpath("no_names.txt").read_text("utf-8").split()
    )


def counts_up(word: re.Match[str]) -> bool:
    """Return whether a word is a Roman numeral, or the letters of a code: “III”, “LV” of “LV-2”.

    Another one is another thing, however near it looks.
    """
    surface = word.group()
    if _NUMERAL.fullmatch(surface.upper()) and (surface.isupper() or surface.islower()):
        return True
    before = word.string[max(word.start() - 2, 0) : word.start()]
    numbered = _CODE_AFTER.match(word.string, word.end()) or _CODE_BEFORE.search(before)
    return surface.isupper() and numbered is not None


def as_written(name: str, texts: Iterable[str]) -> str:
    """Return a word or a name with the capitals and accents that most of some texts give it."""
    found = [word for text in texts for word in WORD.finditer(text)]
    return " ".join(_usual_form(word, found) for word in name.split())


def _usual_form(word: str, found: Sequence[re.Match[str]]) -> str:
    """Return the most frequent form of a word; what begins a sentence has its capital from that."""
    if any(each.group() == word for each in found):
        return word
    bare = bare_letters(word.lower())
    forms = Counter(
        each.group()
        for each in found
        if bare_letters(each.group().lower()) == bare
        and (
            word[0].isupper() or _WITHIN.search(each.string, max(each.start() - 5, 0), each.start())
        )
    )
    return max(forms, key=lambda form: (forms[form], form), default=word)
