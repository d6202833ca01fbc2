"""What the index needs of a model: vectors of a text and of each of its tokens, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Offsets = npt.NDArray[np.int32]
TokenIds = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Encoding:
    """The vectors of one text.

    Attributes:
        vector: float32, (dimension,), of unit length: the text as a whole.
        token_vectors: float32, (tokens, dimension), unit rows, in the order of the text; without
            special tokens and prompts.
        token_offsets: int32, (tokens, 2): where each token starts and ends in the text.
        token_ids: int32, (tokens,): which piece of the model's vocabulary each token is.

    """

    vector: Vectors
    token_vectors: Vectors
    token_offsets: Offsets
    token_ids: TokenIds

    def __post_init__(self) -> None:
        """Refuse token vectors, offsets and identifiers that do not go together."""
        if not len(self.token_vectors) == len(self.token_offsets) == len(self.token_ids):
            raise ValueError(
                f"{len(self.token_vectors)} token vectors for {len(self.token_offsets)} offsets "
                f"and {len(self.token_ids)} identifiers"
            )


class Encoder(Protocol):
    """What the index needs of a model."""

    @property
    def name(self) -> str:
        """The model as it was asked for: a hub name or a path."""

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of weights, tokenizer, prompts and limits of the model.

        It is equal only for models that make the same of every text.
        """

    @property
    def backend(self) -> str:
        """What computes the vectors, as ``--backend`` names it."""

    @property
    def conversion(self) -> str:
        """What a converted model is known by again; "" for one as it was published."""

    @property
    def dimension(self) -> int:
        """The length of every vector."""

    def knows_word(self, word: str) -> bool:
        """Return whether a word, in lower case, is one piece of the model's vocabulary."""

    def reads(self, text: str) -> bool:
        """Return whether the model knows the script of a text, or only spells its words out."""

    @property
    def pieces(self) -> int:
        """How many pieces the model's vocabulary has; every token identifier is below it."""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order."""

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = ...
    ) -> list[Encoding]:
        """Encode texts of the collection, in their order, however long they are."""


class EncoderAround:
    """Another encoder, of which something is done differently: what is not, it does."""

    def __init__(self, encoder: Encoder) -> None:
        """Encode with the given one."""
        self._encoder = encoder

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
    def conversion(self) -> str:
        """See ``Encoder``."""
        return self._encoder.conversion

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

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """See ``Encoder``."""
        return self._encoder.encode_questions(texts)

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        """See ``Encoder``."""
        return self._encoder.encode_texts(texts, progress)


def unit_rows(rows: npt.NDArray[Any]) -> Vectors:
    """Scale rows to unit length; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)
