"""Ranks the best candidates anew, by a small network over what is known of each pair. Pure.

A linear part and a layer of tanh units over ``PAIR_FEATURES``, some networks averaged;
``python -m evaluation fit ranker`` trains them by the likelihood of the answering sentence among
the candidates (ListNet, Cao et al. 2007) on whole articles, and writes ranker.safetensors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load

from citadel.index.retrieval.pair_features import PAIR_FEATURES
from citadel.index.retrieval.ranking import Scores

PARTS = ("mean", "deviation", "linear", "hidden", "hidden_bias", "output")

_STEP = np.float32(1.0)
"""How far below the last sentence that was ranked anew the next one stands."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """Networks whose scores are averaged.

    Attributes:
        mean: float32, (features,): taken off each feature …
        deviation: float32, (features,): … which is then divided by this.
        linear: float32, (networks, features).
        hidden: float32, (networks, units, features).
        hidden_bias: float32, (networks, units).
        output: float32, (networks, units).

    """

    mean: Scores
    deviation: Scores
    linear: Scores
    hidden: Scores
    hidden_bias: Scores
    output: Scores

    def __post_init__(self) -> None:
        """Refuse networks over other features."""
        if self.linear.shape[1] != len(PAIR_FEATURES):
            raise ValueError(
                f"a ranker over {self.linear.shape[1]} features, where there are "
                f"{len(PAIR_FEATURES)}"
            )

    @classmethod
    def of(cls, tensors: Mapping[str, npt.NDArray[np.float32]]) -> Ranker:
        """Take the parts by their names."""
        return cls(*(tensors[name] for name in PARTS))

    def scores(self, features: Scores) -> Scores:
        """Return float32, (pairs,): higher is better, comparable within one question only.

        Args:
            features: float32, (pairs, features), in the order of ``PAIR_FEATURES``.

        """
        scaled = (features - self.mean) / self.deviation
        units = np.tanh(np.einsum("nuf,pf->npu", self.hidden, scaled) + self.hidden_bias[:, None])
        by_network = scaled @ self.linear.T + np.einsum("npu,nu->pn", units, self.output)
        return np.asarray(by_network.mean(axis=1), dtype=np.float32)

    def ranked_anew(self, scores: Scores, rows: npt.NDArray[np.int64], features: Scores) -> Scores:
        """Return scores of all sentences: the chosen ones by the networks, the others below them.

        Args:
            scores: float32, (sentences,): those of the first stage.
            rows: int64, (chosen,): the best by them, best first.
            features: float32, (chosen, features): theirs.

        """
        anew = self.scores(features)
        others = scores - scores[rows[-1]] + anew.min() - _STEP
        others[rows] = anew
        return np.asarray(others, dtype=np.float32)


@cache
def fitted_ranker() -> Ranker:
    """Return the ranker that comes with Citadel."""
    data = files("citadel.index.retrieval").joinpath("ranker.safetensors").read_bytes()
    return Ranker.of(load(data))
