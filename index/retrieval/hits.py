"""What a search returns: passages, each with the sentences that match best."""

from __future__ import annotations

from dataclasses import dataclass

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """A sentence of a found passage.

    Attributes:
        span: The sentence, by its offsets in the stored text of the article.
        score: How well it matches the question, 0 to 1, comparable within one search only;
            higher is better.

    """

    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the question and the word of the collection that it was matched to.

    Attributes:
        asked: The word as the person wrote it.
        found: The word as the collection writes it.

    """

    asked: str
    found: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage.

    Attributes:
        passage: The passage.
        score: 0 to 1, comparable within one search only; higher is better.
        sentences: All its sentences, best first.
        matches: Which words of the question stand in it, in which form; equal forms included.

    """

    passage: Passage
    score: float
    sentences: tuple[SentenceHit, ...]
    matches: tuple[Match, ...]
