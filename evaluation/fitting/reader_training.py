"""Trains the reader: the default model, fine-tuned to read a question and sentences together.

In two stages, both with one softmax over all sentences of all windows of a question and a number
that stands for “nothing here answers” (Clark & Gardner 2018). The first learns to read, on public
questions. In the second, on the newsroom, the logits are added to the scores of the first stage of
the search, so that the reader learns what the ranking does not know; the embeddings and the lower
layers stay as they are then.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from citadel.evaluation.fitting.reader_examples import Example, draw_windows, examples
from citadel.evaluation.fitting.training_data import TrainingData, for_the_reader
from citadel.index.encoders.models import DEFAULT_MODEL, embedding_model
from citadel.index.encoders.torch_backend import TorchNetwork
from citadel.index.retrieval.reader import WindowText, WindowWriter, padded

BATCH = 8

_SHARE = 2e-3
"""The highest learning rate for the weight of the scores of the first stage: it has half a
way to go. At the rate of the heads it stays where it begins, and the reader leans on the ranking.
"""

_FIRST_SHARE = 0.6
"""What they count at first."""

_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Stage:
    """How a stage goes.

    Attributes:
        epochs: How often each question is seen.
        rate: The highest learning rate of the body; that of the heads is larger.
        heads: How many times larger.
        windows: How many are drawn for a question.
        frozen: How many of the lowest layers stay as they are; the embeddings, too, if any do.
        ranked: Whether the scores of the first stage are added.
        sentences: What the loss of each sentence by itself counts.
        spans: What the loss of the spans counts.

    """

    epochs: float
    rate: float
    heads: float
    windows: int
    frozen: int
    ranked: bool
    sentences: float
    spans: float


READING = Stage(1.0, 8e-5, 5.0, 2, 0, ranked=False, sentences=1.0, spans=0.3)
RANKING = Stage(1.0, 6e-5, 3.0, 2, 2, ranked=True, sentences=0.7, spans=0.25)
REFINING = Stage(1.0, 5e-5, 3.0, 2, 2, ranked=True, sentences=0.7, spans=0.25)
"""On both together: by then, half of what was learned first is forgotten, such as forms of ages."""


class ReaderNetwork(torch.nn.Module):
    """The body of the default model, with a head for sentences and one for spans."""

    def __init__(self) -> None:
        """Begin with the published weights, and heads that say “no”."""
        super().__init__()
        self.bert: Any = embedding_model(DEFAULT_MODEL)[0].auto_model
        width = self.bert.config.hidden_size
        self.sentence = torch.nn.Linear(2 * width, 1)
        self.span = torch.nn.Linear(width, 2)
        self.share = torch.nn.Parameter(torch.tensor(_FIRST_SHARE))
        for head, bias in ((self.sentence, -2.0), (self.span, -3.0)):
            torch.nn.init.normal_(head.weight, std=0.02)
            torch.nn.init.constant_(head.bias, bias)

    def forward(
        self, features: Mapping[str, torch.Tensor], bounds: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the logit of each sentence, and those of a start and an end at each token.

        Args:
            features: int64, (windows, tokens) each.
            bounds: int64, (sentences, 3): window, first token, and the separator after the last.

        """
        vectors = self.bert(**features).last_hidden_state
        sums = torch.cumsum(functional.pad(vectors, (0, 0, 1, 0)), 1)
        window, first, last = bounds.unbind(1)
        length = (last - first).clamp(min=1)[:, None]
        mean = (sums[window, last] - sums[window, first]) / length
        logits = self.sentence(torch.cat([vectors[window, last], mean], -1)).squeeze(-1)
        return logits, self.span(vectors)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some questions and their windows, as the network takes them.

    Attributes:
        features: int64, (windows, tokens) each.
        owner: int64, (windows,): the question of each window.
        bounds: int64, (sentences, 3).
        of_question: int64, (sentences,).
        answers: float32, (sentences,): 1 for those that answer.
        scores: float32, (sentences,): of the first stage, against the best.
        ends: float32, (windows, tokens, 2): 1 where an answer starts, and where it ends.
        inside: bool, (windows, tokens): which tokens are of a sentence.
        answerable: bool, (questions,).

    """

    features: dict[str, torch.Tensor]
    owner: torch.Tensor
    bounds: torch.Tensor
    of_question: torch.Tensor
    answers: torch.Tensor
    scores: torch.Tensor
    ends: torch.Tensor
    inside: torch.Tensor
    answerable: torch.Tensor

    @classmethod
    def of(cls, examples: Sequence[Example], windows: Sequence[Sequence[WindowText]]) -> _Batch:
        """Put the windows of some questions together."""
        flat = [(n, window) for n, each in enumerate(windows) for window in each]
        features = padded([window for _, window in flat])
        shape = next(iter(features.values())).shape
        ends, inside = np.zeros((*shape, 2), np.float32), np.zeros(shape, bool)
        sentences = []
        for row, (number, window) in enumerate(flat):
            example = examples[number]
            for sentence, (first, last), offsets in window.parts():
                sentences.append(
                    (row, first, last, number, sentence in example.answers, example.score(sentence))
                )
                inside[row, first:last] = True
                span = example.spans.get(sentence)
                if span is not None:
                    within = [
                        place
                        for place, (start, end) in enumerate(offsets)
                        if start < span[1] and span[0] < end
                    ]
                    if within:
                        ends[row, first + within[0], 0] = ends[row, first + within[-1], 1] = 1
        rows, firsts, lasts, numbers, answers, scores = map(np.array, zip(*sentences, strict=True))
        return cls(
            {name: torch.from_numpy(feature) for name, feature in features.items()},
            torch.tensor([number for number, _ in flat]),
            torch.from_numpy(np.stack([rows, firsts, lasts], 1)),
            torch.from_numpy(numbers),
            torch.from_numpy(answers.astype(np.float32)),
            torch.from_numpy(scores.astype(np.float32)),
            torch.from_numpy(ends),
            torch.from_numpy(inside),
            torch.tensor([example.answerable for example in examples]),
        )


def train_reader(
    public: Sequence[TrainingData],
    newsroom: Sequence[TrainingData],
    seed: int,
    progress: Callable[[int, int], None],
) -> ReaderNetwork:
    """Train a reader, starting from the default model.

    Args:
        public: What the first stage learns from; none to leave it out.
        newsroom: What the second learns from; articles held out teach nothing. The third learns
            from both.
        seed: Of the heads, the order, and the windows.
        progress: Called with the steps done, and all of them.

    """
    torch.manual_seed(seed)
    network = ReaderNetwork()
    writer = WindowWriter(TorchNetwork(embedding_model(DEFAULT_MODEL)).traits.tokenizer)
    read = [each for data in public for each in examples(data)]
    ranked = [each for data in newsroom for each in examples(for_the_reader(data))]
    stages = ((READING, read), (RANKING, ranked), (REFINING, [*read, *ranked] if ranked else []))
    steps = [_steps(stage, found) if found else 0 for stage, found in stages]
    done = 0
    for stage, found in stages:
        if not found:
            continue
        for _ in train_stage(network, writer, found, stage, seed):
            done += 1
            progress(done, sum(steps))
    return network


def _steps(stage: Stage, found: Sequence[Example]) -> int:
    return max(int(len(found) * stage.epochs / BATCH), 1)


def train_stage(
    network: ReaderNetwork, writer: WindowWriter, found: Sequence[Example], stage: Stage, seed: int
) -> Iterator[float]:
    """Continue to train the network, in place, and yield the loss of each step.

    Args:
        network: What to train.
        writer: Writes the windows.
        found: What to learn from.
        stage: How.
        seed: Of the order and the windows.

    """
    rng = random.Random(seed)
    torch.manual_seed(seed)
    optimiser = torch.optim.AdamW(_parameters(network, stage))
    highest = [group["lr"] for group in optimiser.param_groups]
    steps = _steps(stage, found)
    network.train()
    for step, chosen in zip(range(steps), _batches(found, rng), strict=False):
        part = step / steps
        for group, rate in zip(optimiser.param_groups, highest, strict=True):
            group["lr"] = rate * min(1.0, (part + 1 / steps) / 0.05) * (1 - part)
        windows = [draw_windows(example, writer, stage.windows, rng) for example in chosen]
        loss = _loss(network, _Batch.of(chosen, windows), stage)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        yield float(loss.detach())
    network.eval()


def _parameters(network: ReaderNetwork, stage: Stage) -> list[dict[str, Any]]:
    """Return what is trained, with its highest learning rates; nothing else gets a gradient."""
    frozen = [network.bert.embeddings.word_embeddings, network.bert.pooler]
    frozen += list(network.bert.encoder.layer[: stage.frozen])
    if stage.frozen:
        frozen.append(network.bert.embeddings)
    network.requires_grad_(True)
    for module in frozen:
        if module is not None:
            module.requires_grad_(False)
    network.share.requires_grad_(stage.ranked)
    body = [parameter for parameter in network.bert.parameters() if parameter.requires_grad]
    heads = [*network.sentence.parameters(), *network.span.parameters()]
    return [
        {"params": body, "lr": stage.rate, "weight_decay": 0.01},
        {"params": heads, "lr": stage.rate * stage.heads, "weight_decay": 0.0},
        {"params": [network.share] if stage.ranked else [], "lr": _SHARE, "weight_decay": 0.0},
    ]


def _batches(found: Sequence[Example], rng: random.Random) -> Iterator[list[Example]]:
    """Yield batches for ever, each example once before any comes again."""
    order: list[int] = []
    while True:
        if len(order) < BATCH:
            order = list(range(len(found)))
            rng.shuffle(order)
        chosen, order = order[:BATCH], order[BATCH:]
        yield [found[place] for place in chosen]


def _loss(network: ReaderNetwork, batch: _Batch, stage: Stage) -> torch.Tensor:
    logits, ends = network(batch.features, batch.bounds)
    if stage.ranked:
        logits = logits + network.share * batch.scores
    questions = len(batch.answerable)
    loss = _shared(logits, batch.answers, batch.of_question, questions)
    total = loss.mean() + stage.sentences * functional.binary_cross_entropy_with_logits(
        logits, batch.answers
    )
    for part in range(2):
        marks = batch.ends[..., part]
        scored = ends[..., part].masked_fill(~batch.inside, _NEVER)
        owner = batch.owner[:, None].expand_as(marks).reshape(-1)
        marked = torch.zeros(questions).index_add(0, batch.owner, marks.sum(1)) > 0
        spans = _shared(scored.reshape(-1), marks.reshape(-1), owner, questions)
        # An answer whose words are not known teaches nothing about spans.
        total = total + stage.spans * (spans * (marked | ~batch.answerable)).mean()
    return total


def _shared(
    logits: torch.Tensor, right: torch.Tensor, owner: torch.Tensor, questions: int
) -> torch.Tensor:
    """Return for each question minus the log-likelihood of what is right, or of nothing.

    All are of (items,); the logits are against 0 of nothing, the owner is the question of each.
    """
    top = logits.detach().max().clamp(min=0)
    odds = torch.exp(logits - top)
    nothing = torch.exp(-top)
    whole = nothing + torch.zeros(questions).index_add(0, owner, odds)
    part = torch.zeros(questions).index_add(0, owner, odds * right)
    there = torch.zeros(questions).index_add(0, owner, right) > 0
    return torch.log(whole) - torch.log(torch.where(there, part, nothing) + 1e-12)
