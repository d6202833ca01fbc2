"""What kind of message a person wrote: small talk, about a source as a whole, or a question.

A message is recognised by closed vocabularies (intents.toml): it counts as small talk, as a doubt,
as a wish for more, as a question about the source itself, or as one for an overview, only if all
its words are listed. A single other word, a name for example, makes it a question to the sources;
but an overview may be asked for by the title of an article. “That helps” and the like are known by
their phrases (``citadel.qa.answer.remarks``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import dropwhile

from citadel.index.errors import CitadelError
from citadel.index.wording import counted, message
from citadel.qa.answer.message_words import message_words, plain
from citadel.qa.answer.remarks import Remark, read_remark

_ASKING = frozenset(
    {"who", "what", "how", "when", "where", "which", "why"}
    | {"was", "were", "did", "does", "in", "at"}
    | {"من", "ما", "ماذا", "كيف", "متى", "اين", "لماذا", "كم", "هل"}
)
"""What a question begins with: “in what year” and “at which hospital”, too."""

_JOINING = frozenset({"and", "but", "so", "then", "well", "now"})
_THIS = frozenset({"this", "هذا", "هذه"})
_WHEN = frozenset({"when", "متى", "ومتى"})
_LONGEST_SMALL_TALK = 12
_LONGEST_ABOUT_SOURCE = 16
_LONGEST_OVERVIEW = 24


class MessageKind(StrEnum):
    """What a message is."""

    QUESTION = "question"
    SMALL_TALK = "small_talk"
    DOUBT = "doubt"
    MORE = "more"
    ABOUT_SOURCE = "about_source"
    OVERVIEW = "overview"


@dataclass(frozen=True, slots=True)
class Message:
    """A message and, for one about a source as a whole, what of it is asked.

    Attributes:
        kind: What the message is.
        field: "date", "publisher", "author", "title", "subject", "language" or "origin" for a
            question about the source; "summary", "people", "ending" or "dates" for an overview;
            otherwise "".
        named: The words by which an overview names its article, all of its title, in lower case;
            none where it names none.

    """

    kind: MessageKind
    field: str = ""
    named: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Closed:
    """All the words that some kind of message may have, and those of which it has one at least."""

    words: frozenset[str]
    core: frozenset[str]

    def has(self, words: Sequence[str]) -> bool:
        return self.words.issuperset(words) and not self.core.isdisjoint(words)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    greetings: frozenset[str]
    small_talk: frozenset[str]
    openings: tuple[tuple[str, ...], ...]
    nouns: frozenset[str]
    here: frozenset[str]
    written: frozenset[str]
    about_source: frozenset[str]
    judged: frozenset[str]
    about_whole: frozenset[str]
    contents: tuple[tuple[str, ...], ...]
    doubt: _Closed
    doubts_begin: frozenset[str]
    more: _Closed
    fields: Mapping[str, frozenset[str]]
    overview: frozenset[str]
    leaning: frozenset[str]
    overviews: Mapping[str, tuple[tuple[str, ...], ...]]


def read_message(
    text: str, *, in_conversation: bool = False, titles: Sequence[str] = ()
) -> Message:
    """Return what kind of message a text is.

    Args:
        text: As the person typed it.
        in_conversation: Whether questions went before: then “when was this?” asks about them.
        titles: Those of the articles, by which an overview may name one.

    """
    words = message_words(text)
    vocabulary = _vocabulary()
    if not words:
        return Message(MessageKind.SMALL_TALK)
    remark = _remark(words, vocabulary, in_conversation)
    if remark is not None:
        return Message(remark)
    overview = _asked_overview(words, vocabulary, titles)
    if overview is not None:
        return overview
    field = _asked_field(words, vocabulary, in_conversation)
    if field:
        return Message(MessageKind.ABOUT_SOURCE, field)
    nothing = not in_conversation and _asks_nothing(words, vocabulary)
    return Message(MessageKind.SMALL_TALK if nothing else MessageKind.QUESTION)


def names_title(named: frozenset[str], title: str) -> bool:
    """Return whether all words by which a message names an article stand in a title."""
    lower = plain(title)
    # Most titles have none of them, and need not be cut into words.
    return all(word in lower for word in named) and named.issubset(message_words(title))


def _remark(words: list[str], vocabulary: _Vocabulary, in_conversation: bool) -> MessageKind | None:
    """Return what a message is that asks for nothing new; None for any other."""
    remark = read_remark(words, vocabulary.greetings)
    if remark is Remark.DOUBT or _doubts(words, vocabulary, in_conversation):
        return MessageKind.DOUBT
    if len(words) <= _LONGEST_SMALL_TALK and vocabulary.more.has(words):
        return MessageKind.MORE if in_conversation else MessageKind.SMALL_TALK
    chats = remark is Remark.OTHER or _is_small_talk(words, vocabulary)
    return MessageKind.SMALL_TALK if chats else None


def _doubts(words: list[str], vocabulary: _Vocabulary, in_conversation: bool) -> bool:
    """Recognise “really?” and “is that true?”, and at the beginning “is this article true?”."""
    if len(words) > _LONGEST_SMALL_TALK:
        return False
    if not in_conversation and vocabulary.about_whole.issuperset(words):
        return _points(words, vocabulary) and not vocabulary.judged.isdisjoint(words)
    return words[0] in vocabulary.doubts_begin and vocabulary.doubt.has(words)


def _is_small_talk(words: list[str], vocabulary: _Vocabulary) -> bool:
    if len(words) > _LONGEST_SMALL_TALK or not vocabulary.small_talk.issuperset(words):
        return False
    greets = not vocabulary.greetings.isdisjoint(words)
    # In “ok, who did it?” nothing but the first word is small talk.
    before = vocabulary.greetings | _JOINING
    rest = list(dropwhile(before.__contains__, words))
    asks = bool(rest) and rest[0].partition("'")[0] in _ASKING
    plain = tuple({"u": "you", "r": "are", "ur": "your"}.get(word, word) for word in words)
    opens = any(_begins(each, vocabulary.openings) for each in (plain, plain[-len(rest) :]))
    return opens or (greets and not asks) or vocabulary.greetings.issuperset(words)


def _begins(words: Sequence[str], openings: Sequence[tuple[str, ...]]) -> bool:
    return any(tuple(words[: len(opening)]) == opening for opening in openings)


def _asked_field(words: list[str], vocabulary: _Vocabulary, in_conversation: bool) -> str:
    """Return the field of the header that is asked for, or ""."""
    if len(words) > _LONGEST_ABOUT_SOURCE or not vocabulary.about_source.issuperset(words):
        return ""
    asked = [name for name, core in vocabulary.fields.items() if not core.isdisjoint(words)]
    here = len(words) <= 2 or not vocabulary.here.isdisjoint(words)
    names_it = not vocabulary.nouns.isdisjoint(words)
    if not asked and names_it and _begins(words, vocabulary.contents):
        return "subject"
    read_now = not _THIS.isdisjoint(words) and not vocabulary.written.isdisjoint(words)
    if not asked or not (names_it or read_now or (here and not in_conversation)):
        return ""
    if not _WHEN.isdisjoint(words) and asked[0] in ("author", "publisher"):
        return "date"
    # “In which language is it written?” asks for the language, not for who wrote it.
    return "language" if "language" in asked else asked[0]


def _asks_nothing(words: list[str], vocabulary: _Vocabulary) -> bool:
    """Recognise “how many articles are there?” and “what is this?”, which no sentence answers."""
    if len(words) > _LONGEST_ABOUT_SOURCE or not vocabulary.about_whole.issuperset(words):
        return False
    return _points(words, vocabulary)


def _points(words: list[str], vocabulary: _Vocabulary) -> bool:
    """Return whether a message names the collection or an article, or says “this”."""
    return not (vocabulary.nouns.isdisjoint(words) and _THIS.isdisjoint(words))


def _asked_overview(
    words: list[str], vocabulary: _Vocabulary, titles: Sequence[str]
) -> Message | None:
    """Return what overview is asked for and by which words of a title, if any is."""
    if len(words) > _LONGEST_OVERVIEW or words[0] in vocabulary.leaning:
        return None
    for field, phrases in vocabulary.overviews.items():
        for phrase in phrases:
            place = _place(phrase, words)
            if place is None:
                continue
            others = frozenset(words[:place] + words[place + len(phrase) :])
            named = others - vocabulary.overview
            if not named or any(names_title(named, title) for title in titles):
                return Message(MessageKind.OVERVIEW, field, named)
    return None


def _place(phrase: tuple[str, ...], words: list[str]) -> int | None:
    """Return where a phrase begins among the words of a message; None where it doesn't stand."""
    places = range(len(words) - len(phrase) + 1)
    return next((n for n in places if tuple(words[n : n + len(phrase)]) == phrase), None)


