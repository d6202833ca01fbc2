"""Text on its way into the page: escaped, so that it can't become markup, script or template."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Bidirectional controls: they could make a quote read in another order than it is written."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters, but for tab and line feed, and halves of surrogate pairs."""

_TEMPLATE_SIGNS = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})
"""What begins an expression in the templates of Gradio's HTML component."""


def escape(text: str) -> str:
    """Return ``text`` as HTML that shows it, fit for element content and quoted attributes."""
    visible = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", _INVISIBLE.sub("", text))
    return html.escape(visible).translate(_TEMPLATE_SIGNS)


def plural(count: int, noun: str) -> str:
    """Return “1 source”, “4 sources”."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def joined(parts: Iterable[str]) -> str:
    """Return the parts that are not empty as HTML, each read in its own direction."""
    return " · ".join(f"<bdi>{escape(part)}</bdi>" for part in parts if part)
