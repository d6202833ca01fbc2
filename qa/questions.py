"""What may be asked."""

from __future__ import annotations

from index.errors import CitadelError

MAX_QUESTION = 500
"""The longest question, in code points."""


def check_question(question: str) -> None:
    """Refuse what is no question.

    Raises:
        CitadelError: The question is empty, blank or too long.

    """
    if not question.strip():
        raise CitadelError("The question is empty; type a question about the articles.")
    if len(question) > MAX_QUESTION:
        raise CitadelError(
            f"Questions can be up to {MAX_QUESTION} characters; this one has {len(question)}."
        )
