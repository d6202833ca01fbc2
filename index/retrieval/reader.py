"""Reads the best sentences in their context, together with the question.

A cross-encoder (Nogueira & Cho 2019): the question, the title and heading, and some sentences that
stand together go through the network as one text, so that “he” and “the group” are understood. Of
each sentence it says whether it answers, and where in it the answer stands, as readers of SQuAD do
(Devlin et al. 2019); one number stands for “nothing here answers”, shared by all windows of a
question (Clark & Gardner 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding as Tokens
from tokenizers import Tokenizer

from citadel.index.encoders.backends import load_network
from citadel.index.encoders.models import READER, reader_heads
from citadel.index.encoders.network import IDS, KINDS, MASK, Feature, Network
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranking import Scores
from citadel.index.retrieval.signals import ReadingSignals

LANGUAGE = "en"
"""Of the articles that it was trained to read."""

WINDOWS = 4
"""How many are read at most."""

_PROPOSED = 8
"""How many are weighed: several middling sentences that stand together may be worth more than a
good one by itself."""

_LIKELY = 0.08
"""A window is read if it holds the answer with this probability, given that one of them does: on
average that is two windows, and they find what four would."""

_SOFTNESS = 0.5
"""What scores count when it is weighed how likely a window holds the answer."""

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


class WindowWriter:
    """Writes questions and sentences as the reader takes them."""

    def __init__(self, tokenizer: str) -> None:
        """Cut texts with a tokenizer in the JSON of the library tokenizers."""
        self._tokenizer: Tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._start, self._separator = self._tokenizer.encode("").ids
        self._dash = self._tokens("-").ids

    def best_windows(
        self, index: PassageIndex, question: str, sentences: Sequence[int], scores: Scores
    ) -> list[WindowText]:
        """Write windows around the best sentences of articles in English.

        Returns:
            Those that are likely to hold the answer, the likeliest first; one at least, where
            anything is in English.

        Args:
            index: Where they are.
            question: Standing alone.
            sentences: Their numbers, the best first.
            scores: float32, (sentences,): higher is better.

        """
        windows: list[WindowText] = []
        covered: set[int] = set()
        for sentence in sentences:
            if len(windows) == _PROPOSED:
                break
            article = index.articles[index.article_of[index.sentences.passages[sentence]]]
            if sentence not in covered and article.language == LANGUAGE:
                windows.append(self.window(index, question, sentence, covered))
                covered.update(windows[-1].sentences)
        if not windows:
            return []
        odds = np.exp(_SOFTNESS * (scores - scores.max()))
        likely = dict(zip(sentences, odds.tolist(), strict=True))
        held = [sum(likely.get(n, 0.0) for n in window.sentences) for window in windows]
        best = sorted(range(len(windows)), key=lambda place: -held[place])[:WINDOWS]
        return [windows[place] for place in best if held[place] >= _LIKELY * sum(held)]

    def window(
        self, index: PassageIndex, question: str, sentence: int, read: Container[int] = ()
    ) -> WindowText:
        """Write a window of one section around a sentence, without what was already read."""
        cut = cache(lambda number: self._tokens(index.sentence_text(number)))
        numbers = _around(index, sentence, lambda n: min(len(cut(n)), _SENTENCE_TOKENS))
        ids = [self._start, *self._tokens(question).ids[-_QUESTION_TOKENS:], self._separator]
        second = len(ids)
        ids += [*self._head(index, sentence), self._separator]
        chosen = [number for number in numbers if number not in read]
        bounds, offsets = [], []
        for number in chosen:
            tokens = cut(number).ids[:_SENTENCE_TOKENS]
            bounds.append((len(ids), len(ids) + len(tokens)))
            offsets.append(cut(number).offsets[:_SENTENCE_TOKENS])
            ids += [*tokens, self._separator]
        return WindowText(ids, second, chosen, bounds, offsets)

    def _tokens(self, text: str) -> Tokens:
        encodable = text.encode("utf-8", "replace").decode("utf-8")
        return self._tokenizer.encode(encodable, add_special_tokens=False)

    def _head(self, index: PassageIndex, sentence: int) -> list[int]:
        passage = index.passages[int(index.sentences.passages[sentence])]
        title: list[int] = self._tokens(passage.title).ids[:_TITLE_TOKENS]
        if passage.section == passage.title:
            return title
        return [*title, *self._dash, *self._tokens(passage.section).ids[:_TITLE_TOKENS]]


@dataclass(frozen=True, slots=True)
class WindowText:
    """A question, a title, and some sentences as one text of tokens.

    Attributes:
        ids: The tokens.
        second: Where the second text begins, after the question.
        sentences: The numbers of the sentences in the index.
        bounds: The first token of each, and the separator after its last.
        offsets: Where each token of each stands in its sentence.

    """

    ids: list[int]
    second: int
    sentences: list[int]
    bounds: list[tuple[int, int]]
    offsets: list[list[tuple[int, int]]]

    def parts(self) -> Iterator[tuple[int, tuple[int, int], list[tuple[int, int]]]]:
        """Yield the number, the bounds and the offsets of each sentence."""
        return zip(self.sentences, self.bounds, self.offsets, strict=True)


def padded(windows: Sequence[WindowText]) -> dict[str, Feature]:
    """Return the features of some windows, by their names: int64, (windows, tokens) each."""
    width = max(len(window.ids) for window in windows)
    features = {
        name: np.zeros((len(windows), width), dtype=np.int64) for name in (IDS, MASK, KINDS)
    }
    for number, window in enumerate(windows):
        length = len(window.ids)
        features[IDS][number, :length] = window.ids
        features[MASK][number, :length] = 1
        features[KINDS][number, window.second : length] = 1
    return features


class Reader:
    """A network with a head for sentences and one for spans. Safe to call from several threads."""

    def __init__(self, network: Network, heads: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Read with a network, which gives the vectors of tokens."""
        self._network = network
        self._heads = heads
        self._writer = WindowWriter(network.traits.tokenizer)

    def read(
        self, index: PassageIndex, question: str, sentences: Sequence[int], scores: Scores
    ) -> Reading:
        """Read the best sentences of articles in English, each with those around it.

        Args:
            index: Where they are.
            question: Standing alone.
            sentences: Their numbers, the most probable answers first.
            scores: float32, (sentences,): those that they were ranked by.

        """
        windows = self._writer.best_windows(index, question, sentences, scores)
        if not windows:
            return NOTHING_READ
        features = padded(windows)
        taken = {name: features[name] for name in self._network.traits.features}
        _, vectors = self._network.run(taken, 0)
        found = [self._judge(vectors[row], window) for row, window in enumerate(windows)]
        numbers = [number for window in windows for number in window.sentences]
        logits, spans = (np.concatenate(column) for column in zip(*found, strict=True))
        return Reading(np.array(numbers, dtype=np.int64), logits, spans)

    def _judge(self, vectors: npt.NDArray[np.float32], window: WindowText) -> tuple[Scores, Scores]:
        """Return the logit of each sentence of a window, and that of its best span."""
        ends = vectors @ self._heads["span.weight"].T + self._heads["span.bias"]
        logits, spans = [], []
        for first, last in window.bounds:
            mean = vectors[first : max(last, first + 1)].mean(axis=0)
            both = np.concatenate([vectors[last], mean])
            logits.append(float(self._heads["sentence.weight"][0] @ both))
            spans.append(_best_span(ends[first : max(last, first + 1)]))
        bias = self._heads["sentence.bias"]
        return np.array(logits, np.float32) + bias, np.array(spans, np.float32)


def load_reader(backend: str | None = None, kept_in: Path | None = None) -> Reader:
    """Load the reader that comes with Citadel.

    Args:
        backend: What is to compute it; see ``load_encoder``.
        kept_in: Where models are kept that were converted for a backend; None for nowhere.

    Raises:
        CitadelError: As ``load_encoder`` does.

    """
    return Reader(load_network(READER, backend, kept_in), reader_heads())


def _around(index: PassageIndex, sentence: int, length: Callable[[int], int]) -> list[int]:
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
