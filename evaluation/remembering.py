"""An encoder that encodes no text twice: several collections are made of the same paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.encoder import Encoder, Encoding


class RememberingEncoder:
    """Another encoder, with a memory of all that it encoded. An ``Encoder`` itself."""

    def __init__(self, encoder: Encoder) -> None:
        """Encode with the given one."""
        self._encoder = encoder
        self._questions: dict[str, Encoding] = {}
        self._texts: dict[str, Encoding] = {}

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._encoder.name

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the model's weights."""
        return self._encoder.fingerprint

    @property
    def backend(self) -> str:
        """What computes the vectors."""
        return self._encoder.backend

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._encoder.dimension

    @property
    def pieces(self) -> int:
        """How many pieces the model's vocabulary has."""
        return self._encoder.pieces

    def knows_word(self, word: str) -> bool:
        """Tell whether a word is one piece of the model's vocabulary."""
        return self._encoder.knows_word(word)

    def reads(self, text: str) -> bool:
        """Tell whether the model knows the script of a text."""
        return self._encoder.reads(text)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order."""
        new = [text for text in dict.fromkeys(texts) if text not in self._questions]
        if new:
            self._questions.update(zip(new, self._encoder.encode_questions(new), strict=True))
        return [self._questions[text] for text in texts]

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        """Encode texts of a collection, in their order; the new ones only."""
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if new:
            self._texts.update(zip(new, self._encoder.encode_texts(new, progress), strict=True))
        return [self._texts[text] for text in texts]
