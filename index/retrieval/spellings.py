"""Spellings of names and typing errors, matched to the collection's own words.

Names from other scripts have no one spelling: Hananu is Hanano, and Zenki is al-Zanki. They keep
their consonants, so two words with one consonant skeleton and enough letters in common are taken
for one name. What is no name is matched by edit distance. Nothing is rewritten that the
collection writes as the person does, nor a word that the model's own vocabulary knows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from citadel.index.corpus.characters import bare_letters
from citadel.index.retrieval.hits import Match
from citadel.index.retrieval.name_counts import (
    ARTICLE,
    SHORTEST_WORD,
    WORD,
    NameCounts,
    bare_form,
    counts_up,
    no_names,
    plain_form,
)

_CONSONANTS = (
    ("dzh", "j"), ("tch", "j"), ("sch", "s"), ("kh", "k"), ("gh", "k"), ("dj", "j"), ("sh", "s"),
    ("ch", "s"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("zh", "z"),
)  # fmt: skip
_ARABIC_SOUNDS = str.maketrans(
    dict(zip("بتثجحخدذرزسشصضطظغفقكلمنهپچگڤ", "bttkhkddrzsssdtzkfkklmnhbkkf", strict=True))
    | dict.fromkeys("اأإآٱويىةءئؤعـ", "")
)
_ARABIC_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل|و(?=\w{4}))")
_ARABIC_WORD = re.compile(r"[\u0620-\u06d3]+")
_LETTERS = str.maketrans(
    dict.fromkeys("qgcjx", "k")
    | {"v": "f", "p": "b", "ł": "l", "đ": "d", "ð": "d", "þ": "t", "ß": "s"}
    | dict.fromkeys("aeiouywøæœ'’`ʿʾ-", "")
)
_BEGINNINGS = ("", "re", "un", "dis", "mis", "over", "out")
_ENDINGS = (
    "", "s", "es", "d", "ed", "ing", "ings", "er", "ers", "r", "rs", "or", "ors", "ee", "ees", "ly",
    "y", "al", "ion", "ions", "ment", "ments", "e", "en", "ens", "est", "age", "ages", "ness",
    "less", "able",
)  # fmt: skip
_AFTER_E = ("r", "rs")
_CONTRACTION = re.compile(r"n['’]t$")
_SHORTHAND = {
    "wat": "what", "wot": "what", "wht": "what", "waht": "what", "wich": "which",
    "whcih": "which", "wen": "when", "whn": "when", "wher": "where", "hw": "how", "wy": "why",
    "teh": "the", "hte": "the", "dos": "does", "abt": "about", "abuot": "about",
    "ppl": "people", "bcz": "because", "thier": "their",
}  # fmt: skip
"""What people type for the little words; none of them is an English word."""

_SHORTEST_TYPO = 5
_SHORTEST_STEM = 4
_TWO_ERRORS_FROM = 8
_LONGEST_ACRONYM = 5
_NAME_RATIO = 62.0
_SMALL_NAME_RATIO = 76.0
"""A word without a capital has to be spelt nearly like the name."""
_JOINED_RATIO = 75.0
_KNOWN_WORD_RATIO = 85.0
_SHORT_KNOWN_WORD_RATIO = 80.0
_LONG_SKELETON_BONUS = 7.0
_NEIGHBOUR_BONUS = 15.0
_FIRST_LETTER_BONUS = 10.0
"""Of two names, the one that begins alike is the likelier."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A question in the collection's spelling.

    Attributes:
        text: What to search for.
        matches: The words that were read as others; none when the text is the question.

    """

    text: str
    matches: tuple[Match, ...]


class Spellings:
    """Reads the words of a question as words of the collection.

    Of 7,932 questions of the newsroom without a variant or an error it changes 25.
    """

    def __init__(
        self,
        counts: NameCounts,
        knows_word: Callable[[str], bool],
        has_word: Callable[[str], bool],
    ) -> None:
        """Prepare the collection's names.

        Args:
            counts: How the collection writes its words.
            knows_word: Whether a word in lower case is one of the model's own vocabulary, and so
                a common one.
            has_word: Whether the collection has a word in any form.

        """
        self._knows_word = knows_word
        self._has_word = has_word
        self._capital = counts.upper.keys()
        self._acronyms = counts.acronyms()
        self._counts = Counter(counts.lower) + Counter(counts.upper)
        self._pairs = counts.pairs()
        self._words = sorted(w for w in self._counts if len(w) >= _SHORTEST_TYPO - 1)
        self._names: dict[str, list[tuple[str, str]]] = {}
        paired = {word for pair in self._pairs for word in pair.split()}
        self._doubtful: set[str] = set()
        """Common words with a capital once: names only next to others, and for a capital."""
        for word in sorted(counts.upper):
            often = counts.upper[word]
            if often <= counts.lower.get(word, 0) or word in no_names():
                continue
            if often == 1 and self._is_common(word):
                if word not in paired:
                    continue
                self._doubtful.add(word)
            for bones in skeletons(word):
                self._names.setdefault(bones, []).append((word, word))
        for joined, spaced in sorted(counts.joined().items()):
            if len(bones := skeleton(joined)) >= 4:
                self._names.setdefault(bones, []).append((joined, spaced))

    def correct(self, question: str) -> Correction:
        """Return the question with its names and typing errors in the collection's spelling."""
        words = list(WORD.finditer(question))
        capitals = sum(word.group()[0].isupper() for word in words)
        shouted = len(words) > 2 and capitals > 0.7 * len(words)
        pieces: list[str] = []
        matches: list[Match] = []
        cursor = 0
        for place, word in enumerate(words):
            if word.start() < cursor:
                continue
            found, end = self._read(words, place, shouted)
            surface = question[word.start() : end]
            if not found or found == surface.lower() or _is_fragment(found, surface):
                continue
            found = found.title() if _is_capital(surface) and found.islower() else found
            pieces += [question[cursor : word.start()], found]
            matches.append(Match(surface, found))
            cursor = end
        return Correction("".join([*pieces, question[cursor:]]), tuple(matches))

    def _read(
        self, words: list[re.Match[str]], place: int, shouted: bool
    ) -> tuple[str | None, int]:
        """Return what to read a word as, if anything, and where what was read ends."""
        word = words[place]
        surface = word.group()
        bare = bare_form(surface)
        sure = self._sure_reading(surface, bare)
        certain = sure is not None or len(bare) < SHORTEST_WORD or _ARABIC_WORD.match(surface)
        if certain or counts_up(word) or _CONTRACTION.search(surface):
            return sure, word.end()
        before = bare_form(words[place - 1].group()) if place else ""
        after = words[place + 1] if place + 1 < len(words) else None
        present = (
            bare in self._counts or plain_form(surface) in self._counts or self._has_word(surface)
        )
        if after is not None:
            joined = self._joined_name(word, after, present)
            if joined is not None:
                return joined, after.end()
        capital = place > 0 and not shouted and _is_capital(surface)
        # “Said” may be a name where “said” is a verb of the collection.
        if present and not (capital and bare not in self._capital):
            return None, word.end()
        neighbours = (before, bare_form(after.group()) if after is not None else "")
        return self._name_or_typo(surface, bare, present, capital, neighbours), word.end()

    def _sure_reading(self, surface: str, bare: str) -> str | None:
        """Return what a word can only stand for: a shorthand, an acronym, a name in Arabic."""
        if surface.lower() in _SHORTHAND:
            return _SHORTHAND[surface.lower()]
        if surface in self._acronyms and bare not in self._counts:
            return self._acronyms[surface]
        return self._transliterated(surface) if _ARABIC_WORD.match(surface) else None

    def _transliterated(self, surface: str) -> str | None:
        """Return the name that an Arabic word is, when the collection writes it in Latin letters.

        Arabic leaves most vowels out, so at least three consonants must agree; of several such
        names it is the most frequent.
        """
        bones = skeleton(surface)
        if self._has_word(surface) or len(bones) < SHORTEST_WORD:
            return None
        found = [
            joined
            for joined, spaced in self._names.get(bones, ())
            if joined == spaced and joined not in self._doubtful
        ]
        best = max(found, key=lambda name: (self._counts[name], name), default=None)
        return best.title() if best is not None else None

    def _name_or_typo(
        self, surface: str, bare: str, present: bool, capital: bool, neighbours: tuple[str, str]
    ) -> str | None:
        common = self._is_common(bare)
        acronym = surface.isupper() and len(surface) <= _LONGEST_ACRONYM
        name: tuple[str, float] | None = None
        if (capital or not common) and not acronym:
            # A common word must look nearly the same to be taken for a name.
            short = len(bare) < 6
            known = _SHORT_KNOWN_WORD_RATIO if short else _KNOWN_WORD_RATIO
            other = _NAME_RATIO if capital else _SMALL_NAME_RATIO
            name = self._name(bare, known if common else other, capital, neighbours)
        if not common and not present and (name is None or not capital):
            typo = self._typo(bare, capital)
            if typo is not None and (name is None or typo[1] > max(name[1], _KNOWN_WORD_RATIO)):
                return typo[0]
        return name[0] if name is not None else None

    def _joined_name(self, word: re.Match[str], after: re.Match[str], present: bool) -> str | None:
        """Return the name that two words of a question are one spelling of."""
        first, second = bare_form(word.group()), bare_form(after.group())
        adjacent = after.start() - word.end() <= 1
        if not (adjacent and word.group()[0].isupper() and _is_capital(after.group())):
            return None
        if len(second) < SHORTEST_WORD or counts_up(after) or len(skeleton(first + second)) < 4:
            return None
        if present and second in self._counts:
            return None
        if self._is_common(first) and self._is_common(second):
            return None
        name = self._name(first + second, _JOINED_RATIO, True, ("", ""))
        return name[0] if name is not None and name[0] != f"{first} {second}" else None

    def _name(
        self, word: str, least: float, capital: bool, neighbours: tuple[str, str]
    ) -> tuple[str, float] | None:
        """Return the most similar name with the same skeleton, and its similarity, 0 to 115."""
        before, after = neighbours
        found: list[tuple[float, float, str]] = []
        for bones in skeletons(word):
            if len(bones) < 2:
                continue
            enough = least - (_LONG_SKELETON_BONUS if len(bones) > 2 else 0.0)
            for joined, spaced in self._names.get(bones, ()):
                ratio = fuzz.ratio(word, joined)
                if f"{before} {joined}" in self._pairs or f"{joined} {after}" in self._pairs:
                    ratio += _NEIGHBOUR_BONUS
                if ratio >= enough and (capital or joined not in self._doubtful):
                    same = _FIRST_LETTER_BONUS if joined[0] == word[0] else 0.0
                    found.append((ratio + same, ratio, spaced))
        _, ratio, name = max(found, default=(0.0, 0.0, ""), key=lambda each: each[0])
        return (name, ratio) if name else None

    def _typo(self, word: str, capital: bool) -> tuple[str, float] | None:
        """Return the nearest word of the collection, and a similarity, at most 90.

        One error (a swap of neighbours counts as one), or two in a long word whose first letter
        is right and that is no name; the most frequent of equally near words.
        """
        if len(word) < _SHORTEST_TYPO:
            return None
        # Two letters make another name: Mariupol is no Marisol.
        allowed = 2 if len(word) >= _TWO_ERRORS_FROM and not capital else 1
        near = process.extract(
            word, self._words, scorer=OSA.distance, score_cutoff=allowed, limit=8
        )
        ranked = [
            ((distance, found[0] != word[0], -self._counts[found]), found)
            for found, distance, _ in near
            if distance == 1 or found[0] == word[0]
        ]
        if not ranked:
            return None
        (distance, _, _), found = min(ranked)
        return found, 100.0 - 10.0 * distance

    def _is_common(self, word: str) -> bool:
        """Return whether a word, or a form of it, is in the model's vocabulary."""
        if self._knows_word(word) or any(self._knows_word(stem) for stem in _stems(word)):
            return True
        if len(word) < 4:
            return False
        stems = (word, word[:-1]) if word.endswith("e") else (word,)
        return any(
            self._knows_word(stem + end) for stem in stems for end in ("s", "d", "ed", "ing")
        )


