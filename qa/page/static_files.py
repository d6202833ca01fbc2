"""The files of the page that are the same for everybody: its style, its scripts, some HTML."""

from __future__ import annotations

import re
from pathlib import Path

from citadel.qa.answer.markup import escape
from citadel.qa.page.locales import Locale

_FOLDER = Path(__file__).with_name("static")
_SCRIPTS = (
    "words.js", "chats.js", "clippings.js", "page.js", "reading.js", "adding.js", "correcting.js",
    "removing.js",
    "scope.js", "sharing.js", "desk.js", "clipping_list.js", "printed_page.js",
)  # fmt: skip
"""In the order of their needs: each uses those before it."""

SAID = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)
"""What of a file of HTML people read, in English."""


def static_file(name: str, locale: Locale) -> str:
    """Return what is in a file of HTML, with what stands in ``[[double brackets]]`` translated."""
    return SAID.sub(lambda match: escape(locale.say(match[1])), _text(name))


def page_head(words: str) -> str:
    """Return the style and the scripts, for the head of the page.

    Args:
        words: An expression of JavaScript: what the scripts need to speak.

    """
    scripts = "".join(f"<script>{_text(name)}</script>" for name in _SCRIPTS)
    spoken = f"<script>window.citadelWords = {words};</script>"
    styles = _text("page.css") + _text("desk.css")
    return f"<style>{styles}</style>{spoken}{scripts}"


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
