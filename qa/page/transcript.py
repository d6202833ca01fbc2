"""An answer as Markdown, for the file that a person keeps: what was asked, quoted, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from citadel.index.corpus.articles import Article
from citadel.qa.answer.answers import Answer, Citation, Status
from citadel.qa.answer.locators import read_before, reference, told_by

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_VERDICTS = {
    Status.ANSWERED: "Answer found.",
    Status.POSSIBLE: "Possibly related, not a clear answer.",
    Status.NOT_FOUND: "Not found in the sources.",
    Status.SMALL_TALK: "No question to the sources.",
}


def transcript_entry(answer: Answer, articles: Mapping[str, Article], asked: datetime) -> str:
    """Return question, answer, citations, time and index version; the quotes unchanged.

    Args:
        answer: The answer.
        articles: The articles by their file names.
        asked: When the question was answered, in UTC.

    """
    lines = [
        f"## {_plain(answer.question)}",
        f"Asked {asked:%Y-%m-%d %H:%M} UTC, of the index {_plain(answer.snapshot)}.",
    ]
    if answer.searched_for != answer.question:
        lines.append(f"Searched for: {_plain(answer.searched_for)}")
    lines.append(_VERDICTS[answer.status])
    lines += [_cited(citation, articles) for citation in answer.citations]
    lines += [_plain(note) for note in answer.notes]
    return "\n\n".join(lines) + "\n"


def _cited(citation: Citation, articles: Mapping[str, Article]) -> str:
    passage, span = citation.passage, citation.span
    date_warning = f"\n\n{_plain(citation.date_warning)}" if citation.date_warning else ""
    before = f"> {_plain(text)}\n>\n" if (text := read_before(citation)) else ""
    told = f"{_plain(by)}\n\n" if (by := told_by(citation)) else ""
    return (
        f"{before}> {_plain(citation.quote)}\n\n{told}"
        f"\\[{citation.number}\\] {_plain(reference(passage, articles, span))} "
        f"({_plain(passage.source)}, characters {span.start} to {span.end}){date_warning}"
    )


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
