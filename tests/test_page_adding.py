"""Adding articles on the page, where the server allows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from citadel.index.build.build import build_index
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.index.snapshots.publishing import build_lock
from citadel.qa.answer.answering import Answerer
from citadel.qa.page.app import start
from citadel.qa.service.additions import Additions
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.rebuilding import SourceFolder
from citadel.qa.service.reload import Reloader
from citadel.qa.service.service import Service
from tests.conftest import PATIENT, Site, free_port
from tests.reader import DESKTOP, PHONE, Reader, in_view, reader_at, scrolls_sideways, violations
from tests.reading_here import read_article
from tests.renderings import as_pdf

pytestmark = pytest.mark.browser

SOON = 60_000
"""Milliseconds: a file is read by another process, and embedded, on whatever machine."""

FERRY = "# The Ferry\n\nCaptain Erik Holm has steered the ferry since 1988.\n"
BAKERY = "# The Bakery\n\nOlga Brandt opened the bakery in 1931. She sold rye bread.\n"
MILL = "The Old Mill\n\nThe miller Anna Lind ground rye for the whole valley until 1954.\n"
ARABIC = "المخبز\n\nافتتحت سعاد المخبز في حلب سنة ١٩٣١ وكانت تبيع الخبز في الصباح.\n"

LOOKS = {"desktop": (DESKTOP, "light"), "dark-phone": (PHONE, "dark")}


class Place:
    """A page with one article, to which others may be added."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.sources, self.index_dir = folder / "sources", folder / "index"
        self.sources.mkdir()
        (self.sources / "ferry.md").write_text(FERRY, "utf-8")
        articles = read_articles(self.sources)
        index = build_index(articles, self.index_dir, encoder, lambda _a, _b: None, self.sources)
        live_index = LiveIndex.of(Answerer(index))
        reloader = Reloader(live_index, self.index_dir, lambda _model: encoder)
        self.additions = Additions(
            SourceFolder(self.sources, self.index_dir), live_index, reloader.look
        )
        port = free_port()
        self.page = start(Service(live_index, PATIENT), "127.0.0.1", port, additions=self.additions)
        self.site = Site(address=f"http://127.0.0.1:{port}/")

    def close(self) -> None:
        self.additions.close()
        self.page.close(verbose=False)


@pytest.fixture
def place(tmp_path: Path, encoder: Encoder) -> Iterator[Place]:
    made = Place(tmp_path, encoder)
    yield made
    made.close()


@pytest.fixture(
    params=[LOOKS["desktop"], pytest.param(LOOKS["dark-phone"], marks=pytest.mark.torture)],
    ids=list(LOOKS),
)
def visitor(browser: Browser, place: Place, request: pytest.FixtureRequest) -> Iterator[Reader]:
    (width, height), scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        color_scheme=scheme,
    )
    # What the server refuses the browser notes, too; the page says it.
    yield from reader_at(context, place.site, tolerated=("status of 422",))


def looked_at(name: str) -> pytest.MarkDecorator:
    """One look is enough where both are the same, or a mouse is needed."""
    return pytest.mark.parametrize("visitor", [LOOKS[name]], ids=[name], indirect=True)


def open_form(visitor: Reader) -> Locator:
    """Reach the form, on a phone from the sources of an answer."""
    page = visitor.page
    visitor.open()
    if page.evaluate("innerWidth") == PHONE[0]:
        visitor.ask("Who has steered the ferry?")
        visitor.last.locator(".show-sources").first.click()
    page.get_by_role("tab", name="Articles").click()
    # The one article has a form of its own, to be corrected.
    page.locator("#library .adding > summary").click()
    return page.locator("#library .adding")


def item(form: Locator, name: str) -> Locator:
    return form.locator(".addition").filter(has=form.page.locator("h3", has_text=name)).first


def picture(visitor: Reader, folder: Path, name: str) -> None:
    width = visitor.page.evaluate("innerWidth")
    visitor.page.screenshot(path=folder / f"adding-{name}-{width}.png")


