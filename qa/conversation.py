"""The question that a follow-up stands for. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|its|their|that|those|this|these|there|then|one)\b"
    r"|^\W*(?:and|but|so|why|when|where|how)\b\W*(?:\w+\W*){0,2}$",
    re.IGNORECASE,
)


def interpret(question: str, history: Sequence[str]) -> str:
    """Return what to search for: a question that points back takes the one before along."""
    if history and _POINTS_BACK.search(question):
        return f"{history[-1]} {question}"
    return question
