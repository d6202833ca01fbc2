"""Which names a question has that the collection doesn't mention.

A question about somebody whom no article mentions is best answered by saying so. The
names are read off the question's surface: capitals within a sentence. One is unmentioned only if
no word of it has a form in the collection, nor is spelt much like a name there: “Hanano” is the
collection's Hananu, “Russia” is near its Russians, and “the Free Syrian Army” is its FSA.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import product

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from citadel.index.corpus.articles import Article
from citadel.index.corpus.languages import LATIN, main_script
from citadel.index.corpus.layout import BlockKind
from citadel.index.retrieval.lexical import stop_words
from citadel.index.retrieval.name_counts import (
    SHORTEST_WORD,
    WORD,
    NameCounts,
    bare_form,
    no_names,
    plain_form,
)
from citadel.index.retrieval.spellings import skeleton, skeletons

_ENDS_SENTENCE = re.compile(r"[.?!:;]\W*$|^\W*$")
_WITHIN_NAME = re.compile(
    r" (?:(?:of|of the|for|and the|bin|ibn|abu|al|el|de|del|da|van|von|der|la) )?"
)
_POSSESSIVE = re.compile(r"[’']s?$")
_ALTERNATIVE = re.compile(r"\b[A-Z][\w’'-]* or (?:[a-z]+ )?[A-Z]")

_SAME_SKELETON_RATIO = 50.0
_NEARLY_SAME_RATIO = 85.0
_SHORTEST_STEM = 4
_LONGEST_ENDING = 4
_ENDINGS = ("an", "ans", "ish", "ese", "i", "is", "s", "er", "ers", "ic", "e", "en")
_WORD_ENDINGS = ("s", "es", "d", "ed", "ing", "er", "ly", "y")
_SHORTEST_TYPO = 5
_SHORTEST_INITIALS = 2

_ENGLISH = re.compile(
    r"\b(?:the|what|who|whom|whose|which|when|where|why|how|did|does|of|with|from|about|and|this|that"
    r"|were|had|have|to|for|there|been|are|they|she|ever)\b",
    re.IGNORECASE,
)
"""Little words that a question in English has one of, and that other languages don't have."""

_ACRONYM = re.compile(r"[A-Z]{1,3}s?")
"""Most acronyms this short stand for common words: MPs, the AGM, NGOs, DNA."""


_WHO_SAYS = re.compile(
    r"\bwhat (?:did|does|has|had) (?P<name>[a-z][a-z’'-]+(?: [a-z][a-z’'-]+)?) "
    r"(?:say|said|tell|told|think|thought|claim(?:ed)?|promised?|warn(?:ed)?|admit(?:ted)?"
    r"|announced?|demand(?:ed)?|reply|replied|tweet(?:ed)?)\b"
)
"""In “what did putin say”, who speaks is named without an article, though in small letters."""


@dataclass(frozen=True, slots=True)
class AskedName:
    """A name in a question.

    Attributes:
        text: As it stands there, without titles before it and possessive ending.
        words: The words of it that make it a name, as they stand.

    """

    text: str
    words: tuple[str, ...]


