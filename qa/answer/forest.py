"""A boosted forest of small decision trees, as it is kept in a file. Pure.

Trees are fitted one after another, each to what those before leave wrong (Friedman 2001); their
values are summed, and a logistic function makes a probability of the sum.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree; node 0 is its root.

    Attributes:
        signals: The signal that each node looks at; "" for a leaf.
        thresholds: A signal of at most this goes to the first child, any other to the second.
        children: The numbers of the two children of each node.
        values: What each node adds to the sum if it is a leaf.

    """

    signals: tuple[str, ...]
    thresholds: tuple[float, ...]
    children: tuple[tuple[int, int], ...]
    values: tuple[float, ...]

    @classmethod
    def of(cls, nodes: Sequence[Sequence[Any]]) -> Tree:
        """Take a tree from its nodes: signal, threshold, two children and value of each."""
        signals, thresholds, first, second, values = zip(*nodes, strict=True)
        return cls(signals, thresholds, tuple(zip(first, second, strict=True)), values)

    def nodes(self) -> list[list[Any]]:
        """Return what ``of`` takes."""
        columns = zip(self.signals, self.thresholds, self.children, self.values, strict=True)
        return [[signal, limit, *pair, value] for signal, limit, pair, value in columns]

    def value(self, signals: Mapping[str, float]) -> float:
        """Return what the tree adds to the sum."""
        node = 0
        while self.signals[node]:
            within = signals[self.signals[node]] <= self.thresholds[node]
            node = self.children[node][0 if within else 1]
        return self.values[node]


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose values are summed, from a baseline on."""

    baseline: float
    trees: tuple[Tree, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Forest:
        """Take a forest from the form that confidence.json has."""
        return cls(data["baseline"], tuple(Tree.of(nodes) for nodes in data["trees"]))

    def record(self) -> dict[str, Any]:
        """Return what ``of`` takes."""
        return {"baseline": self.baseline, "trees": [tree.nodes() for tree in self.trees]}

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return a probability, 0 to 1, not included.

        Args:
            signals: Every signal that a node looks at, by name.

        """
        logit = self.baseline + sum(tree.value(signals) for tree in self.trees)
        return 1 / (1 + math.exp(-logit)) if logit >= 0 else 1 - 1 / (1 + math.exp(logit))
