"""Shows an answer in a terminal. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator

from citadel.index.corpus.passages import HEADER_PARAGRAPH, Passage
from citadel.qa.answer.answers import Answer, Status, answer_record
from citadel.qa.answer.locators import doubt_names, page_name, quoted_from, read_before, told_by
from citadel.qa.answer.markup import plural
from citadel.qa.answer.mentions_of import AllMentions

NOT_FOUND = (
    "Not found in the sources. No passage answers this. The closest ones are listed below, "
    "but they may be about something else."
)
POSSIBLE = "Possibly related, not a clear answer:"
NEAR = "Also near:"
NEAREST = "The nearest question that the articles answer:"
CONFLICTS = "The sentences that were found give different values:"
AT_DATES = "The sentences that were found give values of different dates:"
SMALL_TALK = (
    "Ask about the articles: the answer is sentences quoted from them, each with its source."
)


def printed(answer: Answer, *, as_json: bool) -> str:
    """Return what ``ask`` writes of an answer: lines of text, or the record of it as JSON."""
    if as_json:
        return json.dumps(answer_record(answer), ensure_ascii=True, indent=2) + "\n"
    return plain_text(answer)


def plain_text(answer: Answer) -> str:
    """Return an answer as lines of text: the quotes first, then where they stand."""
    return "\n".join(_lines(answer)) + "\n"


def printed_mentions(found: AllMentions) -> Iterator[str]:
    """Yield what ``mentions`` writes for people, lines with their breaks: a head, then passages."""
    asked = found.asked if found.name is None else found.name.text
    if not found.numbers:
        yield f"No passage has “{asked}”.\n"
        return
    articles = plural(len(found.by_article), "article")
    yield f"“{asked}”: {plural(len(found), 'passage')} in {articles}.\n"
    yield f"Written {', '.join(f'{text} ({count})' for text, count in found.written)}.\n"
    if found.missing:
        yield f"None of them has {', '.join(f'“{word}”' for word in found.missing)}.\n"
    for each in found.passages():
        yield f"\n{place(each.passage)}\n{each.passage.text}\n"


def _lines(answer: Answer) -> Iterator[str]:
    if answer.status is Status.SMALL_TALK:
        yield SMALL_TALK
        yield from answer.notes
        return
    if answer.searched_for != answer.question:
        yield f"Searching for: {answer.searched_for}"
        yield ""
    if answer.status is Status.ANSWERED:
        yield f"Answer found in {quoted_from(answer.citations)}:"
    if answer.status is Status.NOT_FOUND:
        yield NOT_FOUND
    if answer.status is Status.POSSIBLE:
        yield POSSIBLE
    for citation in answer.citations:
        said = "    also: " if citation.repeats else ""
        before = f"[{text.rstrip()}] " if (text := read_before(citation)) else ""
        yield f"{said}{before}{citation.quote} [{citation.number}]"
        if by := told_by(citation):
            yield f"    ({by})"
        for doubt in doubt_names(citation.passage, citation.span):
            yield f"    ({doubt})"
        if citation.date_warning:
            yield f"    ({citation.date_warning})"
    if answer.nearest:
        yield f"{NEAREST} {answer.nearest}"
    yield from _conflicts(answer)
    yield from answer.notes
    yield ""
    places = [f"[{number}] {place(hit.passage)}" for number, hit in enumerate(answer.hits, start=1)]
    cited = {citation.number for citation in answer.citations}
    yield from (line for number, line in enumerate(places, start=1) if number in cited)
    if cited and len(cited) < len(places):
        yield NEAR
    yield from (line for number, line in enumerate(places, start=1) if number not in cited)


def _conflicts(answer: Answer) -> Iterator[str]:
    if answer.conflicts:
        yield AT_DATES if answer.conflicts[0].dated else CONFLICTS
    for claim in answer.conflicts:
        cited = claim.citation
        yield f"    {claim.labelled}: {cited.quote} [{cited.number}]"
        if by := told_by(cited):
            yield f"        ({by})"


def place(passage: Passage) -> str:
    """Name the place of a passage: title, section, page, paragraph, file, offsets, doubts."""
    where = f"{passage.source}, {passage.start} to {passage.end}"
    if passage.paragraph == HEADER_PARAGRAPH:
        return f"{passage.title} · header ({where})"
    section = "" if passage.section == passage.title else f" · {passage.section}"
    page = f" · {named}" if (named := page_name(passage)) else ""
    doubts = "".join(f" · {doubt}" for doubt in doubt_names(passage))
    return f"{passage.title}{section}{page} · paragraph {passage.paragraph} ({where}){doubts}"
