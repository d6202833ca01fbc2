"""A quote with its reference, in the forms that people paste: Markdown, BibTeX, Chicago. Pure."""

from __future__ import annotations

import re

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.qa.answer.locators import page_name, paragraph_name, readable_date

LINK = "⟨link⟩"
"""Stands for the address of the quote on this page, which only the browser knows."""

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def references(passage: Passage, span: Span, article: Article) -> dict[str, str]:
    """Return a quote with its reference in each form, by the name of the form.

    Where the article tells its own address on the web, that is given; else ``LINK`` stands for
    the address on this page. It is the last thing but for closing marks.
    """
    quoted = " ".join(passage.quote(span).split())
    place = page_name(passage, span) or paragraph_name(passage)
    return {
        "Markdown": _markdown(quoted, place, article),
        "BibTeX": _bibtex(quoted, place, _key(passage, article), article),
        "Chicago": _chicago(quoted, place, article),
    }


def _markdown(quoted: str, place: str, article: Article) -> str:
    facts = (article.author, article.publisher, readable_date(article.date))
    about = ", ".join(_for_markdown(fact) for fact in facts if fact)
    title = f"[*{_for_markdown(article.title)}*, {place}](<{article.url or LINK}>)"
    return f"> {_for_markdown(quoted)}\n>\n> — {about + ', ' if about else ''}{title}"


def _chicago(quoted: str, place: str, article: Article) -> str:
    """Return a note in the manner of the Chicago Manual of Style, 17th served, 14.191."""
    title = article.title.strip('“”"')
    facts = (
        article.author,
        f"“{title}”",
        article.publisher,
        readable_date(article.date),
        place,
        article.url or LINK,
    )
    return f"“{quoted}” {', '.join(fact for fact in facts if fact)}."


def _bibtex(quoted: str, place: str, key: str, article: Article) -> str:
    year, _, rest = article.date.partition("-")
    month, _, day = rest.partition("-")
    values = {
        "author": f"{{{_for_tex(article.author or article.publisher)}}}",
        "title": _for_tex(article.title),
        "organization": _for_tex(article.publisher),
        "year": year,
        "day": day.lstrip("0"),
        "note": f"{place.capitalize()}: ``{_for_tex(quoted)}''",
        "url": article.url or LINK,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value.strip("{}")]
    if month:
        lines.insert(-2, f"  month = {_MONTHS[int(month) - 1]},")
    return "\n".join([f"@online{{{key},", *lines, "}"])


def _key(passage: Passage, article: Article) -> str:
    """Return what the entry is cited by: letters and digits of the file's name, and the place."""
    name = re.sub(r"[^a-z0-9]+", "-", article.source.rsplit(".", 1)[0].lower()).strip("-")
    return f"{name or 'article'}-p{passage.paragraph}"


def _for_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _for_tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)
