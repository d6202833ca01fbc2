"""Answers and their sources as HTML. Everything that was asked or quoted is escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from citadel.index.corpus.articles import Article
from citadel.qa.answer.answers import Answer, Citation, Status
from citadel.qa.answer.locators import (
    address,
    doubt_names,
    place_names,
    quoted_from,
    read_before,
    readable_date,
    told_by,
)
from citadel.qa.answer.markup import escape, joined
from citadel.qa.page.conflicts import render_conflicts
from citadel.qa.page.locales import ENGLISH, Locale
from citadel.qa.page.welcome import Welcome

_ASKS_FOR_A_DATE = re.compile(
    r"\b(?:when|dates?|dated|timeline|since|until|how long|what (?:year|month|day))\b|متى|تاريخ",
    re.IGNORECASE,
)


def render_welcome(welcome: Welcome, article_count: int, locale: Locale = ENGLISH) -> str:
    """Return what stands in place of the conversation until the first question."""
    about = (
        locale.html("Ask about {subject}.", subject=escape(welcome.about))
        if welcome.about
        else escape(locale.say("Ask a question."))
    )
    promise = locale.counted(
        "Answers are sentences quoted from the article, each with its source.",
        "Answers are sentences quoted from the articles, each with its source.",
        article_count,
    )
    label = escape(locale.say("Examples"))
    examples = "".join(
        f'<li><button type="button" class="example" dir="auto">{escape(question)}</button></li>'
        for question in welcome.questions
    )
    return (
        f'<section id="welcome"><h2 dir="auto">{about}</h2>'
        f"<p>{escape(promise)}</p>"
        + (f'<ul class="examples" aria-label="{label}">{examples}</ul>' if examples else "")
        + "</section>"
    )


def render_answer(answer: Answer, articles: Mapping[str, Article], locale: Locale = ENGLISH) -> str:
    """Return the answer as it stands under its question in the conversation."""
    parts = [_searched_for(answer, locale)]
    match answer.status:
        case Status.ANSWERED | Status.POSSIBLE:
            parts += _quotes(answer, articles, locale)
        case Status.NOT_FOUND:
            parts.append(
                f'<p class="verdict">{escape(_not_found(len(articles), locale))}</p>'
                f"<p>{_no_passage_answers(answer, locale)}</p>{_nearest(answer, locale)}"
            )
        case Status.SMALL_TALK:
            offer = locale.counted(
                "Glad to help. Ask a question, and I quote the sentences of the article that "
                "answer it, each with its place in the source.",
                "Glad to help. Ask a question, and I quote the sentences of the articles that "
                "answer it, each with its place in the source.",
                len(articles),
            )
            parts.append(f"<p>{escape(offer)}</p>")
    parts += [render_note(locale.told(note)) for note in answer.notes]
    return "".join(parts)


def announcement(answer: Answer, article_count: int, locale: Locale = ENGLISH) -> str:
    """Return the one sentence that a screen reader speaks when the answer arrives; plain text."""
    match answer.status:
        case Status.ANSWERED:
            sources = locale.told(quoted_from(answer.citations))
            found = locale.say("Answer found in {sources}", sources=sources)
            return f"{found}. {answer.citations[0].quote}"
        case Status.POSSIBLE:
            possible = locale.say("Possibly related, not a clear answer:")
            return f"{possible} {answer.citations[0].quote}"
        case Status.NOT_FOUND:
            return _not_found(article_count, locale)
        case Status.SMALL_TALK:
            return locale.say("Ask a question about the sources.")


def render_failure(code: str, locale: Locale = ENGLISH) -> str:
    """Return what stands in place of an answer when the search broke down."""
    mend = locale.html(
        "Nothing was lost. Try again; if it repeats, give this code: {code}.",
        code=f"<code>{escape(code)}</code>",
    )
    return (
        f'<p class="verdict">{escape(locale.say("Search did not work."))}</p><p>{mend}</p>'
        f'<p><button type="button" class="again">{escape(locale.say("Try again"))}</button></p>'
    )


def render_note(told: str) -> str:
    """Return a sentence that a reader should know besides the quotes; "" for none."""
    return f'<p class="note" dir="auto">{escape(told)}</p>' if told else ""


def render_refusal(message: str, locale: Locale = ENGLISH) -> str:
    """Return what stands in place of an answer to a question that can't be searched for."""
    return f'<p class="verdict" dir="auto">{escape(locale.told(message))}</p>'


def _not_found(article_count: int, locale: Locale) -> str:
    return locale.counted(
        "Not found in this article.", "Not found in these articles.", article_count
    )


def _searched_for(answer: Answer, locale: Locale) -> str:
    if answer.searched_for == answer.question:
        return ""
    words = locale.html(
        "Searching for: {words}", words=f"<bdi>{escape(locale.told(answer.searched_for))}</bdi>"
    )
    return (
        f'<p class="searched">{words} · <button type="button" class="words-only">'
        f"{escape(locale.say('search my words only'))}</button></p>"
    )


def _sources_button(label: str) -> str:
    return f'<button type="button" class="show-sources">{escape(label)}</button>'


def _no_passage_answers(answer: Answer, locale: Locale) -> str:
    if not answer.hits:
        return escape(locale.say("No passage answers this."))
    return locale.html(
        "No passage answers this. The closest ones are under {sources}, but they may be about "
        "something else.",
        sources=_sources_button(locale.say("Sources")),
    )


