"""The names of a collection with all their mentions: its people, organisations and places.

The spellings of one name are put together: Hananu and Hanano, al-Nusra and
alNusra, Human Rights Watch and HRW, and “Holm” with the one person of that name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from citadel.index.corpus.layout import Span
from citadel.index.retrieval.collected_names import collected_names
from citadel.index.retrieval.lexical import fold
from citadel.index.retrieval.name_counts import plain_form
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.transliterations import name_keys, without_article
from citadel.index.retrieval.written_names import NameKind, WrittenName

Ranges = npt.NDArray[np.int64]

_PLACED_OFTEN = 3
_PLACED_SHARE = 0.5
_ENOUGH = 0.25
_CLEARLY = 3
_LIKENESS = 70.0


@dataclass(frozen=True, slots=True, eq=False)
class IndexedName:
    """A name and every place where it is mentioned.

    Attributes:
        text: As it is written most often, in full.
        kind: What it is the name of, as far as the articles say.
        spellings: How often it is written in each way, the most frequent first.
        ranges: int64, (mentions, 3), ascending: the number of a passage, and where the name
            begins and ends in the stored text of its article.
        articles: In how many articles it is mentioned.

    """

    text: str
    kind: NameKind
    spellings: tuple[tuple[str, int], ...]
    ranges: Ranges
    articles: int

    @property
    def mentions(self) -> int:
        """How often it is mentioned."""
        return len(self.ranges)

    @property
    def passages(self) -> tuple[int, ...]:
        """The numbers of the passages that mention it, ascending."""
        return tuple(np.unique(self.ranges[:, 0]).tolist())

    def spans(self, passage: int) -> tuple[Span, ...]:
        """Return where a passage mentions it, by offsets in the stored text, ascending."""
        first, last = np.searchsorted(self.ranges[:, 0], [passage, passage + 1])
        return tuple(Span(start, end) for _, start, end in self.ranges[first:last].tolist())


@dataclass(slots=True, eq=False)
class _Group:
    """What is taken for one name.

    Attributes:
        mentions: How it is written, the number of the passage, and where it stands.
        full: What it is called where other mentions are short for it, or "".

    """

    mentions: list[tuple[str, int, WrittenName]] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    full: str = ""

    def add(self, mentions: Iterable[tuple[str, int, WrittenName]]) -> None:
        """Take in other mentions of it."""
        for mention in mentions:
            self.mentions.append(mention)
            self.forms[mention[0]] += 1

    def add_short(self, mentions: Iterable[tuple[str, int, WrittenName]]) -> None:
        """Take in mentions that are short for it."""
        self.full = self.text
        self.add(mentions)

    @property
    def letters(self) -> str:
        """What stands in brackets after it, or ""."""
        found = Counter(name.acronym for _, _, name in self.mentions if name.acronym)
        return found.most_common(1)[0][0] if found else ""

    @property
    def text(self) -> str:
        return self.full or min(self.forms, key=lambda form: (-self.forms[form], form))

    @property
    def kind(self) -> NameKind:
        """Return what enough of the mentions say, where no other says something else."""
        names = [name for _, _, name in self.mentions]
        votes = Counter(name.kind for name in names if name.kind is not NameKind.UNKNOWN)
        placed = sum(name.placed for name in names)
        if placed >= _PLACED_OFTEN and placed >= _PLACED_SHARE * len(names):
            votes[NameKind.PLACE] += placed
        if not votes:
            return NameKind.UNKNOWN
        (first, most), *rest = votes.most_common(2)
        others = rest[0][1] if rest else 0
        # “the al-Assad suburb” makes no place of the person whom it is named after.
        enough = first is not NameKind.PLACE or most >= _ENOUGH * len(names)
        return first if enough and most >= _CLEARLY * others else NameKind.UNKNOWN


class NameIndex:
    """The names of a collection, the most frequent first."""

    def __init__(self, index: PassageIndex) -> None:
        """Read the names of all passages: a second or so for a hundred articles."""
        self._index = index
        self._knows_word = index.encoder.knows_word
        groups = self._grouped(_by_form(collected_names(index)))
        groups = _with_acronyms(groups)
        groups = self._with_surnames(groups)
        self.names: tuple[IndexedName, ...] = tuple(
            sorted(
                (self._indexed(group) for group in groups),
                key=lambda name: (-name.mentions, fold(name.text), name.text),
            )
        )

    def named(self, text: str) -> IndexedName | None:
        """Return the name that a text is, in any spelling of it, or its letters; else None."""
        exact = self._by_spelling.get(_same(text))
        if exact is not None or not text.strip():
            return exact
        written_out = self._index.spelling.acronyms().get(text) if text.isupper() else None
        if written_out is not None:
            return self._by_spelling.get(_same(written_out))
        near = (self._by_key.get(key) for key in sorted(name_keys(tuple(text.split()))))
        return next((name for name in near if name and self._is_one(name.text, text)), None)

    def like(self, contains: str, kind: NameKind | None = None) -> tuple[IndexedName, ...]:
        """Return the names that have some letters, or words in any spelling.

        Args:
            contains: These; "" for all names.
            kind: Only names of this kind; None for all.

        """
        typed = contains.casefold().strip()
        wanted = [name_keys((word,)) for word in contains.split()]

        def has(name: IndexedName) -> bool:
            spellings = [spelling for spelling, _ in name.spellings]
            if any(typed in spelling.casefold() for spelling in spellings):
                return True
            own = [name_keys((word,)) for spelling in spellings for word in spelling.split()]
            return all(any(keys & other for other in own) for keys in wanted)

        return tuple(
            name for name in self.names if kind in (None, name.kind) and (not typed or has(name))
        )

    def in_article(self, article: int) -> tuple[tuple[IndexedName, int], ...]:
        """Return the names that an article mentions, with their counts, the most frequent first.

        Args:
            article: Its place in the index.

        """
        first, last = np.searchsorted(self._index.article_of, [article, article + 1]).tolist()
        counted = []
        for name in self.names:
            low, high = np.searchsorted(name.ranges[:, 0], [first, last])
            if high > low:
                counted.append((name, int(high - low)))
        return tuple(sorted(counted, key=lambda each: -each[1]))

    @cached_property
    def _by_spelling(self) -> Mapping[str, IndexedName]:
        found: dict[str, IndexedName] = {}
        for name in self.names:
            for spelling, _ in name.spellings:
                found.setdefault(_same(spelling), name)
        return found

    @cached_property
    def _by_key(self) -> Mapping[str, IndexedName]:
        found: dict[str, IndexedName] = {}
        for name in self.names:
            for spelling, _ in name.spellings:
                for key in name_keys(tuple(spelling.split())):
                    found.setdefault(key, name)
        return found

    def _grouped(self, found: Mapping[str, Sequence[tuple[int, WrittenName]]]) -> list[_Group]:
        """Put the spellings of one name together, each with the most frequent one."""
        groups: list[_Group] = []
        of_key: dict[str, list[_Group]] = {}
        for form in sorted(found, key=lambda form: (-len(found[form]), form)):
            keys = name_keys(tuple(form.split()))
            near = [group for key in sorted(keys) for group in of_key.get(key, ())]
            group = next((each for each in near if self._is_one(each.text, form)), None)
            if group is None:
                group = _Group()
                groups.append(group)
                for key in keys:
                    of_key.setdefault(key, []).append(group)
            group.add((form, passage, name) for passage, name in found[form])
        return groups

    def _is_one(self, name: str, other: str) -> bool:
        """Return whether two names that sound alike are one: not if everybody knows both."""
        one, two = _same(name), _same(other)
        if one.replace(" ", "") == two.replace(" ", ""):
            return True
        return fuzz.ratio(one, two) >= _LIKENESS and not (
            self._is_known(name) and self._is_known(other)
        )

    def _is_known(self, name: str) -> bool:
        return all(self._knows_word(plain_form(without_article(word))) for word in name.split())

    def _with_surnames(self, groups: Sequence[_Group]) -> list[_Group]:
        """Put a name of one word with the person whose name ends in it, article by article."""
        people: dict[str, dict[int, set[_Group]]] = {}
        for group in groups:
            surname = group.text.split()[-1]
            if surname != group.text and group.kind is NameKind.PERSON:
                for key in name_keys((surname,)):
                    for _, passage, _ in group.mentions:
                        of_article = people.setdefault(key, {})
                        of_article.setdefault(self._article(passage), set()).add(group)
        return [left for group in groups if (left := self._without_short(group, people)).mentions]

    def _without_short(
        self, group: _Group, people: Mapping[str, Mapping[int, set[_Group]]]
    ) -> _Group:
        """Give the mentions of a surname to the people they are short for; return what is left."""
        keys = name_keys((group.text,))
        if (
            " " in group.text
            or group.kind in (NameKind.ORGANISATION, NameKind.PLACE)
            or keys.isdisjoint(people)
        ):
            return group
        left = _Group()
        for mention in group.mentions:
            article = self._article(mention[1])
            bearers = {each for key in keys for each in people.get(key, {}).get(article, ())}
            if len(bearers) == 1 and self._is_one(
                (bearer := next(iter(bearers))).text.split()[-1], group.text
            ):
                bearer.add_short([mention])
            else:
                left.add([mention])
        return left

    def _article(self, passage: int) -> int:
        return int(self._index.article_of[passage])

    def _indexed(self, group: _Group) -> IndexedName:
        places = sorted((passage, name.start, name.end) for _, passage, name in group.mentions)
        ranges = np.array(places, dtype=np.int64)
        articles = len(np.unique(self._index.article_of[ranges[:, 0]]))
        spellings = sorted(group.forms.items(), key=lambda each: (-each[1], each[0]))
        return IndexedName(group.text, group.kind, tuple(spellings), ranges, articles)


def _same(text: str) -> str:
    """Return a name without case, accents, hyphens and Arabic articles."""
    return " ".join(fold(without_article(word)) for word in text.replace("-", " ").split())


def _by_form(
    names: Iterable[tuple[int, WrittenName]],
) -> dict[str, list[tuple[int, WrittenName]]]:
    forms: dict[str, list[tuple[int, WrittenName]]] = {}
    for number, name in names:
        text = " ".join(name.text.split())
        text = f"al-{text[3:]}" if text.startswith("Al-") else text
        forms.setdefault(text, []).append((number, name))
    return forms


def _with_acronyms(groups: Sequence[_Group]) -> list[_Group]:
    """Put letters with the name that the articles say they stand for."""
    of_letters = {group.text: group for group in groups if group.text.isupper()}
    gone: set[_Group] = set()
    for group in sorted(groups, key=lambda each: -len(each.mentions)):
        letters = of_letters.pop(group.letters, None)
        if letters is not None and letters is not group:
            group.add_short(letters.mentions)
            gone.add(letters)
    return [group for group in groups if group not in gone]
