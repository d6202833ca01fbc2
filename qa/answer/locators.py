"""Where a passage or a quote stands: as an address within the page, and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Doubt, Span
from citadel.index.corpus.passages import HEADER_PARAGRAPH, Passage
from citadel.index.wording import CalendarDate, LanguageName, counted, message
from citadel.qa.answer import months
from citadel.qa.answer.answers import Citation, Named

_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "ku": "Kurdish",
    "ru": "Russian",
    "tr": "Turkish",
}

_ROW = re.compile(r"(?:sheet (?P<sheet>.+), )?row (?P<row>\d+)", re.DOTALL)
_TIME = re.compile(r"at (?P<time>\d+(?::\d\d)+)")

DOUBTS = {
    Doubt.LAYOUT: message("layout uncertain"),
    Doubt.PICTURE: message("recognised from a picture, may contain errors"),
}
"""Why a text may be otherwise than it was written, in words for people."""


def doubt_names(passage: Passage, span: Span | None = None) -> tuple[str, ...]:
    """Return “layout uncertain”: why a quote or its passage may be otherwise than written."""
    doubts = passage.doubts_about(span or Span(passage.start, passage.end))
    return tuple(DOUBTS[doubt] for doubt in doubts)


def address(passage: Passage, span: Span | None = None) -> str:
    """Return the fragment that opens a passage, and marks a quote in it.

    It holds the whole target, “#report.md:50:1190-1267”, so that it stays valid however long the
    conversation grows.
    """
    target = f"#{quote(passage.source, safe='', errors='replace')}:{passage.paragraph}"
    return target if span is None else f"{target}:{span.start}-{span.end}"


def paragraph_name(passage: Passage) -> str:
    """Return “paragraph 50”, or what the article's header is called."""
    if passage.paragraph == HEADER_PARAGRAPH:
        return message("source details")
    return message("paragraph {number}", number=passage.paragraph)


def page_name(passage: Passage, span: Span | None = None) -> str:
    """Return “p. 7”, “row 12” or “at 0:01:23”: where a quote or its passage stands in its file.

    It is "" for what has neither pages nor rows nor times.
    """
    span = span or Span(passage.start, passage.end)
    page = passage.page_label_of(span)
    if page is not None:
        return message("p. {number}", number=page)
    return place_words(passage.place_of(span))


def place_words(place: str) -> str:
    """Return the name of a row or a time as words that can be said in other languages, too.

    Readers of tables and subtitles name places in English, and an index keeps them so.
    """
    row = _ROW.fullmatch(place)
    if row is not None and row["sheet"]:
        return message("sheet {sheet}, row {row}", sheet=row["sheet"], row=int(row["row"]))
    if row is not None:
        return message("row {row}", row=int(row["row"]))
    time = _TIME.fullmatch(place)
    return place if time is None else message("at {time}", time=time["time"])


def section_name(passage: Passage) -> str:
    """Return the heading above a passage, or "" when that is the article's title."""
    return "" if passage.section == passage.title else passage.section


def place_names(passage: Passage, span: Span | None = None) -> tuple[str, str, str]:
    """Return section, page and paragraph of a quote or of its passage, as far as it has them.

    A sheet is named with the row, and not once more as a section.
    """
    section, page = section_name(passage), page_name(passage, span)
    return "" if section and section in page else section, page, paragraph_name(passage)


def quoted_from(citations: Sequence[Citation]) -> str:
    """Return “1 article (2 passages)”: what is quoted from, each counted once."""
    articles = {citation.passage.source for citation in citations}
    passages = {(citation.passage.source, citation.passage.start) for citation in citations}
    return message(
        "{articles} ({passages})",
        articles=counted("{count} article", "{count} articles", len(articles)),
        passages=counted("{count} passage", "{count} passages", len(passages)),
    )


def told_by(citation: Citation) -> str:
    """Return “According to Sergey Lavrov · named in an earlier sentence”; "" for what is not known.

    It stands outside the quote, which is never changed.
    """
    account = citation.account
    if account is None:
        return ""
    if not account.reported:
        return message("In the article’s own words")
    if not account.speaker:
        return message("Reported; speaker not named here")
    if account.named is Named.EARLIER:
        return message(
            "According to {speaker} · named in an earlier sentence", speaker=account.speaker
        )
    if account.named is Named.LATER:
        return message(
            "According to {speaker} · named in a later sentence", speaker=account.speaker
        )
    return message("According to {speaker}", speaker=account.speaker)


def read_before(citation: Citation) -> str:
    """Return what to read before a quote, with “…” where something is left out; or ""."""
    return "".join(
        f"{lead.text} " if lead.runs_on else f"{lead.text} … " for lead in citation.before
    )


def readable_date(date: str) -> str:
    """Return “2016-12-05” as “5 December 2016”, and a shorter date as far as it goes."""
    if not date:
        return ""
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    parts = [day.lstrip("0"), months.ENGLISH[int(month) - 1] if month else "", year]
    words = " ".join(part for part in parts if part)
    return CalendarDate.of(int(year), int(month or 0), int(day or 0), words)


def language_name(code: str) -> str:
    """Return the name of a language, or its ISO 639-1 code where we have none in English."""
    return LanguageName.of(code, _LANGUAGES.get(code, code))


def reference_parts(
    passage: Passage, articles: Mapping[str, Article], span: Span | None = None
) -> tuple[str, ...]:
    """Return what a reference is made of, as far as it is known."""
    article = articles.get(passage.source)
    place = (page_name(passage, span), paragraph_name(passage))
    doubts = doubt_names(passage, span)
    if article is None:
        # The collection was replaced between the search and the page; the title is still known.
        return tuple(part for part in (passage.title, *place, *doubts) if part)
    parts = (
        article.author,
        article.title,
        article.publisher,
        readable_date(article.date),
        *place,
        article.url,
        *doubts,
    )
    return tuple(part for part in parts if part)
