"""What kind of message a person wrote: small talk, a question about the source, or a question.

A message is recognised by closed vocabularies (intents.toml): it counts as small talk, or as a
question about the source itself, only if every word of it is listed. A single other word, a name
say, makes it a question to the sources.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from citadel.index.corpus.characters import word_pattern
from citadel.index.errors import CitadelError

_LETTERS = word_pattern(r"[^\W_]")
_WORD = re.compile(rf"{_LETTERS}(?:'{_LETTERS})?")
_LENGTHENED = re.compile(r"(.)\1{2,}")
_LONGEST_SMALL_TALK = 12
_LONGEST_ABOUT_SOURCE = 16


class MessageKind(StrEnum):
    """What a message is."""

    QUESTION = "question"
    SMALL_TALK = "small_talk"
    ABOUT_SOURCE = "about_source"


@dataclass(frozen=True, slots=True)
class Message:
    """A message and, for a question about the source, what of it is asked.

    Attributes:
        kind: What the message is.
        field: "date", "publisher", "author", "title", "subject", "language" or "origin" for a
            question about the source; otherwise "".

    """

    kind: MessageKind
    field: str = ""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    greetings: frozenset[str]
    small_talk: frozenset[str]
    openings: tuple[tuple[str, ...], ...]
    nouns: frozenset[str]
    here: frozenset[str]
    about_source: frozenset[str]
    fields: Mapping[str, frozenset[str]]


def read_message(text: str, *, in_conversation: bool = False) -> Message:
    """Tell what kind of message a text is.

    Args:
        text: As the person typed it.
        in_conversation: Whether questions went before: then “when was this?” asks about them.

    """
    words = _words(text)
    vocabulary = _vocabulary()
    if not words or _is_small_talk(words, vocabulary):
        return Message(MessageKind.SMALL_TALK)
    field = _asked_field(words, vocabulary, in_conversation)
    return Message(MessageKind.ABOUT_SOURCE, field) if field else Message(MessageKind.QUESTION)


def _words(text: str) -> list[str]:
    """Return the words in lower case, drawn-out letters shortened: “hiiiii” is “hi”."""
    normal = unicodedata.normalize("NFKC", text).replace("’", "'").lower()
    return [_LENGTHENED.sub(r"\1", word) for word in _WORD.findall(normal)]


def _is_small_talk(words: list[str], vocabulary: _Vocabulary) -> bool:
    if len(words) > _LONGEST_SMALL_TALK or not vocabulary.small_talk.issuperset(words):
        return False
    greets = not vocabulary.greetings.isdisjoint(words)
    asks = words[0] in {"who", "what", "how", "when", "where", "which", "why"}
    plain = tuple({"u": "you", "r": "are", "ur": "your"}.get(word, word) for word in words)
    opens = any(plain[: len(opening)] == opening for opening in vocabulary.openings)
    return opens or (greets and not asks) or vocabulary.greetings.issuperset(words)


def _asked_field(words: list[str], vocabulary: _Vocabulary, in_conversation: bool) -> str:
    """Return the field of the header that is asked for, or ""."""
    if len(words) > _LONGEST_ABOUT_SOURCE or not vocabulary.about_source.issuperset(words):
        return ""
    asked = [name for name, core in vocabulary.fields.items() if not core.isdisjoint(words)]
    here = len(words) <= 2 or not vocabulary.here.isdisjoint(words)
    names_it = not vocabulary.nouns.isdisjoint(words)
    if not asked or not (names_it or (here and not in_conversation)):
        return ""
    if "when" in words and asked[0] in ("author", "publisher"):
        return "date"
    return asked[0]


@cache
def _vocabulary() -> _Vocabulary:
    lists = tomllib.loads(files("citadel.qa.answer").joinpath("intents.toml").read_text("utf-8"))
    small_talk, source = lists["small_talk"], lists["source"]
    greetings = frozenset(_words(small_talk["greetings"]))
    nouns = frozenset(_words(source["nouns"]))
    fields = {name: frozenset(_words(core)) for name, core in source["fields"].items()}
    return _Vocabulary(
        greetings=greetings,
        small_talk=greetings | frozenset(_words(small_talk["fillers"])),
        openings=tuple(tuple(_words(opening)) for opening in small_talk["openings"]),
        nouns=nouns,
        here=frozenset(_words(source["here"])),
        about_source=nouns.union(_words(source["fillers"]), *fields.values()),
        fields=fields,
    )


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
