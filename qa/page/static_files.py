"""The files of the page that are the same for everybody: its style, its scripts, some HTML."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).with_name("static")
_SCRIPTS = ("chats.js", "page.js", "reading.js", "adding.js", "scope.js", "sharing.js", "desk.js")
"""In the order of their needs: each uses those before it."""


def static_file(name: str) -> str:
    """Return what is in a file."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def page_head() -> str:
    """Return the style and the scripts, for the head of the page."""
    scripts = "".join(f"<script>{static_file(name)}</script>" for name in _SCRIPTS)
    styles = static_file("page.css") + static_file("desk.css")
    return f"<style>{styles}</style>{scripts}"
