"""Where an answer leads on to, as HTML: all passages, or the article at a glance."""

from __future__ import annotations

from citadel.qa.answer.answers import Answer, Status
from citadel.qa.answer.intent import MessageKind, read_message
from citadel.qa.answer.markup import escape
from citadel.qa.page.locales import ENGLISH, Locale


def render_further(answer: Answer, locale: Locale = ENGLISH) -> str:
    """Return buttons that lead on from an answer; "" where there is nowhere to go."""
    if answer.status is Status.SMALL_TALK or not answer.hits:
        return ""
    titles = [hit.passage.title for hit in answer.hits]
    message = read_message(answer.question, in_conversation=True, titles=titles)
    if message.kind is MessageKind.ABOUT_SOURCE:
        return ""
    if message.kind is MessageKind.OVERVIEW:
        source = escape(answer.hits[0].passage.source)
        glance = escape(locale.say("The article at a glance"))
        names = escape(locale.say("People, organisations and places"))
        return (
            '<p class="further"><button type="button" class="show-glance" '
            f'data-source="{source}">{glance}</button> '
            f'<button type="button" class="show-names">{names}</button></p>'
        )
    asked = escape(answer.searched_for.replace(" — about: ", " "))
    return (
        '<p class="further"><button type="button" class="show-passages" '
        f'data-asked="{asked}">{escape(locale.say("Show all passages"))}</button></p>'
    )
