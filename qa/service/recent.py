"""A bounded memory for what frameworks keep of every session, for good."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(OrderedDict[K, V]):
    """A dictionary that forgets what was not used for longest when there is more than it holds.

    Walking through it uses nothing. An LRU cache of cachetools takes each step for a use, and
    Gradio walks through its sessions: those that it did not reach would be forgotten first.
    """

    def __init__(self, most: int) -> None:
        """Hold this many at most."""
        super().__init__()
        self._most = most

    def __getitem__(self, key: K) -> V:
        """Return a value, and count it as used."""
        self.move_to_end(key)
        return super().__getitem__(key)

    def __setitem__(self, key: K, value: V) -> None:
        """Keep a value, and count it as used."""
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self._most:
            # Not popitem: it would look the value up, and so call it used.
            del self[next(iter(self))]
