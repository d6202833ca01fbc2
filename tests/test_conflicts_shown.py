"""How different values are shown: in the record, on the page, in the terminal, in what is kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.answers import Answer, Claim, Status, answer_record
from citadel.qa.cli.plain_text import plain_text
from citadel.qa.page.answer import render_answer
from citadel.qa.page.transcript import transcript_entry
from tests.conflicting import OTHER_TOLL, TOLL, claims, invented
from tests.test_rendering_transcript import ASKED


@pytest.fixture
def articles(tmp_path: Path) -> tuple[Article, ...]:
    return invented(tmp_path, TOLL, OTHER_TOLL)


@pytest.fixture
def answer(articles: tuple[Article, ...]) -> Answer:
    """An answer of two articles that disagree."""
    question = "How many civilians were killed in Marl?"
    found = claims(articles, question, TOLL)
    hits = tuple(
        Hit(each.citation.passage, 0.8, (SentenceHit(each.citation.span, 0.8),), ())
        for each in found
    )
    return Answer(
        question,
        question,
        Status.ANSWERED,
        0.9,
        (found[0].citation,),
        hits,
        (),
        "g1",
        1.0,
        conflicts=found,
    )


def test_the_record_has_each_value_with_its_sentence_and_speaker(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    first, second = answer_record(answer)["conflicts"]
    text = articles[1].text
    assert second == {
        "value": "440",
        "value_start": text.index("440"),
        "value_end": text.index("440") + 3,
        "quote": OTHER_TOLL,
        "source": "article2.md",
        "start": text.index(OTHER_TOLL),
        "end": text.index(OTHER_TOLL) + len(OTHER_TOLL),
        "passage": 2,
        "reported": True,
        "speaker": "the Aid Society",
        "speaker_named": "here",
        "before": [],
    }
    assert (first["value"], first["source"]) == ("more than 600", "article1.md")


def test_the_page_shows_a_table_of_the_values(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    named = {article.source: article for article in articles}
    start = articles[1].text.index(OTHER_TOLL)
    address = f"#article2.md:1:{start}-{start + len(OTHER_TOLL)}"
    page = render_answer(answer, named)
    table = page[page.index("<table") : page.index("</table>")]
    assert table.startswith(
        '<table class="conflicts"><caption>The sentences that were found give different values'
        '</caption><thead><tr><th scope="col">Value</th>'
        '<th scope="col">Sentence and source</th></tr></thead><tbody>'
        '<tr><th scope="row" dir="auto">more than 600</th><td><blockquote'
    )
    assert table.endswith(
        '<tr><th scope="row" dir="auto">440</th><td>'
        f'<blockquote dir="auto" lang="en"><span>{OTHER_TOLL}</span> '
        f'<a class="cite" href="{address}" aria-label="Source 2: open in the article">[2]</a>'
        '</blockquote><p class="told">According to the Aid Society</p>'
        '<p class="origin"><bdi>Article 2</bdi> · <bdi>2 January 2020</bdi> · '
        "<bdi>paragraph 1</bdi></p></td></tr></tbody>"
    )
    assert "<table" not in render_answer(replace(answer, conflicts=()), named)


def test_the_terminal_lists_the_values(answer: Answer) -> None:
    assert (
        "\nThe sentences that were found give different values:\n"
        f"    more than 600: {TOLL} [1]\n        (According to the National Watch)\n"
        f"    440: {OTHER_TOLL} [2]\n        (According to the Aid Society)\n\n"
    ) in plain_text(answer)


def test_what_is_kept_of_a_conversation_has_the_values(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    kept = transcript_entry(answer, {article.source: article for article in articles}, ASKED)
    begins = kept.index("The sentences that were found give different values")
    assert [line for line in kept[begins:].split("\n\n") if line.startswith("**")] == [
        "**more than 600**",
        "**440**",
    ]


def test_a_value_lies_within_its_sentence(answer: Answer) -> None:
    cited = answer.conflicts[0].citation
    with pytest.raises(ValueError, match="is outside its sentence"):
        Claim(cited, Span(cited.span.start, cited.span.end + 1))
