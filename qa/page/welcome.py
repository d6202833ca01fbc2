"""What the page says before the first question. It belongs to the articles, not to the code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from citadel.index.errors import CitadelError

WELCOME_FILE = "examples.yaml"


@dataclass(frozen=True, slots=True)
class Welcome:
    """The subject of the articles, and questions that they answer.

    Attributes:
        about: What the articles are about, as in “Ask about …”; "" when nobody said.
        questions: Questions to begin with, each answered by the articles.

    """

    about: str = ""
    questions: tuple[str, ...] = ()


NO_WELCOME = Welcome()
"""For articles of which nobody said anything."""


def read_welcome(folder: Path) -> Welcome:
    """Read ``examples.yaml`` beside the articles; without that file there are no examples.

    Raises:
        CitadelError: The file can't be read, or holds something else than these two entries.

    """
    path = folder / WELCOME_FILE
    try:
        entries: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Welcome()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CitadelError(f"{path} can't be read as YAML in UTF-8; mend or remove it.") from error
    if not isinstance(entries, dict):
        raise _wrong(path)
    about, questions = entries.get("about", ""), entries.get("questions", [])
    if not isinstance(about, str) or not isinstance(questions, list):
        raise _wrong(path)
    if not all(isinstance(question, str) for question in questions):
        raise _wrong(path)
    return Welcome(about.strip(), tuple(question.strip() for question in questions))


def _wrong(path: Path) -> CitadelError:
    return CitadelError(
        f"{path} must hold “about: a subject” and “questions:” with a list of them."
    )
