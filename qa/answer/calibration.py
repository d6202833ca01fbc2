"""The confidence, refined by questions with known answers.

“python -m evaluation calibrate --write” puts calibration.json into the folder of an index: of the
fitted confidence, and of the probability that the first sentence answers, a straight line in the
logit each (Platt 1999). It belongs to a model and to whether the reader reads, so answers that
come about otherwise stay as fitted; and to no snapshot, so builds and rollbacks leave it alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from citadel.index.disk import record_of, replace_file, sync
from citadel.index.errors import CitadelError
from citadel.index.retrieval.signals import Signals
from citadel.qa.answer.confidence import (
    Judgement,
    Probabilities,
    fitted_confidence,
    logistic,
    logit,
)

CALIBRATION = "calibration.json"
"""The name of the file, next to CURRENT."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class LogitLine:
    """A straight line in the logit, which keeps the order of probabilities.

    Attributes:
        slope: More than 0. Below 1 it brings probabilities nearer to .5, above 1 apart.
        bias: What is added to the logit.

    """

    slope: float
    bias: float

    def moved(self, probability: float) -> float:
        """Return the probability that replaces another one, 0 to 1."""
        return logistic(self.slope * logit(probability) + self.bias)


AS_FITTED = LogitLine(1.0, 0.0)
"""The line that changes nothing."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How labelled questions correct the fitted probabilities.

    Attributes:
        model_sha256: The fingerprint of the model that they were asked with.
        reader: Whether the reader read.
        answers: The line of the probability that the collection answers.
        right: That of the probability that the first sentence answers.
        questions: How many there were.
        questions_sha256: What they asked and what answers them.

    """

    model_sha256: str
    reader: bool
    answers: LogitLine
    right: LogitLine
    questions: int
    questions_sha256: str

    def judge(self, signals: Signals) -> Judgement:
        """Return how probable an answer is, and what may be said.

        Where the reader read and the calibration is one without it, or the reverse, all
        stays as fitted.
        """
        fitted = fitted_confidence().probabilities(signals)
        if (signals.reading is not None) is not self.reader:
            return fitted.judgement()
        return self.moved(fitted).judgement()

    def moved(self, fitted: Probabilities) -> Probabilities:
        """Return what replaces fitted probabilities."""
        return replace(
            fitted, answers=self.answers.moved(fitted.answers), right=self.right.moved(fitted.right)
        )


def judge_calibrated(
    signals: Signals, fingerprint: str, calibration: Calibration | None
) -> Judgement:
    """Judge a question that a model reads.

    Args:
        signals: What the search found for it.
        fingerprint: That of the model.
        calibration: What was calibrated, with whatever model; None for nothing.

    """
    if calibration is None or calibration.model_sha256 != fingerprint:
        return fitted_confidence().judge(signals)
    return calibration.judge(signals)


def write_calibration(index_dir: Path, calibration: Calibration) -> Path:
    """Put a calibration into the folder of an index, in one step; return its file.

    Raises:
        CitadelError: It can't be written; one that was there is as it was.

    """
    path = index_dir / CALIBRATION
    values = {"format": _FORMAT, **asdict(calibration)}
    sealed = {**values, "sha256": _seal(values)}
    try:
        replace_file(path, f"{json.dumps(sealed, indent=2)}\n".encode())
        sync(index_dir)
    except OSError as error:
        raise CitadelError(
            f"The calibration can't be written to {path} ({error.strerror or error}); make room, "
            "or get the right to write there."
        ) from error
    return path


def load_calibration(index_dir: Path) -> Calibration | None:
    """Read the calibration in the folder of an index; None where there is none.

    Raises:
        CitadelError: The file can't be read, or is damaged.

    """
    path = index_dir / CALIBRATION
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, f"can't be read ({error.strerror or error})") from error
    try:
        return _read(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unusable(path, "is damaged, or of another version of Citadel") from error


def _read(values: Mapping[str, Any]) -> Calibration:
    """Return what a file says.

    Raises:
        ValueError: It is not what was written; or a KeyError, TypeError or AttributeError.

    """
    found = {name: value for name, value in values.items() if name != "sha256"}
    if values["sha256"] != _seal(found) or found.pop("format") != _FORMAT:
        raise ValueError("the file was changed, or has another format")
    answers, right = (LogitLine(**found.pop(name)) for name in ("answers", "right"))
    for line in (answers, right):
        if not (math.isfinite(line.slope) and math.isfinite(line.bias) and line.slope > 0):
            raise ValueError(f"{line} is no line that keeps the order")
    return Calibration(answers=answers, right=right, **found)


def _seal(values: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a file says, whatever its white space and order."""
    return record_of(json.dumps(values, sort_keys=True).encode()).sha256


def _unusable(path: Path, what: str) -> CitadelError:
    return CitadelError(
        f"{path} {what}; remove it, and the confidence is as it comes with Citadel, or write it "
        "again with “python -m evaluation calibrate … --write”."
    )
