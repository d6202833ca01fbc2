"""Keeps quality from falling: floors, pinned with the questions and articles they were set on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import floor
from pathlib import Path

from citadel.evaluation.data.datasets import BUNDLED_QUESTIONS, NEWSROOM
from citadel.evaluation.data.files import read_json
from citadel.evaluation.scoring.metrics import ALL, MEASURES, Summary, is_misled, summarise
from citadel.evaluation.scoring.results import Result
from citadel.evaluation.scoring.significance import Estimate, mean_estimate
from citadel.index.errors import CitadelError

GATED = (BUNDLED_QUESTIONS, NEWSROOM / "a")
"""What has floors: the article that comes with Citadel, and what strangers ask of others."""

FLOORS = Path(__file__).resolve().parent / "floors.json"

MARGIN = 0.01
"""How far below what was measured a floor is set; at least one question.

Another processor rounds in another way, which may turn a question or two of some hundred.
"""

_AUROC = "AUROC "
_NOT_MISLED = "not misled"
_LEAST_UNANSWERABLE = 5
"""An AUROC over fewer unanswerable questions says too little to be held to."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The least that each measure may be, and what that was set on.

    Attributes:
        questions_sha256: Of the questions and their evidence.
        articles_sha256: Of the articles.
        floors: 0 to 1 by the name of the measure.

    """

    questions_sha256: str
    articles_sha256: str
    floors: Mapping[str, float]


def measured(result: Result) -> dict[str, Estimate]:
    """Return every measure that has a floor."""
    summary = summarise(result)
    values = {name: summary.overall[name] for name in MEASURES if name in summary.overall}
    misled = [float(is_misled(question)) for question in result.questions]
    return values | {_NOT_MISLED: mean_estimate([1 - each for each in misled])} | _auroc(summary)


def _auroc(summary: Summary) -> dict[str, Estimate]:
    return {
        f"{_AUROC}{kind}": item
        for kind, item in summary.auroc.items()
        if kind == ALL or item.count >= _LEAST_UNANSWERABLE
    }


def violations(result: Result, floors: Floors) -> list[str]:
    """Return a sentence for everything that is not as the floors demand; none if all is well."""
    about = result.about
    if about.questions_sha256 != floors.questions_sha256:
        return [_changed("questions", floors.questions_sha256, about.questions_sha256)]
    if about.articles_sha256 != floors.articles_sha256:
        return [_changed("articles", floors.articles_sha256, about.articles_sha256)]
    values = measured(result)
    return [
        f"{name} is {values[name].value:.3f}, below its floor of {least:.3f}."
        if name in values
        else f"{name} was not measured; its floor is {least:.3f}."
        for name, least in floors.floors.items()
        if name not in values or values[name].value < least
    ]


def _changed(what: str, pinned: str, found: str) -> str:
    return (
        f"The {what} are not those that the floors were set on (SHA-256 {found[:12]}, pinned "
        f"{pinned[:12]}); set new ones with “python -m evaluation gate --update”."
    )


def updated(result: Result, old: Floors | None, allow_lower: bool) -> Floors:
    """Return floors just below what was measured.

    Args:
        result: What was measured.
        old: The floors so far.
        allow_lower: Whether a floor may become lower than it was, or go away.

    Raises:
        CitadelError: One would, and may not.

    """
    values = measured(result)
    floors = {name: _floor(name, item) for name, item in values.items()}
    if old is not None and not allow_lower:
        lower = [
            name
            for name, least in old.floors.items()
            if name not in values or values[name].value < least
        ]
        if lower:
            raise CitadelError(
                f"This would lower the floors of {', '.join(lower)}; mend what made them fall, "
                "or say --allow-lower."
            )
        # What is above its floor by less than the margin keeps the floor that it has.
        floors |= {name: max(floors[name], least) for name, least in old.floors.items()}
    about = result.about
    return Floors(about.questions_sha256, about.articles_sha256, floors)


def _floor(name: str, item: Estimate) -> float:
    question = 0.0 if name.startswith(_AUROC) else 1 / item.count
    return max(0.0, floor((item.value - max(MARGIN, question)) * 1000) / 1000)


def read_floors(path: Path) -> dict[str, Floors]:
    """Read the floors of each data set, by its name; none when there are none yet.

    Raises:
        CitadelError: The file is not as ``write_floors`` wrote it.

    """
    if not path.is_file():
        return {}
    try:
        return {name: Floors(**values) for name, values in read_json(path).items()}
    except (AttributeError, TypeError) as error:
        raise CitadelError(
            f"{path} holds no floors; write them with “python -m evaluation gate --update”."
        ) from error


def write_floors(path: Path, floors: Mapping[str, Floors]) -> None:
    """Write the floors as JSON, to be kept with the code."""
    record = {name: asdict(each) for name, each in floors.items()}
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", "utf-8")
