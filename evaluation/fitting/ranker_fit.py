"""Trains the ranker on questions about whole articles, and measures it on articles left out.

The loss of a question is minus the log-likelihood of its answering sentences in a softmax over the
best candidates (ListNet, Cao et al. 2007), plus half of the same for the passages that hold them.
Some networks with different seeds are averaged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file

from citadel.evaluation.fitting.folds import folds_of
from citadel.evaluation.fitting.training_data import (
    QuestionReader,
    TrainingData,
    is_searched,
    passage_place,
    sentence_place,
)
from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.judging import answering
from citadel.index.retrieval.pair_features import PAIR_FEATURES
from citadel.index.retrieval.ranker import PARTS, Ranker
from citadel.index.retrieval.search import ranker_features

RANKER_FILE = Path(str(files("citadel.index.retrieval").joinpath("ranker.safetensors")))
"""The file of the ranker."""

FOLDS = 6
NETWORKS = 3
UNITS = 32
EPOCHS = 12
BATCH = 32
RATE = 4e-3
DECAY = 6e-3
DROPOUT = 0.1
PASSAGES = 0.5
FIRST_STAGE = 0.4
"""The weight of the first stage's score on top of what is learned: it also holds on texts of
other kinds than those that the networks were trained on."""


@dataclass(frozen=True, slots=True)
class PairRow:
    """One question and its best candidates.

    Attributes:
        dataset: Where the question is from.
        group: What is never in two folds: its article.
        kind: The question's.
        features: float32, (sentences, features), in the order of ``PAIR_FEATURES``.
        passages: int64, (sentences,): the number of the passage of each.
        answers: bool, (sentences,): which answer.
        within: bool, (sentences,): which stand in a passage that answers.

    """

    dataset: str
    group: str
    kind: str
    features: npt.NDArray[np.float32]
    passages: npt.NDArray[np.int64]
    answers: npt.NDArray[np.bool_]
    within: npt.NDArray[np.bool_]


def pair_rows(training_data: TrainingData) -> Iterator[PairRow]:
    """Yield a row for every answerable question of which a candidate answers."""
    reader = QuestionReader(training_data.index)
    for question in training_data.questions:
        if not question.answerable or not is_searched(question):
            continue
        query = reader.query(question.text, question.history)
        features, sentences, passages = ranker_features(training_data.index, query)
        answers = answering(
            question, [sentence_place(training_data.index, int(n)) for n in sentences]
        )
        if answers.any():
            holding = answering(
                question, [passage_place(training_data.index, int(n)) for n in passages]
            )
            group = training_data.group(question)
            yield PairRow(
                training_data.name, group, question.kind, features, passages, answers, holding
            )


def fit_ranker(rows: Sequence[PairRow], counts: Mapping[str, float], seed: int) -> Ranker:
    """Train the networks.

    Args:
        rows: What to learn from.
        counts: What each data set counts in all, however many questions it has.
        seed: Of the order and the first weights.

    """
    stacked = np.concatenate([row.features for row in rows])
    mean, deviation = stacked.mean(axis=0), stacked.std(axis=0) + 1e-6
    sizes = Counter(row.dataset for row in rows)
    shares = np.array([counts[row.dataset] / sizes[row.dataset] for row in rows])
    weights = (shares / shares.mean()).tolist()
    networks = [_train(rows, weights, mean, deviation, seed + number) for number in range(NETWORKS)]
    linear, *others = (np.stack([network[part] for network in networks]) for part in range(4))
    linear[:, PAIR_FEATURES.index("first_stage")] += FIRST_STAGE * deviation[0]
    return Ranker(mean, deviation, linear, *others)


class _Network(torch.nn.Module):
    """A linear part, and a layer of tanh units."""

    def __init__(self, features: int, first: float) -> None:
        """Begin as the first stage ranks: its score is the first feature."""
        super().__init__()
        self.linear = torch.nn.Linear(features, 1, bias=False)
        self.hidden = torch.nn.Linear(features, UNITS)
        self.output = torch.nn.Linear(UNITS, 1, bias=False)
        self.dropout = torch.nn.Dropout(DROPOUT)
        torch.nn.init.zeros_(self.linear.weight)
        torch.nn.init.zeros_(self.output.weight)
        with torch.no_grad():
            self.linear.weight[0, 0] = first

    def forward(self, pairs: torch.Tensor) -> torch.Tensor:
        """Return the score of each pair."""
        units = self.dropout(torch.tanh(self.hidden(pairs)))
        scores: torch.Tensor = self.linear(pairs) + self.output(units)
        return scores.squeeze(-1)


def _train(
    rows: Sequence[PairRow],
    weights: Sequence[float],
    mean: npt.NDArray[np.float32],
    deviation: npt.NDArray[np.float32],
    seed: int,
) -> tuple[npt.NDArray[np.float32], ...]:
    torch.manual_seed(seed)
    order = torch.Generator().manual_seed(seed)
    pairs, there, answers, within = _padded(rows, mean, deviation)
    counts = torch.tensor(weights)
    network = _Network(len(mean), float(deviation[0]))
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * max(len(rows) // BATCH, 1)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - step / steps)
        batch = torch.randint(len(rows), (BATCH,), generator=order)
        scores = network(pairs[batch]).masked_fill(~there[batch], -torch.inf)
        loss = (counts[batch] * _loss(scores, answers[batch], within[batch])).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return tuple(
        part.detach().numpy().copy()
        for part in (
            network.linear.weight[0],
            network.hidden.weight,
            network.hidden.bias,
            network.output.weight[0],
        )
    )


def _padded(
    rows: Sequence[PairRow], mean: npt.NDArray[np.float32], deviation: npt.NDArray[np.float32]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the scaled features of all rows side by side: float32, (rows, pairs, features).

    And bool, (rows, pairs): those that are no padding, that answer, and whose passage does.
    """
    width = max(len(row.features) for row in rows)
    pairs = np.zeros((len(rows), width, len(mean)), dtype=np.float32)
    marks = np.zeros((3, len(rows), width), dtype=bool)
    for number, row in enumerate(rows):
        count = len(row.features)
        pairs[number, :count] = (row.features - mean) / deviation
        marks[:, number, :count] = (np.ones(count, bool), row.answers, row.answers | row.within)
    there, answers, within = map(torch.from_numpy, marks)
    return torch.from_numpy(pairs), there, answers, within


