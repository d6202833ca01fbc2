"""Who is signed in, as the page shows it: the name, and how to sign out."""

from __future__ import annotations

from citadel.qa.answer.markup import escape
from citadel.qa.page.locales import Locale
from citadel.qa.service.accounts import Visitor


def render_account(visitor: Visitor, locale: Locale, *, signs_out: bool) -> str:
    """Return the name of a user; with ``signs_out`` there is a button to leave."""
    told = locale.html("Signed in as {name}", name=f"<bdi>{escape(visitor.name)}</bdi>")
    if not signs_out:
        return f'<p class="account">{told}</p>'
    leave = escape(locale.say("Sign out"))
    return (
        f'<form class="account" method="post" action="auth/logout"><span>{told}</span> '
        f'<button type="submit">{leave}</button></form>'
    )
