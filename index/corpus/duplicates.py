"""Recognises articles that are the same, or nearly, whatever file and format they come in."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import BlockKind

_WORD = re.compile(r"\w+")

_SHINGLE = 5
"""Words that stand together in both texts count as one thing in common."""

_SAMPLED = 8
"""One in this many shingles is compared, chosen by its hash, so the same ones in every text."""

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


@dataclass(frozen=True, slots=True)
class Sketch:
    """What articles are compared by.

    Attributes:
        words: The SHA-256 of the words in their order.
        shingles: uint32, ascending: hashes of the shingles that are compared.
        paragraphs: uint64: hashes of the words of each long paragraph. Of a million paragraphs two
            have the same once in 37 million times.

    """

    words: bytes
    shingles: npt.NDArray[np.uint32]
    paragraphs: npt.NDArray[np.uint64]


def sketch(article: Article) -> Sketch:
    """Sketch an article, whatever formats do to spaces and punctuation."""
    paragraphs = [
        _WORD.findall(block.span.of(article.text).casefold())
        for block in article.blocks
        if block.kind is BlockKind.PARAGRAPH
    ]
    words = tuple(chain.from_iterable(paragraphs))
    long = [_digest(found)[:8] for found in paragraphs if len(found) >= _PARAGRAPH_WORDS]
    return Sketch(_digest(words), _sample(words), np.frombuffer(b"".join(long), dtype="<u8"))


def _digest(words: Sequence[str]) -> bytes:
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).digest()


def find_duplicates(sketches: Mapping[str, Sketch]) -> dict[str, Duplicate]:
    """Find for each article the earlier one that it resembles most, if that is nearly the same.

    The resemblance is the share of common shingles among all shingles of the two (Broder, On the
    resemblance and containment of documents, 1997), estimated from a sample. Two articles that
    have most shingles in common have one of their rarest in common (Bayardo et al., Scaling up
    all pairs similarity search, 2007), so only those with such a one are compared.

    Args:
        sketches: By the source of each article, in the order of the articles.

    Returns:
        By the source of the later article.

    """
    found: dict[str, Duplicate] = {}
    same: dict[bytes, str] = {}
    for source, each in sketches.items():
        original = same.setdefault(each.words, source)
        if original != source:
            found[source] = Duplicate(original, 1.0)
    originals = tuple(same.values())
    samples = [sketches[source].shingles for source in originals]
    for later, earlier in sorted(_similar(samples)):
        one, other = samples[later], samples[earlier]
        common = len(np.intersect1d(one, other, assume_unique=True))
        both = len(one) + len(other) - common
        # Below 1, which is for the very same words.
        resemblance = min(common / max(both, 1), 0.99)
        known = found.get(originals[later])
        nearer = known is None or resemblance > known.resemblance
        if both >= _ENOUGH and resemblance >= _NEARLY and nearer:
            found[originals[later]] = Duplicate(originals[earlier], resemblance)
    return found


def find_shared_paragraphs(sketches: Mapping[str, Sketch]) -> dict[str, Counter[str]]:
    """Find for each article the long paragraphs that stood in an earlier one, word for word.

    News agencies are copied, and publishers end every article with the same lines about them.

    Args:
        sketches: By the source of each article, in the order of the articles.

    Returns:
        By the source of the later article, how many of its paragraphs stood first in which one.

    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first: dict[int, str] = {}
    for source, each in sketches.items():
        for paragraph in each.paragraphs.tolist():
            original = first.setdefault(paragraph, source)
            if original != source:
                found[source][original] += 1
    return dict(found)


def _similar(samples: Sequence[npt.NDArray[np.uint32]]) -> set[tuple[int, int]]:
    """Return pairs, the later first, among which are all that have most shingles in common."""
    counts = np.array([len(sample) for sample in samples], dtype=np.int64)
    shingles = np.concatenate([np.zeros(0, np.uint32), *samples])
    _, kinds, often = np.unique(shingles, return_inverse=True, return_counts=True)
    owners = np.repeat(np.arange(len(samples)), counts)
    order = np.lexsort((kinds, often[kinds], owners))
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    # The rarest only: two texts that share none of these can't be alike enough.
    rare = place <= np.repeat(counts - np.ceil(_NEARLY * counts - 1e-9), counts)
    shared = order[rare & (often[kinds[order]] > 1)]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for kind, owner in zip(kinds[shared].tolist(), owners[shared].tolist(), strict=True):
        holders[kind].append(owner)
    return {
        (later, earlier)
        for group in holders.values()
        for place, later in enumerate(group)
        for earlier in group[:place]
    }


def _sample(words: tuple[str, ...]) -> npt.NDArray[np.uint32]:
    hashes = (
        zlib.crc32(" ".join(words[first : first + _SHINGLE]).encode())
        for first in range(max(len(words) - _SHINGLE + 1, 1))
    )
    return np.array(sorted({n for n in hashes if n % _SAMPLED == 0}), dtype=np.uint32)
