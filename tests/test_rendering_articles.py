"""How the page shows articles, as HTML: their text, their list, and addresses that lead there."""

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage, split_article
from citadel.qa.answer.locators import address
from citadel.qa.page.article import render_article, render_article_list
from tests.rendered import REPORT, report_in


@pytest.fixture
def article(tmp_path: Path) -> Article:
    return report_in(tmp_path)


@pytest.fixture
def passages(article: Article) -> tuple[Passage, ...]:
    return split_article(article)


def test_an_article_is_shown_with_numbered_paragraphs_and_addressable_sentences(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    html = render_article(replace(article, read_on="2026-11-03"), passages, "gen-1")
    heading = article.text.index("The Convoy")

    def sentence(text: str) -> str:
        start = article.text.index(text)
        return f'<span data-start="{start}" data-end="{start + len(text)}">{text}</span>'

    def anchor(target: str, sign: str, name: str) -> str:
        return (
            f'<a class="anchor" lang="en" href="?a=report.md#{target}" aria-label="{name}" '
            f'title="{name}">{sign}</a>'
        )

    find, article_tag, body = html.partition("<article")
    assert find.startswith('<form class="find" role="search">')
    assert article_tag + body == (
        '<article class="reading" data-source="report.md" data-index="gen-1" dir="ltr" '
        'lang="en"><header>'
        '<h2 dir="auto">A Report</h2><p class="byline" dir="auto"><bdi>The Paper</bdi> · '
        '<bdi>5 December 2016</bdi></p></header><details class="contents"><summary>Contents'
        '</summary><nav aria-label="Contents"><ol><li dir="auto"><a class="heading-link" '
        f'href="#heading-{heading}">The Convoy</a></li></ol></nav></details>'
        '<details class="original" lang="en" dir="ltr"><summary>The original</summary><dl>'
        "<dt><bdi>File</bdi></dt><dd><bdi>report.md</bdi></dd>"
        "<dt><bdi>Read on</bdi></dt><dd><bdi>3 November 2026</bdi></dd>"
        f"<dt><bdi>SHA-256</bdi></dt><dd><code>{sha256(REPORT.encode()).hexdigest()}</code></dd>"
        "</dl></details>"
        '<div class="paragraph" id="p1">'
        f'{anchor("p1", "1", "Link to paragraph 1")}<p dir="auto" tabindex="-1">'
        f"{sentence('It opened.')} {sentence('It closed.')}</p></div>"
        f'<h3 id="heading-{heading}" tabindex="-1" dir="auto">The Convoy '
        f"{anchor(f'heading-{heading}', '§', 'Link to this section')}</h3>"
        '<div class="paragraph" id="p2">'
        f'{anchor("p2", "2", "Link to paragraph 2")}<p dir="auto" tabindex="-1">'
        f"{sentence('The convoy left in May.')} {sentence('It carried flour.')}</p></div>"
        '<div class="paragraph lines" id="p3">'
        f'{anchor("p3", "3", "Link to paragraph 3")}<p dir="auto" tabindex="-1">'
        f"- {sentence('One lorry stayed.')}\n- {sentence('Two went on.')}</p></div></article>"
    )


def test_the_pages_of_an_article_are_named_where_they_begin(article: Article) -> None:
    """The second page begins in the first paragraph, the fourth with the third one."""
    first, second, third = (block.span for block in article.blocks if block.kind.value != "heading")
    paged = replace(article, pages=(0, first.start + 3, second.end, third.start))
    html = render_article(paged, split_article(paged), "gen-1")
    marks = re.findall(r'class="page-mark" lang="en">([^<]+)</p>|id="(p\d+|heading-\d+)"', html)
    told = [mark or place.partition("-")[0] for mark, place in marks]
    assert told == ["Pages 1–2", "p1", "heading", "p2", "Page 4", "p3"]
    named = replace(paged, page_labels=("ii", "1", "", "A-1"))
    html = render_article(named, split_article(named), "gen-1")
    assert re.findall(r'class="page-mark" lang="en">([^<]+)</p>', html) == [
        "Pages ii–1",
        "Page A-1",
    ]
    assert "page-mark" not in render_article(article, split_article(article), "gen-1")


def test_the_list_of_articles_leads_to_each(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    assert render_article_list([article], passages, "gen-1") == (
        '<h2 class="panel-title">Answers are quoted from 1 article</h2>'
        '<ul class="library" data-index="gen-1">'
        '<li><h3><bdi lang="en">A Report</bdi></h3><p class="about"><bdi>The Paper</bdi> · '
        "<bdi>5 December 2016</bdi> · <bdi>English</bdi> · <bdi>3 paragraphs</bdi></p>"
        '<p class="actions"><a class="read" href="#report.md:1">Read</a></p></li></ul>'
    )


def test_each_of_several_articles_can_be_left_out(
    article: Article, passages: tuple[Passage, ...]
) -> None:
    other = replace(article, source="o&o.md", title="Other")
    others = [replace(passage, source="o&o.md") for passage in passages]
    html = render_article_list([article, other], [*passages, *others], "gen-1")
    assert html.startswith('<h2 class="panel-title">Answers are quoted from 2 articles</h2><form')
    assert html.endswith(
        '<p class="actions"><a class="read" href="#o%26o.md:1">Read</a>'
        '<label class="include"><input type="checkbox" value="o&amp;o.md" checked>'
        "Search in it</label></p></li></ul>"
    )


def test_an_address_survives_any_file_name(passages: tuple[Passage, ...]) -> None:
    odd = replace(passages[1], source='حلب "a":b#c.md')
    assert address(odd, Span(1, 2)) == ("#%D8%AD%D9%84%D8%A8%20%22a%22%3Ab%23c.md:2:1-2")
