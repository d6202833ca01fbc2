"""What the page shows of an answer, as HTML: every state whole."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage, split_article
from citadel.qa.answer.answers import Account, Citation, Lead, Named, Status
from citadel.qa.answer.locators import address, readable_date, reference_parts
from citadel.qa.answer.markup import escape
from citadel.qa.page.answer import announcement, render_answer, render_failure, render_welcome
from citadel.qa.page.cards import render_sources
from citadel.qa.page.clippings import save_button
from citadel.qa.page.explanation import Strength, strength
from citadel.qa.page.references import references
from citadel.qa.page.welcome import Welcome
from tests.rendered import answer_of, found, hit, report_in


@pytest.fixture
def article(tmp_path: Path) -> Article:
    return report_in(tmp_path)


@pytest.fixture
def passages(article: Article) -> tuple[Passage, ...]:
    return split_article(article)


def test_an_answer_is_a_marked_sentence_with_its_source_then_the_others(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    _, convoy, lorries = passages
    first = f"#report.md:2:{convoy.sentences[0].start}-{convoy.sentences[0].end}"
    second = f"#report.md:3:{lorries.sentences[1].start}-{lorries.sentences[1].end}"
    assert render_answer(found(passages), {"report.md": article}) == (
        '<p class="status">Answer found in '
        '<button type="button" class="show-sources">1 article (2 passages)</button></p>'
        '<blockquote dir="auto" lang="en"><mark>The convoy left in May.</mark> '
        f'<a class="cite" href="{first}" aria-label="Source 1: open in the article">[1]</a>'
        '</blockquote><p class="origin"><bdi>The Paper</bdi> · '
        "<bdi>5 December 2016</bdi> · <bdi>The Convoy</bdi> · <bdi>paragraph 2</bdi></p>"
        '<h3>Also in the sources</h3><ul class="also"><li>'
        '<blockquote dir="auto" lang="en"><span>Two went on.</span> '
        f'<a class="cite" href="{second}" aria-label="Source 2: open in the article">[2]</a>'
        '</blockquote><p class="origin"><bdi>The Convoy</bdi> · '
        '<bdi>paragraph 3</bdi></p><p class="doubt">Lorries don’t walk.</p></li></ul>'
        '<p class="status"><button type="button" class="show-dates" data-source="report.md">'
        "All dates in the article, in order</button></p>"
    )


def test_a_possible_answer_is_unmarked_and_so_are_the_others(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    _, convoy, lorries = passages
    target = address(convoy, convoy.sentences[0])
    second = address(lorries, lorries.sentences[1])
    assert render_answer(found(passages, Status.POSSIBLE), {"report.md": article}) == (
        '<p class="status">Possibly related, not a clear answer:</p>'
        '<blockquote dir="auto" lang="en"><span>The convoy left in May.</span> '
        f'<a class="cite" href="{target}" aria-label="Source 1: open in the article">[1]</a>'
        '</blockquote><p class="origin"><bdi>The Paper</bdi> · '
        "<bdi>5 December 2016</bdi> · <bdi>The Convoy</bdi> · <bdi>paragraph 2</bdi></p>"
        '<h3>Perhaps related, too</h3><ul class="also"><li>'
        '<blockquote dir="auto" lang="en"><span>Two went on.</span> '
        f'<a class="cite" href="{second}" aria-label="Source 2: open in the article">[2]</a>'
        '</blockquote><p class="origin"><bdi>The Convoy</bdi> · '
        '<bdi>paragraph 3</bdi></p><p class="doubt">Lorries don’t walk.</p></li></ul>'
        '<p class="status"><button type="button" class="show-sources">1 article (2 passages)'
        "</button></p>"
        '<p class="status"><button type="button" class="show-dates" data-source="report.md">'
        "All dates in the article, in order</button></p>"
    )


def test_what_is_read_before_the_quote_is_not_quoted_again(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    _, convoy, lorries = passages
    named, quoted = lorries.sentences[:2]
    lead = Lead(named, lorries.quote(named), runs_on=True)
    leading = Citation(1, lorries, quoted, before=(lead,))
    hits = (hit(lorries, 0.8), hit(convoy, 0.75))
    others = (Citation(1, lorries, named), Citation(2, convoy, convoy.sentences[0]))
    shown = render_answer(
        answer_of(Status.ANSWERED, hits, (leading, *others)), {"report.md": article}
    )
    quotes = re.findall(r"<blockquote[^>]*>(.*?) <a", shown)
    assert quotes == [
        f'<bdi class="before">{lead.text} </bdi><mark>Two went on.</mark>',
        "<span>The convoy left in May.</span>",
    ]


def test_not_found_is_said_plainly(article: Article, passages: tuple[Passage, ...]) -> None:
    answer = answer_of(Status.NOT_FOUND, (hit(passages[0], 0.4),))
    assert render_answer(answer, {"report.md": article}) == (
        '<p class="verdict">Not found in this article.</p><p>No passage answers this. The closest '
        'ones are under <button type="button" class="show-sources">Sources</button>, but they may '
        "be about something else.</p>"
    )
    cards = render_sources(answer, {"report.md": article})
    assert cards.startswith(
        '<h2 class="panel-title">Nearest to “<bdi>When did the convoy leave?</bdi>”</h2>'
        '<ol class="cards"><li class="card weak" value="1">'
    )
    assert "<mark>" not in cards
    assert '<details class="near"' not in cards
    assert "Not found in these articles." in render_answer(
        answer, {"report.md": article, "other.md": article}
    )


def test_small_talk_has_no_sources(article: Article) -> None:
    answer = answer_of(Status.SMALL_TALK, question="Thanks!")
    assert render_answer(answer, {"report.md": article}) == (
        "<p>Glad to help. Ask a question, and I quote the sentences of the article that answer "
        "it, each with its place in the source.</p>"
    )
    assert render_sources(answer, {"report.md": article}) == ""


def test_a_follow_up_shows_what_was_searched_for_and_notes_are_shown(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    answer = replace(
        found(passages),
        question="and when did it leave?",
        searched_for="when did the <convoy> leave?",
        notes=("“Convoi” was read as “convoy”.",),
    )
    html = render_answer(answer, {"report.md": article})
    assert html.startswith(
        '<p class="searched">Searching for: <bdi>when did the &lt;convoy&gt; leave?'
        '</bdi> · <button type="button" class="words-only">search my words only</button></p>'
    )
    assert html.endswith('<p class="note" dir="auto">“Convoi” was read as “convoy”.</p>')


def test_a_card_shows_strength_and_place_and_marks_what_is_cited(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    _, convoy, _ = passages
    answer = found(passages)
    html = render_sources(answer, {"report.md": article})
    save = save_button(answer, 1, [convoy.sentences[0]], article)
    assert html.startswith(
        '<h2 class="panel-title">Sources for “<bdi>When did the convoy leave?</bdi>”'
        '</h2><ol class="cards"><li class="card strong" value="1"><p class="grade">'
        '<span class="number">1</span> Strong match</p><p class="place">'
        '<bdi>The Convoy</bdi> · <bdi>paragraph 2</bdi></p><p class="why">'
        "None of your words stands in it; it comes near in meaning.</p>"
        '<p class="passage" dir="auto" lang="en">'
        '<mark>The convoy left in May.</mark> It carried flour.</p><p class="about">'
        "<bdi>A Report</bdi> · <bdi>The Paper</bdi> · <bdi>5 December 2016</bdi></p>"
        f'<div class="actions"><a class="read" href="{address(convoy, convoy.sentences[0])}">'
        'Read in article</a><button type="button" class="copy" '
        'data-text="“The convoy left in May.” — A Report, The Paper, 5 December 2016, paragraph 2">'
        f"Copy quote</button>{save}"
        '<details class="forms"><summary>Copy as</summary><button type="button" class="copy-as" '
        'data-text="&gt; The convoy left in May.'
    )
    forms = re.findall(r'class="copy-as" data-text="([^"]*)">(\w+)</button>', html)
    written = references(convoy, convoy.sentences[0], article)
    assert forms[:3] == [(escape(text), form) for form, text in written.items()]
    # Of a weak match nothing is quoted.
    assert html.count("copy-as") == 6
    assert re.findall(r"card (\w+)", html) == ["strong", "possible", "weak"]
    quoted, near = html.split('</ol><details class="near"><summary>Also near: 1 passage</summary>')
    assert (quoted.count("<li"), near.count("<li")) == (2, 1)
    assert near.startswith('<ol class="cards"><li class="card weak" value="3">')
    assert near.endswith("</li></ol></details>")
    assert html.count("<mark>") == 2


def test_a_card_has_of_each_marked_sentence_what_a_clipping_keeps(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    _, convoy, _ = passages
    said = Account(True, "Olga Brandt", Named.EARLIER)
    told = Citation(1, convoy, convoy.sentences[1], account=said)
    answer = answer_of(Status.ANSWERED, (hit(convoy, 0.8),), (told,))
    button = save_button(answer, 1, convoy.sentences, article)
    held = re.fullmatch(
        r'<button type="button" class="save-clipping" data-clippings="([^"]+)">Save</button>',
        button,
    )
    assert held is not None
    first, second = json.loads(unescape(held[1]))
    assert first == {
        "quote": "The convoy left in May.",
        "href": address(convoy, convoy.sentences[0]),
        "language": "en",
        "title": "A Report",
        "author": "",
        "publisher": "The Paper",
        "date": "2016-12-05",
        "published": "5 December 2016",
        "url": article.url,
        "place": "The Convoy, paragraph 2",
        "source": "report.md",
        "start": convoy.sentences[0].start,
        "end": convoy.sentences[0].end,
        "references": {
            "plain": "“The convoy left in May.” — A Report, The Paper, 5 December 2016, "
            "paragraph 2",
            **references(convoy, convoy.sentences[0], article),
        },
        "told": "",
        "index": answer.snapshot,
    }
    assert (second["quote"], second["told"]) == (
        "It carried flour.",
        "According to Olga Brandt · named in an earlier sentence",
    )
    (whole,) = json.loads(unescape(save_button(answer, 1, (), article).split('"')[5]))
    assert whole["quote"] == "The convoy left in May. It carried flour."


def test_every_cited_sentence_of_a_passage_is_marked(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    _, convoy, _ = passages
    citations = tuple(Citation(1, convoy, span) for span in reversed(convoy.sentences))
    answer = answer_of(Status.ANSWERED, (hit(convoy, 0.8),), citations)
    html = render_sources(answer, {"report.md": article})
    assert "<mark>The convoy left in May.</mark> <mark>It carried flour.</mark></p>" in html
    assert f'href="{address(convoy, convoy.sentences[1])}"' in html


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.ANSWERED, [Strength.STRONG, Strength.POSSIBLE, Strength.WEAK]),
        (Status.POSSIBLE, [Strength.POSSIBLE, Strength.POSSIBLE, Strength.WEAK]),
    ],
)
def test_strength_follows_the_answer(
    passages: tuple[Passage, ...], status: Status, expected: list[Strength]
) -> None:
    answer = found(passages, status)
    assert [strength(answer, rank) for rank in (1, 2, 3)] == expected


def test_no_passage_is_better_than_weak_where_nothing_was_found(
    passages: tuple[Passage, ...],
) -> None:
    assert strength(answer_of(Status.NOT_FOUND, (hit(passages[0], 0.99),)), 1) is Strength.WEAK


def test_one_sentence_is_spoken(passages: tuple[Passage, ...]) -> None:
    assert announcement(found(passages), 1) == (
        "Answer found in 1 article (2 passages). The convoy left in May."
    )
    assert announcement(found(passages, Status.POSSIBLE), 1) == (
        "Possibly related, not a clear answer: The convoy left in May."
    )
    assert announcement(answer_of(Status.NOT_FOUND), 1) == "Not found in this article."
    assert announcement(answer_of(Status.SMALL_TALK), 1) == "Ask a question about the sources."


def test_the_welcome_names_the_subject_and_offers_examples() -> None:
    assert render_welcome(Welcome("the siege", ("Who came?",)), 1) == (
        '<section id="welcome"><h2 dir="auto">Ask about the siege.</h2>'
        "<p>Answers are sentences quoted from the article, each with its source.</p>"
        '<ul class="examples" aria-label="Examples">'
        '<li><button type="button" class="example" dir="auto">Who came?</button></li></ul>'
        "</section>"
    )
    assert render_welcome(Welcome(), 2) == (
        '<section id="welcome"><h2 dir="auto">Ask a question.</h2>'
        "<p>Answers are sentences quoted from the articles, each with its source.</p></section>"
    )


def test_a_failure_gives_its_code() -> None:
    assert render_failure("2cf602a") == (
        '<p class="verdict">Search did not work.</p><p>Nothing was lost. Try again; if it '
        "repeats, give this code: <code>2cf602a</code>.</p>"
        '<p><button type="button" class="again">Try again</button></p>'
    )


def test_a_long_passage_is_shown_around_what_is_marked(article: Article) -> None:
    sentences = [f"Lorry number {n} carried {n * 7} sacks of flour." for n in range(100, 130)]
    text = " ".join(sentences)
    spans = [Span(text.index(s), text.index(s) + len(s)) for s in sentences]
    passage = Passage(article.source, "A Report", "The Convoy", 1, 0, len(text), text, tuple(spans))
    cited = (spans[0], spans[3], spans[29])
    citations = tuple(Citation(1, passage, span) for span in cited)
    answer = answer_of(Status.ANSWERED, (hit(passage, 0.9),), citations)
    html = render_sources(answer, {article.source: article})
    shown = re.search(r'<p class="passage"[^>]*>(.*?)</p>', html)
    assert shown is not None
    marked = [f"<mark>{s}</mark>" if n in (0, 3, 29) else s for n, s in enumerate(sentences)]
    assert shown[1] == " ".join([*marked[:5], "…", *marked[28:]])


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2016-12-05", "5 December 2016"),
        ("2016-12", "December 2016"),
        ("2016", "2016"),
        ("", ""),
    ],
)
def test_a_date_reads_as_far_as_it_is_known(date: str, expected: str) -> None:
    assert readable_date(date) == expected


def test_a_source_that_left_the_collection_is_still_named(passages: tuple[Passage, ...]) -> None:
    assert ", ".join(reference_parts(passages[1], {})) == "A Report, paragraph 2"
    assert "<bdi>A Report</bdi>" in render_sources(found(passages), {})