def test_a_file_and_a_text_are_added_asked_and_cited(
    visitor: Reader, place: Place, tmp_path: Path, screenshots: Path
) -> None:
    form = open_form(visitor)
    page = visitor.page
    assert violations(page) == []
    assert not scrolls_sideways(page)
    picture(visitor, screenshots, "form")
    (tmp_path / "bakery.md").write_text(BAKERY, "utf-8")
    form.get_by_label("Files").set_input_files(tmp_path / "bakery.md")
    with build_lock(place.index_dir):
        form.get_by_role("button", name="Add").press("Enter")
        bakery = item(form, "bakery.md")
        expect(bakery).to_contain_text("“The Bakery”: 1 paragraph, English", timeout=SOON)
        expect(bakery).to_contain_text("The sources are being read anew", timeout=SOON)
        expect(bakery.get_by_role("progressbar", name="Progress of bakery.md")).to_be_visible()
        assert violations(page) == []
        picture(visitor, screenshots, "waiting")
    expect(bakery).to_contain_text("Added. You can ask about it now.", timeout=SOON)
    expect(page.locator("#announcer")).to_contain_text("bakery.md: Added.", timeout=SOON)
    expect(page.locator("#library h2")).to_have_text(
        "Answers are quoted from 2 articles", timeout=SOON
    )
    form.get_by_label("Or text, pasted").fill(MILL)
    form.get_by_text("Title, publisher, date, address").click()
    form.get_by_label("Publisher").fill("Valley News")
    form.get_by_role("button", name="Add").click()
    mill = item(form, "The Old Mill.txt")
    expect(mill).to_contain_text("Added. You can ask about it now.", timeout=SOON)
    expect(form.get_by_label("Or text, pasted")).to_have_value("")
    expect(form.get_by_label("Publisher")).to_have_value("")
    expect(page.locator("#library .library > li")).to_have_count(3, timeout=SOON)
    assert violations(page) == []
    assert not scrolls_sideways(page)
    picture(visitor, screenshots, "added")
    mill.get_by_role("link", name="Read").click()
    expect(page.locator("#reading")).to_contain_text("The miller Anna Lind ground rye")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    visitor.ask("Who opened the bakery?")
    expect(visitor.last).to_contain_text("Olga Brandt opened the bakery in 1931.")
    visitor.ask("Who ground rye for the valley?")
    expect(visitor.last).to_contain_text("Valley News")
    visitor.last.locator(".cite").first.click()
    expect(page.locator(".cited")).to_have_text(
        "The miller Anna Lind ground rye for the whole valley until 1954."
    )


def test_what_is_refused_is_said_and_stays_in_the_form(
    visitor: Reader, tmp_path: Path, screenshots: Path
) -> None:
    form = open_form(visitor)
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_have_text("Choose a file, or paste a text.")
    form.get_by_label("Or text, pasted").fill(MILL)
    form.get_by_text("Title, publisher, date, address").press("Enter")
    form.get_by_label("Date").fill("yesterday")
    form.get_by_role("button", name="Add").click()
    expect(item(form, "The Old Mill.txt")).to_contain_text(
        "Not added. The Old Mill.txt: the date 'yesterday' is none; "
        "write 2016, 2016-12 or 2016-12-05.",
        timeout=SOON,
    )
    expect(form.get_by_label("Or text, pasted")).to_have_value(MILL)
    (tmp_path / "ferry.md").write_text("Another ferry.", "utf-8")
    (tmp_path / "<img src=x onerror=alert(1)>.md").write_text("A picture.", "utf-8")
    form.get_by_label("Or text, pasted").fill("")
    form.get_by_label("Files").set_input_files(
        [tmp_path / "ferry.md", tmp_path / "<img src=x onerror=alert(1)>.md"]
    )
    expect(form.get_by_label("Title")).to_be_disabled()
    expect(form.get_by_text("Several files are chosen: each tells this itself.")).to_be_visible()
    form.get_by_role("button", name="Add").click()
    assert in_view(form.locator(".addition").first)
    expect(item(form, "ferry.md")).to_contain_text(
        "Not added. There is another ferry.md among the articles; "
        "send this one under another name.",
        timeout=SOON,
    )
    expect(item(form, "onerror")).to_contain_text(
        "The name of the file can't be kept", timeout=SOON
    )
    expect(visitor.page.locator("#library .library > li")).to_have_count(1)
    assert visitor.page.locator(".addition img").count() == 0
    assert violations(visitor.page) == []
    assert not scrolls_sideways(visitor.page)
    picture(visitor, screenshots, "refused")
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("button", name="Add")).to_be_enabled(timeout=SOON)
    refused = form.locator('.addition[data-stage="refused"] h3')
    expect(refused).to_have_text(
        ["<img src=x onerror=alert(1)>.md", "ferry.md", "The Old Mill.txt"]
    )


