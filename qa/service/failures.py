"""Failures of the frameworks behind the gate, told like every other error."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from citadel.qa.service.problems import Problem
from citadel.qa.service.request_log import log_failure


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
