"""An answer as Markdown, for the file that a person keeps: what was asked, quoted, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from citadel.index.corpus.articles import Article
from citadel.index.wording import message
from citadel.qa.answer.answers import Answer, Citation, Status
from citadel.qa.answer.locators import read_before, reference_parts, told_by
from citadel.qa.page.conflicts import conflicts_caption
from citadel.qa.page.locales import ENGLISH, Locale
from citadel.qa.page.references import listed

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_VERDICTS = {
    Status.ANSWERED: message("Answer found."),
    Status.POSSIBLE: message("Possibly related, not a clear answer."),
    Status.NOT_FOUND: message("Not found in the sources."),
    Status.SMALL_TALK: message("No question to the sources."),
}


def transcript_entry(
    answer: Answer, articles: Mapping[str, Article], asked: datetime, locale: Locale = ENGLISH
) -> str:
    """Return question, answer, citations, time and index version; the quotes unchanged.

    Args:
        answer: The answer.
        articles: The articles by their file names.
        asked: When the question was answered, in UTC.
        locale: In which the page speaks.

    """
    lines = [
        f"## {_plain(answer.question)}",
        locale.say(
            "Asked {time} UTC, of the index {index}.",
            time=f"{asked:%Y-%m-%d %H:%M}",
            index=_plain(answer.snapshot),
        ),
    ]
    if answer.searched_for != answer.question:
        words = _plain(locale.told(answer.searched_for))
        lines.append(locale.say("Searched for: {words}", words=words))
    lines.append(locale.told(_VERDICTS[answer.status]))
    lines += [_cited(citation, articles, locale) for citation in answer.citations]
    if answer.conflicts:
        lines.append(locale.told(conflicts_caption(answer.conflicts)))
    for claim in answer.conflicts:
        lines += [f"**{_plain(claim.labelled)}**", _cited(claim.citation, articles, locale)]
    lines += [_plain(locale.told(note)) for note in answer.notes]
    return "\n\n".join(lines) + "\n"


def _cited(citation: Citation, articles: Mapping[str, Article], locale: Locale) -> str:
    passage, span = citation.passage, citation.span
    warning = _plain(locale.told(citation.date_warning))
    by = _plain(locale.told(told_by(citation)))
    where = locale.say(
        "{reference} ({file}, characters {start} to {end})",
        reference=_plain(listed(reference_parts(passage, articles, span), locale)),
        file=_plain(passage.source),
        start=str(span.start),
        end=str(span.end),
    )
    before = f"> {_plain(text)}\n>\n" if (text := read_before(citation)) else ""
    return (
        f"{before}> {_plain(citation.quote)}\n\n"
        + (f"{by}\n\n" if by else "")
        + f"\\[{citation.number}\\] {where}"
        + (f"\n\n{warning}" if warning else "")
    )


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
