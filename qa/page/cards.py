"""The cards of the passages that were found, as HTML. Everything quoted is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.wording import message
from citadel.qa.answer.answers import Answer
from citadel.qa.answer.locators import address, doubt_names, place_names, readable_date, told_by
from citadel.qa.answer.markup import escape, joined
from citadel.qa.page.clippings import save_button
from citadel.qa.page.explanation import Strength, strength, why
from citadel.qa.page.locales import ENGLISH, Locale
from citadel.qa.page.references import plain_reference, references

_LONG_PASSAGE = 900
"""From this many code points on, a card shows only what stands around the marked sentences."""

_STRENGTHS = {
    Strength.STRONG: message("Strong match"),
    Strength.POSSIBLE: message("Possible match"),
    Strength.WEAK: message("Weak match"),
}


def render_sources(
    answer: Answer, articles: Mapping[str, Article], locale: Locale = ENGLISH
) -> str:
    """Return the cards of the passages that are quoted, and folded those that only come near.

    Where nothing is quoted, all of them only come near. It is "" when there are none.
    """
    if not answer.hits:
        return ""
    cited = sorted({citation.number for citation in answer.citations})
    near = [rank for rank in range(1, len(answer.hits) + 1) if rank not in cited]
    asked = f"<bdi>{escape(answer.question)}</bdi>"
    if not cited:
        nearest = locale.html("Nearest to “{question}”", question=asked)
        return _title(nearest) + _cards(answer, near, articles, locale)
    title = _title(locale.html("Sources for “{question}”", question=asked))
    shown = title + _cards(answer, cited, articles, locale)
    if not near:
        return shown
    also = locale.counted("Also near: {count} passage", "Also near: {count} passages", len(near))
    return (
        f'{shown}<details class="near"><summary>{escape(also)}</summary>'
        f"{_cards(answer, near, articles, locale)}</details>"
    )


def _title(title: str) -> str:
    return f'<h2 class="panel-title">{title}</h2>'


def _cards(
    answer: Answer, ranks: Sequence[int], articles: Mapping[str, Article], locale: Locale
) -> str:
    cards = "".join(_card(answer, rank, articles, locale) for rank in ranks)
    return f'<ol class="cards">{cards}</ol>'


def _card(answer: Answer, rank: int, articles: Mapping[str, Article], locale: Locale) -> str:
    passage = answer.hits[rank - 1].passage
    grade = strength(answer, rank)
    spans = _marked_spans(answer, rank, grade)
    first = spans[0] if spans else None
    target = escape(address(passage, first))
    reason = why(answer.searched_for, answer.hits[rank - 1])
    speaker = _speaker(answer, rank, first)
    copied = plain_reference(passage, first, articles, locale, speaker)
    article = articles.get(passage.source)
    about = (
        (article.title, article.publisher, readable_date(article.date))
        if article
        else (passage.title,)
    )
    return (
        f'<li class="card {grade}" value="{rank}">'
        f'<p class="grade"><span class="number">{locale.number(rank)}</span> '
        f"{escape(locale.told(_STRENGTHS[grade]))}</p>"
        f'<p class="place">{joined(map(locale.told, place_names(passage, first)))}</p>'
        f'<p class="why">{escape(locale.told(reason))}</p>'
        f'<p class="passage" dir="auto"{_language(article)}>{_marked_text(passage, spans)}</p>'
        f"{_told(answer, rank, locale)}{_doubts(passage, spans, locale)}"
        f'<p class="about">{joined(map(locale.told, about))}</p><div class="actions">'
        f'<a class="read" href="{target}">{escape(locale.say("Read in article"))}</a>'
        f'<button type="button" class="copy" data-text="{escape(copied)}">'
        f"{escape(locale.say('Copy quote'))}</button>"
        f"{save_button(answer, rank, spans, article, locale) if article else ''}"
        f"{_other_forms(passage, first, article, locale, speaker)}</div></li>"
    )


def _told(answer: Answer, rank: int, locale: Locale) -> str:
    """Return whose account the marked sentences are, each speaker once."""
    accounts: dict[tuple[bool, str], str] = {}
    for citation in answer.citations:
        if citation.number == rank and citation.account is not None:
            who = (citation.account.reported, citation.account.speaker)
            accounts.setdefault(who, locale.told(told_by(citation)))
    return "".join(f'<p class="told">{escape(by)}</p>' for by in accounts.values())


def _speaker(answer: Answer, rank: int, span: Span | None) -> str:
    """Return who is quoted by a sentence of a card; "" where that isn't known, or the article."""
    accounts = (
        citation.account
        for citation in answer.citations
        if citation.number == rank and citation.span == span
    )
    return next((account.speaker for account in accounts if account is not None), "")


def _doubts(passage: Passage, spans: Sequence[Span], locale: Locale) -> str:
    """Return why what is marked on a card may be otherwise than written, or else the passage."""
    shown = spans or (None,)
    doubts = dict.fromkeys(doubt for span in shown for doubt in doubt_names(passage, span))
    return "".join(f'<p class="doubt">{escape(locale.told(doubt))}</p>' for doubt in doubts)


def _other_forms(
    passage: Passage, span: Span | None, article: Article | None, locale: Locale, speaker: str
) -> str:
    """Return what copies the marked quote with its reference in other forms."""
    if span is None or article is None:
        return ""
    buttons = "".join(
        f'<button type="button" class="copy-as" data-text="{escape(text)}">{form}</button>'
        for form, text in references(passage, span, article, locale, speaker).items()
    )
    name = escape(locale.say("Copy as"))
    return f'<details class="forms"><summary>{name}</summary>{buttons}</details>'


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
    """Return the parts of a passage to show: each span with the sentences next to it."""
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
