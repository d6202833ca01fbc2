"""Which addresses there are. What is not named here is closed, whatever the framework offers."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from citadel.qa.service.roles import Role

_API = ("/api/", "/auth/", "/healthz", "/readyz", "/metrics")

_READ = re.compile(
    r"/(config|theme\.css|favicon\.ico|robots\.txt)?"
    r"|/(assets|static)/.{1,200}"
    r"|/gradio_api/(info|theme\.css|startup-events|app_id|queue/data)"
    r"|/gradio_api/call/ask/[0-9a-f]+",
    re.DOTALL,
)
"""What the page and Gradio's client read. Gradio fails on names that are longer than a file's."""

_POSTED = frozenset(
    {"/gradio_api/queue/join", "/gradio_api/call/ask", "/gradio_api/cancel", "/gradio_api/reset"}
)

_RESULT = "/gradio_api/call/ask/"
_EVENTS = "/gradio_api/queue/data"

_QUESTIONS = frozenset({"/api/ask", "/gradio_api/queue/join", "/gradio_api/call/ask"})

_LOOKED_UP = frozenset({"/api/mentions", "/api/names"})
"""What is read and costs a search all the same."""

_ARTICLE = "/api/articles/"
_ORIGINALS = "/api/originals/"
_DRAWN = re.compile(r"/api/originals/[^/]*/page")
"""A page that is drawn for who asks."""

_SIGNING_IN = "/auth/"

_ARTICLES = "/api/articles"
_OF_EDITORS = ("/api/additions/", "/api/changes/", "/api/removed")
_OF_ADMINS = frozenset({"/api/audit"})

_NAMES = {
    "/api/removed/": "/api/removed/{kept}",
    "/api/changes/": "/api/changes/{id}",
    "/api/passages/": "/api/passages/{id}",
    "/api/additions/": "/api/additions/{id}",
    _ARTICLE: "/api/articles/{source}",
    _ORIGINALS: "/api/originals/{sha256}",
    _SIGNING_IN: "signing in",
    "/assets/": "asset",
    "/static/": "asset",
}
"""What requests are counted by, by the beginning of their addresses."""

_OPEN_TO_ALL = frozenset({"/healthz", "/readyz", "/gradio_api/startup-events"})
"""What reveals nothing; the last is asked by Gradio itself when it starts."""


def belongs_to_api(path: str) -> bool:
    """Whether the API answers, not the page."""
    return path.startswith(_API)


def takes_call(path: str) -> bool:
    """Whether what is posted there is a call of one of the page's functions."""
    return path in _POSTED


def is_open(method: str, path: str) -> bool:
    """Whether an address is one that the page, or a client of Gradio, uses."""
    if method in ("GET", "HEAD"):
        return _READ.fullmatch(path) is not None
    return method == "POST" and path in _POSTED


def asks_question(method: str, path: str) -> bool:
    """Whether a request costs a search."""
    if method == "POST":
        return path in _QUESTIONS
    return path in _LOOKED_UP or _DRAWN.fullmatch(path) is not None


def corrects_article(method: str, path: str) -> bool:
    """Whether what is known about an article is corrected there, where adding is allowed."""
    return method == "PATCH" and path.startswith(_ARTICLE)


def changes_articles(method: str, path: str) -> bool:
    """Whether a request adds an article, or does anything else to one or more."""
    reads = method in ("GET", "HEAD")
    return not reads and path.startswith((_ARTICLES, "/api/removed"))


def needed_role(method: str, path: str) -> Role:
    """Return the role that a request takes where there are accounts."""
    if path in _OF_ADMINS:
        return Role.ADMIN
    if changes_articles(method, path) or path.startswith(_OF_EDITORS):
        return Role.EDITOR
    return Role.READER


def signs_in(path: str) -> bool:
    """Whether a request is a step of signing in or out, which needs no account."""
    return path.startswith(_SIGNING_IN)


def takes_file(method: str, path: str) -> bool:
    """Whether a file is sent there, where adding is allowed."""
    return method == "POST" and path == _ARTICLES


def session_of(path: str, query: bytes) -> str | None:
    """Return whose events a stream brings, where a request asks for one; None where it does not."""
    if path == _EVENTS:
        return parse_qs(query.decode("latin-1")).get("session_hash", [""])[0]
    return path if path.startswith(_RESULT) else None


def is_for_this_site(method: str, path: str) -> bool:
    """Whether a request changes or costs something, so that no page of another site may make it."""
    reads = method in ("GET", "HEAD")
    costs = path in {_EVENTS, "/readyz", "/metrics"} or path.startswith(_RESULT)
    return not reads or costs or asks_question(method, path)


def is_of_strangers(path: str) -> bool:
    """Whether what is sent from there was written by others, and nothing in it may run."""
    return path.startswith(_ORIGINALS)


def needs_no_password(path: str) -> bool:
    """Whether what keeps the server running may ask without the password."""
    return path in _OPEN_TO_ALL


def route_name(path: str) -> str:
    """Return a name to count a request by: one of a few, whatever was asked for."""
    named = {"/healthz", "/readyz", "/metrics", _ARTICLES, "/api/removed", "/api/audit"}
    if path in _QUESTIONS | _POSTED | _LOOKED_UP | named:
        return path
    if _DRAWN.fullmatch(path):
        return "/api/originals/{sha256}/page"
    otherwise = "page" if path == "/" else "other"
    return next((name for start, name in _NAMES.items() if path.startswith(start)), otherwise)
