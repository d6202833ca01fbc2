"""The table of the different values that sentences give, as HTML; no value is preferred."""

from __future__ import annotations

from collections.abc import Sequence

from citadel.index.wording import message
from citadel.qa.answer.answers import Claim
from citadel.qa.answer.markup import escape
from citadel.qa.page.locales import Locale


def conflicts_caption(claims: Sequence[Claim]) -> str:
    """Return what stands over different values: values of different dates are in no conflict."""
    if claims[0].dated:
        return message("The sentences that were found give values of different dates")
    return message("The sentences that were found give different values")


def render_conflicts(claims: Sequence[Claim], quoted: Sequence[str], locale: Locale) -> str:
    """Return a table of values and of the sentences that give them; "" for none.

    Args:
        claims: The values.
        quoted: The sentence and the place of each, as HTML.
        locale: In which the page speaks.

    """
    if not claims:
        return ""
    caption = escape(locale.told(conflicts_caption(claims)))
    value, sentence = escape(locale.say("Value")), escape(locale.say("Sentence and source"))
    body = "".join(
        f'<tr><th scope="row" dir="auto">{escape(claim.labelled)}</th><td>{sentence_of}</td></tr>'
        for claim, sentence_of in zip(claims, quoted, strict=True)
    )
    return (
        f'<table class="conflicts"><caption>{caption}</caption>'
        f'<thead><tr><th scope="col">{value}</th><th scope="col">{sentence}</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