class Mentions:
    """Knows the names that a collection mentions."""

    def __init__(
        self,
        articles: Iterable[Article],
        counts: NameCounts,
        knows_word: Callable[[str], bool],
        has_word: Callable[[str], bool],
    ) -> None:
        """Look names up in a collection.

        Args:
            articles: All its articles: headings and what is known about them mention names, too.
            counts: How its passages write their words.
            knows_word: Whether a word in lower case is one of the model's own vocabulary.
            has_word: Whether its passages have a word in any form.

        """
        self._articles = tuple(articles)
        self._counts = counts
        self._knows_word = knows_word
        self._has_word = has_word
        # Names of places differ from language to language by more than their spelling.
        self._in_english = all(article.language == "en" for article in self._articles)

    def unmentioned(self, question: str) -> tuple[str, ...]:
        """Return the names of a question that the collection doesn't mention, in their order.

        There are none where that can't be known: in another script, where every word has a
        capital, or where articles are in other languages than English.
        """
        if not (self._in_english and _is_english(question)):
            return ()
        return tuple(
            dict.fromkeys(
                name.text
                for name in asked_names(question, self._is_ordinary)
                if not self._mentions(name)
            )
        )

    def _is_ordinary(self, word: str) -> bool:
        """Return whether the collection has a word, or the model's vocabulary has a form of it."""
        return self._has(word) or any(self._knows_word(form) for form in _stems(word.lower()))

    def _mentions(self, name: AskedName) -> bool:
        if any(self._has(word) or self._has_near(word) for word in name.words):
            return True
        joined = "".join(bare_form(word) for word in name.words)
        initials = "".join(word[0] for word in name.words).lower()
        return (len(name.words) > 1 and self._has_near(joined)) or (
            len(initials) >= _SHORTEST_INITIALS and self._has(initials)
        )

    def _has(self, word: str) -> bool:
        """Return whether the collection has a word, or a part of a hyphenated one, in any form."""
        forms = {plain_form(word), bare_form(word)}
        pieces = {plain_form(piece) for piece in re.split(r"[-'’]", word)}
        # “al” or “de” makes no name known.
        forms = {form for form in forms if "-" not in form} | {
            piece for piece in pieces if len(piece) >= SHORTEST_WORD
        }
        return any(self._has_word(form) or form in self._words for form in forms)

    def _has_other_name(self, name: str) -> bool:
        return any(
            self._has(other)
            for group in _other_names()
            if plain_form(name) in group
            for other in group
        )

    def _has_near(self, word: str) -> bool:
        """Return whether a word may be another spelling, or another form, of a name or a word."""
        bare = bare_form(word)
        if self._has_other_name(word) or self._is_acronym(word):
            return True
        first = skeleton(bare)[:1]
        heard = {bones for bones in skeletons(bare) if len(bones) > 1}
        typos = process.extract(bare, self._words, scorer=OSA.distance, score_cutoff=1, limit=None)
        # Typing errors seldom change the first sound: no ferry is Kerry.
        if len(bare) >= _SHORTEST_TYPO and any(
            skeleton(found)[:1] == first for found, _, _ in typos
        ):
            return True
        return any(
            _is_form(bare, name)
            or ratio >= _NEARLY_SAME_RATIO
            or heard.intersection(skeletons(name))
            for name, ratio, _ in process.extract(
                bare, self._names, scorer=fuzz.ratio, score_cutoff=_SAME_SKELETON_RATIO, limit=None
            )
        )

    def _is_acronym(self, word: str) -> bool:
        """Return whether letters begin with the initials of a name of the collection."""
        letters = word.lower()
        return word.isupper() and any(letters.startswith(initials) for initials in self._initials)

    @cached_property
    def _everywhere(self) -> tuple[NameCounts, ...]:
        return (self._counts, NameCounts.collect(_about(self._articles)))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(
            word for counts in self._everywhere for word in (*counts.lower, *counts.upper)
        )

    @cached_property
    def _names(self) -> tuple[str, ...]:
        names = {name for counts in self._everywhere for name in (*counts.upper, *counts.joined())}
        return tuple(sorted(names))

    @cached_property
    def _initials(self) -> frozenset[str]:
        return frozenset(
            "".join(word[0] for word in run.split())
            for counts in self._everywhere
            for run in counts.runs
        )


def asked_names(question: str, is_ordinary: Callable[[str], bool]) -> Iterator[AskedName]:
    """Yield the names of a question in English, as its capitals show them.

    Months, weekdays, nationalities and titles are none; nor is a word that begins a sentence,
    unless it is unusual. What is offered as one of two (“Obama or Putin”) is not yielded:
    the question is about either.

    Args:
        question: As it was asked.
        is_ordinary: Whether a word is one that everybody, or the collection, knows.

    """
    words = list(WORD.finditer(question))
    begins = [_ENDS_SENTENCE.search(question[: word.start()]) is not None for word in words]
    capital = [word.group()[:1].isupper() or _has_article(word.group()) for word in words]
    if question.isupper() or _ALTERNATIVE.search(question):
        return
    yield from _small_name(question)
    if any(
        up and not first and word.group()[1:].islower() and word.group().lower() in stop_words()
        for word, up, first in zip(words, capital, begins, strict=True)
    ):
        return  # What “The Title Of a Film” writes with a capital says nothing.
    run: list[re.Match[str]] = []
    for word, up, first in zip(words, capital, begins, strict=True):
        if not up or (first and is_ordinary(word.group())):
            continue
        if run and not _WITHIN_NAME.fullmatch(question[run[-1].end() : word.start()]):
            yield from _name(question, run)
            run = []
        run.append(word)
    yield from _name(question, run)


