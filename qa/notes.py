"""What a reader should know beside the quotes, a sentence each. Pure."""

from __future__ import annotations

from index.spellings import Correction


def spelling_notes(correction: Correction) -> tuple[str, ...]:
    """Tell which words were read in the collection's spelling."""
    return tuple(f"Also matched: “{m.found}” for “{m.asked}”." for m in correction.matches)
