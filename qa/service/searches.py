"""Searches side by side, as many as the processor bears; later ones are told to come back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from citadel.index.errors import CitadelError
from citadel.index.wording import message
from citadel.qa.service.limits import Limits

T = TypeVar("T")

_BUSY = message("Citadel is answering as many questions as it can; ask again in a few seconds.")
_SLOW = message("The answer took too long; ask again in a few seconds.")
_STUCK = message("Earlier questions still keep Citadel busy; ask again in half a minute.")


class BusyError(CitadelError):
    """A question that can't be answered now, but in ``retry_after`` seconds.

    Attributes:
        retry_after: In seconds.

    """

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Searches:
    """Runs what it is given in few threads, with a bounded queue and a time limit.

    The page and the API share it, so that neither can starve the other's processor time.
    """

    def __init__(self, limits: Limits) -> None:
        """Run as many at once, and keep as many waiting, as the limits say."""
        self._limits = limits
        self._pool = ThreadPoolExecutor(limits.at_once, thread_name_prefix="search")
        self._lock = threading.Lock()
        self._pending = 0
        self._given_up: set[Future[Any]] = set()

    @property
    def pending(self) -> int:
        """How many are running or waiting."""
        return self._pending

    @property
    def given_up(self) -> int:
        """How many are running though nobody waits for them any more."""
        return len(self._given_up)

    def run(self, work: Callable[[], T]) -> T:
        """Return what the work returns; wait for it.

        Raises:
            BusyError: Too many wait already, or it took too long.

        """
        future = self._submit(work)
        try:
            return future.result(self._limits.seconds_per_answer)
        except TimeoutError as error:
            if future.done():
                raise  # The work's own.
            raise self._too_slow(future) from error

    async def run_async(self, work: Callable[[], T]) -> T:
        """Return what the work returns, leaving the event loop free meanwhile.

        Raises:
            BusyError: Too many wait already, or it took too long.

        """
        future = self._submit(work)
        try:
            return await asyncio.wait_for(
                asyncio.wrap_future(future), self._limits.seconds_per_answer
            )
        except TimeoutError as error:
            if future.done() and not future.cancelled():
                raise  # The work's own.
            raise self._too_slow(future) from error

    def close(self) -> None:
        """Let what runs end, and drop what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        with self._lock:
            if len(self._given_up) >= self._limits.at_once:
                # A thread can't be stopped. A later caller would wait for nothing.
                raise BusyError(_STUCK, retry_after=30)
            if self._pending >= self._limits.at_once + self._limits.waiting:
                raise BusyError(_BUSY, retry_after=2)
            self._pending += 1
        try:
            future = self._pool.submit(work)
        except RuntimeError as error:  # The pool is closed.
            with self._lock:
                self._pending -= 1
            raise BusyError(message("Citadel is being stopped; ask again soon."), 10) from error
        future.add_done_callback(self._left)
        return future

    def _left(self, future: Future[Any]) -> None:
        with self._lock:
            self._pending -= 1
            self._given_up.discard(future)

    def _too_slow(self, future: Future[T]) -> BusyError:
        """Give up a search: one that waits never begins, one that runs ends for nobody."""
        if not future.cancel():
            with self._lock:
                if not future.done():
                    self._given_up.add(future)
        return BusyError(_SLOW, retry_after=5)
