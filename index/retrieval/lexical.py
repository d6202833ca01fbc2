"""Words: how a text is cut into terms, which terms the collection has, and BM25 over them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import Stemmer

from citadel.index.corpus.characters import bare_letters, western_digits, word_pattern
from citadel.index.retrieval.fusion import Scores
from citadel.index.retrieval.postings import Postings

STEMMER_VERSION: str = Stemmer.version()

TermIds = npt.NDArray[np.int32]

_LETTERS = word_pattern(r"[^\W_]")
_WORD = re.compile(rf"{_LETTERS}(?:[’'ʼ`]{_LETTERS})*")
_POSSESSIVE = re.compile(r"[’'ʼ`]s$", re.IGNORECASE)
_APOSTROPHE = re.compile(r"[’'ʼ`ʻʿʾ]")
_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_ARABIC_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

_REMEMBERED_WORDS = 1 << 16
"""A collection has few words, each of them many times."""

_K1 = 1.5
_B = 0.75

_BLOCK = 256
"""Passages per block: the search for the best ones starts from the maximum of each block."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        surface: As written.
        term: As indexed: without case, accents and ending.
        start: First code point in the text.
        end: One past its last.

    """

    surface: str
    term: str
    start: int
    end: int


@cache
def stop_words() -> frozenset[str]:
    """Return the English and Arabic words that say nothing about what is asked, folded."""
    return frozenset(
        files("citadel.index.retrieval").joinpath("stop_words.txt").read_text("utf-8").split()
    )


def content_words(found: Sequence[Word]) -> tuple[Word, ...]:
    """Leave out the stop words; return all the words when nothing else is left."""
    content = tuple(word for word in found if fold(word.surface) not in stop_words())
    return content or tuple(found)


def content_terms(text: str, language: str) -> frozenset[str]:
    """Return the terms of the words of a text that are no stop words, as ``content_words`` does."""
    return frozenset(word.term for word in content_words(words(text, language)))


def words(text: str, language: str) -> tuple[Word, ...]:
    """Cut a text into words, each with its term in the given language.

    Words in Arabic script are stemmed as Arabic whatever the language of the text.
    """
    return tuple(_words(text, language))


def _words(text: str, language: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        surface = match.group()
        yield Word(surface, _term(surface, language), match.start(), match.end())


@cache
def _stemmer(language: str) -> Any:
    algorithm = _SNOWBALL.get(language)
    return Stemmer.Stemmer(algorithm) if algorithm else None


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _term(surface: str, language: str) -> str:
    folded = fold(surface)
    arabic = _ARABIC_SCRIPT.search(folded) is not None
    stemmer = _stemmer("ar" if arabic else language)
    return stemmer.stemWord(folded).translate(_ARABIC_LETTERS) if stemmer else folded


def fold(word: str) -> str:
    """Return a word without case, accents, apostrophes and possessive ending, digits as 0-9.

    Vowel marks, tatweel and invisible characters are removed, too; see ``bare_letters``.
    """
    if word.isascii() and word.isalnum():
        return word.lower()
    bare = _APOSTROPHE.sub("", _POSSESSIVE.sub("", word))
    return western_digits(bare_letters(bare.casefold()))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of a collection, with how often and in which form they occur.

    Attributes:
        terms: Every term, in the order of its identifier.
        forms: The most frequent way in which each is written.
        passage_counts: In how many passages each occurs.
        passages: How many passages there are.

    """

    terms: tuple[str, ...]
    forms: tuple[str, ...]
    passage_counts: tuple[int, ...]
    passages: int
    _ids: dict[str, int]

    @classmethod
    def of(
        cls,
        terms: Sequence[str],
        forms: Sequence[str],
        passage_counts: Sequence[int],
        passages: int,
    ) -> Vocabulary:
        """Make a vocabulary of equally long columns."""
        ids = {term: number for number, term in enumerate(terms)}
        if not len(ids) == len(forms) == len(passage_counts):
            raise ValueError(
                f"{len(ids)} different terms, {len(forms)} forms and {len(passage_counts)} counts "
                "do not make a vocabulary"
            )
        return cls(tuple(terms), tuple(forms), tuple(passage_counts), passages, ids)

    @classmethod
    def count(
        cls,
        surfaces: Sequence[str],
        form_terms: tuple[str, ...],
        often: npt.NDArray[np.int64],
        passage_counts: npt.NDArray[np.int64],
        passages: int,
    ) -> Vocabulary:
        """Make the vocabulary of all words of a collection; terms are in alphabetical order.

        Args:
            surfaces: How each form of a word is written; of equal terms, ascending.
            form_terms: The term of each form.
            often: int64, (forms,): how often each form stands in the collection.
            passage_counts: int64, (terms,): in how many passages each term occurs.
            passages: How many passages there are.

        """
        terms, of_form = number_terms(form_terms)
        # Of equally frequent forms of a term, the first: the sort is stable.
        order = np.lexsort((-often, of_form))
        usual = order[np.searchsorted(of_form[order], np.arange(len(terms)))]
        return cls.of(terms, [surfaces[form] for form in usual], passage_counts.tolist(), passages)

    def id_of(self, term: str) -> int | None:
        """Return the identifier of a term; None when the collection does not have it."""
        return self._ids.get(term)

    def idf(self, term: str) -> float:
        """Return the inverse document frequency as in Lucene's BM25, highest for unknown terms."""
        number = self._ids.get(term)
        count = 0 if number is None else self.passage_counts[number]
        return float(np.log(1 + (self.passages - count + 0.5) / (count + 0.5)))


