"""How much a question in Arabic leans on those before it. Pure.

Arabic has no capitals, and hangs pronouns on words: “يقودها”, leads it. So the signs differ
from those of English: an “and” before the question word, a pronoun that stands alone or hangs on a
word, and the lack of words of its own.
"""

from __future__ import annotations

import re

from citadel.index.corpus.characters import bare_letters
from citadel.index.retrieval.lexical import stop_words

_WORD = re.compile(r"[\u0621-\u064a]+")
_ASKING = (
    "من|ما|ماذا|متى|اين|كيف|لماذا|كم|هل|اي|اية|الى اين|من اين|منذ متى|الى متى|لمن|بم|بماذا|لم|علام"
)
_OPENING = re.compile(rf"^\W*(?:و|ف|ثم |لكن |او )(?:{_ASKING})\b|^\W*و?(?:ماذا|ما) عن\b")
_ASKS = frozenset(_ASKING.replace(" ", "|").split("|"))
_COPULAS = frozenset({"هو", "هي", "هم", "هما"})
_PRONOUNS = _COPULAS | {
    "هن",
    "ذلك",
    "تلك",
    "هذا",
    "هذه",
    "هؤلاء",
    "اولئك",
    "هناك",
    "حينها",
    "وقتها",
}
_ON_PREPOSITIONS = frozenset(
    f"{preposition}{pronoun}"
    for preposition in ("في", "من", "عن", "علي", "الي", "ل", "ب", "مع", "بين", "عند", "لدي", "حول")
    for pronoun in ("ه", "ها", "هم", "هما", "هن")
)
_ON_WORDS = re.compile(r"^\w{3,}(?:ها|هم|هما|هن)$|^(?:ي|ت|ا)\w{3,}ه$|^و?\w{3}ه$")
"""Pronouns at the end of nouns and verbs; “ه” alone only where a verb is likely."""

_ENDING_LIKE_ONE = """
مهم المهم اهم اتهم الفهم تفهم درهم الدرهم وهم اسهم الاسهم الهم تساهم يساهم ساهم مياه المياه الله
اتجاه
انتباه تجاه برهن يرهن الذهن الرهن المها نزيه توجيه التوجيه تنويه
"""
_NO_PRONOUN = frozenset(_ENDING_LIKE_ONE.split())
_CONJUNCTION = re.compile("^[وف](?=.{3})")
_FEW = 2


def dependence(question: str) -> float:
    """Return how much a question leans on those before it, from 0 (stands alone) to 1."""
    plain = bare_letters(question)
    words = _WORD.findall(plain)
    content = [word for word in words if is_content(word)]
    leaning = _by_pronoun(words)
    if not content:
        leaning = 1.0
    if _OPENING.search(plain):
        leaning = max(leaning, 0.8 if len(content) <= _FEW else 0.45)
    return leaning


def is_content(word: str) -> bool:
    """Distinguish a word that says what is asked about from those that every question has."""
    bare = bare_letters(word)
    stem = _CONJUNCTION.sub("", bare)
    little = stop_words() | _ASKS | _PRONOUNS | _ON_PREPOSITIONS
    return len(bare) > 1 and bare not in little and stem not in little


def _by_pronoun(words: list[str]) -> float:
    """Return how much a pronoun points back: not at all, if what it stands for may precede it."""
    for place, word in enumerate(words):
        if not _points_back(word, words[place - 1] if place else "", words[place + 1 :]):
            continue
        before = [each for each in words[:place] if is_content(each)]
        return 0.9 if len(before) < _FEW else 0.25
    return 0.0


def _points_back(word: str, before: str, after: list[str]) -> bool:
    stem = _CONJUNCTION.sub("", word)
    if word in _COPULAS and _CONJUNCTION.sub("", before) in _ASKS and after:
        return False  # “من هو المبعوث؟” is “who is the envoy?”
    if stem in _PRONOUNS or stem in _ON_PREPOSITIONS:
        return True
    return is_content(word) and word not in _NO_PRONOUN and _ON_WORDS.match(word) is not None
