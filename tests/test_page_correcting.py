"""Correcting on the page what is known about an article, where the server allows adding."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from citadel.index.encoders.encoder import Encoder
from tests.reader import DESKTOP, NARROW, Reader, reader_at, scrolls_sideways, violations
from tests.test_page_adding import SOON, Place

pytestmark = pytest.mark.browser

NAME = "Correct title, author, publisher, date, address"


@pytest.fixture
def place(tmp_path: Path, encoder: Encoder) -> Iterator[Place]:
    made = Place(tmp_path, encoder)
    yield made
    made.close()


@pytest.fixture(
    params=[(DESKTOP, "light"), pytest.param((NARROW, "dark"), marks=pytest.mark.torture)],
    ids=["desktop", "dark-narrow"],
)
def visitor(browser: Browser, place: Place, request: pytest.FixtureRequest) -> Iterator[Reader]:
    (width, height), scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", color_scheme=scheme
    )
    # What the server refuses the browser notes, too; the page says it.
    yield from reader_at(context, place.site, tolerated=("status of 422",))


def open_form(visitor: Reader, name: str = NAME) -> Locator:
    """Reach the form of the only article by the keyboard alone."""
    page = visitor.page
    page.goto(f"{visitor.site.address}#p1")
    form = page.locator("#reading .correcting")
    summary = form.locator("summary")
    expect(summary).to_have_text(name, timeout=SOON)
    # The place that the address names takes the focus once, and would take it from the summary.
    expect(page.locator("#p1 p")).to_be_focused(timeout=SOON)
    summary.focus()
    page.keyboard.press("Enter")
    expect(form.locator("[name=title]")).to_have_value("The Ferry")
    return form


def test_what_is_known_is_corrected_by_keyboard_and_shown_at_once(
    visitor: Reader, place: Place, screenshots: Path
) -> None:
    page = visitor.page
    form = open_form(visitor)
    assert violations(page) == []
    assert not scrolls_sideways(page)
    width = page.evaluate("innerWidth")
    page.screenshot(path=screenshots / f"correcting-{width}.png")
    form.get_by_label("Author").focus()
    page.keyboard.type("Jo Berg")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("someday")
    page.keyboard.press("Enter")
    expect(form.get_by_role("alert")).to_have_text(
        "Not corrected. The date 'someday' is none that can be told; write 2016, 2016-12 or "
        "2016-12-05."
    )
    form.get_by_label("Date").fill("3 May 2024")
    page.keyboard.press("Enter")
    expect(page.locator("#reading .byline")).to_have_text("Jo Berg · 3 May 2024", timeout=SOON)
    expect(form.locator("summary")).to_be_focused()
    assert (place.sources / "ferry.md.yaml").read_text("utf-8") == (
        "author: Jo Berg\ndate: '2024-05-03'\n"
    )
    page.keyboard.press("Enter")
    expect(form.get_by_label("Author")).to_have_value("Jo Berg")
    form.get_by_role("button", name="Correct").press("Enter")
    expect(form.get_by_role("alert")).to_have_text("Nothing is changed yet.")
    assert violations(page) == []


def test_the_form_speaks_arabic(browser: Browser, place: Place, screenshots: Path) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, reduced_motion="reduce", locale="ar"
    )
    for reader in reader_at(context, place.site):
        form = open_form(reader, "تصحيح العنوان والكاتب والناشر والتاريخ والرابط")
        assert form.evaluate("element => getComputedStyle(element).direction") == "rtl"
        assert violations(reader.page) == []
        assert not scrolls_sideways(reader.page)
        reader.page.screenshot(path=screenshots / "correcting-arabic-390.png")
