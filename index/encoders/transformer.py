"""Turns text into vectors with a transformer: cuts it into tokens, and long texts into windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Encoding as Tokens
from tokenizers import Tokenizer

from citadel.index.corpus.languages import LATIN, main_script
from citadel.index.encoders.encoder import Encoding, Offsets, TokenIds, Vectors, unit_rows
from citadel.index.encoders.network import IDS, KINDS, MASK, Feature, Network, Traits
from citadel.index.encoders.unigram import UnigramTokenizer

_BATCH = 32
"""The most texts that are encoded at a time."""

_BATCH_CODE_POINTS = 8000
"""And how long they may be together, padding included: some 2,000 tokens, a quarter of a second on
two cores. A question that arrives while a collection is embedded waits no longer."""

_MOST_PIECES_OF_A_WORD = 3
"""A model that cuts words into more pieces, on average, has not learnt them."""

_EVERYDAY = {
    "Chinese characters": "我们这里没有人知道他们说的是什么",
    "Japanese": "私たちはここで何が起きたのか知らないと言われました",
}
"""Where no spaces separate words, they can't be counted. A model that has learnt the language
knows each of these letters by itself; models of English know some."""

_WORD_STARTS = ("▁", "Ġ")
"""What vocabularies of SentencePiece and of byte-level BPE put before the start of a word."""

_RESERVED_TOKENS = 16
"""Room in a window for special tokens and for words cut at its edges."""

_TOKENS_PER_CODE_POINT = 4
"""No tokenizer makes more of one: four bytes of UTF-8, or the parts of a Korean syllable."""


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a text that fits into the model, by code points.

    Attributes:
        text: The position of the text among those to encode.
        start: First code point of the window.
        end: One past its last.
        keep_from: Tokens that start before this code point belong to the window before.

    """

    text: int
    start: int
    end: int
    keep_from: int


