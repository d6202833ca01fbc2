"""Text that would run is shown as text, in every place; make soak tries many more of them."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.injections import injections
from tests.intruder import Found, intrude

pytestmark = pytest.mark.browser


def test_what_would_run_is_shown_as_text(browser: Browser, tmp_path: Path) -> None:
    texts = injections()[::25]
    assert len(texts) >= 14
    found = intrude(browser, tmp_path, texts)
    places = {
        "question": len(texts),
        "?q=": len(texts),
        "source": len(texts),
        "title": len(texts),
        "file name": found.places["file name"],
    }
    assert found == Found(places, ran=[], left=[], changed=[])
    assert found.places["file name"] > len(texts) / 2


def test_there_are_hundreds_of_them() -> None:
    texts = injections()
    assert len(texts) == len(set(texts)) >= 200
    assert max(map(len, texts)) <= 490
