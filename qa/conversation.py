"""What a person means: small talk, or the question that a follow-up stands for. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SMALL_TALK = re.compile(
    r"""\W*(?:
        hi|hello|hey|good\s+(?:morning|afternoon|evening|night)|thanks?(?:\s+(?:a\s+lot|you))?
      | bye|goodbye|ok(?:ay)?|who\s+are\s+you|how\s+are\s+you|مرحبا|شكرا|أهلا|سلام
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|its|their|that|those|this|these|there|then|one)\b"
    r"|^\W*(?:and|but|so|why|when|where|how)\b\W*(?:\w+\W*){0,2}$",
    re.IGNORECASE,
)


def is_small_talk(question: str) -> bool:
    """Tell a greeting, thanks or a message without words from a question."""
    return _SMALL_TALK.fullmatch(question) is not None or not re.search(r"\w", question)


def interpret(question: str, history: Sequence[str]) -> str:
    """Return what to search for: a question that points back takes the one before along."""
    if history and _POINTS_BACK.search(question):
        return f"{history[-1]} {question}"
    return question
