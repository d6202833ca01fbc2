"""Where the browser tests find Chromium, and what happens where there is none.

``tests/ensure_chromium.sh`` looks in the same places, and installs one if it may.
"""

import os
import shutil

import pytest

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """The Chromium to drive: ``CHROMIUM`` if set, else the first one on ``PATH``."""
    chosen = os.environ.get("CHROMIUM")
    candidates = (chosen,) if chosen else NAMES
    return next(filter(None, map(shutil.which, candidates)), None)


def require_chromium() -> str:
    """The path of Chromium; without one the calling test is skipped.

    Under ``CI=true`` it fails instead: there a skipped browser test would pass for
    one that was run.
    """
    path = chromium_path()
    if path is not None:
        return path
    reason = "no Chromium: set CHROMIUM to its path or put it on PATH"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (CI=true makes this a failure)")
    pytest.skip(reason)
