"""A quote with its reference, in the forms that people paste: Markdown, BibTeX, Chicago. Pure.

The only address in them is the article's own on the web: that of this page means nothing where
they are pasted. Quotation marks are set as style guides want them; the page shows them as they
stand in the source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.qa.answer.locators import page_name, paragraph_name, readable_date, reference_parts
from citadel.qa.page.locales import ENGLISH, Locale
from citadel.qa.page.quotation_marks import balanced, within_marks, without_outer_marks

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def plain_reference(
    passage: Passage,
    span: Span | None,
    articles: Mapping[str, Article],
    locale: Locale = ENGLISH,
    speaker: str = "",
) -> str:
    """Return a quote, or a whole passage, in quotation marks and followed by its reference.

    Args:
        passage: Where the quote stands.
        span: The quote; None for the whole passage.
        articles: All of them, by their file names.
        locale: In which the page speaks.
        speaker: Whose words or account the quote is, where it isn't that of the article.

    """
    quoted = within_marks(_on_one_line(passage.text if span is None else passage.quote(span)))
    told = listed(reference_parts(passage, articles, span), locale)
    return f"{quoted} ({_quoted_in(speaker, told, locale)})" if speaker else f"{quoted} — {told}"


def _quoted_in(speaker: str, reference: str, locale: Locale) -> str:
    """Return a reference after the name of who is quoted there; without one, the reference."""
    if not speaker:
        return reference
    return locale.say("{speaker}, quoted in: {reference}", speaker=speaker, reference=reference)


def listed(parts: Sequence[str], locale: Locale) -> str:
    """Return the parts of a reference in a row, without those that are not known."""
    return locale.say(", ").join(locale.told(part) for part in parts if part)


def references(
    passage: Passage, span: Span, article: Article, locale: Locale = ENGLISH, speaker: str = ""
) -> dict[str, str]:
    """Return a quote with its reference in each form, by the name of the form.

    The speaker is who is quoted, where the article doesn't speak itself; see ``plain_reference``.
    """
    quoted = _on_one_line(passage.quote(span))
    place = page_name(passage, span) or paragraph_name(passage)
    return {
        "Markdown": _markdown(quoted, place, article, locale, speaker),
        "BibTeX": _bibtex(
            quoted, _said_at(locale.told(place), speaker), _key(passage, article), article
        ),
        "Chicago": _chicago(quoted, place, article, locale, speaker),
    }


def _said_at(place: str, speaker: str) -> str:
    return f"{place.capitalize()}, {speaker}" if speaker else place.capitalize()


def _markdown(quoted: str, place: str, article: Article, locale: Locale, speaker: str) -> str:
    facts = (article.author, article.publisher, readable_date(article.date))
    title = listed((f"*{_for_markdown(article.title)}*", place), locale)
    linked = f"[{title}](<{article.url}>)" if article.url else title
    source = listed([*(_for_markdown(locale.told(fact)) for fact in facts), linked], locale)
    source = _quoted_in(_for_markdown(speaker), source, locale)
    return f"> {_for_markdown(balanced(quoted))}\n>\n> — {source}"


def _chicago(quoted: str, place: str, article: Article, locale: Locale, speaker: str) -> str:
    """Return a note in the manner of the Chicago Manual of Style, 17th edition, 14.191."""
    facts = (
        article.author,
        within_marks(without_outer_marks(article.title)),
        article.publisher,
        readable_date(article.date),
        place,
        article.url,
    )
    return f"{within_marks(quoted)} {_quoted_in(speaker, listed(facts, locale), locale)}."


def _bibtex(quoted: str, place: str, key: str, article: Article) -> str:
    year, _, rest = article.date.partition("-")
    month, _, day = rest.partition("-")
    values = {
        "author": f"{{{{{_for_tex(article.author or article.publisher)}}}}}",
        "title": f"{{{_for_tex(article.title)}}}",
        "organization": f"{{{_for_tex(article.publisher)}}}",
        "year": f"{{{year}}}",
        "day": f"{{{day.lstrip('0')}}}",
        "month": _MONTHS[int(month) - 1] if month else "",
        "note": f"{{{_for_tex(place)}: ``{_for_tex(balanced(quoted, outer=1))}''}}",
        "url": f"{{{article.url}}}",
    }
    lines = [f"  {name} = {value}," for name, value in values.items() if value.strip("{}")]
    return "\n".join([f"@online{{{key},", *lines, "}"])


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _key(passage: Passage, article: Article) -> str:
    """Return what the entry is cited by: letters and digits of the file's name, and the place."""
    name = re.sub(r"[^a-z0-9]+", "-", article.source.rsplit(".", 1)[0].lower()).strip("-")
    return f"{name or 'article'}-p{passage.paragraph}"


def _for_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _for_tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)