class TransformerEncoder:
    """An ``Encoder`` that runs a network."""

    def __init__(self, name: str, network: Network) -> None:
        """Encode with a network, which was asked for by a name."""
        traits = network.traits
        self._network = network
        self._name = name
        self._traits = traits
        self._tokenizer = _tokenizer(traits)
        # Asked piece by piece: a dictionary of a multilingual vocabulary takes 70 MB.
        self._word_start = next((mark for mark in _WORD_STARTS if self._is_piece(f"{mark}the")), "")

    @property
    def backend(self) -> str:
        """See ``Encoder``."""
        return self._network.backend

    @property
    def conversion(self) -> str:
        """See ``Encoder``."""
        return self._network.conversion

    @property
    def name(self) -> str:
        """See ``Encoder``."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """See ``Encoder``."""
        return self._traits.fingerprint

    @property
    def dimension(self) -> int:
        """See ``Encoder``."""
        return self._traits.dimension

    @property
    def pieces(self) -> int:
        """See ``Encoder``."""
        return self._tokenizer.get_vocab_size()

    def knows_word(self, word: str) -> bool:
        """See ``Encoder``."""
        return self._is_piece(self._word_start + word)

    def _is_piece(self, piece: str) -> bool:
        return self._tokenizer.token_to_id(_encodable(piece)) is not None

    def reads(self, text: str) -> bool:
        """See ``Encoder``."""
        script = main_script(text)
        if script == LATIN:
            return True
        if script in _EVERYDAY:
            return self._knows(_EVERYDAY[script]) and self._knows(text)
        words = max(len(text.split()), 1)
        pieces = self._tokens(_encodable(text)).tokens
        return len(pieces) <= _MOST_PIECES_OF_A_WORD * words and (
            self._traits.unknown not in pieces
        )

    def _knows(self, text: str) -> bool:
        """Return whether each letter of a text is, at least, a piece of the vocabulary."""
        tokens = self._tokens(_encodable(text))
        unknown = self._traits.unknown
        number = None if unknown is None else self._tokenizer.token_to_id(unknown)
        return number not in tokens.ids and len(tokens) <= len(text) + 1

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """See ``Encoder``."""
        return self._encode(texts, self._traits.prompts.get("query", ""), lambda _: None)

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        """See ``Encoder``."""
        return self._encode(texts, self._traits.prompts.get("document", ""), progress)

    def _tokens(self, text: str) -> Tokens:
        return self._tokenizer.encode(text, add_special_tokens=False)

    def _encode(
        self, texts: Sequence[str], prompt: str, progress: Callable[[int], None]
    ) -> list[Encoding]:
        """Encode in batches of similar length: padding is the only work that can be saved."""
        texts = [_encodable(text) for text in texts]
        prompt_tokens = len(self._tokens(prompt)) if prompt else 0
        room = self._room(prompt_tokens)
        windows = [w for n, text in enumerate(texts) for w in self._windows(n, text, room)]
        parts: dict[_Window, Encoding] = {}
        by_length = sorted(windows, key=lambda window: window.start - window.end)
        for batch in _batches(by_length):
            slices = [texts[window.text][window.start : window.end] for window in batch]
            parts.update(zip(batch, self._encode_batch(slices, prompt), strict=True))
            progress(len(batch))
        of_text: list[list[_Window]] = [[] for _ in texts]
        for window in windows:
            of_text[window.text].append(window)
        return [_join([(window, parts[window]) for window in group]) for group in of_text]

    def _room(self, prompt_tokens: int) -> int | None:
        """Return how many tokens of a text fit next to the prompt; None when any number does."""
        limit = self._traits.most_tokens
        return None if limit is None else limit - _RESERVED_TOKENS - prompt_tokens

    def _windows(self, number: int, text: str, room: int | None) -> Iterator[_Window]:
        """Cut a text that is too long for the model into windows that overlap by a quarter.

        The model would silently drop what is over its limit; so nothing may be over it.
        """
        if room is None or len(text) * _TOKENS_PER_CODE_POINT <= room:
            yield _Window(number, 0, len(text), 0)
            return
        offsets = self._tokens(text).offsets
        if len(offsets) <= room:
            yield _Window(number, 0, len(text), 0)
            return
        step = room - room // 4
        for first in range(0, len(offsets) - room + step, step):
            last = min(first + room, len(offsets)) - 1
            keep = 0 if first == 0 else offsets[first + room // 8][0]
            yield _Window(number, offsets[first][0], offsets[last][1], keep)

    def _encode_batch(self, texts: list[str], prompt: str) -> Iterator[Encoding]:
        batch = self._tokenizer.encode_batch([prompt + text for text in texts])
        text_vectors, token_vectors = self._network.run(
            self._arrays(batch), self._leading_tokens(prompt)
        )
        for vector, vectors, tokens in zip(
            unit_rows(text_vectors), token_vectors, batch, strict=True
        ):
            count = min(len(tokens), len(vectors))
            offsets = np.array(tokens.offsets[:count], dtype=np.int32) - len(prompt)
            special = np.array(tokens.special_tokens_mask[:count], dtype=bool)
            kept = ~special & (offsets[:, 0] >= 0) & (offsets[:, 1] > offsets[:, 0])
            ids = np.array(tokens.ids[:count], dtype=np.int32)
            yield Encoding(vector, unit_rows(vectors[:count][kept]), offsets[kept], ids[kept])

    def features(self, texts: Sequence[str]) -> dict[str, Feature]:
        """Return what the network takes of some texts, none of them too long for it."""
        return self._arrays(self._tokenizer.encode_batch(list(texts)))

    def _arrays(self, batch: Sequence[Tokens]) -> dict[str, Feature]:
        """Put the tokens of some texts into arrays, one text a row."""
        width = max(len(tokens) for tokens in batch)
        # Windows leave room enough; but one token too many must not stop a build.
        width = min(width, self._traits.most_tokens or width)
        arrays = {
            IDS: np.full((len(batch), width), self._traits.padding, dtype=np.int64),
            MASK: np.zeros((len(batch), width), dtype=np.int64),
            KINDS: np.zeros((len(batch), width), dtype=np.int64),
        }
        for row, tokens in enumerate(batch):
            count = min(len(tokens), width)
            arrays[IDS][row, :count] = tokens.ids[:count]
            arrays[MASK][row, :count] = 1
            arrays[KINDS][row, :count] = tokens.type_ids[:count]
        return {name: arrays[name] for name in self._traits.features}

    def _leading_tokens(self, prompt: str) -> int:
        """Return how many tokens stand before the text: the prompt's, and a special one."""
        if not prompt:
            return 0
        tokens = self._tokenizer.encode(prompt)
        return len(tokens) - tokens.special_tokens_mask[-1]


def _tokenizer(traits: Traits) -> Tokenizer | UnigramTokenizer:
    if traits.pieces:
        return UnigramTokenizer(traits.tokenizer, traits.pieces)
    tokenizer: Tokenizer = Tokenizer.from_str(traits.tokenizer)
    # Padding is ours, and nothing may be cut off silently.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _batches(windows: Sequence[_Window]) -> Iterator[Sequence[_Window]]:
    """Cut windows, the longest first, into batches, none of them too much to wait for."""
    first = 0
    while first < len(windows):
        longest = max(windows[first].end - windows[first].start, 1)
        last = first + min(_BATCH, max(_BATCH_CODE_POINTS // longest, 1))
        yield windows[first:last]
        first = last


def _encodable(text: str) -> str:
    """Replace lone surrogates, which no tokenizer takes, each by one other code point."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _join(parts: list[tuple[_Window, Encoding]]) -> Encoding:
    """Put the windows of one text together: each token once, from where it has more context."""
    if len(parts) == 1:
        return parts[0][1]
    kept: list[tuple[Vectors, Offsets, TokenIds]] = []
    for position, (window, encoding) in enumerate(parts):
        ends = parts[position + 1][0].keep_from if position + 1 < len(parts) else window.end
        places = encoding.token_offsets + window.start
        own = (places[:, 0] >= window.keep_from) & (places[:, 0] < ends)
        kept.append((encoding.token_vectors[own], places[own], encoding.token_ids[own]))
    vectors, offsets, ids = (np.concatenate(column) for column in zip(*kept, strict=True))
    mean = np.mean([encoding.vector for _, encoding in parts], axis=0, keepdims=True)
    return Encoding(unit_rows(mean)[0], vectors, offsets, ids)
