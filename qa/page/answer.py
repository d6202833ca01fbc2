"""Answers and their sources as HTML. Everything that was asked or quoted is escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from citadel.index.corpus.articles import Article
from citadel.qa.answer.answers import Answer, Citation, Status
from citadel.qa.answer.locators import (
    address,
    place_names,
    quoted_from,
    read_before,
    readable_date,
    told_by,
)
from citadel.qa.answer.markup import escape, joined
from citadel.qa.page.welcome import Welcome

_ASKS_FOR_A_DATE = re.compile(
    r"\b(?:when|dates?|dated|timeline|since|until|how long|what (?:year|month|day))\b|متى|تاريخ",
    re.IGNORECASE,
)


def render_welcome(welcome: Welcome, article_count: int) -> str:
    """Return what stands in place of the conversation until the first question."""
    about = f"Ask about {escape(welcome.about)}." if welcome.about else "Ask a question."
    examples = "".join(
        f'<li><button type="button" class="example" dir="auto">{escape(question)}</button></li>'
        for question in welcome.questions
    )
    return (
        f'<section id="welcome"><h2 dir="auto">{about}</h2>'
        f"<p>Answers are sentences quoted from {_the_articles(article_count)}, "
        "each with its source.</p>"
        + (f'<ul class="examples" aria-label="Examples">{examples}</ul>' if examples else "")
        + "</section>"
    )


def render_answer(answer: Answer, articles: Mapping[str, Article]) -> str:
    """Return the answer as it stands under its question in the conversation."""
    parts = [_searched_for(answer)]
    match answer.status:
        case Status.ANSWERED | Status.POSSIBLE:
            parts += _quotes(answer, articles)
        case Status.NOT_FOUND:
            parts.append(
                f'<p class="verdict">Not found in {_the_articles(len(articles), "this")}.</p>'
                f"<p>{_no_passage_answers(answer)}</p>"
            )
        case Status.SMALL_TALK:
            parts.append(
                "<p>Glad to help. Ask a question, and I quote the sentences of "
                f"{_the_articles(len(articles))} that answer it, each with its place in the "
                "source.</p>"
            )
    parts += [f'<p class="note" dir="auto">{escape(note)}</p>' for note in answer.notes]
    return "".join(parts)


def announcement(answer: Answer, article_count: int) -> str:
    """Return the one sentence that a screen reader speaks when the answer arrives; plain text."""
    match answer.status:
        case Status.ANSWERED:
            return f"{_found(answer)}. {answer.citations[0].quote}"
        case Status.POSSIBLE:
            return f"Possibly related, not a clear answer: {answer.citations[0].quote}"
        case Status.NOT_FOUND:
            return f"Not found in {_the_articles(article_count, 'this')}."
        case Status.SMALL_TALK:
            return "Ask a question about the sources."


def render_failure(code: str) -> str:
    """Return what stands in place of an answer when the search broke down."""
    return (
        '<p class="verdict">Search did not work.</p><p>Nothing was lost. Try again; if it '
        f"repeats, give this code: <code>{escape(code)}</code>.</p>"
        '<p><button type="button" class="again">Try again</button></p>'
    )


def render_refusal(message: str) -> str:
    """Return what stands in place of an answer to a question that can't be searched for."""
    return f'<p class="verdict" dir="auto">{escape(message)}</p>'


def _the_articles(count: int, one: str = "the") -> str:
    many = "these" if one == "this" else "the"
    return f"{one} article" if count == 1 else f"{many} articles"


def _searched_for(answer: Answer) -> str:
    if answer.searched_for == answer.question:
        return ""
    return (
        f'<p class="searched" dir="auto">Searching for: <bdi>{escape(answer.searched_for)}</bdi> · '
        '<button type="button" class="words-only">search my words only</button></p>'
    )


def _found(answer: Answer) -> str:
    return f"Answer found in {quoted_from(answer.citations)}"


def _sources_button(label: str) -> str:
    return f'<button type="button" class="show-sources">{label}</button>'


def _no_passage_answers(answer: Answer) -> str:
    if not answer.hits:
        return "No passage answers this."
    return (
        f"No passage answers this. The closest ones are under {_sources_button('Sources')}, "
        "but they may be about something else."
    )


def _quotes(answer: Answer, articles: Mapping[str, Article]) -> list[str]:
    """Return how sure the answer is, its quote, and the others; only a sure quote is marked."""
    first, *others = _told_once(answer.citations)
    origin = _origin(first[0], articles)
    sources = _sources_button(quoted_from(answer.citations))
    if answer.status is Status.ANSWERED:
        parts = [
            f'<p class="status">Answer found in {sources}</p>',
            _quote(first, "mark", origin, articles),
        ]
    else:
        parts = [
            '<p class="status">Possibly related, not a clear answer:</p>',
            _quote(first, "span", origin, articles),
            f'<p class="status">{sources}</p>',
        ]
    if others and answer.status is Status.ANSWERED:
        items = "".join(f"<li>{_further_quote(other, first[0], articles)}</li>" for other in others)
        parts.append(f'<h3>Also in the sources</h3><ul class="also">{items}</ul>')
    if _ASKS_FOR_A_DATE.search(answer.searched_for):
        parts.append(
            '<p class="status"><button type="button" class="show-dates" '
            f'data-source="{escape(first[0].passage.source)}">All dates in the article, in order'
            "</button></p>"
        )
    return parts


def _told_once(citations: Sequence[Citation]) -> list[tuple[Citation, ...]]:
    """Put each citation together with those after it that say the same."""
    groups: list[tuple[Citation, ...]] = []
    for citation in citations:
        if citation.repeats:
            groups[-1] += (citation,)
        else:
            groups.append((citation,))
    return groups


def _further_quote(
    citations: tuple[Citation, ...], first: Citation, articles: Mapping[str, Article]
) -> str:
    passage = citations[0].passage
    same_article = passage.source == first.passage.source
    origin = (
        joined(place_names(passage, citations[0].span))
        if same_article
        else _origin(citations[0], articles)
    )
    return _quote(citations, "span", origin, articles)


def _quote(
    citations: tuple[Citation, ...], tag: str, origin: str, articles: Mapping[str, Article]
) -> str:
    """Return the quote of the first citation, with the places of all: they say the same."""
    first, *others = citations
    links = " ".join(
        f'<a class="cite" href="{escape(address(citation.passage, citation.span))}" '
        f'aria-label="Source {citation.number}: open in the article">[{citation.number}]</a>'
        for citation in citations
    )
    origins = [origin, *(f"also {_origin(other, articles)}" for other in others)]
    places = "".join(f'<p class="origin" dir="auto">{each}</p>' for each in origins)
    date_warning = (
        f'<p class="doubt" dir="auto">{escape(first.date_warning)}</p>'
        if first.date_warning
        else ""
    )
    lead = f'<bdi class="before">{escape(before)}</bdi>' if (before := read_before(first)) else ""
    told = f'<p class="told" dir="auto">{escape(by)}</p>' if (by := told_by(first)) else ""
    return (
        f'<blockquote dir="auto">{lead}<{tag}>{escape(first.quote)}</{tag}> {links}</blockquote>'
        f"{told}{places}{date_warning}"
    )


def _origin(citation: Citation, articles: Mapping[str, Article]) -> str:
    """Return publisher, date, and place in the article: enough to judge a quote by."""
    passage = citation.passage
    article = articles.get(passage.source)
    publisher = article.publisher or article.title if article else passage.title
    date = readable_date(article.date) if article else ""
    return f"{joined((publisher, date))} · {joined(place_names(passage, citation.span))}"
