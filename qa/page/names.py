"""The names of the collection as HTML: each with its mentions, and what may be asked about it."""

from __future__ import annotations

from collections.abc import Sequence

from citadel.index.retrieval.name_index import IndexedName
from citadel.index.retrieval.written_names import NameKind
from citadel.qa.answer.markup import escape, plural
from citadel.qa.page.finding import questions_about

_FILTER = "Find a name"
_PLACEHOLDER = "A name, in any spelling"
_NONE = (
    "No name was found. Names are read off capitals, so articles in Arabic, or in German, "
    "where every noun has one, give none; Find looks for any word in them."
)
_NONE_LIKE_THAT = "No name is like that; Find looks for other words."
_MORE = "Show more names"
_KINDS: tuple[tuple[str, str], ...] = (
    ("", "All"),
    (NameKind.PERSON.value, "People"),
    (NameKind.ORGANISATION.value, "Organisations"),
    (NameKind.PLACE.value, "Places"),
)
_KIND_OF_ONE = {
    NameKind.PERSON: "person",
    NameKind.ORGANISATION: "organisation",
    NameKind.PLACE: "place",
}
_ALSO = 3
"""So many other spellings of a name are told in the list."""


def render_names(
    names: Sequence[IndexedName],
    *,
    shown: int,
    contains: str = "",
    kind: str = "",
    several: bool = True,
) -> str:
    """Return the list of names, the most frequent first, with what narrows it down.

    Args:
        names: Those that are like what was asked for.
        shown: How many to show.
        contains: What stands in the form.
        kind: The kind that is chosen; "" for all.
        several: Whether there are several articles.

    """
    narrowed = bool(contains or kind)
    items = "".join(_item(name, several=several) for name in names[:shown])
    more = (
        f'<p class="actions"><button type="button" class="more-names" data-shown="{shown}">'
        f"{_MORE} ({len(names) - shown})</button></p>"
        if shown < len(names)
        else ""
    )
    empty = f'<p class="empty">{_NONE_LIKE_THAT if narrowed else _NONE}</p>'
    return (
        '<div class="name-index">'
        '<form class="choose find-name" role="search">'
        f'<input type="search" class="narrow" aria-label="{_FILTER}" placeholder="{_PLACEHOLDER}" '
        f'value="{escape(contains)}" dir="auto" autocomplete="off" maxlength="100">'
        f'<div class="kinds" role="group" aria-label="Kind of name">{_kinds(kind)}</div></form>'
        f'<h2 class="panel-title" tabindex="-1">{plural(len(names), "name")}, the most frequent '
        f"first</h2>" + (f'<ul class="names">{items}</ul>{more}' if items else empty) + "</div>"
    )


def _kinds(chosen: str) -> str:
    return "".join(
        f'<button type="button" class="kind" data-kind="{value}" '
        f'aria-pressed="{"true" if value == chosen else "false"}">{label}</button>'
        for value, label in _KINDS
    )


def _item(name: IndexedName, *, several: bool) -> str:
    others = [text for text, _ in name.spellings if text != name.text]
    facts = [
        plural(name.mentions, "mention"),
        plural(name.articles, "article") if several else "",
        _KIND_OF_ONE.get(name.kind, ""),
        f"also <bdi>{escape(', '.join(others[:_ALSO]))}</bdi>" if others else "",
    ]
    question = questions_about(name)[0]
    return (
        f'<li><div><button type="button" class="show-name" data-name="{escape(name.text)}">'
        f"<bdi>{escape(name.text)}</bdi></button>"
        f'<p class="about">{" · ".join(fact for fact in facts if fact)}</p></div>'
        f'<button type="button" class="ask-name" data-question="{escape(question)}" '
        f'aria-label="Ask: {escape(question)}">Ask</button></li>'
    )
