"""The head of the page as HTML, with the choice of its language."""

from __future__ import annotations

from citadel.qa.answer.markup import escape
from citadel.qa.page.locales import Locale, languages
from citadel.qa.page.static_files import static_file

_PLACE = "<!-- languages -->"


def render_masthead(locale: Locale) -> str:
    """Return the head of the page; each language is offered by the name that it has in itself."""
    options = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == locale.language else ""}>'
        f"{escape(name)}</option>"
        for code, name in languages().items()
    )
    choice = (
        f'<select id="language" aria-label="{escape(locale.say("Language of the page"))}" '
        f'autocomplete="off">{options}</select>'
    )
    return static_file("masthead.html", locale).replace(_PLACE, choice)
