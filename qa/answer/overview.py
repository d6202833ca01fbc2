"""Which sentences of a whole article are quoted for an overview of it. Pure.

Every sentence is one of the article's own; what is most central to its section is found by
LexRank, who is involved by how often they are named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np

from citadel.index.corpus.layout import is_announcement
from citadel.qa.answer.lexrank import lexrank
from citadel.qa.answer.parties import introductions
from citadel.qa.answer.whole_articles import PlacedSentence, Section, joined

FEWEST_SENTENCES = 5
"""How many sentences give an overview of an article, however few sections it has."""

MOST_SECTIONS = 24
"""How many sections are covered of an article with more: the longest ones."""

PARTIES = 8
"""How many of those who are involved are introduced."""

_OF_THE_LAST_SECTION = 2

_COMPARED = 1000
"""How many sentences of a section are compared with one another at most: the first ones."""

_FEWEST_WORDS = 6
_MOST_WORDS = 60
_ENDING = re.compile(r"[.!?。؟۔…][”’»」』)\]\"']*$")
_LEANING = re.compile(
    r"^[\W_]*(?:he|she|it|they|this|that|these|those|his|her|its|their|such|but|and|so|or|nor|also"
    r"|however|moreover|furthermore|meanwhile|instead|therefore|thus|then|otherwise|nevertheless"
    r"|nonetheless|in addition|for example|for instance|as a result)\b",
    re.IGNORECASE,
)
_ALIKE = 0.95


def summary(sections: Sequence[Section]) -> tuple[PlacedSentence, ...]:
    """Return the most central sentences of each section, in reading order.

    Each section has one; where that makes fewer than five, the longer sections have more.

    Args:
        sections: An article's, in reading order, one at least.

    """
    kept = sorted(_longest(sections, MOST_SECTIONS))
    ranked = {place: _central(sections[place]) for place in kept}
    taken = dict.fromkeys(kept, 1)
    for _ in range(FEWEST_SENTENCES - len(kept)):
        open_places = [place for place in kept if taken[place] < len(ranked[place])]
        if not open_places:
            break
        # The highest averages method (D'Hondt): the next sentence goes to the fullest section.
        fullest = max(
            open_places, key=lambda place: len(sections[place].sentences) / (taken[place] + 1)
        )
        taken[fullest] += 1
    return tuple(
        sections[place].sentences[row]
        for place in kept
        for row in sorted(ranked[place][: taken[place]])
    )


def most_central(sections: Sequence[Section]) -> PlacedSentence:
    """Return the most central sentence of a whole article."""
    whole = joined(sections)
    return whole.sentences[_central(whole)[0]]


def people(
    sections: Sequence[Section], besides: Collection[str], count: int = PARTIES
) -> tuple[PlacedSentence, ...]:
    """Return the sentences that introduce those who are named most, in reading order.

    None where no name is seen to act.

    Args:
        sections: An article's, in reading order.
        besides: Who is named but not involved: the author and the publisher.
        count: How many are introduced at most.

    """
    sentences = [sentence for section in sections for sentence in section.sentences]
    found = introductions([sentence.text for sentence in sentences], count, besides)
    return tuple(sentences[place] for place in sorted(found))


def ending(
    sections: Sequence[Section], latest: PlacedSentence | None
) -> tuple[PlacedSentence, ...]:
    """Return the most central sentences of the last section and the latest dated one.

    Args:
        sections: An article's, in reading order, one at least.
        latest: The sentence about the latest day; None where no day is named.

    Returns:
        In reading order.

    """
    last = sections[-1]
    chosen = {last.sentences[row] for row in _central(last)[:_OF_THE_LAST_SECTION]}
    chosen |= {latest} if latest else set()
    return tuple(sorted(chosen, key=lambda sentence: sentence.span.start))


def _longest(sections: Sequence[Section], count: int) -> list[int]:
    """Return the places of the longest sections."""
    by_length = sorted(range(len(sections)), key=lambda place: -len(sections[place].sentences))
    return by_length[:count]


def _central(section: Section) -> list[int]:
    """Return the rows of sentences that can stand alone, the most central first, none twice."""
    ranks = lexrank(section.vectors[:_COMPARED])
    order = [int(row) for row in np.argsort(-ranks, kind="stable")]
    standing = [row for row in order if _stands_alone(section.sentences[row].text)]
    chosen: list[int] = []
    for row in standing or order:
        likeness = section.vectors[chosen] @ section.vectors[row]
        if not chosen or float(likeness.max()) < _ALIKE:
            chosen.append(row)
    return chosen


def _stands_alone(sentence: str) -> bool:
    """Return whether a sentence is one, neither long nor short, and needs none before it."""
    return (
        _FEWEST_WORDS <= len(sentence.split()) <= _MOST_WORDS
        and _ENDING.search(sentence) is not None
        and _LEANING.match(sentence) is None
        and not is_announcement(sentence)
    )
