"""The head of an article copied from a web page: its title, its byline, its captions. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from citadel.index.corpus.bylines import may_be_name, read_byline
from citadel.index.corpus.dates import iso_date
from citadel.index.corpus.formats.web_furniture import is_page
from citadel.index.corpus.formats.web_lines import SENTENCE_END, is_sentence
from citadel.index.corpus.layout import Byline, Span

_AUTHOR = re.compile(
    r"^(?:(?:written\s+)?by|par|von|por|بقلم)\b\s*:?\s*(?P<name>\S.*)$", re.IGNORECASE
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATES = tuple(
    re.compile(
        rf"(?:(?:first\s+)?(?:published|posted|updated|last\s+updated)\s*(?:on|:)?\s*)?"
        rf"(?P<date>{form})",
        re.IGNORECASE,
    )
    for form in (
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}\b",
        rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b",
        r"\b\d{4}-\d{2}-\d{2}\b",
    )
)
_LETTER = re.compile(r"[^\W\d_]")


def read_head(text: str, head: list[Span]) -> tuple[Mapping[str, str], list[Span], list[Byline]]:
    """Read what stands above the first prose: title, byline and captions.

    A page shows its title once for the browser and once for the reader, so what is repeated
    there is the title, after its kicker if there are two such lines; otherwise it is the first
    line, or the first after a row of the page's departments, unless that is a sentence or names the
    author. The last lines that stand alone are the byline: publisher, author, date.
    """
    texts = [line.of(text) for line in head]
    times = Counter(texts)
    words = [line for line in head if not is_page(text, line)]
    titles = [each for each, count in times.items() if count > 1]
    alone = [line for line in words if times[line.of(text)] == 1]
    metadata: dict[str, str] = {}
    if titles:
        metadata["title"] = titles[-1]
        if len(titles) > 1:
            metadata["subtitle"] = titles[0]
        first = next(line for line in head if times[line.of(text)] > 1)
        alone = [x for x in alone if x.start > first.start or not _is_department(text, x)]
    elif alone:
        links = next((n for n, x in enumerate(alone) if not _is_department(text, x)), 0)
        title = alone[links if links > 1 else 0]
        if not is_sentence(text, title) and "author" not in read_byline(title.of(text)):
            metadata["title"] = title.of(text)
            alone = [line for line in alone if line.start > title.start]
    bylines: list[Byline] = []
    while alone and alone[-1] == words[-1]:
        line = alone[-1].of(text)
        found = _read_byline(line)
        if not found or found.keys() & metadata.keys():
            break
        metadata.update(found)
        bylines.insert(0, Byline(found, head.index(alone.pop()), " ".join(line.split())))
        words.pop()
    return metadata, alone, bylines


def _is_department(text: str, line: Span) -> bool:
    """Recognise “Home”, “World News”: a link of the page's head."""
    content = line.of(text)
    return len(content.split()) < 3 and not content.endswith(SENTENCE_END)


def _read_byline(content: str) -> dict[str, str]:
    """Read who published or wrote an article, and when; nothing from a caption."""
    certain = read_byline(content)
    if "author" in certain:
        return certain
    found: dict[str, str] = {}
    for form in _DATES:
        match = form.search(content)
        if match is not None and (day := iso_date(match["date"])):
            found["date"] = day
            content = (content[: match.start()] + content[match.end() :]).strip(" ,.|·•–—-")
            break
    author = _AUTHOR.match(content)
    if not _LETTER.search(content):
        return found
    if content.endswith(SENTENCE_END):
        return {}
    if author is not None:
        return {**found, "author": author["name"]} if may_be_name(author["name"]) else {}
    return {**found, "publisher": content}
