"""An encoder that costs nothing, for tests whose subject is not the model."""

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from citadel.index.encoders.encoder import Encoding, unit_rows

DIMENSION = 16
PIECES = 1000

_TABLE = np.random.default_rng(0).normal(size=(PIECES, DIMENSION)).astype(np.float32)


@dataclass
class FakeEncoder:
    """Gives each word a vector of its own, moved by the words around it. An ``Encoder``.

    Attributes:
        name: The model that it pretends to be.
        fingerprint: The state of that model.
        encoded: The texts that it was given, call by call.
        breaks_at: The call that does not come back, counted from 1.
    """

    name: str = "fake"
    fingerprint: str = "c" * 64
    backend: str = "none"
    conversion: str = ""
    encoded: list[list[str]] = field(default_factory=list)
    breaks_at: int | None = None
    dimension: int = DIMENSION
    pieces: int = PIECES

    def knows_word(self, word: str) -> bool:
        return word.isalpha()

    def reads(self, text: str) -> bool:
        return text.isascii()

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        return [encode(text) for text in texts]

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        if len(self.encoded) + 1 == self.breaks_at:
            raise Killed
        self.encoded.append(list(texts))
        progress(len(texts))
        return [encode(text) for text in texts]


class Polyglot(FakeEncoder):
    """The same model, in whose vocabulary every script is."""

    def reads(self, text: str) -> bool:
        return bool(text)


class Killed(BaseException):
    """A process that ends at once, without a chance to clean up."""


def encode(text: str) -> Encoding:
    matches = list(re.finditer(r"\w+|[^\w\s]", text))
    ids = np.array([zlib.crc32(m.group().encode()) % PIECES for m in matches], dtype=np.int32)
    own = _TABLE[ids]
    vectors = unit_rows(own + 0.3 * own.mean(axis=0, keepdims=True))
    offsets = np.array([m.span() for m in matches], dtype=np.int32)
    return Encoding(unit_rows(own.mean(axis=0, keepdims=True))[0], vectors, offsets, ids)
