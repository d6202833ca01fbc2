"""A calibration, and what is said of one that is damaged."""

from pathlib import Path

from citadel.qa.answer.calibration import Calibration, LogitLine
from citadel.qa.answer.confidence import OperatingPoint
from tests.fake_encoder import FakeEncoder

POINTS = OperatingPoint(topic=0.5, possible=0.4, answered=0.7)

CALIBRATED = Calibration(
    model_sha256=FakeEncoder().fingerprint,
    reader=False,
    answers=LogitLine(0.5, -1.0),
    right=LogitLine(1.0, 0.25),
    questions=40,
    questions_sha256="a" * 64,
)
"""Made of the fake encoder's answers."""


def damaged_calibration(
    folder: Path, what: str = "is damaged, or of another version of Citadel"
) -> str:
    """What is said of a calibration that can't be used."""
    return (
        f"{folder / 'calibration.json'} {what}; remove it, and the confidence is as it comes with "
        "Citadel, or write it again with “python -m evaluation calibrate … --write”."
    )
