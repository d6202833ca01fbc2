"""What a reader should know beside the quotes, a sentence each. Pure."""

from __future__ import annotations

from index.scripts import main_script
from index.spellings import Correction


def spelling_notes(correction: Correction) -> tuple[str, ...]:
    """Tell which words were read in the collection's spelling."""
    return tuple(f"Also matched: “{m.found}” for “{m.asked}”." for m in correction.matches)


def script_note(question: str) -> str:
    """Tell that a question is in a script that the model does not read."""
    return f"This search works best in English. You asked in {main_script(question)}."


def missing_part_note(part: str) -> str:
    """Tell which part of a question was not found."""
    return f"Not found: “{part.rstrip('?').strip()}”."


def scope_notes(searched: int, articles: int) -> tuple[str, ...]:
    """Tell how many of the articles were searched, unless all were."""
    return () if searched == articles else (f"Searched in {searched} of {articles} articles.",)