def _name(question: str, run: list[re.Match[str]]) -> Iterator[AskedName]:
    """Yield the name that words in a row are, if there is one among them."""
    naming = [word for word in run if _names_something(question, word)]
    if not naming:
        return
    text = question[naming[0].start() : naming[-1].end()]
    yield AskedName(_bare(text), tuple(_bare(word.group()) for word in naming))


def _small_name(question: str) -> Iterator[AskedName]:
    """Yield the name that stands in small letters where it is asked what somebody says."""
    asked = _WHO_SAYS.search(question)
    if asked is None:
        return
    *_, surname = words = asked["name"].split()
    common = stop_words() | no_names() | _no_persons()
    if not surname.endswith("s") and common.isdisjoint(words):
        yield AskedName(asked["name"].title(), (surname.title(),))


def _bare(text: str) -> str:
    """Return a name without its possessive ending."""
    return _POSSESSIVE.sub("", text)


def _names_something(question: str, word: re.Match[str]) -> bool:
    surface = word.group()
    touching = (
        question[max(word.start() - 1, 0) : word.start()] + question[word.end() : word.end() + 1]
    )
    return (
        len(bare_form(surface)) >= SHORTEST_WORD
        and not any(char.isdigit() for char in touching)
        and not all(plain_form(piece) in no_names() for piece in surface.split("-"))
        and not _ACRONYM.fullmatch(surface)
        and re.split(r"[’']", surface.lower())[0] not in stop_words()
    )


def _is_english(question: str) -> bool:
    return main_script(question) == LATIN and _ENGLISH.search(question) is not None


def _has_article(surface: str) -> bool:
    """Return whether a name begins with an article, as “al-Zenki” does."""
    return "-" in surface and surface.rsplit("-", 1)[1][:1].isupper()


def _is_form(word: str, name: str) -> bool:
    """Recognise “Russia” and “Russian”: one stem, with the ending of a people."""
    stem = 0
    for one, other in zip(word, name, strict=False):
        if one != other:
            break
        stem += 1
    return (
        stem >= _SHORTEST_STEM
        and len(word) - stem <= _LONGEST_ENDING
        and (stem == len(name) or name[stem:] in _ENDINGS)
    )


def _stems(word: str) -> Iterator[str]:
    """Yield a word, and what is left of it without a beginning or an ending: “un…ly”."""
    for beginning, ending in product(("", "un", "in", "re", "dis", "non"), ("", *_WORD_ENDINGS)):
        if word.startswith(beginning) and word.endswith(ending):
            yield word[len(beginning) : len(word) - len(ending)]


def _about(articles: Iterable[Article]) -> Iterator[str]:
    """Yield what is known about articles besides their passages: titles, authors, headings."""
    for article in articles:
        yield from (article.title, article.subtitle, article.author, article.publisher)
        if article.header is not None:
            yield article.header.of(article.text)
        for block in article.blocks:
            if block.kind is BlockKind.HEADING:
                yield block.span.of(article.text)


@cache
def _other_names() -> tuple[frozenset[str], ...]:
    """Return what one country, its people and its government are called by, in lower case."""
    lines = files("citadel.index.retrieval").joinpath("other_names.txt").read_text("utf-8")
    return tuple(frozenset(line.split()) for line in lines.splitlines())


@cache
def _no_persons() -> frozenset[str]:
    """Return what else speaks without an article; of other common words only plurals do."""
    return frozenset(
        files("citadel.index.retrieval").joinpath("no_persons.txt").read_text("utf-8").split()
    )
