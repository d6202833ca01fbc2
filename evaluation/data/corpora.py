"""Makes articles of the paragraphs that a public data set brings along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from citadel.evaluation.data.questions import Place
from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Block, BlockKind, trim

_GAP = "\n\n"

_WHOLE_DOCUMENT = 4000
"""A longer text, in code points, is no paragraph but a document; its lines are paragraphs."""


@dataclass(frozen=True, slots=True)
class Collected:
    """An article made of texts, and where each of them begins in it.

    Attributes:
        article: The texts, one after another.
        starts: The offset of each text in the stored text, in their order.

    """

    article: Article
    starts: tuple[int, ...]

    def place(self, text: int, start: int, end: int) -> Place:
        """Return the place of a range of the text with that number."""
        base = self.starts[text]
        return Place(self.article.source, base + start, base + end)


def collect(source: str, title: str, language: str, texts: Sequence[str]) -> Collected:
    """Make an article in which each text is a paragraph, and so a passage.

    A text that is a whole document, as in COVID-QA, is cut into paragraphs at its line breaks.

    Args:
        source: The name to give to the article, unique in its collection.
        title: The title, or "".
        language: ISO 639-1 code.
        texts: At least one that is not blank.

    """
    starts: list[int] = []
    blocks: list[Block] = []
    base = 0
    whole = _GAP.join(texts)
    for text in texts:
        starts.append(base)
        for start, end in _paragraphs(text):
            span = trim(whole, base + start, base + end)
            if span is not None:
                blocks.append(Block(BlockKind.PARAGRAPH, span))
        base += len(text) + len(_GAP)
    if not blocks:
        raise ValueError(f"{source} has no paragraph")
    article = Article(
        source=source,
        text=whole,
        title=title or source,
        subtitle="",
        author="",
        publisher="",
        date="",
        language=language,
        origin="",
        header=None,
        blocks=tuple(blocks),
    )
    return Collected(article, tuple(starts))


def _paragraphs(text: str) -> Iterable[tuple[int, int]]:
    if len(text) <= _WHOLE_DOCUMENT:
        yield 0, len(text)
        return
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line)
        start += len(line)
