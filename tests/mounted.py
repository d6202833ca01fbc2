"""The routes that an application answers at, those that it includes and mounts among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def routes_of(app: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield method and path of each route; what has no methods is mounted, and takes “ANY”."""
    for route in app.routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes_of(included, prefix + route.include_context.prefix)
        elif getattr(route, "methods", None):
            for method in sorted(route.methods):
                yield method, prefix + route.path
        else:
            yield "ANY", prefix + route.path
            if getattr(route, "routes", None):
                yield from routes_of(route, prefix + route.path)
