"""Every passage that mentions a name or has some words, as HTML: counted, marked, exportable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import urlencode

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.retrieval.name_index import IndexedName
from citadel.index.retrieval.written_names import NameKind
from citadel.index.wording import all_of, counted, message
from citadel.qa.answer.intent import MAX_QUESTION
from citadel.qa.answer.locators import address, doubt_names, place_names, readable_date
from citadel.qa.answer.markup import escape, joined
from citadel.qa.answer.mentions_of import AllMentions, MentioningPassage
from citadel.qa.page.clippings import save_sentences
from citadel.qa.page.locales import ENGLISH, Locale

_HINT = message(
    "Finds every passage, not only the best: a name in each spelling that the articles have of "
    "it, other words in every form. Words in “quotation marks” have to follow one another."
)
_LONG_LIST = 6
"""How many articles at most are listed unfolded."""

_SENTENCES = 4
"""How many sentences of a passage are shown at most; the others are in the article."""


def render_finding(
    asked: str = "",
    found: AllMentions | None = None,
    *,
    shown: int = 0,
    source: str = "",
    near_name: IndexedName | None = None,
    words_only: bool = False,
    total_by_article: Sequence[tuple[Article, int]] = (),
    snapshot: str = "",
    locale: Locale = ENGLISH,
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
        snapshot: The identifier of the index that it was found in.
        locale: In which the page speaks.

    """
    if found is None:
        return _form(asked, locale) + f'<p class="empty">{escape(locale.told(_HINT))}</p>'
    parts = [_form(asked, locale), _head(found, source, locale)]
    if found.numbers:
        parts.append(_actions(found, source, locale, words_only=words_only))
    if near_name is not None and found.name is None:
        parts.append(_is_a_name(near_name, locale))
    if len(total_by_article) > 1:
        parts.append(_counts(total_by_article, source, locale))
    parts.append(_passages(found, shown, snapshot, locale))
    if shown < len(found):
        more = locale.say("Show more passages ({count})", count=len(found) - shown)
        parts.append(
            f'<p class="actions"><button type="button" class="more-passages" '
            f'data-shown="{shown}">{escape(more)}</button></p>'
        )
    kind = "words" if found.name is None else "name"
    return (
        f'<div class="found" data-asked="{escape(asked)}" data-as="{kind}" '
        f'data-words="{"yes" if words_only else ""}" data-source="{escape(source)}">'
        f"{''.join(parts)}</div>"
    )


def render_refused_finding(asked: str, why: str, locale: Locale = ENGLISH) -> str:
    """Return the form, and under it why nothing was looked for."""
    return _form(asked, locale) + f'<p class="verdict" dir="auto" tabindex="-1">{escape(why)}</p>'


def _form(asked: str, locale: Locale) -> str:
    label = escape(locale.say("Find in all articles"))
    hint = escape(locale.say("A name or words, in any spelling"))
    return (
        '<form class="choose find-all" role="search">'
        f'<input type="search" class="narrow" aria-label="{label}" placeholder="{hint}" '
        f'value="{escape(asked)}" dir="auto" autocomplete="off" maxlength="{MAX_QUESTION}">'
        f'<button type="submit">{escape(locale.say("Find"))}</button></form>'
    )


def _head(found: AllMentions, source: str, locale: Locale) -> str:
    title = found.name.text if found.name is not None else found.asked
    lines = []
    if found.name is not None and found.name.kind is not NameKind.UNKNOWN:
        lines.append(escape(locale.told(_KINDS[found.name.kind])))
    if found.corrected:
        read_as = f"<bdi>{escape(found.corrected)}</bdi>"
        lines.append(locale.html("Read as “{words}”, which the articles have.", words=read_as))
    if found.numbers and found.missing:
        without = all_of([f"“{word}”" for word in found.missing])
        none = locale.say(
            "No passage has all of your words; these are without {words}.", words=without
        )
        lines.append(escape(none))
    if found.written and (len(found.written) > 1 or found.written[0][0] != title):
        ways = " · ".join(
            f"<bdi>{escape(text)}</bdi> ({locale.number(count)})"
            for text, count in found.written[:12]
        )
        lines.append(locale.html("Written {ways}", ways=ways))
    about = "".join(f'<p class="about">{line}</p>' for line in lines)
    return (
        f'<h2 class="panel-title" dir="auto" tabindex="-1"><bdi>{escape(title)}</bdi> · '
        f"{_how_many(found, source, locale)}</h2>{about}"
    )


def _how_many(found: AllMentions, source: str, locale: Locale) -> str:
    if not found.numbers:
        return escape(locale.say("No passage has this."))
    passages = counted("{count} passage", "{count} passages", len(found))
    if source:
        title = found.by_article[0][0].title
        return escape(locale.say("{passages} in “{title}”", passages=passages, title=title))
    articles = counted("{count} article", "{count} articles", len(found.by_article))
    return escape(locale.say("{passages} in {articles}", passages=passages, articles=articles))


