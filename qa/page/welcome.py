"""What the page says before the first question. It belongs to the articles, not to the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from citadel.index.errors import CitadelError
from citadel.qa.page.locales import languages

WELCOME_FILE = "examples.yaml"


@dataclass(frozen=True, slots=True)
class Welcome:
    """The subject of the articles, and questions that they answer.

    Attributes:
        about: What the articles are about, as in “Ask about …”; "" when nobody said.
        questions: Questions to begin with, each answered by the articles.
        others: The same in other languages, by their ISO 639-1 codes.

    """

    about: str = ""
    questions: tuple[str, ...] = ()
    others: Mapping[str, Welcome] = field(default_factory=dict)

    def in_language(self, code: str) -> Welcome:
        """Return the welcome in a language; this one where nobody has written it in that."""
        return self.others.get(code, self)


NO_WELCOME = Welcome()
"""For articles without a description."""


def read_welcome(folder: Path) -> Welcome:
    """Read ``examples.yaml`` next to the articles; without that file there are no examples.

    Raises:
        CitadelError: The file can't be read, or holds something else than these two entries, and
            the same two under the code of a language of the page.

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
    others = {code: _entries(other, path) for code, other in entries.items() if code in languages()}
    return replace(_entries(entries, path), others=others)


def _entries(entries: Any, path: Path) -> Welcome:
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
