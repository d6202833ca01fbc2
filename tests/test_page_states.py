"""Every state of the page, at a desk and on a phone, light and dark: pictured and accessible."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.conftest import BROKEN_QUESTION, SLOW_QUESTION, Site
from tests.reader import (
    ARABIC_LOOKS,
    CIVILIANS,
    KILLED,
    UNANSWERABLE,
    Desks,
    Reader,
    looks,
    quote_of,
    scrolls_sideways,
    violations,
)

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parent.parent / "docs"
README_PICTURES = {
    "desktop-light-found": "answer.png",
    "desktop-dark-article": "article.png",
    "desktop-light-timeline": "timeline.png",
    "phone-light-found": "phone.png",
}
"""The states that README.md shows, by the names of their pictures in docs/."""


class Album:
    """Takes a picture of each state and asks axe about it."""

    def __init__(self, reader: Reader, folder: Path, name: str, *, for_readme: bool) -> None:
        self.reader = reader
        self.folder = folder
        self.name = name
        self.for_readme = for_readme
        self.is_small = name.startswith(("phone", "narrow"))
        self.faults: list[str] = []

    def add(self, state: str) -> None:
        picture = self.reader.page.screenshot(path=self.folder / f"{self.name}-{state}.png")
        self.faults += [f"{state}: {fault}" for fault in violations(self.reader.page)]
        if scrolls_sideways(self.reader.page):
            self.faults.append(f"{state}: scrolls sideways")
        shown = README_PICTURES.get(f"{self.name}-{state}")
        if self.for_readme and shown:
            DOCS.mkdir(exist_ok=True)
            small = Image.open(BytesIO(picture)).convert("RGB").quantize(64)
            small.save(DOCS / shown, optimize=True)


@pytest.mark.parametrize(("size", "scheme"), looks(torture=ARABIC_LOOKS))
def test_every_state_is_pictured_and_accessible(
    desks: Desks,
    site: Site,
    screenshots: Path,
    request: pytest.FixtureRequest,
    size: tuple[int, int],
    scheme: str,
) -> None:
    for_readme = bool(request.config.getoption("--readme-screenshot"))
    site.may_answer.clear()
    for reader in desks.reader(site, size=size, color_scheme=scheme):
        album = Album(reader, screenshots, request.node.callspec.id, for_readme=for_readme)
        go_through_all_states(reader, album)
        assert album.faults == []


def go_through_all_states(reader: Reader, album: Album) -> None:
    reader.open()
    album.add("welcome")
    before_an_answer(reader, album)
    reader.ask(CIVILIANS)
    album.add("found")
    in_the_panel(reader, album)
    reader.last.locator(".feedback summary").click()
    reader.last.locator(".feedback button").scroll_into_view_if_needed()
    album.add("feedback")
    other_answers(reader, album)
    reader.page.evaluate("citadel.banner('Connection lost. Your conversation is still here.')")
    album.add("banner")
    reader.page.evaluate("citadel.banner('')")
    reader.page.locator(".cite").first.evaluate("link => link.click()")
    reader.page.emulate_media(media="print")
    reader.page.screenshot(path=album.folder / f"{album.name}-print.png")


def back(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#back")).to_be_hidden()


def before_an_answer(reader: Reader, album: Album) -> None:
    page = reader.page
    reader.composer.fill("x" * 501)
    expect(page.get_by_role("alert").filter(has_text="500 characters")).to_be_visible()
    album.add("too-long")
    reader.composer.fill(SLOW_QUESTION)
    reader.composer.press("Enter")
    expect(reader.last.locator(".waiting")).to_be_visible()
    album.add("searching")
    page.get_by_role("button", name="Stop").click()
    reader.site.may_answer.set()
    album.add("stopped")
    if album.is_small:
        page.get_by_role("button", name="More").click()
        album.add("menu")
    page.get_by_role("button", name="New chat").click()
    album.add("welcome-again")


def in_the_panel(reader: Reader, album: Album) -> None:
    page = reader.page
    quote_of(reader, KILLED).get_by_role("link").click()
    expect(page.locator(".cited")).to_be_focused()
    album.add("article")
    page.get_by_role("searchbox", name="Find in article").fill("Aleppo")
    page.get_by_role("button", name="Next match").click()
    album.add("find")
    page.locator("#reading").evaluate("node => node.scrollTo(0, 0)")
    page.get_by_text("Contents", exact=True).click()
    album.add("contents")
    page.get_by_role("tab", name="Articles").click()
    album.add("articles")
    back(page)
    if album.is_small:
        reader.last.locator(".show-sources").first.click()
        album.add("sources")
        back(page)


def other_answers(reader: Reader, album: Album) -> None:
    reader.ask("When did the regime forces enter Bani Zaid?")
    album.add("dated")
    reader.last.locator(".show-dates").click()
    dates = reader.page.locator("#dates")
    dates.get_by_text("31 June 2016").first.scroll_into_view_if_needed()
    album.add("timeline")
    back(reader.page)
    reader.ask("What is Jaish Halab?")
    reader.ask("Who leads it?")
    album.add("follow-up")
    reader.ask(UNANSWERABLE)
    album.add("not-found")
    reader.ask("Thank you!")
    album.add("small-talk")
    reader.ask(BROKEN_QUESTION)
    album.add("error")
    reader.ask("متى بدأ حصار حلب؟")
    album.add("arabic")


def test_thirty_turns_and_long_ones_stay_readable(reader: Reader, screenshots: Path) -> None:
    reader.open()
    for turn in range(30):
        reader.ask(f"{CIVILIANS} {turn}")
    reader.ask("word " * 99 + "?")
    reader.page.screenshot(path=screenshots / "desktop-light-thirty-turns.png")
    assert not scrolls_sideways(reader.page)
    expect(reader.turns).to_have_count(31)
    reader.reload()
    expect(reader.turns).to_have_count(31)


def test_the_first_visit_transfers_less_than_450_kilobytes(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(site.address)
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()
    expect(page.locator("#sources[role=tabpanel]")).to_be_attached()
    page.wait_for_timeout(1000)
    context.close()
    assert 50_000 < sum(sizes) < 450_000
