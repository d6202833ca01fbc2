"""How probable it is that the sources answer."""

from __future__ import annotations

import math

from index.passage_index import Signals
from qa.answers import Status

HEADER_CONFIDENCE = 0.95
"""That a question recognised as one about the source is one, and its header answers it."""

_ANSWERED = 0.6
_POSSIBLE = 0.35


def answer_probability(signals: Signals) -> float:
    """Return the probability, 0 to 1, that the best passages answer the question."""
    logit = 14 * (signals.late_interaction - 0.5) + 1.5 * (signals.coverage - 0.3)
    return 1 / (1 + math.exp(-logit))


def status_of(confidence: float) -> Status:
    """Return what may be said at a given probability."""
    if confidence >= _ANSWERED:
        return Status.ANSWERED
    return Status.POSSIBLE if confidence >= _POSSIBLE else Status.NOT_FOUND