@cache
def _vocabulary() -> _Vocabulary:
    lists = tomllib.loads(files("citadel.qa.answer").joinpath("intents.toml").read_text("utf-8"))
    small_talk, source, overview = lists["small_talk"], lists["source"], lists["overview"]
    greetings = frozenset(message_words(small_talk["greetings"]))
    nouns = frozenset(message_words(source["nouns"]))
    judged = frozenset(message_words(source["judged"]))
    fields = {name: frozenset(message_words(core)) for name, core in source["fields"].items()}
    return _Vocabulary(
        greetings=greetings,
        small_talk=greetings | frozenset(message_words(small_talk["fillers"])),
        openings=tuple(tuple(message_words(opening)) for opening in small_talk["openings"]),
        nouns=nouns,
        here=frozenset(message_words(source["here"])),
        written=frozenset(message_words(source["written"])),
        about_source=nouns.union(message_words(source["fillers"]), *fields.values()),
        judged=judged,
        about_whole=nouns.union(
            judged, message_words(source["fillers"]), message_words(source["counted"])
        ).difference(*fields.values()),
        contents=tuple(tuple(message_words(opening)) for opening in source["contents"]),
        doubt=_closed(lists["doubt"]),
        doubts_begin=frozenset(message_words(lists["doubt"]["first"])),
        more=_closed(lists["more"]),
        fields=fields,
        overview=nouns.union(message_words(overview["fillers"])),
        leaning=frozenset(message_words(overview["leaning"])),
        overviews={
            kind: tuple(tuple(message_words(phrase)) for phrase in phrases)
            for kind, phrases in overview["kinds"].items()
        },
    )


def _closed(lists: Mapping[str, str]) -> _Closed:
    words = {kind: frozenset(message_words(text)) for kind, text in lists.items()}
    return _Closed(frozenset().union(*words.values()), words["core"])


MAX_QUESTION = 500
"""The longest question, in code points."""


def check_question(question: str) -> None:
    """Refuse what is no question.

    Raises:
        CitadelError: The question is empty, blank or too long.

    """
    if not question.strip():
        raise CitadelError(message("The question is empty; type a question about the articles."))
    if len(question) > MAX_QUESTION:
        raise CitadelError(
            counted(
                "Questions can be up to {most} characters; this one has {count}.",
                "Questions can be up to {most} characters; this one has {count}.",
                len(question),
                most=MAX_QUESTION,
            )
        )


def check_name(name: str) -> None:
    """Refuse what is no name, nor other words to find.

    Raises:
        CitadelError: The name is empty, blank or too long.

    """
    if not name.strip():
        raise CitadelError(message("The name is empty; type a name or other words."))
    if len(name) > MAX_QUESTION:
        raise CitadelError(
            counted(
                "Names can be up to {most} characters; this one has {count}.",
                "Names can be up to {most} characters; this one has {count}.",
                len(name),
                most=MAX_QUESTION,
            )
        )
