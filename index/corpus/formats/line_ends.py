"""Words that are broken at the end of a line. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from citadel.index.corpus.formats.printed_words import SOFT_HYPHENS

_BREAKING_HYPHEN = re.compile(r"(?P<stem>[^\W\d_]+)(?P<hyphen>[-‐\u00ad\u0002\ufffe])$")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SOFT = frozenset(SOFT_HYPHENS)
_HYPHENS = _SOFT | frozenset("-‐")

_ARTICLES = frozenset({"al", "el"})
_NO_ARTICLE = re.compile(
    "l|ways|ready|most|though|together|so|ter|beit|bum|bino|cohol|cove|gebra|gorithm|ien|ign|ike"
    "|ive|mighty|mond|oe|ong|oud|pha|pine|tar|titud|tru|umin|umn|gun|go|calde|rededor|der|dest"
    "|bow|ect|egan|ement|ephant|even|evat|icit|igib|imin|ite|oquen|se|us"
)
"""How words go on that begin as an Arabic article does."""

_SUSPENDED = frozenset({"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e"})
"""Between “pre- and post-war” stands no word that was broken."""

_COMPOUNDING = frozenset(
    {"saint", "sainte", "san", "santa", "well", "self", "half", "vice", "non", "ex", "quasi"}
)
"""What begins compounds that are written with a hyphen, and next to no other words."""

_NO_COMPOUND = re.compile(
    "well(?:ington|ness|spring)|self(?:ish|less|ie|same)|vice(?:roy|regal)|half(?:way|penny)"
    "|non(?:e|sense|chalant|etheless|entity|agon|descript)|san(?:d|ct|it|e|guin|scrit)"
    "|ex(?!(?:president|minister|wife|husband|soldier|general|officer|combatant|rebel|member"
    "|prisoner|detainee|leader|fighter|chief|regime|yugoslav|soviet)).*"
)


@dataclass(frozen=True, slots=True)
class Spellings:
    """How a document spells the words that stand whole in it.

    Attributes:
        counts: How often each stands in it, in small letters.

    """

    counts: Counter[str]

    @classmethod
    def of(cls, lines: Iterable[str]) -> Spellings:
        """Count the words of a document, which distinguishes “well-known” from a broken word."""
        return cls(Counter(word for line in lines for word in _whole_words(line)))

    def join(self, text: str, following: str) -> str:
        """Return a text with the line below it: after a space, or without the hyphen between."""
        # A paragraph grows line by line: it is searched only where its last letter is a hyphen.
        broken = _BREAKING_HYPHEN.search(text) if text[-1:] in _HYPHENS else None
        if broken is None:
            return f"{self.ended(text)} {following}"
        word = _HYPHENATED.match(following)
        hyphen = "-" if broken["hyphen"] in SOFT_HYPHENS else broken["hyphen"]
        if word is None:
            return text[:-1] + hyphen + following
        if word[0] in _SUSPENDED:
            return f"{text[:-1]}{hyphen} {following}"
        if broken["hyphen"] == "\u00ad" and word[0][0].islower():
            return text[:-1] + following
        if self._keeps_hyphen(broken["stem"], word[0], following):
            return text[:-1] + hyphen + following
        return text[:-1] + following

    def ended(self, text: str) -> str:
        """Return a text that ends with a line: its last hyphen breaks no word."""
        return f"{text[:-1]}-" if text[-1:] in _SOFT else text

    def _keeps_hyphen(self, stem: str, rest: str, following: str) -> bool:
        """Distinguish a hyphen of the word itself from one that only breaks it.

        The document's own spelling of the word decides; where it has none, capitals begin the
        second half of a name, and some words are known to begin compounds.
        """
        first, second = stem.casefold(), rest.casefold()
        whole, compound = self.counts[first + second], self.counts[f"{first}-{second}"]
        if whole != compound:
            return compound > whole
        if not rest[0].islower():
            in_capitals = stem.isupper() and len(stem) > 1 and following[: len(rest)].isupper()
            return not (in_capitals and len(rest) > 1 and self._is_capitals(stem, rest))
        if first in _ARTICLES:
            return not _NO_ARTICLE.match(second)
        return first in _COMPOUNDING and not _NO_COMPOUND.match(first + second)

    def _is_capitals(self, stem: str, rest: str) -> bool:
        """Distinguish a word broken in a line of capitals from two names in capitals."""
        return stem.casefold() not in _ARTICLES and not (
            self.counts[stem.casefold()] or self.counts[rest.casefold()] > 1
        )


def _whole_words(text: str) -> Iterator[str]:
    """Yield the words of a line but for a broken one at its end, and the rest of one at its start.

    The rest of a word can't be distinguished from a word, and does no harm.
    """
    for match in _HYPHENATED.finditer(text.casefold()):
        if match.end() < len(text) and text[match.end()] not in SOFT_HYPHENS:
            yield match[0]
