"""What a contestant of the benchmark took, as its report shows it."""

from __future__ import annotations

from dataclasses import dataclass

CLIENTS = (1, 8, 32)
"""How many ask at once, one number after another."""


@dataclass(frozen=True, slots=True)
class Performance:
    """What one contestant took.

    Attributes:
        name: Of the contestant.
        start: Seconds from the start of the process to its first answer, indexing left out.
        build: Seconds to index the passages, embedding included; 0 if it does not.
        milliseconds: Of each question.
        found: The passages found for each question.
        per_second: Answers a second, for each number of ``CLIENTS``.
        memory: Bytes, after all questions.

    """

    name: str
    start: float
    build: float
    milliseconds: tuple[float, ...]
    found: tuple[tuple[int, ...], ...]
    per_second: tuple[float, ...]
    memory: int
