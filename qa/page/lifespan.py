"""Puts the middleware around everything that the page's framework has put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette

from citadel.qa.service.additions import Additions
from citadel.qa.service.api import build_api
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.middleware import LimitsMiddleware
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.passwords import PasswordCheck, PasswordHash
from citadel.qa.service.service import Service


class Lifespan(Protocol):
    """What surrounds the life of an application."""

    def __call__(self, app: Starlette) -> AbstractAsyncContextManager[None]:
        """Begin it, and end it."""


def behind_middleware(
    inputs: Callable[[], Mapping[int, int]],
    service: Service,
    password: PasswordHash | None,
    additions: Additions | None,
    entrance: Entrance,
    newsroom: Newsroom | None = None,
) -> Lifespan:
    """Put API and middleware before everything else, before the first request.

    Gradio adds middleware of its own around what it is given. This is the one place that is
    outside of that and still goes through ``launch()``, without which Gradio serves any file.

    Args:
        inputs: Returns how many inputs each function of the page takes, once it is put together.
        service: What answers, within which limits.
        password: What everybody is asked for; None for nothing.
        additions: What takes articles; None where nobody may add any.
        entrance: By which addresses it is reached.
        newsroom: Accounts; None where users are not distinguished.

    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        assert app.middleware_stack is not None
        app.middleware_stack = LimitsMiddleware(
            app.middleware_stack,
            build_api(service, additions, newsroom),
            service.limits,
            service.metrics,
            PasswordCheck(password, service.limits) if password is not None else None,
            inputs(),
            entrance,
            adding=additions is not None,
            accounts=newsroom.accounts if newsroom is not None else None,
        )
        yield

    return lifespan
