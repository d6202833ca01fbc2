"""The original of an article on the page: its facts, its file, and its pages as printed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fpdf import FPDF
from playwright.sync_api import Browser, Locator, expect

from citadel.index.corpus.corpus import read_articles
from citadel.qa.answer.answering import Answerer
from citadel.qa.page.app import start
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.originals import Originals
from citadel.qa.service.service import Service
from tests.conftest import Site, free_port, served_page
from tests.mentioning import KnowsNothing
from tests.reader import (
    DESKTOP,
    NARROW,
    Desks,
    Reader,
    at_a_desk_and,
    reader_at,
    scrolls_sideways,
    violations,
)
from tests.small_index import indexed_by

pytestmark = pytest.mark.browser

CITED = "The flood carried the bridge away in 1987."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page with an article whose original is a PDF."""
    folder: Path = tmp_path_factory.mktemp("originals")
    sources = folder / "sources"
    sources.mkdir()
    pdf = FPDF()
    pdf.set_font("Helvetica", "", 11)
    for style, text in (("r", "A preface of the report."), ("D", f"It rained. {CITED} It ended.")):
        pdf.add_page(label_style=style, label_start=1 if style == "D" else 3)
        pdf.multi_cell(0, 6, text)
    pdf.output(str(sources / "flood.pdf"))
    (sources / "mill.md").write_text("# The Mill\n\nThe mill burned in 1999.\n", "utf-8")
    live_index = LiveIndex.of(Answerer(indexed_by(KnowsNothing(), "gen-1", read_articles(sources))))
    originals = Originals(folder / "kept", lambda: sources)
    originals.keep(live_index.current)
    site = Site(reports=sources / "flood.pdf")
    with served_page(Service(live_index, originals=originals)) as port:
        site.address = f"http://127.0.0.1:{port}/"
        yield site


def open_cited(reader: Reader, tab: str, field: str) -> Locator:
    """Find the sentence, open it in its article, and return what offers the printed page."""
    page = reader.page
    expect(page.locator("#sources[role=tabpanel]")).to_be_attached()
    if page.locator("#browse").is_visible():
        page.locator("#browse").click()
    page.get_by_role("tab", name=tab).click()
    page.get_by_role("searchbox", name=field).fill("flood carried")
    page.keyboard.press("Enter")
    expect(page.locator("#finding .panel-title")).to_be_focused()
    page.locator("#finding .cite").click()
    expect(page.locator("#reading .cited")).to_have_text(CITED)
    return page.locator("#reading .printed-page")


@pytest.mark.parametrize("size", at_a_desk_and(NARROW), ids=["desktop", "narrow"])
def test_a_cited_page_is_shown_with_the_quote_marked(
    desks: Desks, library: Site, size: tuple[int, int], screenshots: Path
) -> None:
    for reader in desks.reader(library, size=size):
        page = reader.page
        page.goto(library.address)
        offered = open_cited(reader, "Find", "Find in all articles")
        expect(page.locator("#reading .page-mark")).to_have_text(["Page iii", "Page 1"])
        offered.locator("summary").focus()
        page.keyboard.press("Enter")
        told = "Page 1 as printed, with the quote marked"
        picture = offered.get_by_role("img", name=told)
        expect(picture).to_be_visible()
        assert picture.evaluate("each => [each.naturalWidth, each.naturalHeight]") == [1132, 1600]
        expect(page.locator("#announcer")).to_have_text(told)
        offered.locator("figcaption").evaluate("each => each.scrollIntoView({block: 'center'})")
        widths = offered.locator(".frame").evaluate("each => [each.scrollWidth, each.clientWidth]")
        assert (widths[0] >= 640, widths[1] <= size[0]) == (True, True)
        page.screenshot(path=screenshots / f"printed-page-{size[0]}.png")
        assert violations(page) == []
        assert not scrolls_sideways(page)


@pytest.mark.parametrize("size", at_a_desk_and(NARROW), ids=["desktop", "narrow"])
def test_a_quote_over_two_pages_is_marked_on_both(
    browser: Browser, tmp_path: Path, size: tuple[int, int], screenshots: Path
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    pdf = FPDF()
    pdf.set_font("Helvetica", "", 11)
    for text in ("It rained. The flood carried", "the bridge away in 1987."):
        pdf.add_page(label_style="r")
        pdf.multi_cell(0, 6, text)
    pdf.output(str(sources / "flood.pdf"))
    live_index = LiveIndex.of(Answerer(indexed_by(KnowsNothing(), "gen-1", read_articles(sources))))
    originals = Originals(tmp_path / "kept", lambda: sources)
    originals.keep(live_index.current)
    port = free_port()
    served = start(Service(live_index, originals=originals), "127.0.0.1", port)
    site = Site(address=f"http://127.0.0.1:{port}/")
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    for reader in reader_at(context, site):
        page = reader.page
        page.goto(site.address)
        offered = open_cited(reader, "Find", "Find in all articles")
        offered.locator("summary").focus()
        page.keyboard.press("Enter")
        told = [f"Page {name} as printed, with the quote marked" for name in ("i", "ii")]
        expect(offered.locator("figcaption")).to_have_text(told, timeout=30_000)
        expect(page.locator("#announcer")).to_have_text(" ".join(told))
        page.screenshot(path=screenshots / f"two-pages-{size[0]}.png")
        assert violations(page) == []
        assert not scrolls_sideways(page)
    served.close(verbose=False)


def test_the_original_is_downloaded_as_it_was_read(desks: Desks, library: Site) -> None:
    file = library.reports.read_bytes()
    for reader in desks.reader(library):
        page = reader.page
        page.goto(library.address)
        open_cited(reader, "Find", "Find in all articles")
        original = page.locator("#reading .original")
        original.locator("summary").click()
        expect(original.locator("code")).to_have_text(hashlib.sha256(file).hexdigest())
        with page.expect_download() as saved:
            original.get_by_role("link", name="Download the original").click()
        assert saved.value.suggested_filename == "flood.pdf"
        assert Path(saved.value.path()).read_bytes() == file


def test_what_can_not_be_drawn_is_told(desks: Desks, library: Site) -> None:
    for reader in desks.reader(library, ("Failed to load resource",)):
        page = reader.page
        page.route("**/page?*", lambda route: route.fulfill(status=503))
        page.goto(library.address)
        offered = open_cited(reader, "Find", "Find in all articles")
        offered.locator("summary").click()
        told = "This page can’t be shown. The original can be downloaded."
        expect(offered.locator(".about")).to_have_text(told)
        expect(page.locator("#announcer")).to_have_text(told)


def test_the_original_is_told_of_in_arabic(
    browser: Browser, library: Site, screenshots: Path
) -> None:
    context = browser.new_context(
        locale="ar",
        color_scheme="dark",
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
        reduced_motion="reduce",
    )
    for reader in reader_at(context, library):
        page = reader.page
        page.goto(library.address)
        offered = open_cited(reader, "بحث", "البحث في كل المقالات")
        page.locator("#reading .original summary").click()
        expect(page.get_by_role("link", name="تنزيل الأصل")).to_be_visible()
        page.screenshot(path=screenshots / "original-ar-dark.png")
        offered.locator("summary").click()
        picture = offered.get_by_role("img", name="الصفحة 1 كما طُبعت، والاقتباس معلَّم فيها")
        expect(picture).to_be_visible()
        page.screenshot(path=screenshots / "printed-page-ar-dark.png")
        assert violations(page) == []
