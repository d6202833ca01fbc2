"""Turns text into vectors: one for a text, and one for each of its tokens, in one pass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.models import DEFAULT_MODEL, embedding_model
from index.scripts import LATIN, main_script

Vectors = npt.NDArray[np.float32]
Offsets = npt.NDArray[np.int32]
TokenIds = npt.NDArray[np.int32]

_BATCH = 32

_MOST_PIECES_OF_A_WORD = 3
"""A model that cuts words into more pieces, on average, has not learnt them."""

_WORD_STARTS = ("▁", "Ġ")
"""What vocabularies of SentencePiece and of byte-level BPE put before the start of a word."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The vectors of one text.

    Attributes:
        vector: float32, (dimension,), of unit length: the text as a whole.
        token_vectors: float32, (tokens, dimension), unit rows, in the order of the text; without
            special tokens and prompts.
        token_offsets: int32, (tokens, 2): where each token starts and ends in the text.
        token_ids: int32, (tokens,): which piece of the model's vocabulary each token is.

    """

    vector: Vectors
    token_vectors: Vectors
    token_offsets: Offsets
    token_ids: TokenIds

    def __post_init__(self) -> None:
        """Refuse token vectors, offsets and identifiers that do not go together."""
        if not len(self.token_vectors) == len(self.token_offsets) == len(self.token_ids):
            raise ValueError(
                f"{len(self.token_vectors)} token vectors for {len(self.token_offsets)} offsets "
                f"and {len(self.token_ids)} identifiers"
            )


class Encoder(Protocol):
    """What the index needs of a model."""

    @property
    def name(self) -> str:
        """The model as it was asked for: a hub name or a path."""

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of weights, tokenizer, prompts and limits of the model.

        It is equal only for models that make the same of every text.
        """

    @property
    def dimension(self) -> int:
        """The length of every vector."""

    def knows_word(self, word: str) -> bool:
        """Tell whether a word, in lower case, is one piece of the model's vocabulary."""

    def reads(self, text: str) -> bool:
        """Tell whether the model knows the script of a text, or only spells its words out."""

    @property
    def pieces(self) -> int:
        """How many pieces the model's vocabulary has; every token identifier is below it."""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order."""

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = ...
    ) -> list[Encoding]:
        """Encode texts of the collection, in their order, however long they are."""


def load_encoder(model: str = DEFAULT_MODEL) -> Encoder:
    """Load a sentence-transformers model by hub name or local path.

    Raises:
        CitadelError: There is no such model, it gives no token vectors, or the weights of the
            default model are not the published ones.

    """
    network = embedding_model(model)
    return _SentenceTransformerEncoder(model, network, _fingerprint(network))


def use_threads(count: int) -> None:
    """Compute with so many threads from now on, in the whole process.

    A question is too little work to share: threads that wait for one another cost more than they
    save as soon as anything else runs. Building an index is worth all the cores there are.
    """
    import torch  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    torch.set_num_threads(count)
    threadpool_limits(count, user_api="blas")


def library_encode(model: str = DEFAULT_MODEL) -> Callable[[str], Vectors]:
    """Return sentence-transformers' own ``encode`` of a model, for comparisons of its time."""
    encoder = load_encoder(model)
    assert isinstance(encoder, _SentenceTransformerEncoder)
    return encoder.library_encode