def _loss(scores: torch.Tensor, answers: torch.Tensor, within: torch.Tensor) -> torch.Tensor:
    """Return the loss of each question of a batch."""
    total = torch.logsumexp(scores, 1)
    sentence = total - torch.logsumexp(scores.masked_fill(~answers, -torch.inf), 1)
    passage = total - torch.logsumexp(scores.masked_fill(~within, -torch.inf), 1)
    return sentence + PASSAGES * passage


MEASURES = ("hit@1", "hit@3", "sentence@1", "sentence@3")


def measured(row: PairRow, scores: npt.NDArray[np.float32]) -> dict[str, float]:
    """Measure a ranking: each of ``MEASURES``, 0 or 1."""
    order = np.argsort(-scores, kind="stable")
    odds: dict[int, float] = {}
    for passage, score in zip(row.passages.tolist(), scores.tolist(), strict=True):
        odds[passage] = float(np.logaddexp(odds.get(passage, -np.inf), score))
    best = sorted(odds, key=lambda passage: -odds[passage])
    right = set(row.passages[row.answers | row.within].tolist())
    return {
        "hit@1": float(best[0] in right),
        "hit@3": float(bool(right.intersection(best[:3]))),
        "sentence@1": float(row.answers[order[:1]].any()),
        "sentence@3": float(row.answers[order[:3]].any()),
    }


def fit_ranker_to(training_sets: Sequence[TrainingData], seed: int) -> tuple[Ranker, str]:
    """Train the ranker on everything, and report its quality on articles left out.

    Returns:
        The ranker, and the cross-validated figures as Markdown.

    """
    rows = [row for training_data in training_sets for row in pair_rows(training_data)]
    counts = {each.name: float(len(each.questions)) for each in training_sets}
    fold = folds_of(rows, seed)
    unseen: dict[int, npt.NDArray[np.float32]] = {}
    for number in range(FOLDS):
        seen = [row for row, part in zip(rows, fold, strict=True) if part != number]
        ranker = fit_ranker(seen, counts, seed)
        for place in np.flatnonzero(fold == number).tolist():
            unseen[place] = ranker.scores(rows[place].features)
    table = []
    for name in counts:
        places = [place for place, row in enumerate(rows) if row.dataset == name]
        for system, scores in (
            ("the first stage", [rows[place].features[:, 0] for place in places]),
            ("the ranker, cross-validated", [unseen[place] for place in places]),
        ):
            found = [
                measured(rows[place], score) for place, score in zip(places, scores, strict=True)
            ]
            means = [share(float(np.mean([each[m] for each in found]))) for m in MEASURES]
            table.append([name, str(len(places)), system, *means])
    report = markdown_table(["data set", "questions", "system", *MEASURES], table)
    return fit_ranker(rows, counts, seed), report


def rankers_without(training_sets: Sequence[TrainingData], seed: int) -> dict[str, Ranker]:
    """Train a ranker for each data set, on all others."""
    rows = [row for training_data in training_sets for row in pair_rows(training_data)]
    counts = {each.name: float(len(each.questions)) for each in training_sets}
    return {
        name: fit_ranker([row for row in rows if row.dataset != name], counts, seed)
        for name in counts
    }


def write_ranker(path: Path, ranker: Ranker) -> None:
    """Write the file: equal rankers give equal files."""
    parts = {name: np.ascontiguousarray(getattr(ranker, name)) for name in PARTS}
    save_file(parts, path)