@looked_at("dark-phone")
def test_an_arabic_text_and_a_pdf(visitor: Reader, tmp_path: Path, screenshots: Path) -> None:
    form = open_form(visitor)
    page = visitor.page
    text = form.get_by_label("Or text, pasted")
    text.fill(ARABIC)
    assert text.evaluate("box => getComputedStyle(box).direction") == "rtl"
    (tmp_path / "bakery.md").write_text(BAKERY, "utf-8")
    as_pdf(read_article(tmp_path / "bakery.md"), tmp_path / "bakery.pdf")
    form.get_by_label("Files").set_input_files(tmp_path / "bakery.pdf")
    form.get_by_role("button", name="Add").click()
    expect(item(form, "المخبز.txt")).to_contain_text("“المخبز”: 1 paragraph, Arabic", timeout=SOON)
    expect(item(form, "المخبز.txt")).to_contain_text("Added.", timeout=SOON)
    expect(item(form, "bakery.pdf")).to_contain_text("Added.", timeout=SOON)
    assert not scrolls_sideways(page)
    assert violations(page) == []
    picture(visitor, screenshots, "arabic")


@looked_at("desktop")
def test_files_are_dropped_on_the_form(visitor: Reader, tmp_path: Path, screenshots: Path) -> None:
    form = open_form(visitor)
    page = visitor.page
    form.locator("summary").first.click()
    chosen = form.get_by_label("Files")
    expect(chosen).to_be_hidden()
    for name, text in (("bakery", BAKERY), ("mill", MILL)):
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    box = page.locator("#library").bounding_box()
    assert box is not None
    hand = page.context.new_cdp_session(page)

    def drag(event: str) -> None:
        files = [str(tmp_path / name) for name in ("bakery.md", "mill.md")]
        carried = {"items": [], "files": files, "dragOperationsMask": 1}
        place = {"x": box["x"] + 40, "y": box["y"] + 40}
        hand.send("Input.dispatchDragEvent", {"type": event, "data": carried, **place})

    drag("dragEnter")
    drag("dragOver")
    expect(chosen).to_be_visible()
    expect(form).to_have_class("adding dropping")
    picture(visitor, screenshots, "dropping")
    drag("drop")
    expect(form).to_have_class("adding")
    names = "input => [...input.files].map((file) => file.name)"
    assert chosen.evaluate(names) == ["bakery.md", "mill.md"]
    expect(form.get_by_label("Title")).to_be_disabled()
    expect(form.get_by_role("button", name="Add")).to_be_focused()
    page.keyboard.press("Enter")
    for name in ("bakery.md", "mill.md"):
        expect(item(form, name)).to_contain_text("Added.", timeout=SOON)
    expect(page.locator("#library .library > li")).to_have_count(3, timeout=SOON)


@looked_at("desktop")
def test_a_text_that_is_dragged_is_no_file(visitor: Reader) -> None:
    form = open_form(visitor)
    panel = visitor.page.locator("#library")
    text = visitor.page.evaluate_handle(
        """() => {
            const carried = new DataTransfer();
            carried.setData("text/plain", "A sentence.");
            return carried;
        }"""
    )
    for event in ("dragover", "drop"):
        panel.dispatch_event(event, {"dataTransfer": text})
        expect(form).to_have_class("adding")
    assert form.get_by_label("Files").evaluate("input => input.files.length") == 0


@looked_at("desktop")
def test_many_files_are_sent_one_by_one(visitor: Reader, place: Place, tmp_path: Path) -> None:
    form = open_form(visitor)
    paths = [tmp_path / f"week-{week}.md" for week in range(1, 8)]
    for week, path in enumerate(paths, start=1):
        path.write_text(f"In week {week} the crew of Ida Berg mended {week + 3} pipes.\n", "utf-8")
    form.get_by_label("Files").set_input_files(paths)
    form.get_by_role("button", name="Add").click()
    added = form.locator('.addition[data-stage="added"]')
    expect(added).to_have_count(7, timeout=2 * SOON)
    expect(visitor.page.locator("#library .library > li")).to_have_count(8, timeout=SOON)
    assert {path.name for path in paths} < {path.name for path in place.sources.iterdir()}


def test_a_page_without_adding_has_no_form(reader: Reader) -> None:
    reader.open()
    reader.page.get_by_role("tab", name="Articles").click()
    expect(reader.page.locator("#library h2")).to_be_visible()
    assert reader.page.locator(".adding").count() == 0
