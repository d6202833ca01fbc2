"""Sentences of the newsroom articles, of which people have written down who speaks or is meant."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import Passage, split_article
from citadel.qa.answer.accounts import scene_of
from citadel.qa.answer.frames import Scene
from tests.reading_here import read_article

ROOT = Path(__file__).parent.parent
NEWSROOM = ROOT / "evaluation" / "newsroom"
DATA = ROOT / "tests" / "data"


@dataclass(frozen=True)
class Labelled:
    """A sentence with its label.

    Attributes:
        article: Folder and name of its article.
        place: Its paragraph and its number in that, from 1: “6.3”.
        begins: Its first words.
        held_back: Whether it was labelled when the rules had been written, and judged once before
            any was mended for it.
        meant: What the report has to contain, one of these; empty where nothing is to be reported.
        told: What is reported.
    """

    article: str
    place: str
    begins: str
    held_back: bool
    meant: Sequence[str]
    told: Any


def labelled(name: str) -> tuple[Labelled, ...]:
    """The labelled sentences of a file of ``tests/data``."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return tuple(Labelled(**json.loads(line)) for line in lines)


def scene_and_place(sentence: Labelled) -> tuple[Scene, int]:
    """Where a sentence stands, as an answer looks at it."""
    article, passages = _article(sentence.article)
    paragraph, number = (int(part) for part in sentence.place.split("."))
    scene = scene_of(article, passages[:paragraph])
    span = passages[paragraph - 1].sentences[number - 1]
    assert span.of(article.text).split()[:8] == sentence.begins.split()
    return scene, [line.span for line in scene.lines].index(span)


@cache
def _article(name: str) -> tuple[Article, tuple[Passage, ...]]:
    folder, stem = name.split("/")
    article = read_article(NEWSROOM / folder / "articles" / f"{stem}.md")
    return article, split_article(article)


def shares(judged: Iterator[tuple[Labelled, str]]) -> dict[str, int]:
    """Count what is rightly reported, wrongly reported, missed, and rightly left out."""
    counts = {"right": 0, "wrong": 0, "missed": 0, "rightly none": 0}
    for sentence, told in judged:
        right = any(meant.split()[-1].lower() in told.lower() for meant in sentence.meant)
        if sentence.meant:
            counts["right" if right else "missed"] += 1
        elif not told:
            counts["rightly none"] += 1
        counts["wrong"] += bool(told) and not right
    return counts