def _fingerprint(network: Any) -> str:
    """Hash all that decides about vectors, so that it does not matter where it came from."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.numpy()).data)
    tokenizer = json.loads(network.tokenizer.backend_tokenizer.to_str())
    settings = {
        "modules": [(type(module).__name__, module.get_config_dict()) for module in network],
        "prompts": network.prompts,
        "most tokens": network.max_seq_length,
        # How to pad and cut off is set anew for every call.
        "tokenizer": {k: v for k, v in tokenizer.items() if k not in ("padding", "truncation")},
    }
    digest.update(json.dumps(settings, sort_keys=True).encode())
    return digest.hexdigest()


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


class _SentenceTransformerEncoder:
    """A sentence-transformers model whose first module is a transformer."""

    def __init__(self, name: str, network: Any, fingerprint: str) -> None:
        self._network = network
        self._tokenizer = network.tokenizer
        self._name = name
        self._fingerprint = fingerprint
        self._dimension = int(network.get_embedding_dimension())
        self._vocabulary = self._tokenizer.get_vocab()
        self._word_start = next(
            (mark for mark in _WORD_STARTS if f"{mark}the" in self._vocabulary), ""
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dimension(self) -> int:
        return self._dimension

    def library_encode(self, text: str) -> Vectors:
        """Encode a text as a program without Citadel does."""
        return np.asarray(self._network.encode(text), dtype=np.float32)

    def knows_word(self, word: str) -> bool:
        return self._word_start + word in self._vocabulary

    def reads(self, text: str) -> bool:
        if main_script(text) == LATIN:
            return True
        words = max(len(text.split()), 1)
        pieces = self._tokenizer.tokenize(_encodable(text))
        return len(pieces) <= _MOST_PIECES_OF_A_WORD * words and (
            self._tokenizer.unk_token not in pieces
        )

    @property
    def pieces(self) -> int:
        return len(self._tokenizer)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        return self._encode(texts, self._network.prompts.get("query", ""), lambda _: None)

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        return self._encode(texts, self._network.prompts.get("document", ""), progress)

    def _encode(
        self, texts: Sequence[str], prompt: str, progress: Callable[[int], None]
    ) -> list[Encoding]:
        """Encode in batches of similar length: padding is the only work that can be saved."""
        texts = [_encodable(text) for text in texts]
        room = self._room(prompt)
        windows = [w for n, text in enumerate(texts) for w in self._windows(n, text, room)]
        parts: dict[_Window, Encoding] = {}
        by_length = sorted(windows, key=lambda window: window.start - window.end)
        for first in range(0, len(by_length), _BATCH):
            batch = by_length[first : first + _BATCH]
            slices = [texts[window.text][window.start : window.end] for window in batch]
            parts.update(zip(batch, self._encode_batch(slices, prompt), strict=True))
            progress(len(batch))
        of_text: list[list[_Window]] = [[] for _ in texts]
        for window in windows:
            of_text[window.text].append(window)
        return [_join([(window, parts[window]) for window in group]) for group in of_text]

    def _room(self, prompt: str) -> int | None:
        """Return how many tokens of a text fit beside the prompt; None when any number does."""
        limit = self._network.max_seq_length
        if limit is None:
            return None
        taken = len(self._tokenizer(prompt, add_special_tokens=False)["input_ids"])
        return int(limit) - _RESERVED_TOKENS - taken

    def _windows(self, number: int, text: str, room: int | None) -> Iterator[_Window]:
        """Cut a text that is too long for the model into windows that overlap by a quarter.

        The model would silently drop what is over its limit; so nothing may be over it.
        """
        if room is None or len(text) * _TOKENS_PER_CODE_POINT <= room:
            yield _Window(number, 0, len(text), 0)
            return
        offsets = self._tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )["offset_mapping"]
        if len(offsets) <= room:
            yield _Window(number, 0, len(text), 0)
            return
        step = room - room // 4
        for first in range(0, len(offsets) - room + step, step):
            last = min(first + room, len(offsets)) - 1
            keep = 0 if first == 0 else offsets[first + room // 8][0]
            yield _Window(number, offsets[first][0], offsets[last][1], keep)

    def _encode_batch(self, texts: list[str], prompt: str) -> Iterator[Encoding]:
        import torch  # noqa: PLC0415

        features = self._network.preprocess(texts, prompt=prompt or None)
        layout = self._tokenizer(
            [prompt + text for text in texts],
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            truncation=True,
            max_length=self._network.max_seq_length,
        )
        with torch.inference_mode():
            output = self._network(features)
        vectors = unit_rows(output["sentence_embedding"].numpy())
        all_tokens = output["token_embeddings"].numpy()
        for row, vector in enumerate(vectors):
            offsets = np.asarray(layout["offset_mapping"][row], dtype=np.int32) - len(prompt)
            special = np.asarray(layout["special_tokens_mask"][row], dtype=bool)
            kept = ~special & (offsets[:, 0] >= 0) & (offsets[:, 1] > offsets[:, 0])
            tokens = all_tokens[row, : len(offsets)][kept]
            ids = np.asarray(layout["input_ids"][row], dtype=np.int32)
            yield Encoding(vector, unit_rows(tokens), offsets[kept], ids[kept])


_RESERVED_TOKENS = 16
"""Room in a window for special tokens and for words cut at its edges."""

_TOKENS_PER_CODE_POINT = 4
"""No tokenizer makes more of one: four bytes of UTF-8, or the parts of a Korean syllable."""


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


def unit_rows(rows: npt.NDArray[Any]) -> Vectors:
    """Scale rows to unit length; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)
