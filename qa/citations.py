"""A quoted sentence and its exact place in the source."""

from __future__ import annotations

from dataclasses import dataclass

from index.layout import Span
from index.passages import Passage


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence quoted from a passage. The quote is sliced, so it can't be invented.

    Attributes:
        number: The rank of the passage among those shown, from 1: the “[1]” of the page.
        passage: The passage that holds the quote.
        span: The quote, by its offsets in the stored text of the article.
        doubt: What is wrong with the quoted text itself, in one sentence, or "".
        repeats: Whether it says the same as the citation before it, from another article.

    """

    number: int
    passage: Passage
    span: Span
    doubt: str = ""
    repeats: bool = False

    def __post_init__(self) -> None:
        """Refuse a quote that does not lie within its passage."""
        if self.span.start < self.passage.start or self.span.end > self.passage.end:
            raise ValueError(
                f"the quote {self.span.start} to {self.span.end} is outside its passage, "
                f"{self.passage.start} to {self.passage.end} in {self.passage.source}"
            )

    @property
    def quote(self) -> str:
        """The quoted text, character for character as it stands in the source."""
        return self.passage.quote(self.span)
