"""Articles that disagree, and what is found where all of their sentences were."""

from collections.abc import Sequence
from pathlib import Path

from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import split_article
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.accounts import Accounts
from citadel.qa.answer.answers import Citation, Claim
from citadel.qa.answer.conflicts import conflicts
from tests.small_index import articles_of, cheap_index


def claims(articles: Sequence[Article], question: str, first: str) -> tuple[Claim, ...]:
    """What is claimed where all sentences were found, and one is quoted first."""
    passages = [passage for article in articles for passage in split_article(article)]
    hits = tuple(
        Hit(passage, 0.8, tuple(SentenceHit(span, 0.8) for span in passage.sentences), ())
        for passage in passages
    )
    [lead] = (
        Citation(number, passage, span)
        for number, passage in enumerate(passages, start=1)
        for span in passage.sentences
        if passage.quote(span).startswith(first)
    )
    told = Accounts(cheap_index("gen-1", articles)).told
    return conflicts(
        question, [lead], hits, {article.source: article for article in articles}, told
    )


def told(found: Sequence[Claim]) -> list[tuple[str, str | None]]:
    return [
        (each.written, each.citation.account.speaker if each.citation.account else None)
        for each in found
    ]


def invented(folder: Path, *texts: str) -> tuple[Article, ...]:
    named = {
        f"article{number}": f'---\ntitle: Article {number}\ndate: "2020-01-02"\n---\n{text}\n'
        for number, text in enumerate(texts, start=1)
    }
    return articles_of(folder, **named)


TOLL = "The attacks on Marl killed more than 600 civilians, according to the National Watch."
OTHER_TOLL = "According to the Aid Society, 440 civilians were killed in the attacks on Marl."
