"""Text in RTF with its looks and what it is for: groups, encodings and destinations resolved."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from citadel.index.corpus.formats.rtf_codes import (
    CHARACTERS,
    CHARSETS,
    DOCUMENT_ENCODINGS,
    MARGINS,
    SKIPPED,
    SYMBOL_FONT,
    Token,
    tokens,
)
from citadel.index.errors import CitadelError

_DEEPEST = 2_000
_RAISED_HALF_POINTS = 4
_KEPT = {"footnote": "footnote", "shptxt": "box", "title": "title", "stylesheet": "stylesheet",
         "listtext": "bullet", "pntext": "bullet", "fonttbl": "fonttbl", "annotation": "comment",
         "ud": "text", "fldrslt": "", "result": "", "shpinst": "void", "info": "void",
         "mmath": "formula"}  # fmt: skip
"""What the text of a destination is for; "" is what the text around it is for."""

_SWITCHES = {
    "v": "hidden", "strike": "struck", "striked": "struck", "deleted": "deleted",
    "super": "raised",
}  # fmt: skip
"""Words that turn a look on, and off with a 0 behind them."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How text looks, and what it is for.

    Attributes:
        target: “text”, “footnote”, “head”, “stylesheet” and so on.
        hidden: Whether it is not shown.
        struck: Whether it is struck through.
        raised: Whether it stands above the line.
        deleted: Whether it was deleted while changes were tracked.
        symbols: Whether its letters are signs of a font.

    """

    target: str = "text"
    hidden: bool = False
    struck: bool = False
    raised: bool = False
    deleted: bool = False
    symbols: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look, or a word about the paragraph, row or style that it stands in.

    Attributes:
        looks: How the text looks, and what it is for.
        text: "" where this is a word.
        word: "" where this is text; “}” for the end of a group.
        number: Behind the word; None without. Behind “}” 1 where the text around the group is
            for something else, else 0.

    """

    looks: Looks
    text: str = ""
    word: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group, and from there on in the groups within it."""

    looks: Looks = Looks()
    font: int = -1
    after_unicode: int = 1


@dataclass(slots=True)
class RtfReader:
    """Reads one file from its beginning to its end.

    Attributes:
        source: The name of the file, for messages.

    """

    source: str
    _state: _State = _State()
    _stack: list[_State] = field(default_factory=list)
    _encoding: str = "cp1252"
    _encodings: dict[int, str] = field(default_factory=dict)
    _symbols: set[int] = field(default_factory=set)
    _bytes: bytearray = field(default_factory=bytearray)
    _units: list[int] = field(default_factory=list)
    _to_skip: int = 0
    _ignorable: bool = False

    def runs(self, data: bytes) -> Iterator[Run]:
        """Yield the text of a file and the words that lay it out.

        Raises:
            CitadelError: Its groups are nested too deeply.

        """
        for token in tokens(data):
            if not token.word:
                yield from self._write(token.data)
            elif token.word == "u" and token.number is not None:
                yield from self._flush_bytes()
                self._units.append(token.number & 0xFFFF)
                self._to_skip = self._state.after_unicode
            else:
                yield from self._flush()
                yield from self._obey(token)
        yield from self._flush()

    def _write(self, data: bytes) -> Iterator[Run]:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        if skipped < len(data):
            yield from self._flush_units()
            self._ignorable = False
            self._bytes += data[skipped:]

    def _flush(self) -> Iterator[Run]:
        yield from self._flush_units()
        yield from self._flush_bytes()

    def _flush_units(self) -> Iterator[Run]:
        """Yield the characters that were given as numbers, halves of them put together."""
        if self._units:
            units, self._units = self._units, []
            data = b"".join(unit.to_bytes(2, "little") for unit in units)
            yield from self._text(data.decode("utf-16-le", "replace"))

    def _flush_bytes(self) -> Iterator[Run]:
        if self._bytes:
            data, self._bytes = bytes(self._bytes), bytearray()
            encoding = self._encodings.get(self._state.font, self._encoding)
            yield from self._text(data.decode(encoding, "replace"))

    def _text(self, text: str) -> Iterator[Run]:
        looks = self._state.looks
        if looks.target != "void":
            yield Run(replace(looks, symbols=self._state.font in self._symbols), text)

    def _obey(self, token: Token) -> Iterator[Run]:
        """Follow a control word or symbol."""
        word, number = token.word, token.number
        ignorable, self._ignorable = self._ignorable, word == "*"
        self._to_skip = 0
        if word == "{":
            if len(self._stack) >= _DEEPEST:
                raise CitadelError(
                    f"{self.source} is nested more than {_DEEPEST:,} deep; save it in another "
                    "format."
                )
            self._stack.append(self._state)
        elif word == "}":
            inner = self._state.looks
            self._state = self._stack.pop() if self._stack else self._state
            yield Run(inner, word=word, number=int(inner.target != self._state.looks.target))
        elif word in CHARACTERS:
            yield from self._text(CHARACTERS[word])
        elif not self._enter(word, ignorable=ignorable):
            self._format(word, number)
            yield Run(self._state.looks, word=word, number=number)

    def _enter(self, word: str, *, ignorable: bool) -> bool:
        """Begin a destination; return whether the word was one."""
        if self._state.looks.target == "void" and word not in ("shptxt", "title", "ud"):
            return ignorable
        margin = next((name for prefix, name in MARGINS.items() if word.startswith(prefix)), None)
        if word in SKIPPED:
            target = "void"
        elif margin is not None and word not in ("headery", "footery"):
            target = margin
        elif word in _KEPT:
            target = _KEPT[word] or self._state.looks.target
        elif ignorable:
            target = "void"
        else:
            return False
        # A story of its own, as a footnote is, does not look like the mark that it hangs on.
        looks = Looks(target) if target != self._state.looks.target else self._state.looks
        self._state = replace(self._state, looks=looks)
        return True

    def _format(self, word: str, number: int | None) -> None:
        """Follow a word about fonts, encodings or looks."""
        state, looks = self._state, self._state.looks
        match word:
            case "f":
                self._state = replace(state, font=number or 0)
            case "uc":
                self._state = replace(state, after_unicode=max(number or 0, 0))
            case "plain":
                self._state = replace(state, looks=Looks(looks.target))
            case _ if word in _SWITCHES:
                look: dict[str, Any] = {_SWITCHES[word]: number != 0}
                self._state = replace(state, looks=replace(looks, **look))
            case "up":
                raised = (6 if number is None else number) >= _RAISED_HALF_POINTS
                self._state = replace(state, looks=replace(looks, raised=raised))
            case "nosupersub" | "sub" | "dn":
                self._state = replace(state, looks=replace(looks, raised=False))
            case "fcharset" if looks.target == "fonttbl":
                self._define_font(number or 0)
            case "cpg" if looks.target == "fonttbl":
                self._encodings[state.font] = _known(f"cp{number}", self._encoding)
            case "ansicpg":
                self._encoding = _known(f"cp{number}", self._encoding)
            case _ if word in DOCUMENT_ENCODINGS:
                self._encoding = DOCUMENT_ENCODINGS[word]

    def _define_font(self, charset: int) -> None:
        if charset == SYMBOL_FONT:
            self._symbols.add(self._state.font)
        elif charset in CHARSETS:
            self._encodings[self._state.font] = CHARSETS[charset]


def _known(encoding: str, otherwise: str) -> str:
    """Return the name of an encoding, or another one where there is none of it."""
    try:
        return codecs.lookup("utf-8" if encoding == "cp65001" else encoding).name
    except LookupError:
        return otherwise
