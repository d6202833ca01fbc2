"""The page of a newsroom: who is signed in, and removing and restoring articles for editors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from citadel.qa.service.entrance import Entrance
from tests.accounts_place import HEADERS, NewsroomPlace
from tests.conftest import Site, served_page
from tests.reader import (
    DESKTOP,
    PHONE,
    Reader,
    at_a_desk_and,
    reader_at,
    scrolls_sideways,
    violations,
)

pytestmark = pytest.mark.browser

SOON = 60_000
FERRY = "# The Ferry\n\nCaptain Erik Holm has steered the ferry since 1988.\n"
MILL = "# The Mill\n\nThe miller Anna Lind ground rye for the whole valley until 1954.\n"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[NewsroomPlace]:
    made = NewsroomPlace(tmp_path, ferry=FERRY, mill=MILL)
    yield made
    made.close()


@pytest.fixture
def newsroom_site(place: NewsroomPlace) -> Iterator[Site]:
    """A server to which the browser is the proxy that names the user."""
    entrance = Entrance.of("127.0.0.1", (), ["127.0.0.1"], "", HEADERS.headers)
    with served_page(
        place.service, additions=place.additions, entrance=entrance, newsroom=place.newsroom
    ) as port:
        yield Site(address=f"http://127.0.0.1:{port}/")


def reader_named(
    browser: Browser, site: Site, name: str, size: tuple[int, int]
) -> Iterator[Reader]:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        extra_http_headers={"X-Remote-User": name},
    )
    # What the server refuses the browser notes, too; the page says it.
    yield from reader_at(context, site, tolerated=("status of 422",))


@pytest.fixture(params=at_a_desk_and(PHONE), ids=["desktop", "phone"])
def editor(
    browser: Browser, newsroom_site: Site, request: pytest.FixtureRequest
) -> Iterator[Reader]:
    yield from reader_named(browser, newsroom_site, "ann", request.param)


@pytest.fixture
def mere_reader(browser: Browser, newsroom_site: Site) -> Iterator[Reader]:
    yield from reader_named(browser, newsroom_site, "<b>mal</b>", DESKTOP)


def open_library(reader: Reader) -> None:
    reader.open()
    if reader.page.evaluate("innerWidth") == PHONE[0]:
        reader.page.locator("#browse").click()
    reader.page.get_by_role("tab", name="Articles").click()


def test_an_editor_removes_and_restores_an_article(
    editor: Reader, place: NewsroomPlace, screenshots: Path
) -> None:
    open_library(editor)
    page = editor.page
    expect(page.locator("#account")).to_contain_text("Signed in as ann")
    assert page.locator("#adding-form, #removing-form").count() == 2
    mill = page.locator("#library .library > li").filter(has_text="The Mill")
    mill.get_by_role("button", name="Remove").click()
    expect(mill).to_contain_text("Remove mill.md? It is kept, and can be restored.")
    expect(mill.get_by_role("button", name="Keep it")).to_be_focused()
    assert violations(page) == []
    mill.get_by_role("button", name="Keep it").press("Enter")
    expect(mill.get_by_text("It is kept")).to_have_count(0)
    assert place.served == ["ferry.md", "mill.md"]
    mill.get_by_role("button", name="Remove").press("Enter")
    mill.get_by_role("button", name="Remove").click()
    expect(page.locator("#announcer")).to_have_text("Removed mill.md.", timeout=SOON)
    expect(page.locator("#library .library > li")).to_have_count(1, timeout=SOON)
    assert place.served == ["ferry.md"]
    ferry = page.locator("#library .library > li")
    ferry.get_by_role("button", name="Remove").click()
    ferry.get_by_role("button", name="Remove").click()
    expect(ferry.get_by_role("alert")).to_have_text(
        "ferry.md is the only article; add another one before you remove the last.", timeout=SOON
    )
    page.get_by_text("Removed articles").click()
    removed = page.locator(".removed-articles li")
    expect(removed).to_contain_text("mill.md")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.screenshot(path=screenshots / f"removed-{page.evaluate('innerWidth')}.png")
    page.get_by_role("button", name="Restore mill.md").click()
    expect(page.locator("#announcer")).to_have_text("Restored mill.md.", timeout=SOON)
    expect(page.locator("#library .library > li")).to_have_count(2, timeout=SOON)
    expect(removed).to_have_text("None is removed.")
    assert place.served == ["ferry.md", "mill.md"]


def test_a_reader_sees_no_form(mere_reader: Reader, newsroom_site: Site) -> None:
    open_library(mere_reader)
    page = mere_reader.page
    expect(page.locator("#library h2")).to_be_visible()
    expect(page.locator("#account")).to_contain_text("Signed in as <b>mal</b>")
    assert page.locator(".adding, .remove, .removed-articles, #account b").count() == 0
    assert page.locator("#adding-form, #removing-form").count() == 0
    refused = page.request.delete(f"{newsroom_site.address}api/articles/ferry.md")
    assert refused.status == 403
