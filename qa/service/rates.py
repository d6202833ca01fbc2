"""How often one address may do something: the only module that knows limits."""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter


class RateLimit:
    """A limit per address and minute, over a window that slides."""

    def __init__(self, per_minute: int) -> None:
        """Allow so many a minute; 0 allows any number."""
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def take(self, address: str) -> int | None:
        """Count one more, and return None; beyond the limit return the seconds to wait."""
        if self._item is None or self._limiter.hit(self._item, network_of(address)):
            return None
        return self._seconds_to_wait(address)

    def left(self, address: str) -> int | None:
        """Return None if one more were allowed, else the seconds to wait; count nothing."""
        if self._item is None or self._limiter.test(self._item, network_of(address)):
            return None
        return self._seconds_to_wait(address)

    def _seconds_to_wait(self, address: str) -> int:
        assert self._item is not None
        window = self._limiter.get_window_stats(self._item, network_of(address))
        return max(1, math.ceil(window.reset_time - time.time()))


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