def _nearest(answer: Answer, locale: Locale) -> str:
    """Return a question that is answered, to be asked with a click; it is no citation."""
    if not answer.nearest:
        return ""
    offered = escape(locale.say("The nearest question that the articles answer:"))
    return (
        f'<p class="nearest">{offered} <button type="button" class="example" lang="en" dir="auto">'
        f"{escape(answer.nearest)}</button></p>"
    )


def _quotes(answer: Answer, articles: Mapping[str, Article], locale: Locale) -> list[str]:
    """Return how sure the answer is, its quote, and the others; only a sure quote is marked."""
    first, *further = _told_once(answer.citations)
    others = [each for each in further if not _is_shown_before(first[0], each)]
    origin = _origin(first[0], articles, locale)
    sources = _sources_button(locale.told(quoted_from(answer.citations)))
    if answer.status is Status.ANSWERED:
        found = locale.html("Answer found in {sources}", sources=sources)
        also = locale.say("Also in the sources")
        parts = [
            f'<p class="status">{found}</p>',
            _quote(first, "mark", origin, articles, locale),
            _further_quotes(also, others, first[0], articles, locale),
        ]
    else:
        possible = locale.say("Possibly related, not a clear answer:")
        also = locale.say("Perhaps related, too")
        parts = [
            f'<p class="status">{escape(possible)}</p>',
            _quote(first, "span", origin, articles, locale),
            _further_quotes(also, others, first[0], articles, locale),
            f'<p class="status">{sources}</p>',
        ]
    parts.append(_conflicts(answer, articles, locale))
    if _ASKS_FOR_A_DATE.search(answer.searched_for):
        dates = escape(locale.say("All dates in the article, in order"))
        parts.append(
            '<p class="status"><button type="button" class="show-dates" '
            f'data-source="{escape(first[0].passage.source)}">{dates}</button></p>'
        )
    return parts


def _conflicts(answer: Answer, articles: Mapping[str, Article], locale: Locale) -> str:
    cited = [claim.citation for claim in answer.conflicts]
    quoted = [
        _quote((each,), "span", _origin(each, articles, locale), articles, locale) for each in cited
    ]
    return render_conflicts(answer.conflicts, quoted, locale)


def _told_once(citations: Sequence[Citation]) -> list[tuple[Citation, ...]]:
    """Put each citation together with those after it that say the same."""
    groups: list[tuple[Citation, ...]] = []
    for citation in citations:
        if citation.repeats:
            groups[-1] += (citation,)
        else:
            groups.append((citation,))
    return groups


def _is_shown_before(first: Citation, group: tuple[Citation, ...]) -> bool:
    """Return whether the first quote is shown after this very sentence, to be understood."""
    sole = group[0]
    return (
        len(group) == 1
        and sole.passage.source == first.passage.source
        and any(lead.span == sole.span for lead in first.before)
    )


def _further_quotes(
    heading: str,
    groups: Sequence[tuple[Citation, ...]],
    first: Citation,
    articles: Mapping[str, Article],
    locale: Locale,
) -> str:
    if not groups:
        return ""
    items = "".join(f"<li>{_further_quote(each, first, articles, locale)}</li>" for each in groups)
    return f'<h3>{escape(heading)}</h3><ul class="also">{items}</ul>'


def _further_quote(
    citations: tuple[Citation, ...],
    first: Citation,
    articles: Mapping[str, Article],
    locale: Locale,
) -> str:
    passage = citations[0].passage
    same_article = passage.source == first.passage.source
    origin = (
        joined(map(locale.told, place_names(passage, citations[0].span)))
        if same_article
        else _origin(citations[0], articles, locale)
    )
    return _quote(citations, "span", origin, articles, locale)


def _quote(
    citations: tuple[Citation, ...],
    tag: str,
    origin: str,
    articles: Mapping[str, Article],
    locale: Locale,
) -> str:
    """Return the quote of the first citation, with the places of all: they say the same."""
    first, *others = citations
    links = " ".join(
        f'<a class="cite" href="{escape(address(citation.passage, citation.span))}" '
        f'aria-label="{escape(_link_name(citation.number, locale))}">'
        f"[{locale.number(citation.number)}]</a>"
        for citation in citations
    )
    repeated = [
        locale.html("also {place}", place=_origin(other, articles, locale)) for other in others
    ]
    places = "".join(f'<p class="origin">{each}</p>' for each in (origin, *repeated))
    doubts = (*doubt_names(first.passage, first.span), first.date_warning)
    warnings = "".join(
        f'<p class="doubt">{escape(locale.told(doubt))}</p>' for doubt in doubts if doubt
    )
    lead = f'<bdi class="before">{escape(before)}</bdi>' if (before := read_before(first)) else ""
    by = locale.told(told_by(first))
    told = f'<p class="told">{escape(by)}</p>' if by else ""
    quoted = f"{lead}<{tag}>{escape(first.quote)}</{tag}>"
    return (
        f'<blockquote dir="auto"{_language(first, articles)}>{quoted} {links}</blockquote>'
        f"{told}{places}{warnings}"
    )


def _link_name(number: int, locale: Locale) -> str:
    return locale.say("Source {number}: open in the article", number=number)


def _language(citation: Citation, articles: Mapping[str, Article]) -> str:
    article = articles.get(citation.passage.source)
    return f' lang="{escape(article.language)}"' if article else ""


def _origin(citation: Citation, articles: Mapping[str, Article], locale: Locale) -> str:
    """Return publisher, date, and place in the article: enough to judge a quote by."""
    passage = citation.passage
    article = articles.get(passage.source)
    publisher = article.publisher or article.title if article else passage.title
    date = readable_date(article.date) if article else ""
    place = place_names(passage, citation.span)
    return joined(map(locale.told, (publisher, date, *place)))