def skeleton(word: str) -> str:
    """Return the consonants of a word, sounds that are mistaken for one another as one.

    “Hanano” and “Hananu” are “hn”, “Zanki” and “al-Zenki” “znk”.
    """
    if _ARABIC_WORD.match(word):
        word = bare_letters(word)
        sounds = _ARABIC_ARTICLE.sub("", word).translate(_ARABIC_SOUNDS)
        return re.sub(r"(.)\1+", r"\1", sounds.rstrip("h")) or sounds[:1]
    bare = ARTICLE.sub("", word.lower())
    for letters, sound in _CONSONANTS:
        bare = bare.replace(letters, sound)
    bare = bare.rstrip("h")
    return re.sub(r"(.)\1+", r"\1", bare.translate(_LETTERS)) or bare[:1]


def skeletons(word: str) -> tuple[str, ...]:
    """Return the skeletons of a word: where a “j” may be read as “y”, as in Jelena, two."""
    bones, other = skeleton(word), skeleton(word.replace("j", "y"))
    return (bones,) if "dj" in word or bones == other else (bones, other)


def _stems(word: str) -> Iterator[str]:
    """Yield a word, and what is left of it without a beginning or an ending: “re…ers”, “…ness”."""
    for beginning in filter(word.startswith, _BEGINNINGS):
        rest = word[len(beginning) :]
        for ending in filter(rest.endswith, _ENDINGS):
            stem = rest[: len(rest) - len(ending)]
            if len(stem) < _SHORTEST_STEM or (ending in _AFTER_E and stem[-1] != "e"):
                continue
            yield from (stem, stem + "e")
            if ending and stem[-1] == stem[-2]:
                yield stem[:-1]


def _is_fragment(found: str, surface: str) -> bool:
    """Distinguish a piece of a word from a spelling of that word.

    “gori” is a piece of “Grigori”; in “ferryy” and “Mmern” one letter only stands twice.
    """
    piece, whole = bare_form(found).replace(" ", ""), bare_form(surface).replace(" ", "")
    if piece == whole or piece not in whole:
        return False
    return whole not in (piece[:1] + piece, piece + piece[-1:])


def _is_capital(surface: str) -> bool:
    return surface[0].isupper() or ("-" in surface and surface != surface.lower())
