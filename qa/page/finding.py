"""Every passage that mentions a name or has some words, as HTML: counted, marked, exportable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import urlencode

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.retrieval.name_index import IndexedName
from citadel.index.retrieval.written_names import NameKind
from citadel.qa.answer.intent import MAX_QUESTION
from citadel.qa.answer.locators import address, place_names, readable_date
from citadel.qa.answer.markup import escape, joined, plural
from citadel.qa.answer.mentions_of import AllMentions, MentioningPassage

_FIND = "Find in all articles"
_PLACEHOLDER = "A name or words, in any spelling"
_HINT = (
    "Finds every passage, not only the best: a name in each spelling that the articles have of "
    "it, other words in every form. Words in “quotation marks” have to follow one another."
)
_NOTHING = "No passage has this."
_EXPORT = "Save all as"
_BY_ARTICLE = "By article"
_ALL_ARTICLES = "All articles"
_MORE = "Show more passages"
_AS_A_NAME = "As a name:"
_LONG_LIST = 6
"""So many articles at most are listed unfolded."""

_SENTENCES = 4
"""So many sentences of a passage are shown at most; the others are in the article."""


def render_finding(
    asked: str = "",
    found: AllMentions | None = None,
    *,
    shown: int = 0,
    source: str = "",
    near_name: IndexedName | None = None,
    words_only: bool = False,
    total_by_article: Sequence[tuple[Article, int]] = (),
) -> str:
    """Return the form, and under it what was found.

    Args:
        asked: What stands in the form.
        found: What was found; None before anything was looked for.
        shown: How many passages to show.
        source: The article that is looked into alone, or "".
        near_name: The name that the words are, too.
        words_only: Whether the words were looked for, whatever they name.
        total_by_article: The articles with how many passages each has, whichever is chosen.

    """
    if found is None:
        return _form(asked) + f'<p class="empty">{_HINT}</p>'
    parts = [_form(asked), _head(found, source)]
    if found.numbers:
        parts.append(_actions(found, source, words_only=words_only))
    if near_name is not None and found.name is None:
        parts.append(_is_a_name(near_name))
    if len(total_by_article) > 1:
        parts.append(_counts(total_by_article, source))
    parts.append(_passages(found, shown))
    if shown < len(found):
        left = len(found) - shown
        parts.append(
            f'<p class="actions"><button type="button" class="more-passages" '
            f'data-shown="{shown}">{_MORE} ({left})</button></p>'
        )
    kind = "words" if found.name is None else "name"
    return (
        f'<div class="found" data-asked="{escape(asked)}" data-as="{kind}" '
        f'data-words="{"yes" if words_only else ""}" data-source="{escape(source)}">'
        f"{''.join(parts)}</div>"
    )


def said(found: AllMentions) -> str:
    """Return what a screen reader speaks when the passages arrive; plain text."""
    if not found.numbers:
        return _NOTHING
    return f"{plural(len(found), 'passage')} in {plural(len(found.by_article), 'article')}"


def render_refused_finding(asked: str, message: str) -> str:
    """Return the form, and under it why nothing was looked for."""
    return _form(asked) + f'<p class="verdict" dir="auto" tabindex="-1">{escape(message)}</p>'


def _form(asked: str) -> str:
    return (
        '<form class="choose find-all" role="search">'
        f'<input type="search" class="narrow" aria-label="{_FIND}" placeholder="{_PLACEHOLDER}" '
        f'value="{escape(asked)}" dir="auto" autocomplete="off" maxlength="{MAX_QUESTION}">'
        '<button type="submit">Find</button></form>'
    )


def _head(found: AllMentions, source: str) -> str:
    title = found.name.text if found.name is not None else found.asked
    lines = []
    if found.name is not None and found.name.kind is not NameKind.UNKNOWN:
        lines.append(_KINDS[found.name.kind])
    if found.corrected:
        lines.append(f"Read as “<bdi>{escape(found.corrected)}</bdi>”, which the articles have.")
    if found.numbers and found.missing:
        words = ", ".join(f"“<bdi>{escape(word)}</bdi>”" for word in found.missing)
        lines.append(f"No passage has all of your words; these are without {words}.")
    if found.written and (len(found.written) > 1 or found.written[0][0] != title):
        ways = ", ".join(f"<bdi>{escape(text)}</bdi> ({n})" for text, n in found.written[:12])
        lines.append(f"Written {ways}")
    about = "".join(f'<p class="about">{line}</p>' for line in lines)
    in_one = f" in “{escape(found.by_article[0][0].title)}”" if source and found.numbers else ""
    many = "" if in_one else f" in {plural(len(found.by_article), 'article')}"
    told = f"{plural(len(found), 'passage')}{in_one or many}" if found.numbers else _NOTHING
    return (
        f'<h2 class="panel-title" dir="auto" tabindex="-1"><bdi>{escape(title)}</bdi> · {told}</h2>'
        f"{about}"
    )


_KINDS = {
    NameKind.PERSON: "A person, as the articles say.",
    NameKind.ORGANISATION: "An organisation, as the articles say.",
    NameKind.PLACE: "A place, as the articles say.",
}


def questions_about(name: IndexedName) -> tuple[str, ...]:
    """Return what a reader would ask about a name: who it is, or what, or both if unknown."""
    who, what = f"Who is {name.text}?", f"What is {name.text}?"
    match name.kind:
        case NameKind.PERSON:
            return (who,)
        case NameKind.UNKNOWN:
            return who, what
        case _:
            return (what,)


def _actions(found: AllMentions, source: str, *, words_only: bool) -> str:
    asks = "".join(
        f'<button type="button" class="ask-this" dir="auto">{escape(question)}</button>'
        for question in (questions_about(found.name) if found.name is not None else ())
    )
    chosen = [("words" if words_only else "name", found.asked)]
    chosen += [("only", source)] if source else []
    links = "".join(
        f'<a class="save" download href="api/mentions?{escape(urlencode([*chosen, each]))}" '
        f'aria-label="{_EXPORT} {name}">{name}</a>'
        for each, name in ((("format", "csv"), "CSV"), (("format", "jsonl"), "JSON Lines"))
    )
    return f'<p class="actions">{asks}<span class="saves">{_EXPORT} {links}</span></p>'


def _is_a_name(name: IndexedName) -> str:
    return (
        f'<p class="about">{_AS_A_NAME} <button type="button" class="show-name" '
        f'data-name="{escape(name.text)}"><bdi>{escape(name.text)}</bdi></button>, '
        f"{plural(name.mentions, 'mention')} in every spelling</p>"
    )


def _counts(by_article: Sequence[tuple[Article, int]], source: str) -> str:
    most_first = sorted(by_article, key=lambda each: -each[1])
    total = sum(count for _, count in by_article)
    items = "".join(
        f'<li><button type="button" class="only-article" data-source="{escape(value)}" '
        f'aria-pressed="{"true" if value == source else "false"}"><bdi>{escape(title)}</bdi>'
        f"</button> {count}</li>"
        for value, title, count in [
            ("", _ALL_ARTICLES, total),
            *((article.source, article.title, count) for article, count in most_first),
        ]
    )
    is_open = " open" if len(by_article) <= _LONG_LIST or source else ""
    return (
        f'<details class="counts"{is_open}><summary>{_BY_ARTICLE} ({len(by_article)})</summary>'
        f"<ul>{items}</ul></details>"
    )


def _passages(found: AllMentions, shown: int) -> str:
    articles = {article.source: article for article, _ in found.by_article}
    several = len(articles) > 1
    return "".join(
        _of_article(articles[source], list(group), titled=several)
        for source, group in groupby(found.passages(0, shown), key=lambda each: each.passage.source)
    )


def _of_article(article: Article, found: Sequence[MentioningPassage], *, titled: bool) -> str:
    about = joined((article.title, article.publisher, readable_date(article.date)))
    head = f'<h3 class="of-article" dir="auto">{about}</h3>' if titled else ""
    items = "".join(_passage(each, article) for each in found)
    return f'{head}<ul class="passages" lang="{escape(article.language)}">{items}</ul>'


def _passage(found: MentioningPassage, article: Article) -> str:
    passage = found.passage
    sentences = [span for span in passage.sentences if _overlap(span, found.spans)]
    chosen = sentences[:_SENTENCES] or [Span(passage.start, passage.end)]
    text = " ".join(_with_gaps(found, chosen))
    section, page, paragraph = place_names(passage, chosen[0])
    link = (
        f'<a class="cite" href="{escape(address(passage, chosen[0]))}" '
        f'aria-label="{escape(article.title)}, {paragraph}: open in the article">{paragraph}</a>'
    )
    place = joined((section, page))
    return (
        f'<li><blockquote dir="auto">{text}</blockquote>'
        f'<p class="about" dir="auto" lang="en">{place + " · " if place else ""}{link}</p></li>'
    )


def _with_gaps(found: MentioningPassage, sentences: Sequence[Span]) -> Iterator[str]:
    """Yield the sentences, and what stands for those between them."""
    end = found.passage.start
    for span in sentences:
        if found.passage.text[end - found.passage.start : span.start - found.passage.start].strip():
            yield "…"
        yield _marked(found, span)
        end = span.end
    if found.passage.text[end - found.passage.start :].strip():
        yield "…"


def _marked(found: MentioningPassage, sentence: Span) -> str:
    passage = found.passage
    pieces = []
    cursor = sentence.start
    for span in found.spans:
        start, end = max(span.start, cursor), min(span.end, sentence.end)
        if start < end:
            pieces.append(escape(passage.text[cursor - passage.start : start - passage.start]))
            pieces.append(f"<mark>{escape(passage.quote(Span(start, end)))}</mark>")
            cursor = end
    pieces.append(escape(passage.text[cursor - passage.start : sentence.end - passage.start]))
    return "".join(pieces)


def _overlap(sentence: Span, spans: Sequence[Span]) -> bool:
    return any(span.start < sentence.end and span.end > sentence.start for span in spans)
