"""Recognises articles that are the same, or nearly, whatever file and format they come in."""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from index.articles import Article
from index.layout import BlockKind

_WORD = re.compile(r"\w+")

_SHINGLE = 5
"""Words that stand together in both texts count as one thing in common."""

_SAMPLED = 8
"""One in so many shingles is compared, chosen by its hash, so the same ones in every text."""

_ENOUGH = 16
"""Two articles with fewer sampled shingles are too short for an estimate."""

_NEARLY = 0.7
"""The resemblance of two articles of which one is probably a version of the other."""


_PARAGRAPH_WORDS = 12
"""A shorter paragraph may well stand in two articles: “He did not answer.”"""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that an earlier one resembles.

    Attributes:
        original: The source of the earlier article.
        resemblance: Above 0, at most 1; 1 for the same words in the same order.

    """

    original: str
    resemblance: float


def find_duplicates(articles: Sequence[Article]) -> dict[str, Duplicate]:
    """Find for each article the earlier one that it resembles most, if that is nearly the same.

    The resemblance is the share of common shingles among all shingles of the two (Broder, On the
    resemblance and containment of documents, 1997), estimated from a sample.

    Returns:
        By the source of the later article.

    """
    found: dict[str, Duplicate] = {}
    same: dict[tuple[str, ...], str] = {}
    samples: dict[str, frozenset[int]] = {}
    holders: defaultdict[int, list[str]] = defaultdict(list)
    for article in articles:
        words = _words(article)
        if words in same:
            found[article.source] = Duplicate(same[words], 1.0)
            continue
        same[words] = article.source
        sample = _sample(words)
        common = Counter(source for shingle in sample for source in holders[shingle])
        resemblances = {
            source: count / len(both)
            for source, count in common.items()
            if len(both := sample | samples[source]) >= _ENOUGH
        }
        nearest = max(resemblances, key=lambda source: resemblances[source], default=None)
        if nearest is not None and resemblances[nearest] >= _NEARLY:
            # Below 1, which is for the very same words.
            found[article.source] = Duplicate(nearest, min(resemblances[nearest], 0.99))
        samples[article.source] = sample
        for shingle in sample:
            holders[shingle].append(article.source)
    return found


def find_shared_paragraphs(articles: Sequence[Article]) -> dict[str, Counter[str]]:
    """Find for each article the long paragraphs that stood in an earlier one, word for word.

    News agencies are copied, and publishers end every article with the same lines about them.

    Returns:
        By the source of the later article, how many of its paragraphs stood first in which one.

    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first: dict[int, str] = {}
    for article in articles:
        for block in article.blocks:
            if block.kind is not BlockKind.PARAGRAPH:
                continue
            words = _WORD.findall(block.span.of(article.text).casefold())
            if len(words) < _PARAGRAPH_WORDS:
                continue
            # Of a million paragraphs two have the same 64 bits once in 37 million times.
            digest = hash(tuple(words))
            original = first.setdefault(digest, article.source)
            if original != article.source:
                found[article.source][original] += 1
    return dict(found)


def _words(article: Article) -> tuple[str, ...]:
    """Return the words of the paragraphs, without what formats do to spaces and punctuation."""
    return tuple(
        word
        for block in article.blocks
        if block.kind is BlockKind.PARAGRAPH
        for word in _WORD.findall(block.span.of(article.text).casefold())
    )


def _sample(words: tuple[str, ...]) -> frozenset[int]:
    hashes = (
        zlib.crc32(" ".join(words[first : first + _SHINGLE]).encode())
        for first in range(max(len(words) - _SHINGLE + 1, 1))
    )
    return frozenset(number for number in hashes if number % _SAMPLED == 0)
