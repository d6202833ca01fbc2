"""Reads the best sentences in their context, together with the question.

A cross-encoder (Nogueira & Cho 2019): the question, the title and heading, and some sentences that
stand together go through the network as one text, so that “he” and “the group” are understood. Of
each sentence it says whether it answers, and where in it the answer stands, as readers of SQuAD do
(Devlin et al. 2019); one number stands for “nothing here answers”, shared by all windows of a
question (Clark & Gardner 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from citadel.index.encoders.backends import load_network
from citadel.index.encoders.models import READER, reader_heads
from citadel.index.encoders.network import IDS, KINDS, MASK, Feature, Network
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import Scores
from citadel.index.retrieval.signals import ReadingSignals

LANGUAGE = "en"
"""Of the articles that it was trained to read."""

WINDOWS = 2
"""So many are read for a question."""

_WINDOW_TOKENS = 80
_SENTENCE_TOKENS = 72
_QUESTION_TOKENS = 40
_TITLE_TOKENS = 10
"""As it was trained; of a question the last ones, of all else the first."""

_LONGEST_SPAN = 16

_UNREAD = -8.0
"""The log-odds of a sentence that was not read; fewer than of most that were."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read of some sentences.

    Attributes:
        sentences: int64, (sentences,): their numbers in the index, none twice.
        logits: float32, (sentences,): the log-odds that each answers against that nothing does.
        spans: float32, (sentences,): the same of the best span of tokens in each.

    """

    sentences: npt.NDArray[np.int64]
    logits: Scores
    spans: Scores

    def signals(self, first: int) -> ReadingSignals | None:
        """Measure what speaks for an answer; None where nothing was read.

        Args:
            first: The number of the sentence that is quoted first.

        """
        if not len(self.sentences):
            return None
        (places,) = np.nonzero(self.sentences == first)
        logits, spans = self.logits.astype(float), self.spans.astype(float)
        best = logits.max()
        return ReadingSignals(
            first=float(logits[places[0]]) if len(places) else _UNREAD,
            first_span=float(spans[places[0]]) if len(places) else _UNREAD,
            every=float(best + np.log(np.exp(logits - best).sum())),
            best_span=float(spans.max()),
        )


NOTHING_READ = Reading(np.zeros(0, np.int64), *np.zeros((2, 0), np.float32))


class Reader:
    """A network with a head for sentences and one for spans. Safe to call from several threads."""

    def __init__(self, network: Network, heads: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Read with a network, which gives the vectors of tokens."""
        self._network = network
        self._heads = heads
        self._tokenizer: Tokenizer = Tokenizer.from_str(network.traits.tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._start, self._separator = (
            self._tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]")
        )
        self._dash = self._tokens("-", 1)

    def read(self, index: PassageIndex, question: str, sentences: Sequence[int]) -> Reading:
        """Read the best sentences of articles in English, each with those around it.

        Args:
            index: Where they are.
            question: Standing alone.
            sentences: Their numbers, the most probable answers first.

        """
        tokens_of = cache(lambda number: self._tokens(_text(index, number), _SENTENCE_TOKENS))
        windows = _windows(index, sentences, lambda number: len(tokens_of(number)))
        if not windows:
            return NOTHING_READ
        asked = self._tokens(question)[-_QUESTION_TOKENS:]
        rows: list[_Row] = []
        for window in windows:
            head = self._head(index, window[0])
            rows.append(self._row(asked, head, [tokens_of(number) for number in window]))
        _, vectors = self._network.run(self._features(rows), 0)
        found = [self._judge(vectors[number], row) for number, row in enumerate(rows)]
        numbers = np.concatenate([np.array(window, dtype=np.int64) for window in windows])
        logits, spans = (np.concatenate(column) for column in zip(*found, strict=True))
        return Reading(numbers, logits, spans)

    def _tokens(self, text: str, most: int | None = None) -> list[int]:
        encodable = text.encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(encodable, add_special_tokens=False).ids
        return ids[:most]

    def _head(self, index: PassageIndex, sentence: int) -> list[int]:
        passage = index.passages[int(index.sentences.passages[sentence])]
        title = self._tokens(passage.title, _TITLE_TOKENS)
        if passage.section == passage.title:
            return title
        return [*title, *self._dash, *self._tokens(passage.section, _TITLE_TOKENS)]

    def _row(self, asked: list[int], head: list[int], sentences: Sequence[list[int]]) -> _Row:
        ids = [self._start, *asked, self._separator]
        own = len(ids)
        ids += [*head, self._separator]
        bounds = []
        for tokens in sentences:
            bounds.append((len(ids), len(ids) + len(tokens)))
            ids += [*tokens, self._separator]
        return _Row(ids, own, bounds)

    def _features(self, rows: Sequence[_Row]) -> dict[str, Feature]:
        features = {
            name: np.zeros((len(rows), max(len(row.ids) for row in rows)), dtype=np.int64)
            for name in (IDS, MASK, KINDS)
        }
        for number, row in enumerate(rows):
            features[IDS][number, : len(row.ids)] = row.ids
            features[MASK][number, : len(row.ids)] = 1
            features[KINDS][number, row.second : len(row.ids)] = 1
        return {name: features[name] for name in self._network.traits.features}

    def _judge(self, vectors: npt.NDArray[np.float32], row: _Row) -> tuple[Scores, Scores]:
        """Return the logit of each sentence of a window, and that of its best span."""
        ends = vectors @ self._heads["span.weight"].T + self._heads["span.bias"]
        logits, spans = [], []
        for first, last in row.bounds:
            mean = vectors[first : max(last, first + 1)].mean(axis=0)
            both = np.concatenate([vectors[last], mean])
            logits.append(float(self._heads["sentence.weight"][0] @ both))
            spans.append(_best_span(ends[first : max(last, first + 1)]))
        bias = self._heads["sentence.bias"]
        return np.array(logits, np.float32) + bias, np.array(spans, np.float32)


