"""A refusal offers a question near it that the articles do answer, and never quotes for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import split_article
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer, Status, answer_record
from citadel.qa.answer.nearest import near_questions
from citadel.qa.cli.plain_text import plain_text
from citadel.qa.page.answer import render_answer
from tests.small_index import articles_of

BRIDGE = """---
title: The Bridge
---
## Who closed the bridge?

Anna Holm, the mayor of Lund, closed the bridge in May. Olof Berg stood next to it.

## Afterwards

It belonged to Lund Ferries, the company of the harbour.
"""


@pytest.fixture
def articles(tmp_path: Path) -> tuple[Article, ...]:
    return articles_of(tmp_path / "sources", bridge=BRIDGE)


def hits_of(articles: tuple[Article, ...]) -> tuple[Hit, ...]:
    return tuple(
        Hit(passage, 0.5, tuple(SentenceHit(span, 0.5) for span in passage.sentences), ())
        for article in articles
        for passage in split_article(article)
    )


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("How old is Holm?", ("Who is Anna Holm?",)),
        ("how old is holm", ("Who is Anna Holm?",)),
        # Nobody says who Berg is, and Lund is no person.
        ("How old is Berg?", ()),
        ("How large is Lund?", ()),
        ("What did Lund Ferries pay?", ()),
        ("When was the bridge closed by boat?", ("Who closed the bridge?",)),
        ("Who closed the bridge?", ()),
        ("What is the capital of Australia?", ()),
    ],
)
def test_near_questions_are_made_of_introductions_and_headings(
    articles: tuple[Article, ...], question: str, near: tuple[str, ...]
) -> None:
    named = {article.source: article for article in articles}
    assert near_questions(question, hits_of(articles), named) == near


def test_none_are_made_of_an_article_in_another_language(articles: tuple[Article, ...]) -> None:
    named = {each.source: replace(each, language="sv") for each in articles}
    assert near_questions("How old is Holm?", hits_of(articles), named) == ()


def test_a_refusal_offers_only_what_is_answered(answerer: Answerer) -> None:
    answer = answerer.answer("How old is Lavrov?")
    assert (answer.status, answer.nearest) == (Status.NOT_FOUND, "Who is Sergey Lavrov?")
    assert answer.citations == ()
    assert answerer.answer(answer.nearest).status is Status.ANSWERED
    assert answerer.answer("Who won the 2022 World Cup?").nearest == ""
    assert answerer.answer("Who is Sergey Lavrov?").nearest == ""


def test_it_is_shown_as_something_to_ask(articles: tuple[Article, ...]) -> None:
    hits = hits_of(articles)
    refusal = Answer("Age?", "Age?", Status.NOT_FOUND, 0.1, (), hits, (), "g1", 1.0)
    offering = replace(refusal, nearest="Who is <Anna> Holm?")
    named = {article.source: article for article in articles}
    assert (
        '<p class="nearest">The nearest question that the articles answer: '
        '<button type="button" class="example" lang="en" dir="auto">Who is &lt;Anna&gt; Holm?'
        "</button></p>"
    ) in render_answer(offering, named)
    assert 'class="nearest"' not in render_answer(refusal, named)
    told = "The nearest question that the articles answer: Who is <Anna> Holm?\n"
    assert told in plain_text(offering)
    assert "nearest question" not in plain_text(refusal)
    assert answer_record(offering)["nearest_question"] == "Who is <Anna> Holm?"
