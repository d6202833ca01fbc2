"""Refuses parameters of an address that nothing reads: a misspelt one would be left out unseen."""

from __future__ import annotations

from fastapi import Request
from fastapi.routing import APIRoute

from citadel.index.errors import CitadelError


def require_known(request: Request) -> None:
    """Refuse an address with a parameter that its route does not take.

    Raises:
        CitadelError: It has one; the message names those that there are.

    """
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = [parameter.alias for parameter in route.dependant.query_params]
    for name in request.query_params:
        if name not in known:
            raise CitadelError(f"There is no parameter “{name}”; there are {', '.join(known)}.")
