"""Answers a question for an overview of articles with sentences quoted from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citadel.index.corpus.articles import Article
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.qa.answer.answers import Citation
from citadel.qa.answer.date_checks import date_warning
from citadel.qa.answer.intent import Message, MessageKind, names_title
from citadel.qa.answer.metadata_questions import header_citations, header_hits
from citadel.qa.answer.notes import dates_notes, overview_notes, section_notes
from citadel.qa.answer.overview import MOST_SECTIONS, ending, most_central, people, summary
from citadel.qa.answer.timeline import DatedSentence, timeline
from citadel.qa.answer.whole_articles import PlacedSentence, passages_of, sections_of

_ARTICLES = 8
_DATES = 10


@dataclass(frozen=True, slots=True)
class Overview:
    """What is quoted for an overview; nothing where the articles don't say.

    Attributes:
        citations: In reading order, or for dates in the order of time.
        hits: The passages that hold them, in the order in which they are first quoted.
        notes: What the reader should know besides the quotes, a sentence each.

    """

    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    notes: tuple[str, ...]


_NOTHING = Overview((), (), ())


def told_of_whole(
    index: PassageIndex, message: Message, articles: Sequence[Article], passages: int
) -> Overview:
    """Quote the headers or an overview, if that is asked for and the articles have it.

    Args:
        index: What the articles are in.
        message: What is asked.
        articles: Those to look into.
        passages: How many headers to quote at most.

    Raises:
        DamagedIndexError: The index can't be read, or is no longer what it was.

    """
    if message.kind is MessageKind.ABOUT_SOURCE:
        hits = header_hits(articles, message.field, passages)
        if hits:
            return Overview(header_citations(hits), hits, ())
    if message.kind is MessageKind.OVERVIEW or message.field == "subject":
        named = [each for each in articles if names_title(message.named, each.title)]
        return overview(index, named, message.field) if named else _NOTHING
    return _NOTHING


def overview(index: PassageIndex, articles: Sequence[Article], field: str) -> Overview:
    """Quote an overview of one article, or the most informative sentence of each of several.

    Args:
        index: What the articles are in.
        articles: Those to look into, one at least; of more than eight, the first eight are.
        field: "summary", "people", "ending" or "dates", see ``citadel.qa.answer.intent.Message``.

    Raises:
        DamagedIndexError: The index can't be read, or is no longer what it was.

    """
    looked_into = articles[:_ARTICLES]
    if field == "dates":
        return _dates(index, looked_into, len(articles))
    if len(articles) == 1:
        return _quoted(*_of_one(index, articles[0], field))
    sentences = [
        sentence for article in looked_into for sentence in _most_telling(index, article, field)
    ]
    return _quoted(sentences, overview_notes(len(looked_into), len(articles)))


def _of_one(
    index: PassageIndex, article: Article, field: str
) -> tuple[Sequence[PlacedSentence], tuple[str, ...]]:
    sections = sections_of(index, article)
    match field:
        case "people":
            return people(sections, (article.author, article.publisher)), ()
        case "ending":
            return ending(sections, _latest(index, article)), ()
        case _:
            return summary(sections), section_notes(MOST_SECTIONS, len(sections))


def _most_telling(index: PassageIndex, article: Article, field: str) -> tuple[PlacedSentence, ...]:
    """Return the one sentence of an article that an overview of several has, if there is one."""
    sections = sections_of(index, article)
    match field:
        case "people":
            return people(sections, (article.author, article.publisher), count=1)
        case "ending":
            return ending(sections, _latest(index, article))[-1:]
        case _:
            return (most_central(sections),)


def _latest(index: PassageIndex, article: Article) -> PlacedSentence | None:
    """Return the first sentence of the latest day that an article reports, not of its future."""
    written = [int(part) for part in article.date.split("-")] if article.date else []
    told = [
        dated
        for dated in timeline(article, passages_of(index, article))
        if dated.when[2] and not (written and list(dated.when[: len(written)]) > written)
    ]
    if not told:
        return None
    latest = next(dated for dated in told if dated.when == told[-1].when)
    return PlacedSentence(latest.passage, latest.span)


def _dates(index: PassageIndex, articles: Sequence[Article], count: int) -> Overview:
    """Quote the dated sentences in the order of time, each once, the first ten."""
    dated: list[DatedSentence] = sorted(
        (each for article in articles for each in timeline(article, passages_of(index, article))),
        key=lambda each: each.when,
    )
    sentences = list(dict.fromkeys(PlacedSentence(each.passage, each.span) for each in dated))
    notes = dates_notes(min(len(sentences), _DATES), len(sentences))
    if len(articles) < count:
        notes += overview_notes(len(articles), count)
    return _quoted(sentences[:_DATES], notes)


def _quoted(sentences: Sequence[PlacedSentence], notes: tuple[str, ...]) -> Overview:
    """Cite sentences in their order; their passages are the hits, numbered as they come."""
    passages = list(dict.fromkeys(sentence.passage for sentence in sentences))
    return Overview(
        tuple(
            Citation(
                passages.index(sentence.passage) + 1,
                sentence.passage,
                sentence.span,
                date_warning(sentence.text),
            )
            for sentence in sentences
        ),
        tuple(
            Hit(
                passage,
                1.0,
                tuple(
                    SentenceHit(sentence.span, 1.0)
                    for sentence in sentences
                    if sentence.passage == passage
                ),
                (),
            )
            for passage in passages
        ),
        notes if sentences else (),
    )
