"""The table of the different values that sentences give, as HTML; no value is preferred."""

from __future__ import annotations

from collections.abc import Sequence

from citadel.qa.answer.markup import escape
from citadel.qa.page.locales import Locale


def render_conflicts(rows: Sequence[tuple[str, str]], locale: Locale) -> str:
    """Return a table of values and of the sentences that give them; "" for no rows.

    Args:
        rows: Each value as the source writes it, with its sentence and that one's place as HTML.
        locale: In which the page speaks.

    """
    if not rows:
        return ""
    caption = escape(locale.say("The sentences that were found give different values"))
    value, sentence = escape(locale.say("Value")), escape(locale.say("Sentence and source"))
    body = "".join(
        f'<tr><th scope="row" dir="auto">{escape(written)}</th><td>{quoted}</td></tr>'
        for written, quoted in rows
    )
    return (
        f'<table class="conflicts"><caption>{caption}</caption>'
        f'<thead><tr><th scope="col">{value}</th><th scope="col">{sentence}</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
