"""Brings the similarities of any encoder to the scale that ranking and confidence are fitted to.

One model gives .05 to texts that have nothing in common, and .5 to a question and its answer;
another .74 and .86. Two things are the same for all: what unrelated questions get from sentences of
the collection, and what a question gets from the sentence whose own words it is made of. A
straight line through both makes one scale of the other. ``python -m evaluation fit scale`` writes
scale.json: where the two are for the model that everything else is fitted to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from citadel.index.retrieval.ranking import Scores

_LEAST_RISE = 0.02
"""A model that separates its own sentences less would have its rounding magnified."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Two similarities that every encoder has.

    Attributes:
        unrelated: What sentences get from questions about other things, on average.
        own: What a sentence gets from a question made of its words, on average.

    """

    unrelated: float
    own: float


@dataclass(frozen=True, slots=True)
class Line:
    """What a similarity is multiplied with, and what is added then."""

    factor: float = 1.0
    shift: float = 0.0

    def of(self, similarities: Scores) -> Scores:
        """Return the similarities on the other scale, float32; the same ones where it is the same.

        Args:
            similarities: float32, of any shape.

        """
        if self == _SAME:
            return similarities
        return (similarities * self.factor + self.shift).astype(similarities.dtype)


_SAME = Line()


@dataclass(frozen=True, slots=True)
class Scale:
    """How the similarities of an encoder are brought to the scale of what is fitted.

    Attributes:
        late: For late interaction, and for each token in it.
        cosine: For cosines of question and sentence.
        told_apart: The share of sentences, 0 to 1, that the model finds nearer to a question made
            of their own words than any sentence is to most unrelated questions.

    """

    late: Line = _SAME
    cosine: Line = _SAME
    told_apart: float = 1.0

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Scale:
        """Read back what ``dataclasses.asdict`` made."""
        return cls(Line(**record["late"]), Line(**record["cosine"]), record["told_apart"])


AS_FITTED = Scale()
"""That of the model which everything is fitted to."""


@dataclass(frozen=True, slots=True)
class Similarities:
    """Where late interaction and cosines of an encoder lie.

    Attributes:
        late: Of late interaction.
        cosine: Of cosines.

    """

    late: Anchors
    cosine: Anchors

    def scale(self, fitted: Similarities) -> Scale:
        """Return what brings them to where those of the fitted model lie."""
        return Scale(_line(self.late, fitted.late), _line(self.cosine, fitted.cosine))


def _line(found: Anchors, fitted: Anchors) -> Line:
    factor = (fitted.own - fitted.unrelated) / max(found.own - found.unrelated, _LEAST_RISE)
    return Line(factor, fitted.unrelated - factor * found.unrelated)


@dataclass(frozen=True, slots=True)
class FittedModel:
    """The model that everything is fitted to.

    Attributes:
        fingerprint: See ``Encoder.fingerprint``.
        similarities: Where they lie, on average of some collections.

    """

    fingerprint: str
    similarities: Similarities


@cache
def fitted_model() -> FittedModel:
    """Return the model that what comes with Citadel is fitted to."""
    data = json.loads(files("citadel.index.retrieval").joinpath("scale.json").read_text("utf-8"))
    late, cosine = Anchors(**data["late"]), Anchors(**data["cosine"])
    return FittedModel(data["fitted"]["model"], Similarities(late, cosine))
