"""A large vocabulary of SentencePiece in a few megabytes, cutting words as the library does.

The library tokenizers takes 240 MB for 250,000 pieces, most of it for maps and a tree of single
bytes. Here the pieces stand one after another in one string of bytes and are found by their hashes,
a few numbers each. What is cut is the likeliest way to put a word together (Kudo 2018). All around
it stays the library's own: how characters are replaced, words split and places counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from zlib import crc32

import numpy as np
from safetensors.numpy import load, save
from tokenizers import (
    Encoding,
    PreTokenizedString,
    Regex,
    Token,
    Tokenizer,
)

_MANY = 100_000
"""From this many pieces on, a vocabulary is kept separately."""

_UNKNOWN_PENALTY = 10.0
"""By how much a character that is no piece is less likely than the least likely piece."""

_WORD_START = "▁"
"""What stands before a word, and before a mark such as <s>, which is a piece by itself."""

_REMEMBERED = 4096
"""For how many words the pieces are remembered."""

_LOAD = 3
"""Places in the table of hashes for each piece, at least."""


def without_pieces(tokenizer: str) -> tuple[str, bytes]:
    """Part a large unigram vocabulary from the rest of a tokenizer.

    Args:
        tokenizer: In the JSON of the library tokenizers.

    Returns:
        The rest and the pieces; a tokenizer of another kind as it is and b"".

    """
    known = json.loads(tokenizer)
    model = known["model"]
    if model.get("type") != "Unigram" or len(model["vocab"]) < _MANY or model.get("byte_fallback"):
        return tokenizer, b""
    vocabulary = model["vocab"]
    pieces = [piece.encode() for piece, _ in vocabulary]
    unknown = model["unk_id"]
    marks = [mark["content"] for mark in known["added_tokens"]]
    known["model"] = {"type": "Unigram", "vocab": [vocabulary[unknown]], "unk_id": 0}
    known["added_tokens"] = []
    packed = save(
        {
            "letters": np.frombuffer(b"".join(pieces), np.uint8),
            "ends": np.cumsum([len(piece) for piece in pieces], dtype=np.uint32),
            "scores": np.array([score for _, score in vocabulary], dtype=np.float64),
            "table": _table(pieces),
            "longest": np.array([max(len(piece) for piece, _ in vocabulary)], np.int64),
            "unknown": np.array([unknown], np.int64),
            "marks": np.frombuffer("\n".join(marks).encode(), np.uint8),
        }
    )
    return json.dumps(known, ensure_ascii=False), packed


def _table(pieces: Sequence[bytes]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return int32, (places,): the number of the piece at the place of its hash, or after; or -1.

    Where one piece is given twice, the last one counts.
    """
    places = 1 << (len(pieces) * _LOAD - 1).bit_length()
    table = [-1] * places
    for number, piece in enumerate(pieces):
        place = crc32(piece) & (places - 1)
        while table[place] >= 0 and pieces[table[place]] != piece:
            place = (place + 1) & (places - 1)
        table[place] = number
    return np.array(table, dtype=np.int32)


class UnigramTokenizer:
    """Cuts texts as the library's ``Tokenizer`` of the same vocabulary does, and in its form."""

    def __init__(self, tokenizer: str, pieces: bytes) -> None:
        """Take both parts that ``without_pieces`` gives."""
        self._frame: Tokenizer = Tokenizer.from_str(tokenizer)
        packed = load(pieces)
        # Single numbers are read from these sooner than from arrays.
        self._letters = packed["letters"].data
        self._ends = np.concatenate([np.zeros(1, np.uint32), packed["ends"]]).data
        self._scores = packed["scores"].data
        self._table = packed["table"].data
        self._last = len(self._table) - 1
        self._longest = int(packed["longest"][0])
        self._unknown = int(packed["unknown"][0])
        self._unknown_score = float(packed["scores"].min()) - _UNKNOWN_PENALTY
        marks = [mark for mark in bytes(packed["marks"]).decode().split("\n") if mark]
        self._marks = Regex("|".join(map(re.escape, marks))) if marks else None
        numbers = {mark: self.token_to_id(mark) for mark in marks}
        self._alone = {mark: number for mark, number in numbers.items() if number is not None}
        self._cut = lru_cache(_REMEMBERED)(self._tokens)

    def get_vocab_size(self) -> int:
        """Return how many pieces there are."""
        return len(self._scores)

    def token_to_id(self, piece: str) -> int | None:
        """Return the number of a piece; None for what is none."""
        return self._number(piece.encode())

    def encode(self, text: str, add_special_tokens: bool = True) -> Encoding:
        """Cut a text, as the library does it."""
        parts = PreTokenizedString(text)
        if self._marks is not None:
            parts.split(lambda _, part: part.split(self._marks, "isolated"))
        if self._frame.normalizer is not None:
            parts.normalize(self._frame.normalizer.normalize)
        if self._frame.pre_tokenizer is not None:
            self._frame.pre_tokenizer.pre_tokenize(parts)
        parts.tokenize(self._cut)
        encoding = parts.to_encoding()
        if self._frame.post_processor is None:
            return encoding
        framed: Encoding = self._frame.post_processor.process(encoding, None, add_special_tokens)
        return framed

    def encode_batch(self, texts: Sequence[str], add_special_tokens: bool = True) -> list[Encoding]:
        """Cut several texts."""
        return [self.encode(text, add_special_tokens) for text in texts]

    def _tokens(self, word: str) -> list[Token]:
        """Return the likeliest pieces of a word; what is unknown in a row is one of them."""
        letters = word.encode()
        mark = word.removeprefix(_WORD_START)
        if mark in self._alone:
            return [Token(self._alone[mark], mark, (0, len(letters)))]
        starts = [*accumulate(map(_width, word), initial=0)]
        # Of each end: the score of the best way there, where its last piece starts, and that.
        best: list[tuple[float, int, int] | None] = [None] * len(starts)
        best[0] = (0.0, 0, self._unknown)
        for start, first in enumerate(starts[:-1]):
            here = best[start]
            assert here is not None
            known = False
            for end in range(start + 1, min(start + self._longest, len(word)) + 1):
                number = self._number(letters[first : starts[end]])
                if number is None:
                    continue
                known |= end == start + 1
                score = here[0] + self._scores[number]
                there = best[end]
                if there is None or score > there[0]:
                    best[end] = (score, start, number)
            there = best[start + 1]
            score = here[0] + self._unknown_score
            if not known and (there is None or score > there[0]):
                best[start + 1] = (score, start, self._unknown)
        found: list[tuple[int, int, int]] = []
        end = len(word)
        while end > 0:
            _, start, number = best[end]  # type: ignore[misc]
            if number == self._unknown and found and found[-1][0] == self._unknown:
                found[-1] = (number, start, found[-1][2])
            else:
                found.append((number, start, end))
            end = start
        return [
            Token(number, word[start:end], (starts[start], starts[end]))
            for number, start, end in reversed(found)
        ]

    def _number(self, piece: bytes) -> int | None:
        place = crc32(piece) & self._last
        while (number := self._table[place]) >= 0:
            if self._letters[self._ends[number] : self._ends[number + 1]] == piece:
                return number
            place = (place + 1) & self._last
        return None


def _width(letter: str) -> int:
    """Return how many bytes a letter has."""
    return len(letter.encode())
