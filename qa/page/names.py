"""The names of the collection as HTML: each with its mentions, and what may be asked about it."""

from __future__ import annotations

from collections.abc import Sequence

from citadel.index.retrieval.name_index import IndexedName
from citadel.index.retrieval.written_names import NameKind
from citadel.index.wording import message
from citadel.qa.answer.markup import escape
from citadel.qa.page.finding import questions_about
from citadel.qa.page.locales import ENGLISH, Locale

_NONE = message(
    "No name was found. Names are read off capitals, so articles in Arabic, or in German, "
    "where every noun has one, give none; Find looks for any word in them."
)
_NONE_LIKE_THAT = message("No name is like that; Find looks for other words.")
_KINDS: tuple[tuple[str, str], ...] = (
    ("", message("All")),
    (NameKind.PERSON.value, message("People")),
    (NameKind.ORGANISATION.value, message("Organisations")),
    (NameKind.PLACE.value, message("Places")),
)
_KIND_OF_ONE = {
    NameKind.PERSON: message("person"),
    NameKind.ORGANISATION: message("organisation"),
    NameKind.PLACE: message("place"),
}
_ALSO = 3
"""How many other spellings of a name are shown in the list."""


def render_names(
    names: Sequence[IndexedName],
    *,
    shown: int,
    contains: str = "",
    kind: str = "",
    several: bool = True,
    locale: Locale = ENGLISH,
) -> str:
    """Return the list of names, the most frequent first, with what narrows it down.

    Args:
        names: Those that are like what was asked for.
        shown: How many to show.
        contains: What stands in the form.
        kind: The kind that is chosen; "" for all.
        several: Whether there are several articles.
        locale: In which the page speaks.

    """
    narrowed = bool(contains or kind)
    items = "".join(_item(name, locale, several=several) for name in names[:shown])
    more = (
        f'<p class="actions"><button type="button" class="more-names" data-shown="{shown}">'
        f"{escape(locale.say('Show more names ({count})', count=len(names) - shown))}</button></p>"
        if shown < len(names)
        else ""
    )
    none = locale.told(_NONE_LIKE_THAT if narrowed else _NONE)
    empty = f'<p class="empty">{escape(none)}</p>'
    title = locale.counted(
        "{count} name, the most frequent first",
        "{count} names, the most frequent first",
        len(names),
    )
    label, hint = locale.say("Find a name"), locale.say("A name, in any spelling")
    group = escape(locale.say("Kind of name"))
    return (
        '<div class="name-index">'
        '<form class="choose find-name" role="search">'
        f'<input type="search" class="narrow" aria-label="{escape(label)}" '
        f'placeholder="{escape(hint)}" '
        f'value="{escape(contains)}" dir="auto" autocomplete="off" maxlength="100">'
        f'<div class="kinds" role="group" aria-label="{group}">{_kinds(kind, locale)}</div></form>'
        f'<h2 class="panel-title" tabindex="-1">{escape(title)}</h2>'
        + (f'<ul class="names">{items}</ul>{more}' if items else empty)
        + "</div>"
    )


def _kinds(chosen: str, locale: Locale) -> str:
    return "".join(
        f'<button type="button" class="kind" data-kind="{value}" '
        f'aria-pressed="{"true" if value == chosen else "false"}">'
        f"{escape(locale.told(label))}</button>"
        for value, label in _KINDS
    )


def _item(name: IndexedName, locale: Locale, *, several: bool) -> str:
    others = [text for text, _ in name.spellings if text != name.text]
    facts = [
        escape(locale.counted("{count} mention", "{count} mentions", name.mentions)),
        escape(locale.counted("{count} article", "{count} articles", name.articles))
        if several
        else "",
        escape(locale.told(_KIND_OF_ONE.get(name.kind, ""))),
        locale.html("also {names}", names=f"<bdi>{escape(', '.join(others[:_ALSO]))}</bdi>")
        if others
        else "",
    ]
    question = questions_about(name)[0]
    return (
        f'<li><div><button type="button" class="show-name" data-name="{escape(name.text)}">'
        f"<bdi>{escape(name.text)}</bdi></button>"
        f'<p class="about">{" · ".join(fact for fact in facts if fact)}</p></div>'
        f'<button type="button" class="ask-name" data-question="{escape(question)}" '
        f'aria-label="{escape(locale.say("Ask: {question}", question=question))}">'
        f"{escape(locale.say('Ask'))}</button></li>"
    )
