"""Nothing that a stranger writes is taken for markup, wherever the page shows it."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage, split_article
from citadel.qa.answer.answers import Answer, Citation, Status
from citadel.qa.answer.markup import escape
from citadel.qa.page.answer import render_answer, render_failure, render_refusal, render_welcome
from citadel.qa.page.article import render_article, render_article_list
from citadel.qa.page.cards import render_sources
from citadel.qa.page.welcome import Welcome
from tests.reading_here import read_article
from tests.rendered import REPORT, hit

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=https://elsewhere.example/x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "</p></div></article><iframe src=//elsewhere.example>",
    "![x](https://elsewhere.example/x.png)",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "`${alert(1)}`",
    "{{#each value}}<b>{{/each}}",
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--<mark>",
    "\u202egnp.exe\u2066",
    "nul \x00 and escape \x1b[2J",
    "half a pair \ud800",
]


class Tags(HTMLParser):
    """Collects the tags and attributes of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def pages(text: str, folder: Path) -> list[str]:
    """Every kind of HTML that the page shows, with ``text`` wherever a stranger may write."""
    path = folder / "report.md"
    path.write_text(f"# A heading\n\nIt opened. {REPORT[-40:]}", encoding="utf-8")
    article = replace(
        read_article(path), title=text, subtitle=text, author=text, publisher=text, origin=text
    )
    passage = Passage(
        source=f"{text}.md",
        title=text,
        section=f"{text}2",
        paragraph=1,
        start=0,
        end=len(text),
        text=text,
        sentences=(Span(0, len(text)),),
    )
    articles = {passage.source: article, article.source: article}
    answer = Answer(
        question=text,
        searched_for=f"{text}!",
        status=Status.ANSWERED,
        confidence=1.0,
        citations=(Citation(1, passage, Span(0, len(text)), date_warning=text),),
        hits=(hit(passage, 1.0),),
        notes=(text,),
        snapshot="g1",
        elapsed_ms=1.0,
    )
    return [
        render_answer(answer, articles),
        render_sources(answer, articles),
        render_article(article, split_article(article), "gen-1"),
        render_article_list([article], split_article(article), "gen-1"),
        render_welcome(Welcome(text, (text,)), 1),
        render_failure(text),
        render_refusal(text),
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_was_asked_or_quoted_becomes_markup(payload: str, tmp_path: Path) -> None:
    for html, harmless in zip(pages(payload, tmp_path), pages("words", tmp_path), strict=True):
        assert Tags(html).tags == Tags(harmless).tags
        assert not re.search(r"[{}$`\x00-\x08\x0b-\x1f\ud800-\udfff\u202a-\u202e]", html)
        assert 'href="javascript' not in html


def test_what_is_escaped_is_shown_as_it_was_written() -> None:
    text = "<b> & \"q\" 'a' {{x}} ${y} `z`"
    assert Tags(f"<p>{escape(text)}</p>").text == text
