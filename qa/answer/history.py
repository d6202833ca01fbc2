"""What the messages before a question were. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Protocol

from citadel.qa.answer.intent import Message, MessageKind


class Read(Protocol):
    """Returns what kind of message a text is; see ``citadel.qa.answer.intent.read_message``."""

    def __call__(self, text: str, *, in_conversation: bool) -> Message:
        """Read a text, before which questions may have gone."""


def questions_in(history: Sequence[str], read: Read) -> tuple[str, ...]:
    """Return those of some messages that were questions to the sources."""
    questions: tuple[str, ...] = ()
    for earlier in history:
        if read(earlier, in_conversation=bool(questions)).kind is MessageKind.QUESTION:
            questions += (earlier,)
    return questions


def wishes_for_more(history: Sequence[str], read: Read) -> int:
    """Return how often in a row more was asked for at the end of some messages."""
    kinds = (read(earlier, in_conversation=True).kind for earlier in reversed(history))
    return sum(1 for _ in takewhile(lambda kind: kind is MessageKind.MORE, kinds))
