"""The errors that a person can mend."""

from __future__ import annotations


class CitadelError(Exception):
    """Bad input or a bad state, reported in one sentence that names the thing and the mend.

    Entry points print the message and leave with a non-zero status; anything else that is
    raised is a defect of ours and keeps its traceback, but for a full disk and the like.
    """


class DamagedIndexError(CitadelError):
    """A file of an index is missing or changed: what it says can't be trusted."""


def first_line(error: Exception) -> str:
    """Return the first line of what a library says, to be put into a sentence."""
    return str(error).strip().split("\n", 1)[0] or type(error).__name__
