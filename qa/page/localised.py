"""Sends the page to each reader in the reader's language.

Gradio makes one page for everybody. What differs from reader to reader stands in it as the name
of a slot, which is filled in what is sent, and nowhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from citadel.qa.page.link_preview import with_preview
from citadel.qa.page.locales import Locale, reader_locale

COOKIE = "citadel-language"
"""Keeps, in the browser, the code of the language that was chosen by hand."""

Slots = Mapping[str, Callable[[Locale], str]]
"""What makes the text of each slot for a reader."""

_SLOT = re.compile(r"%%citadel-([a-z-]+)%%")


def slot(name: str) -> str:
    """Return what stands in the page in place of a text."""
    return f"%%citadel-{name}%%"


class LocalisedPage:
    """An ASGI application around the page, which fills its slots."""

    def __init__(
        self, page: ASGIApp, slots: Slots | Callable[[Scope], Slots], told: Callable[[Locale], str]
    ) -> None:
        """Fill the slots of a page, and say in its head what it is for.

        The slots may depend on a request: on who asks.
        """
        self._page = page
        self._slots = slots
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._page(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        if path.rstrip("/") not in ("", "/config"):
            await self._page(scope, receive, send)
            return
        headers = Headers(scope=scope)
        chosen = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        locale = reader_locale(chosen, headers.get("accept-language", ""))
        slots = self._slots(scope) if callable(self._slots) else self._slots
        await self._page(scope, receive, _Filling(send, slots, self._told(locale), locale))


class _Filling:
    """Sends what it is given on, as one piece and with its slots filled."""

    def __init__(self, send: Send, slots: Slots, told: str, locale: Locale) -> None:
        self._send = send
        self._slots = slots
        self._told = told
        self._locale = locale
        self._start: Message = {}
        self._pieces: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._pieces.append(message.get("body", b""))
        if message.get("more_body", False):
            return
        body = self._filled(b"".join(self._pieces).decode("utf-8")).encode("utf-8")
        headers = MutableHeaders(raw=list(self._start["headers"]))
        if body:
            headers["Content-Length"] = str(len(body))
        headers["Content-Language"] = self._locale.tag
        headers.add_vary_header("Accept-Language, Cookie")
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})

    def _filled(self, text: str) -> str:
        language = f'lang="{self._locale.tag}" dir="{self._locale.direction}"'
        text = with_preview(text.replace('lang="en"', language, 1), self._told)
        return _SLOT.sub(self._in_json, text)

    def _in_json(self, match: re.Match[str]) -> str:
        """Return the text of a slot as a part of a JSON string within a script."""
        text = json.dumps(self._slots[match[1]](self._locale), ensure_ascii=False)[1:-1]
        for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027")):
            text = text.replace(sign, code)
        return text