@dataclass(frozen=True, slots=True)
class _Row:
    """One window as the network takes it.

    Attributes:
        ids: Its tokens.
        second: Where its second text begins, after the question.
        bounds: The first token of each sentence, and the separator after its last.

    """

    ids: list[int]
    second: int
    bounds: list[tuple[int, int]]


def load_reader(backend: str | None = None, kept_in: Path | None = None) -> Reader:
    """Load the reader that comes with Citadel.

    Args:
        backend: What is to compute it; see ``load_encoder``.
        kept_in: Where models are kept that were converted for a backend; None for nowhere.

    Raises:
        CitadelError: As ``load_encoder`` does.

    """
    return Reader(load_network(READER, backend, kept_in), reader_heads())


def _windows(
    index: PassageIndex, sentences: Sequence[int], length: Callable[[int], int]
) -> list[list[int]]:
    """Choose windows around the best sentences, each of one section, until all are full."""
    windows: list[list[int]] = []
    read: set[int] = set()
    english = {article.source for article in index.articles if article.language == LANGUAGE}
    for sentence in sentences:
        if len(windows) == WINDOWS:
            break
        passage = index.passages[int(index.sentences.passages[sentence])]
        if sentence in read or passage.source not in english:
            continue
        window = [number for number in _window(index, sentence, length) if number not in read]
        windows.append(window)
        read.update(window)
    return windows


def _window(index: PassageIndex, sentence: int, length: Callable[[int], int]) -> list[int]:
    """Return the sentence with as many around it as there is room for, before and after in turn."""
    first = last = sentence
    room = _WINDOW_TOKENS - length(sentence) - 1
    section = _section(index, sentence)
    before, full = True, 0
    while full < 2:
        other = first - 1 if before else last + 1
        needed = None
        if 0 <= other < len(index.sentences.passages) and _section(index, other) == section:
            needed = length(other) + 1
        if needed is not None and needed <= room:
            room -= needed
            first, last = min(first, other), max(last, other)
            full = 0
        else:
            full += 1
        before = not before
    return list(range(first, last + 1))


def _section(index: PassageIndex, sentence: int) -> tuple[str, str]:
    passage = index.passages[int(index.sentences.passages[sentence])]
    return passage.source, passage.section


def _best_span(ends: npt.NDArray[np.float32]) -> float:
    """Return the best sum of a start and an end at most some tokens after it.

    Args:
        ends: float32, (tokens, 2): the logits of a start and of an end at each token.

    """
    starts, stops = ends.T
    return max(
        float(starts[place] + stops[place : place + _LONGEST_SPAN].max())
        for place in range(len(starts))
    )


def _text(index: PassageIndex, sentence: int) -> str:
    passage = index.passages[int(index.sentences.passages[sentence])]
    return passage.quote(index.sentence_span(sentence))
