"""Answers and their sources as HTML. Everything that was asked or quoted is escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from index.articles import Article
from index.layout import Span
from index.passages import Passage
from qa.answers import Answer, Status
from qa.citations import Citation
from qa.markup import escape, plural
from qa.places import (
    address,
    page_name,
    paragraph_name,
    readable_date,
    reference,
    section_name,
)
from qa.strength import Strength, strength
from qa.welcome import Welcome
from qa.why import why

_ASKS_FOR_A_DATE = re.compile(
    r"\b(?:when|date|dated|timeline|since|until|how long|what (?:year|month|day))\b|متى|تاريخ",
    re.IGNORECASE,
)

_LONG_PASSAGE = 900
"""From so many code points on, a card shows only what stands around the marked sentences."""

_STRENGTHS = {
    Strength.STRONG: "Strong match",
    Strength.POSSIBLE: "Possible match",
    Strength.WEAK: "Weak match",
}


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


def render_sources(answer: Answer, articles: Mapping[str, Article]) -> str:
    """Return the cards of the passages that were found; "" when there are none."""
    if not answer.hits:
        return ""
    cards = "".join(_card(answer, rank, articles) for rank in range(1, len(answer.hits) + 1))
    return (
        f'<h2 class="panel-title" dir="auto">Sources for “<bdi>{escape(answer.question)}</bdi>”'
        f'</h2><ol class="cards">{cards}</ol>'
    )


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
    return f"Answer found, {plural(len(answer.hits), 'source')}"


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
    sources = _sources_button(plural(len(answer.hits), "source"))
    if answer.status is Status.ANSWERED:
        parts = [
            f'<p class="status">Answer found, {sources}</p>',
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
    origin = _place(passage, citations[0].span) if same_article else _origin(citations[0], articles)
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
    doubt = f'<p class="doubt" dir="auto">{escape(first.doubt)}</p>' if first.doubt else ""
    return (
        f'<blockquote dir="auto"><{tag}>{escape(first.quote)}</{tag}> {links}</blockquote>'
        f"{places}{doubt}"
    )


def _origin(citation: Citation, articles: Mapping[str, Article]) -> str:
    """Return publisher, date, and place in the article: enough to judge a quote by."""
    passage = citation.passage
    article = articles.get(passage.source)
    publisher = article.publisher or article.title if article else passage.title
    date = readable_date(article.date) if article else ""
    return f"{_joined((publisher, date))} · {_place(passage, citation.span)}"


def _place(passage: Passage, span: Span | None) -> str:
    parts = (section_name(passage), page_name(passage, span), paragraph_name(passage))
    return _joined(parts)


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(f"<bdi>{escape(part)}</bdi>" for part in parts if part)


def _card(answer: Answer, rank: int, articles: Mapping[str, Article]) -> str:
    passage = answer.hits[rank - 1].passage
    grade = strength(answer, rank)
    spans = _marked_spans(answer, rank, grade)
    first = spans[0] if spans else None
    quoted = passage.text if first is None else passage.quote(first)
    target = escape(address(passage, first))
    article = articles.get(passage.source)
    about = (
        (article.title, article.publisher, readable_date(article.date))
        if article
        else (passage.title,)
    )
    return (
        f'<li class="card {grade}" value="{rank}">'
        f'<p class="grade"><span class="number">{rank}</span> {_STRENGTHS[grade]}</p>'
        f'<p class="place" dir="auto">{_place(passage, first)}</p>'
        f'<p class="why" dir="auto">{escape(why(answer.searched_for, answer.hits[rank - 1]))}</p>'
        f'<p class="passage" dir="auto"{_language(article)}>{_marked_text(passage, spans)}</p>'
        f'<p class="about" dir="auto">{_joined(about)}</p>'
        f'<p class="actions"><a class="read" href="{target}">Read in article</a>'
        f'<button type="button" class="copy" data-quote="{escape(quoted)}" '
        f'data-reference="{escape(reference(passage, articles, first))}">Copy quote</button>'
        "</p></li>"
    )


def _language(article: Article | None) -> str:
    return f' lang="{escape(article.language)}"' if article else ""


def _marked_spans(answer: Answer, rank: int, grade: Strength) -> tuple[Span, ...]:
    """Return the sentences to mark on a card: those cited, else the best; none on a weak one."""
    if grade is Strength.WEAK:
        return ()
    cited = tuple(citation.span for citation in answer.citations if citation.number == rank)
    if cited:
        return cited
    return tuple(sentence.span for sentence in answer.hits[rank - 1].sentences[:1])


def _marked_text(passage: Passage, spans: Sequence[Span]) -> str:
    """Return the text of a passage, the spans marked; of a long one, what stands around them."""
    shown = _windows(passage, spans)
    before = "… " if shown[0].start > passage.start else ""
    after = " …" if shown[-1].end < passage.end else ""
    return before + " … ".join(_marked(passage, window, spans) for window in shown) + after


def _windows(passage: Passage, spans: Sequence[Span]) -> list[Span]:
    """Return the parts of a passage to show: each span with the sentences beside it."""
    if not spans or len(passage.text) <= _LONG_PASSAGE:
        return [Span(passage.start, passage.end)]
    kept = {
        near
        for place, sentence in enumerate(passage.sentences)
        if sentence in spans
        for near in (place - 1, place, place + 1)
    }
    windows: list[Span] = []
    for place, sentence in enumerate(passage.sentences):
        if place in kept and place - 1 in kept and windows:
            windows[-1] = Span(windows[-1].start, sentence.end)
        elif place in kept:
            windows.append(sentence)
    return windows


def _marked(passage: Passage, window: Span, spans: Sequence[Span]) -> str:
    pieces: list[str] = []
    cursor = window.start
    for span in sorted(spans, key=lambda span: span.start):
        if window.start <= span.start and span.end <= window.end:
            pieces.append(escape(passage.text[cursor - passage.start : span.start - passage.start]))
            pieces.append(f"<mark>{escape(passage.quote(span))}</mark>")
            cursor = span.end
    pieces.append(escape(passage.text[cursor - passage.start : window.end - passage.start]))
    return "".join(pieces)
