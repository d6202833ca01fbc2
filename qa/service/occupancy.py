"""How much of what can be answered at once is taken, and by whom.

A stream of events stays open as long as its reader likes. So each address and each session
has a number of them at most, and all of them together leave room for other requests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from citadel.qa.service.limits import Limits
from citadel.qa.service.problems import Problem

_BUSY = Problem(503, "Too many requests at once; try again soon.", retry_after=2)
_BUSY_ADDRESS = Problem(
    429, "Too many requests at once from your address; try again soon.", retry_after=2
)
_BUSY_UPLOADS = Problem(503, "Other files are arriving; send this one later.", retry_after=5)
_BUSY_STREAMS = Problem(503, "Too many streams are open; try again soon.", retry_after=2)
_MANY_STREAMS = Problem(
    429, "Too many streams are open from your address; close one.", retry_after=2
)
_MANY_OF_SESSION = Problem(
    429, "Too many streams of this session are open; close one.", retry_after=2
)


class Occupancy:
    """The requests that are being answered."""

    def __init__(self, limits: Limits) -> None:
        """Let this many be answered at once, of each address, of each session and in all."""
        self._limits = limits
        self._requests: Counter[str] = Counter()
        self._streams: Counter[str] = Counter()
        self._sessions: Counter[str] = Counter()
        self._uploads: Counter[str] = Counter()

    @contextmanager
    def request(self, address: str, *, always: bool) -> Iterator[Problem | None]:
        """Count a request while it is answered; yield why it is refused, if it is.

        Args:
            address: What counts as one address.
            always: Whether it is let in however many there are.

        """
        with _counted(self._requests, address):
            if always:
                yield None
            elif self._requests.total() > self._limits.requests_at_once:
                yield _BUSY
            elif self._requests[address] > self._limits.requests_per_address:
                yield _BUSY_ADDRESS
            else:
                yield None

    @contextmanager
    def stream(self, address: str, session: str) -> Iterator[Problem | None]:
        """Count a stream while it is open; yield why it is refused, if it is."""
        if self._streams.total() >= self._limits.streams_at_once:
            yield _BUSY_STREAMS
        elif self._streams[address] >= self._limits.streams_per_address:
            yield _MANY_STREAMS
        elif self._sessions[session] >= self._limits.streams_per_session:
            yield _MANY_OF_SESSION
        else:
            with ExitStack() as stack:
                stack.enter_context(_counted(self._streams, address))
                stack.enter_context(_counted(self._sessions, session))
                yield None

    @contextmanager
    def upload(self) -> Iterator[Problem | None]:
        """Count a file while it arrives; yield why it is refused, if it is."""
        if self._uploads.total() >= self._limits.uploads_at_once:
            yield _BUSY_UPLOADS
        else:
            with _counted(self._uploads, ""):
                yield None


@contextmanager
def _counted(counter: Counter[str], key: str) -> Iterator[None]:
    counter[key] += 1
    try:
        yield
    finally:
        counter[key] -= 1
        if not counter[key]:
            del counter[key]
