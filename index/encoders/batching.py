"""Questions that arrive while others are encoded wait for one another, and are encoded together.

Nobody waits for company: who comes alone is encoded at once. Only while a batch is computed, which
takes all cores, do others gather; the first of them to wake takes them all. A database does the
same with transactions that wait for the disk (“group commit”).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from citadel.index.encoders.encoder import Encoder, EncoderAround, Encoding


@dataclass(slots=True)
class _Request:
    """The texts that one caller wants, and what became of them."""

    texts: list[str]
    encodings: list[Encoding] | None = None
    error: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.encodings is not None or self.error is not None


class GatheringEncoder(EncoderAround):
    """Another encoder for callers from many threads. An ``Encoder`` itself."""

    def __init__(self, encoder: Encoder) -> None:
        """Encode with the given one."""
        super().__init__(encoder)
        self._changed = threading.Condition()
        self._waiting: list[_Request] = []
        self._busy = False

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
