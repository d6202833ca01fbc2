"""Where questions in other languages than the articles' are searched for."""

from __future__ import annotations

from collections.abc import Callable

from citadel.index.retrieval.passage_index import PassageIndex

SecondIndex = Callable[[PassageIndex], PassageIndex | None]
"""Returns the index of the same articles that reads other languages; None where there is none."""


def no_second_index(_index: PassageIndex) -> None:
    """Return None: questions in other languages have no index of their own."""
