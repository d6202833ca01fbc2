"""Requests that nobody in their right mind would send, to every address of the server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
from hypothesis import strategies as st

AWKWARD = (
    "\x00",
    "\ud800",
    "\u202eevil",
    "\u2066\u2069",
    "\ufeff",
    "'; --",
    "<script>x</script>",
    "{{7*7}}",
    "${7*7}",
    "../../etc/passwd",
    "%s%n",
    "عربي",
    "🌊" * 50,
    "x" * 501,
    " ",
    "",
)


@dataclass(frozen=True)
class Sent:
    """One request."""

    method: str
    path: str
    body: bytes
    media_type: str


def _texts() -> st.SearchStrategy[str]:
    return st.sampled_from(AWKWARD) | st.text(max_size=40)


def _values() -> st.SearchStrategy[Any]:
    simple = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=True, allow_infinity=True)
        | _texts()
        | st.just(10**400)
        | st.just({"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}})
    )
    return st.recursive(
        simple,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts(), inner, max_size=4),
        max_leaves=12,
    )


def _object(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """An object with some of these fields, right or wrong, and perhaps others."""
    optional: dict[str, st.SearchStrategy[Any]] = {
        name: field | _values() for name, field in fields.items()
    }
    return st.builds(
        lambda known, others: json.dumps({**others, **known}).encode(),
        st.fixed_dictionaries({}, optional=optional),
        st.dictionaries(_texts(), _values(), max_size=2),
    )


def _junk() -> st.SearchStrategy[bytes]:
    return st.one_of(
        st.binary(max_size=50),
        _values().map(lambda value: json.dumps(value).encode()),
        st.sampled_from(
            [
                b"[" * 8000,
                b'{"a":' * 2500,
                b"1" * 9000,
                b"\xff\xfe{}",
                b"x" * 1_000_000,
                b'{"question": "' + b"\xed\xa0\x80" + b'"}',
                b'{"data": [NaN, -Infinity]}',
            ]
        ),
    )


_ASK = _object(
    question=_texts(),
    history=st.lists(_texts(), max_size=3),
    scope=st.fixed_dictionaries({}, optional={"only": st.lists(_texts()), "since": _texts()}),
    top_k=st.integers(-1, 60),
)
_JOIN = _object(
    data=st.lists(_values(), max_size=3),
    fn_index=st.integers(-2, 12),
    session_hash=_texts(),
    event_data=st.fixed_dictionaries(
        {},
        optional={
            "question": _texts(),
            "earlier": st.lists(_texts(), max_size=3),
            "scope": _values(),
            "source": _texts(),
            "problem": _texts(),
        },
    ),
    trigger_id=st.integers(-1, 40),
    api_name=_texts(),
)
_CANCEL = _object(session_hash=_texts(), fn_index=st.integers(), event_id=_texts())
_POSTED = {
    "/api/ask": _ASK,
    "/gradio_api/queue/join": _JOIN,
    "/gradio_api/call/ask": _object(data=st.lists(_values(), max_size=3), session_hash=_texts()),
    "/gradio_api/cancel": _CANCEL,
    "/gradio_api/reset": _CANCEL,
    "/gradio_api/upload": _junk(),
    "/api/articles": _junk(),
}
_READ = (
    "/",
    "/?q={}",
    "/?__theme={}",
    "/config?deep_link={}",
    "/theme.css?v={}",
    "/api/passages/{}",
    "/api/{}",
    "/api/docs?{}",
    "/readyz?{}",
    "/assets/{}",
    "/static/{}",
    "/gradio_api/info?serialize={}",
    "/gradio_api/queue/data?session_hash={}",
    "/gradio_api/call/ask/0123456789abcdef?{}",
    "/gradio_api/file={}",
    "/{}",
)

_MEDIA_TYPES = ("application/json", "text/plain", "multipart/form-data", "")


def posts() -> st.SearchStrategy[Sent]:
    """Requests with a body."""
    return st.sampled_from(sorted(_POSTED)).flatmap(
        lambda path: st.builds(
            Sent,
            st.just("POST"),
            st.just(path),
            st.one_of(_POSTED[path], _POSTED[path], _junk()),
            st.sampled_from(("application/json",) * 4 + _MEDIA_TYPES),
        )
    )


def reads() -> st.SearchStrategy[Sent]:
    """Requests with something odd in the address."""
    return st.builds(
        lambda method, path, text: Sent(
            method, path.format(quote(text.encode("utf-8", "surrogatepass"), safe="")), b"", ""
        ),
        st.sampled_from(("GET", "GET", "GET", "HEAD", "OPTIONS", "PUT", "DELETE")),
        st.sampled_from(_READ),
        _texts(),
    )


def status_of(client: httpx.Client, sent: Sent) -> int:
    """Send a request and return the status; don't wait for a stream of events to end."""
    headers = {"Content-Type": sent.media_type} if sent.media_type else {}
    with client.stream(sent.method, sent.path, content=sent.body, headers=headers) as response:
        return response.status_code
