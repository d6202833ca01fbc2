"""Whose account each quote of an answer is, and what is shown before it to understand it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from citadel.index.corpus.articles import Article
from citadel.index.corpus.languages import ENGLISH
from citadel.index.corpus.passages import HEADER_PARAGRAPH, Passage
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.qa.answer.answers import NARRATED, Account, Citation, Lead
from citadel.qa.answer.antecedents import antecedents
from citadel.qa.answer.frames import Scene, lines_of
from citadel.qa.answer.people import Mention, is_person
from citadel.qa.answer.person_names import introduction
from citadel.qa.answer.speakers import attribution

_PARAGRAPHS_BEFORE = 3
"""How many paragraphs before that of a quote, in its section, are read for what it refers to."""

_REMEMBERED = 64
"""How many scenes of paragraphs are kept: the quotes of an answer often share one."""

_OF_HIM = re.compile(r"^(?:[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s[^,]+,\s")
"""“Its chief executive, Rupert Ashdown”: the reader wouldn't know whose."""


class Accounts:
    """Says whose account quotes from the articles of an index are."""

    def __init__(self, index: PassageIndex) -> None:
        """Read from the articles of an index."""
        self._articles = {article.source: article for article in index.articles}
        firsts = np.searchsorted(index.article_of, np.arange(len(index.articles))).tolist()
        self._first = dict(zip(self._articles, firsts, strict=True))
        self._passages = index.passages
        self._scene = lru_cache(_REMEMBERED)(self._scene_of)

    def told(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        """Return the citations, each with its account and what is read before it.

        Citations in another language than English get neither: speakers are found by English
        words.
        """
        return tuple(self._told(citation) for citation in citations)

    def _told(self, citation: Citation) -> Citation:
        passage = citation.passage
        if passage.paragraph == HEADER_PARAGRAPH:
            return replace(citation, account=NARRATED)
        if self._articles[passage.source].language != ENGLISH:
            return citation
        scene = self._scene(passage.source, passage.paragraph)
        place = next((n for n, line in enumerate(scene.lines) if line.span == citation.span), None)
        if place is None:
            return citation
        return replace(citation, account=account(scene, place), before=leads(scene, place))

    def _scene_of(self, source: str, paragraph: int) -> Scene:
        first = self._first[source]
        own = first + paragraph - 1
        near = range(max(first, own - _PARAGRAPHS_BEFORE), own + 1)
        return scene_of(self._articles[source], [self._passages[number] for number in near])


def scene_of(article: Article, passages: Sequence[Passage]) -> Scene:
    """Return what is looked at to learn who is meant in the last of some paragraphs.

    Args:
        article: Their article.
        passages: The last one and those before it, in reading order. A few of the same section
            are looked at.

    """
    *before, own = passages[-1 - _PARAGRAPHS_BEFORE :]
    of_section = [passage for passage in before if passage.section == own.section]
    return Scene(article.text, lines_of([*of_section, own]))


def account(scene: Scene, place: int) -> Account:
    """Return whose account the sentence at a place of a scene is."""
    told = attribution(scene, place)
    speakers = dict.fromkeys(_introduced(scene, mention) for mention in told.speakers)
    return Account(told.reported, "; ".join(speakers), told.named)


def _introduced(scene: Scene, mention: Mention) -> str:
    """Return how the article introduces a speaker: with the full name, and the role."""
    words = mention.of(scene)
    if not is_person(scene, mention) or "," in words:
        return _OF_HIM.sub("", words)
    end = mention.span(scene).end
    found = introduction(words, scene.article, end)
    if found is None:
        return words
    full = found.of(scene.article)
    name, comma, role = full.partition(",")
    return words + comma + role if words.endswith(name) else full


def leads(scene: Scene, place: int) -> tuple[Lead, ...]:
    """Return what to read before the sentence at a place of a scene, in reading order."""
    places = antecedents(scene, place)
    return tuple(
        Lead(scene.lines[number].span, scene.lines[number].text, follows == number + 1)
        for number, follows in pairwise([*places, place])
    )
