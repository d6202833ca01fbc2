"""Questions that arrive while others are encoded wait for one another, and are encoded together.

Nobody waits for company: who comes alone is encoded at once. Only while a batch is computed, which
takes all cores, do others gather; the first of them to wake takes them all. A database does the
same with transactions that wait for the disk (“group commit”).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.encoder import Encoder, Encoding


@dataclass(slots=True)
class _Request:
    """The texts that one caller wants, and what became of them."""

    texts: list[str]
    encodings: list[Encoding] | None = None
    error: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.encodings is not None or self.error is not None


class GatheringEncoder:
    """Another encoder for callers from many threads. An ``Encoder`` itself."""

    def __init__(self, encoder: Encoder) -> None:
        """Encode with the given one."""
        self._encoder = encoder
        self._changed = threading.Condition()
        self._waiting: list[_Request] = []
        self._busy = False

    @property
    def name(self) -> str:
        """See ``Encoder``."""
        return self._encoder.name

    @property
    def fingerprint(self) -> str:
        """See ``Encoder``."""
        return self._encoder.fingerprint

    @property
    def backend(self) -> str:
        """See ``Encoder``."""
        return self._encoder.backend

    @property
    def dimension(self) -> int:
        """See ``Encoder``."""
        return self._encoder.dimension

    @property
    def pieces(self) -> int:
        """See ``Encoder``."""
        return self._encoder.pieces

    def knows_word(self, word: str) -> bool:
        """See ``Encoder``."""
        return self._encoder.knows_word(word)

    def reads(self, text: str) -> bool:
        """See ``Encoder``."""
        return self._encoder.reads(text)

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        """See ``Encoder``."""
        return self._encoder.encode_texts(texts, progress)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order, together with those that came in the meantime.

        What goes wrong with a batch is raised for each caller who is in it.
        """
        mine = _Request(list(texts))
        with self._changed:
            self._waiting.append(mine)
            self._changed.wait_for(lambda: mine.done or not self._busy)
            batch: list[_Request] = []
            if not mine.done:
                batch, self._waiting = self._waiting, batch
                self._busy = True
        if batch:
            self._encode(batch)
        if mine.error is not None:
            raise mine.error
        assert mine.encodings is not None
        return mine.encodings

    def _encode(self, batch: Sequence[_Request]) -> None:
        encodings: Sequence[Encoding] = ()
        error: BaseException | None = None
        try:
            encodings = self._encoder.encode_questions(
                [text for request in batch for text in request.texts]
            )
        except BaseException as raised:  # Nobody may wait for ever for one who was interrupted.
            error = raised
        with self._changed:
            first = 0
            for request in batch:
                last = first + len(request.texts)
                if error is None:
                    request.encodings = list(encodings[first:last])
                request.error = error
                first = last
            self._busy = False
            self._changed.notify_all()
