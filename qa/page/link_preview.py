"""What a link to the page shows where it is posted: the name of Citadel and what it is for.

Gradio writes tags of its own into the head, which name Gradio and load a picture of it.
"""

from __future__ import annotations

import re

from citadel.qa.answer.markup import escape
from citadel.qa.page.locales import Locale
from citadel.qa.page.welcome import Welcome

NAME = "Citadel"

_OF_GRADIO = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_IS_A_PAGE = re.compile(r"\s*<!doctype html", re.IGNORECASE)
_HEAD = "<head>"


def description(welcome: Welcome, article_count: int, locale: Locale) -> str:
    """Return what the page is for, as its welcome says it; plain text."""
    about = locale.say("Ask about {subject}.", subject=welcome.about) if welcome.about else ""
    promise = locale.counted(
        "Answers are sentences quoted from the article, each with its source.",
        "Answers are sentences quoted from the articles, each with its source.",
        article_count,
    )
    return f"{about} {promise}".strip()


def with_preview(sent: str, told: str) -> str:
    """Return a page with its description in its head; what is no page as it is.

    Args:
        sent: What is sent to a reader: the page, or JSON.
        told: What the page is for, as plain text.

    """
    if _IS_A_PAGE.match(sent) is None:
        return sent
    # Everything after the first script is data, in which nothing is to be changed.
    head, script, rest = sent.partition("<script")
    return _OF_GRADIO.sub("", head).replace(_HEAD, _HEAD + _tags(told), 1) + script + rest


def _tags(told: str) -> str:
    about = escape(told)
    return (
        f'<title>{NAME}</title><meta name="description" content="{about}">'
        '<meta property="og:type" content="website">'
        f'<meta property="og:site_name" content="{NAME}">'
        f'<meta property="og:title" content="{NAME}">'
        f'<meta property="og:description" content="{about}">'
        '<meta name="twitter:card" content="summary">'
        f'<meta name="twitter:title" content="{NAME}">'
        f'<meta name="twitter:description" content="{about}">'
    )
