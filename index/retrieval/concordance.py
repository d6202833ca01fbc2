"""Where words stand in a collection: every passage that has them, in reading order.

A search proposes the best passages; research needs all of them. Words are found in
every form, and a name in every spelling that the collection has of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from citadel.index.corpus.layout import Span
from citadel.index.encoders.embeddings import first_rows
from citadel.index.retrieval.lexical import fold, stop_words, words
from citadel.index.retrieval.name_counts import ARTICLE, SHORTEST_WORD, bare_form, plain_form
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.spellings import Spellings
from citadel.index.retrieval.transliterations import spelling_keys, without_article

Numbers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

_PHRASE = re.compile(r"[“\"«„]([^“”\"«»„]+)[”\"»“]")
_HYPHENATED = re.compile(r"[^\W_]+(?:[-‐‑'’][^\W_]+)+")
_ARTICLES_APART = frozenset({"al", "el", "as", "ash", "ar", "az", "ad", "an", "at", "ul", "ez"})
"""What may stand between two words of a name: “Deir” and “Zor” of “Deir ez-Zor”."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The passages that have what was asked for.

    Attributes:
        asked: The words that were looked for, as typed, without those that say nothing.
        corrected: The question in the spelling of the collection, where it was read so, or "".
        missing: Which of the words stand in none of the passages.
        passages: int64: the numbers of the passages, ascending.
        written: How often each form of the words stands in them, the most frequent first.
        ranges: int64, (places, 3): where a word or phrase stands: its passage, ascending, its
            first word and its last, counted through the collection.

    """

    asked: tuple[str, ...]
    corrected: str
    missing: tuple[str, ...]
    passages: Numbers
    written: tuple[tuple[str, int], ...]
    ranges: Numbers


class Concordance:
    """Finds words in all passages of a collection."""

    def __init__(self, index: PassageIndex) -> None:
        """Prepare nothing yet: what a search needs is made by the first one, and kept."""
        self._index = index
        self._texts = index.texts
        self._first_word = first_rows(index.texts.word_counts)

    def find(self, asked: str) -> Places:
        """Return every passage that has all the words, each in any form, in any order.

        Words in quotation marks, or with a hyphen between them, have to follow one another. Where
        no passage has all of the words, those with the most of them are returned.

        Args:
            asked: Words, a phrase, or a question.

        """
        found = self._find(asked)
        if len(found.passages):
            return found
        corrected = self._spellings.correct(asked).text
        if corrected == asked:
            return found
        again = self._find(corrected)
        return replace(again, corrected=corrected) if len(again.passages) else found

    def spans(self, places: Places, passage: int) -> tuple[Span, ...]:
        """Return where the words stand in a passage, by offsets in the stored text, ascending.

        Args:
            places: What was found.
            passage: The number of one of its passages.

        """
        first, last = np.searchsorted(places.ranges[:, 0], [passage, passage + 1])
        ranges = places.ranges[first:last, 1:] - int(self._first_word[passage])
        found = self._index.passages[passage]
        language = self._index.articles[int(self._index.article_of[passage])].language
        inside = words(found.text, language)
        return tuple(
            _apart(
                Span(found.start + inside[begin].start, found.start + inside[end].end)
                for begin, end in ranges.tolist()
            )
        )

    def _find(self, asked: str) -> Places:
        sequences = _sequences(asked)
        forms = {word: self._forms(word) for sequence in sequences for word in sequence}
        found = [self._ranges([forms[word] for word in sequence]) for sequence in sequences]
        counts = np.zeros(len(self._texts.word_counts), dtype=np.int64)
        for ranges in found:
            counts[np.unique(ranges[:, 0])] += 1
        most = int(counts.max(initial=0))
        kept = (counts == most) & (most > 0)
        found = [ranges[kept[ranges[:, 0]]] for ranges in found]
        names = tuple(" ".join(sequence) for sequence in sequences)
        ranges = np.concatenate([np.zeros((0, 3), np.int64), *found])
        return Places(
            asked=names,
            corrected="",
            missing=tuple(name for name, each in zip(names, found, strict=True) if not len(each)),
            passages=np.flatnonzero(kept),
            written=self._written(found),
            ranges=ranges[np.lexsort((-ranges[:, 2], ranges[:, 1], ranges[:, 0]))],
        )

    # ---- words to forms

    def _forms(self, word: str) -> Marks:
        """Return bool, (forms,): which forms of words of the collection a word stands for."""
        marks = np.zeros(len(self._texts.surfaces), dtype=bool)
        for term in {found.term for language in self._languages for found in words(word, language)}:
            marks[self._of_term.get(term, [])] = True
        if not marks.any() or self._is_name(word):
            for key in spelling_keys(word):
                marks[[form for form in self._of_key.get(key, ()) if self._is_like(word, form)]] = (
                    True
                )
        return marks

    def _is_name(self, word: str) -> bool:
        """Return whether the collection writes a word with a capital more often than without."""
        bare = bare_form(word)
        if fold(word) in stop_words():
            return False
        counts = self._index.spelling
        return counts.upper.get(bare, 0) > counts.lower.get(bare, 0)

    def _is_like(self, word: str, form: int) -> bool:
        """Distinguish another spelling from another name: two common words are two."""
        surface = without_article(self._texts.surfaces[form])
        if fold(surface) == fold(without_article(word)):
            return True
        knows = self._index.encoder.knows_word
        return not (knows(plain_form(word)) and knows(plain_form(surface)))

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        return tuple(sorted({article.language for article in self._index.articles}))

    @cached_property
    def _of_term(self) -> dict[str, list[int]]:
        """The forms of each term."""
        forms: dict[str, list[int]] = {}
        for number, term in enumerate(self._texts.form_terms):
            forms.setdefault(term, []).append(number)
        return forms

    @cached_property
    def _of_key(self) -> dict[str, list[int]]:
        """The forms of names, by what their spellings are compared by."""
        forms: dict[str, list[int]] = {}
        for number, surface in enumerate(self._texts.surfaces):
            bare = without_article(surface)
            together = surface[:1].islower() and bare != surface  # alNusra
            long_enough = bare[:1].isupper() and len(bare) >= SHORTEST_WORD
            if long_enough and (together or self._is_name(surface)):
                for key in spelling_keys(bare):
                    forms.setdefault(key, []).append(number)
        return forms

    @cached_property
    def _spellings(self) -> Spellings:
        index = self._index
        return Spellings(index.spelling, index.encoder.knows_word, index.has_word)

    # ---- forms to places

    @cached_property
    def _passage_of(self) -> npt.NDArray[np.int32]:
        """int32, (words,): the passage of each word of the collection."""
        counts = self._texts.word_counts
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    @cached_property
    def _between(self) -> Marks:
        """bool, (forms,): which are an Arabic article that is written as a word of its own."""
        return np.array([fold(each) in _ARTICLES_APART for each in self._texts.surfaces])

    def _ranges(self, sequence: Sequence[Marks]) -> Numbers:
        """Return where the words of a sequence follow one another, as ``Places.ranges`` has it.

        An Arabic article may stand between them.
        """
        all_words = self._texts.words
        first = np.flatnonzero(sequence[0][all_words])
        last = first
        for marks in sequence[1:]:
            after = np.minimum(last + 1, len(all_words) - 1)
            skipped = np.minimum(last + 2, len(all_words) - 1)
            follows = marks[all_words[after]]
            apart = self._between[all_words[after]] & marks[all_words[skipped]]
            end = np.where(follows, after, skipped)
            good = (follows | apart) & (end > last)
            good &= self._passage_of[end] == self._passage_of[first]
            first, last = first[good], end[good]
        return np.stack([self._passage_of[first], first, last], axis=1).astype(np.int64)

    def _written(self, found: Sequence[Numbers]) -> tuple[tuple[str, int], ...]:
        """Return how often each form of the words stands in the places found."""
        counts: Counter[str] = Counter()
        for ranges in found:
            for length in np.unique(ranges[:, 2] - ranges[:, 1]).tolist():
                begins = ranges[ranges[:, 2] - ranges[:, 1] == length, 1]
                forms = self._texts.words[begins[:, np.newaxis] + np.arange(length + 1)]
                for row, often in zip(*np.unique(forms, axis=0, return_counts=True), strict=True):
                    counts[" ".join(self._texts.surfaces[form] for form in row)] += int(often)
        return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield ascending spans, without those inside another one."""
    end = 0
    for span in spans:
        if span.start >= end:
            yield span
            end = span.end


def _sequences(asked: str) -> list[tuple[str, ...]]:
    """Cut what was asked into single words and sequences of words."""
    phrases = [match.group(1) for match in _PHRASE.finditer(asked)]
    rest = _PHRASE.sub(" ", asked)
    phrases += [match.group() for match in _HYPHENATED.finditer(rest)]
    rest = _HYPHENATED.sub(" ", rest)
    sequences = [tuple(_words_of(phrase)) for phrase in phrases]
    singles = [(word,) for word in _words_of(rest)]
    telling = [single for single in singles if fold(single[0]) not in stop_words()]
    found = [sequence for sequence in sequences if sequence] + telling
    return list(dict.fromkeys(found or singles))


def _words_of(text: str) -> Iterator[str]:
    """Yield the words of a text, except Arabic articles."""
    for piece in text.split():
        bare = ARTICLE.sub("", piece) if piece[:1].islower() else ARTICLE.sub("", piece.lower())
        kept = without_article(piece) if bare != piece.lower() else piece
        for word in words(kept, "en"):
            yield word.surface
