"""Things in order, put together as far as each goes on from those before it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def series_of(
    items: Iterable[Item], goes_on: Callable[[list[Item], Item], bool]
) -> list[list[Item]]:
    """Part items into series.

    Args:
        items: In their order.
        goes_on: Whether an item belongs to the series before it, which is never empty.

    """
    series: list[list[Item]] = []
    for item in items:
        if series and goes_on(series[-1], item):
            series[-1].append(item)
        else:
            series.append([item])
    return series
