"""Errors over HTTP, as problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from citadel.qa.service.request_log import log_failure

MEDIA_TYPE = "application/problem+json"

DescribedProblems = dict[int | str, dict[str, Any]]
"""What the description of the API says of the problems of a route, by their status."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong with a request, and what to do.

    Attributes:
        status: The HTTP status.
        detail: One sentence that names the thing and the mend.
        retry_after: Seconds after which the same may be tried again; None where that is no use.
        errors: For what is wrong within a body, each a JSON pointer and a sentence.
        headers: Further headers of the response.

    """

    status: int
    detail: str
    retry_after: int | None = None
    errors: tuple[dict[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return it as a response."""
        record: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            record["errors"] = list(self.errors)
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        # ASCII only: half a surrogate pair can't be encoded, its escape can.
        body = json.dumps(record, ensure_ascii=True)
        return Response(body, self.status, headers, MEDIA_TYPE)


async def answer_even_failing(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Have a request answered; where that fails, answer with a problem.

    A framework answers with a text of its own, and raises the error after that. The problem has a
    code instead, by which the log has the error.

    Raises:
        Exception: What fails after another answer was begun.

    """
    held: list[Message] = []

    async def send_or_hold(message: Message) -> None:
        if held or (message["type"] == "http.response.start" and message["status"] == 500):
            held.append(message)
        else:
            await send(message)

    try:
        await app(scope, receive, send_or_hold)
    except Exception:
        if not held:
            raise
        code = log_failure("A request")
        await Problem(500, f"This did not work; code {code}.").response()(scope, receive, send)
    else:
        for message in held:
            await send(message)
