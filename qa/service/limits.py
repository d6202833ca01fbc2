"""How much of the service one person, and all of them together, may take."""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from citadel.index.corpus.sandbox.opening import FILE_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed; beyond it a request is answered 429 or 503 with Retry-After.

    Of questions 0 means any number.

    Attributes:
        questions_per_minute: From one address, as a mean over the last minute.
        own_questions_per_minute: From programs and browsers of this machine itself.
        wrong_passwords_per_minute: From one address.
        sign_ins_per_minute: From one address, steps of signing in and out.
        at_once: How many questions are searched for at the same time.
        waiting: How many more may wait for that.
        seconds_per_answer: The longest that an answer may take, waiting included.
        seconds_per_head: The longest that a connection may take to bring the head of a request.
        seconds_per_body: The longest that a request may then take to arrive.
        seconds_per_read: The longest that the client may take no more of a response.
        body_bytes: The largest request. No question needs more, with its earlier questions.
        header_bytes: The largest headers of a request, names and values.
        unfinished: How many connections may be open whose request has not come as a whole.
        unfinished_per_address: How many of them may be of one address.
        requests_at_once: How many requests may be with the page and the API, streams included.
        requests_per_address: How many of them may be of one address.
        streams_at_once: How many of them may be streams of events.
        streams_per_address: How many streams may be of one address.
        streams_per_session: How many streams one session may have; a page opens one.
        upload_bytes: The largest file that may be sent, where adding is allowed.
        seconds_per_upload: The longest that such a file may take to arrive.
        uploads_at_once: How many may arrive at the same time; each is held in memory.

    """

    questions_per_minute: int = 120
    own_questions_per_minute: int = 0
    wrong_passwords_per_minute: int = 10
    sign_ins_per_minute: int = 30
    at_once: int = 2
    waiting: int = 30
    seconds_per_answer: float = 10.0
    seconds_per_head: float = 10.0
    seconds_per_body: float = 10.0
    seconds_per_read: float = 30.0
    body_bytes: int = 16 * 1024
    header_bytes: int = 16 * 1024
    unfinished: int = 1000
    unfinished_per_address: int = 100
    requests_at_once: int = 500
    requests_per_address: int = 200
    streams_at_once: int = 400
    streams_per_address: int = 50
    streams_per_session: int = 3
    upload_bytes: int = FILE_BYTES
    seconds_per_upload: float = 120.0
    uploads_at_once: int = 2


DEFAULT_LIMITS = Limits()


class RateLimit:
    """A limit per address and minute, over a window that slides.

    Of the minute before, as large a share counts as the window still covers.
    """

    def __init__(self, per_minute: int) -> None:
        """Allow this many a minute; 0 allows any number."""
        self._most = per_minute
        self._minute = 0
        self._before: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()

    def take(self, address: str) -> int | None:
        """Count one more, and return None; beyond the limit return the seconds to wait."""
        wait = self.left(address)
        if wait is None and self._most:
            self._counts[network_of(address)] += 1
        return wait

    def left(self, address: str) -> int | None:
        """Return None if one more were allowed, else the seconds to wait; count nothing."""
        if not self._most:
            return None
        passed = self._follow_clock()
        network = network_of(address)
        before, count = self._before[network], self._counts[network]
        if before * (60 - passed) / 60 + count < self._most:
            return None
        # When so little of the minute before is covered that one more fits, or this one has gone.
        fits = 60 * (1 - (self._most - count) / before) if count < self._most else 60
        return max(1, math.ceil(fits - passed))

    def _follow_clock(self) -> float:
        """Forget what is older than two minutes; return the seconds of this one that passed."""
        minute, passed = divmod(time.monotonic(), 60)
        if minute != self._minute:
            self._before = self._counts if minute == self._minute + 1 else Counter()
            self._minute, self._counts = int(minute), Counter()
        return passed


def network_of(address: str) -> str:
    """Return what counts as one address: of IPv6 the /64 that one subscriber has."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64))