_KINDS = {
    NameKind.PERSON: message("A person, as the articles say."),
    NameKind.ORGANISATION: message("An organisation, as the articles say."),
    NameKind.PLACE: message("A place, as the articles say."),
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


def _actions(found: AllMentions, source: str, locale: Locale, *, words_only: bool) -> str:
    asks = "".join(
        f'<button type="button" class="ask-this" lang="en" dir="auto">{escape(question)}</button>'
        for question in (questions_about(found.name) if found.name is not None else ())
    )
    chosen = [("words" if words_only else "name", found.asked)]
    chosen += [("only", source)] if source else []
    links = "".join(
        f'<a class="save" download href="api/mentions?{escape(urlencode([*chosen, each]))}" '
        f'aria-label="{escape(locale.say("Save all as {form}", form=name))}">'
        f'<bdi lang="en">{name}</bdi></a>'
        for each, name in ((("format", "csv"), "CSV"), (("format", "jsonl"), "JSON Lines"))
    )
    saves = locale.html("Save all as {form}", form=links)
    return f'<p class="actions">{asks}<span class="saves">{saves}</span></p>'


def _is_a_name(name: IndexedName, locale: Locale) -> str:
    button = (
        f'<button type="button" class="show-name" data-name="{escape(name.text)}">'
        f"<bdi>{escape(name.text)}</bdi></button>"
    )
    mentions = locale.counted("{count} mention", "{count} mentions", name.mentions)
    told = locale.html(
        "As a name: {name}, {mentions} in every spelling", name=button, mentions=escape(mentions)
    )
    return f'<p class="about">{told}</p>'


def _counts(by_article: Sequence[tuple[Article, int]], source: str, locale: Locale) -> str:
    most_first = sorted(by_article, key=lambda each: -each[1])
    total = sum(count for _, count in by_article)
    items = "".join(
        f'<li><button type="button" class="only-article" data-source="{escape(value)}" '
        f'aria-pressed="{"true" if value == source else "false"}">'
        f"{title}</button> {locale.number(count)}</li>"
        for value, title, count in [
            ("", escape(locale.say("All articles")), total),
            *((article.source, _title(article), count) for article, count in most_first),
        ]
    )
    summary = locale.say("By article ({count})", count=len(by_article))
    is_open = " open" if len(by_article) <= _LONG_LIST or source else ""
    return (
        f'<details class="counts"{is_open}><summary>{escape(summary)}</summary>'
        f"<ul>{items}</ul></details>"
    )


def _title(article: Article) -> str:
    return f'<bdi lang="{escape(article.language)}">{escape(article.title)}</bdi>'


def _passages(found: AllMentions, shown: int, snapshot: str, locale: Locale) -> str:
    articles = {article.source: article for article, _ in found.by_article}
    several = len(articles) > 1
    return "".join(
        _of_article(articles[source], list(group), snapshot, locale, titled=several)
        for source, group in groupby(found.passages(0, shown), key=lambda each: each.passage.source)
    )


def _of_article(
    article: Article,
    found: Sequence[MentioningPassage],
    snapshot: str,
    locale: Locale,
    *,
    titled: bool,
) -> str:
    about = joined((article.title, article.publisher, locale.told(readable_date(article.date))))
    head = f'<h3 class="of-article" dir="auto">{about}</h3>' if titled else ""
    items = "".join(_passage(each, article, snapshot, locale) for each in found)
    return f'{head}<ul class="passages" lang="{escape(article.language)}">{items}</ul>'


def _passage(found: MentioningPassage, article: Article, snapshot: str, locale: Locale) -> str:
    passage = found.passage
    sentences = [span for span in passage.sentences if _overlap(span, found.spans)]
    chosen = sentences[:_SENTENCES] or [Span(passage.start, passage.end)]
    text = " ".join(_with_gaps(found, chosen))
    section, page, paragraph = map(locale.told, place_names(passage, chosen[0]))
    name = locale.say(
        "{article}, {place}: open in the article", article=article.title, place=paragraph
    )
    link = (
        f'<a class="cite" href="{escape(address(passage, chosen[0]))}" '
        f'aria-label="{escape(name)}"><bdi>{escape(paragraph)}</bdi></a>'
    )
    doubts = (locale.told(doubt) for span in chosen for doubt in doubt_names(passage, span))
    place = joined((section, page, *dict.fromkeys(doubts)))
    save = save_sentences(passage, chosen, article, snapshot, {}, locale)
    return (
        f'<li><blockquote dir="auto">{text}</blockquote>'
        f'<p class="about" lang="{locale.tag}" dir="{locale.direction}">'
        f"{place + ' · ' if place else ''}{link}</p>"
        f'<p class="actions" lang="{locale.tag}" dir="{locale.direction}">{save}</p></li>'
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
