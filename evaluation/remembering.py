"""An encoder that encodes no text twice: several collections are made of the same paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.encoder import Encoder, EncoderAround, Encoding


class RememberingEncoder(EncoderAround):
    """Another encoder, with a memory of all that it encoded. An ``Encoder`` itself."""

    def __init__(self, encoder: Encoder) -> None:
        """Encode with the given one."""
        super().__init__(encoder)
        self._questions: dict[str, Encoding] = {}
        self._texts: dict[str, Encoding] = {}

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
