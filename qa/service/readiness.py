"""Whether the service answers: a question with known passages is asked now and then."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from citadel.index.errors import CitadelError
from citadel.index.retrieval.canary import Canary, check_canary, choose_canary
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.searches import Searches

_FRESH = 5.0
"""Seconds for which a result holds: asking often must not be a way to keep the server busy."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a look found.

    Attributes:
        problem: Why questions can't be answered, or "".
        snapshot: The index that was asked.

    """

    problem: str
    snapshot: str


class ReadinessCheck:
    """Asks the index that is served, by the way that every question takes."""

    def __init__(self, live_index: LiveIndex, searches: Searches) -> None:
        """Ask the served that is current at each look."""
        self._live_index = live_index
        self._searches = searches
        self._lock = asyncio.Lock()
        self._canary: tuple[str, Canary] | None = None
        self._last = Readiness("", "")
        self._looked_at = float("-inf")

    async def look(self) -> Readiness:
        """Return whether questions are answered, as of a few seconds ago at most."""
        async with self._lock:
            snapshot = self._live_index.current.articles.snapshot
            fresh = time.monotonic() - self._looked_at < _FRESH
            if not fresh or snapshot != self._last.snapshot:
                self._last = await self._ask()
                self._looked_at = time.monotonic()
            return self._last

    async def _ask(self) -> Readiness:
        index = self._live_index.current.answerer.index
        try:
            await self._searches.run_async(lambda: self._check(index))
        except (CitadelError, ValueError) as error:
            return Readiness(str(error), index.snapshot)
        return Readiness("", index.snapshot)

    def _check(self, index: PassageIndex) -> None:
        if self._canary is None or self._canary[0] != index.snapshot:
            self._canary = (index.snapshot, choose_canary(index))
        check_canary(index, self._canary[1])
