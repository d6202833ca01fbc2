"""The names in the passages of a collection, as far as it writes their words with capitals.

A word that begins a sentence proves nothing by its capital. It is a name where the collection has
it within sentences, too, and does not mostly write it small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from citadel.index.corpus.passages import HEADER_PARAGRAPH, Passage
from citadel.index.retrieval.lexical import fold, stop_words
from citadel.index.retrieval.name_counts import plain_form
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.written_names import WrittenName, written_names

_ALL_NOUNS_HAVE_CAPITALS = frozenset({"de", "lb"})
"""The languages in which a capital proves no name."""


def collected_names(index: PassageIndex) -> Iterator[tuple[int, WrittenName]]:
    """Yield the names of all passages, without words that only begin a sentence.

    Each comes with the number of its passage, placed in the stored text, in reading order.
    """
    inside: set[str] = set()
    kept: list[tuple[int, WrittenName]] = []
    doubtful: list[tuple[int, WrittenName]] = []
    for number, passage in _readable(index):
        for span in passage.sentences:
            for name in written_names(passage.quote(span)):
                placed = replace(name, start=name.start + span.start, end=name.end + span.start)
                if placed.opens and len(placed.words) == 1:
                    doubtful.append((number, placed))
                    continue
                if placed.opens:
                    placed = _without_opening(placed, index)
                if len(placed.words) == 1 and _is_ordinary(placed.text, index):
                    continue
                kept.append((number, placed))
                inside.update(placed.words[placed.opens :])
    kept += [
        each
        for each in doubtful
        if each[1].text in inside and not _is_ordinary(each[1].text, index)
    ]
    yield from sorted(kept, key=lambda each: (each[0], each[1].start))


def _readable(index: PassageIndex) -> Iterator[tuple[int, Passage]]:
    """Yield the passages in languages whose capitals mean something."""
    for number, passage in enumerate(index.passages):
        language = index.articles[int(index.article_of[number])].language
        if language not in _ALL_NOUNS_HAVE_CAPITALS and passage.paragraph != HEADER_PARAGRAPH:
            yield number, passage


def _without_opening(name: WrittenName, index: PassageIndex) -> WrittenName:
    """Return a name without a word before it that only begins the sentence."""
    first, _, rest = name.text.partition(" ")
    counts = index.spelling
    bare = plain_form(first)
    if counts.lower.get(bare, 0) < counts.upper.get(bare, 0) or not rest[:1].isupper():
        return name
    while _is_stop_word(rest):
        rest = rest.partition(" ")[2]
    return replace(name, start=name.end - len(rest), text=rest, opens=False, placed=False)


def _is_stop_word(text: str) -> bool:
    return fold(text.partition(" ")[0]) in stop_words() and " " in text


def _is_ordinary(word: str, index: PassageIndex) -> bool:
    """Return whether the collection mostly writes a word without a capital."""
    bare = plain_form(word)
    return index.spelling.lower.get(bare, 0) >= index.spelling.upper.get(bare, 0)
