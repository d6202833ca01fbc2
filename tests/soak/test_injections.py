"""Hundreds of texts that would run, in every place of the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import require_chromium
from tests.conftest import CHROMIUM_OPTIONS
from tests.injections import injections
from tests.intruder import intrude
from tests.soak.conftest import Report
from tests.soak.figures import at_least, at_most

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=require_chromium(), args=CHROMIUM_OPTIONS)


def test_what_would_run_is_shown_as_text(
    chromium: Browser, tmp_path: Path, share: float, figures: Report
) -> None:
    number = max(4, int(200 * share))
    # Spread over all kinds, whatever the share.
    texts = injections()[:: max(1, len(injections()) // number)][:number]
    found = intrude(chromium, tmp_path, texts)
    figures(
        "texts that would run",
        *(at_least(f"in the place: {place}", found.places[place], number) for place in PLACES),
        at_least("in the place: file name", found.places["file name"], number / 2),
        at_most("scripts that ran", len(found.ran), 0),
        at_most("requests to other machines", len(found.left), 0),
        at_most("shown otherwise than as text", len(found.changed), 0),
    )


PLACES = ("question", "?q=", "source", "title")
