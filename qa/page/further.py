"""Where an answer leads on to, as HTML: all passages, or the article at a glance."""

from __future__ import annotations

from citadel.qa.answer.answers import Answer, Status
from citadel.qa.answer.intent import MessageKind, read_message
from citadel.qa.answer.markup import escape

_ALL_PASSAGES = "Show all passages"
_AT_A_GLANCE = "The article at a glance"
_ALL_NAMES = "People, organisations and places"


def render_further(answer: Answer) -> str:
    """Return buttons that lead on from an answer; "" where there is nowhere to go."""
    if answer.status is Status.SMALL_TALK or not answer.hits:
        return ""
    titles = [hit.passage.title for hit in answer.hits]
    message = read_message(answer.question, in_conversation=True, titles=titles)
    if message.kind is MessageKind.ABOUT_SOURCE:
        return ""
    if message.kind is MessageKind.OVERVIEW:
        source = escape(answer.hits[0].passage.source)
        return (
            '<p class="status further"><button type="button" class="show-glance" '
            f'data-source="{source}">{_AT_A_GLANCE}</button> '
            f'<button type="button" class="show-names">{_ALL_NAMES}</button></p>'
        )
    asked = escape(answer.searched_for.replace(" — about: ", " "))
    return (
        '<p class="status further"><button type="button" class="show-passages" '
        f'data-asked="{asked}">{_ALL_PASSAGES}</button></p>'
    )