_AT_ONCE = 1 << 18
"""How many postings are scored at once."""


class BM25:
    """BM25 (k1 1.5, b 0.75, Lucene's idf) over the passages of a collection."""

    def __init__(self, postings: Postings, lengths: npt.NDArray[np.int32]) -> None:
        """Compute what each term adds to the score of each passage that it occurs in.

        Args:
            postings: How often each term occurs in each passage.
            lengths: int32, (passages,): how many words each passage has.

        Raises:
            ValueError: The postings are those of other passages.

        """
        self.postings = postings
        self._passages = passages = len(lengths)
        if not (postings.passages < passages).all():
            raise ValueError(f"the postings are not those of {passages} passages")
        in_passages = postings.passage_counts()
        idf = np.log(1 + (passages - in_passages + 0.5) / (in_passages + 0.5)).astype(np.float32)
        dampers = _K1 * ((1 - _B) + _B * lengths / max(lengths.mean(), 1.0))
        scores = np.repeat(idf, in_passages)
        # In blocks, for which the same memory serves again: fresh memory takes most of the time.
        for begin in range(0, len(scores), _AT_ONCE):
            block = slice(begin, begin + _AT_ONCE)
            counts = postings.counts[block]
            scores[block] *= counts / (dampers[postings.passages[block]] + counts)
        self._scores = scores

    def scores(self, terms: Sequence[int]) -> Scores:
        """Return the score of every passage, float32, (passages,), 0 or more; higher is better."""
        scores = np.zeros(self._passages, dtype=np.float32)
        for term in terms:
            block = slice(*self.postings.first[term : term + 2])
            scores[self.postings.passages[block]] += self._scores[block]
        return scores


@lru_cache(maxsize=4)
def number_terms(form_terms: tuple[str, ...]) -> tuple[tuple[str, ...], TermIds]:
    """Number the terms of all forms in alphabetical order. Remembered: several ask for the same.

    Returns:
        The terms; and, int32, (forms,), the number of each form's.

    """
    terms = tuple(sorted(set(form_terms)))
    numbers = {term: number for number, term in enumerate(terms)}
    of_form = np.array([numbers[term] for term in form_terms], dtype=np.int32)
    of_form.flags.writeable = False
    return terms, of_form


def best_scored(scores: Scores, count: int) -> npt.NDArray[np.int64]:
    """Return the passages with the best scores above 0, in no order.

    Only those that may be among the best are compared: as many blocks of passages as are wanted
    have some score as good as the worst of these blocks' maxima.

    Args:
        scores: float32, (passages,), 0 or more.
        count: How many passages at most.

    """
    least = np.finfo(np.float32).tiny
    blocks = len(scores) // _BLOCK
    if blocks > count:
        maxima = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
        least = max(least, np.partition(maxima, -count)[-count])
    scored = np.flatnonzero(scores >= least)
    if len(scored) <= count:
        return scored
    return scored[np.argpartition(-scores[scored], count)[:count]]
