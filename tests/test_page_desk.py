"""The panel as a desk, before anything is asked: find, names, dates, and the article to read."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from citadel.index.corpus.corpus import read_articles
from citadel.qa.answer.answering import Answerer
from citadel.qa.service.feedback import FeedbackFile
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.conftest import Site, served_page
from tests.mentioning import KnowsNothing
from tests.reader import NARROW, Desks, Reader, at_a_desk_and, scrolls_sideways, violations
from tests.small_index import indexed_by

pytestmark = pytest.mark.browser

TEXTS = {
    "ferry.md": (
        "The Ferry",
        "Captain Erik Holm has steered the ferry to Hananu since May 1988. People of Hanano "
        "wait for Holm.\n\n## The Flood\n\nThe flood carried the bridge away in 1987, and the "
        "Farmers Cooperative bought a ferry.",
    ),
    "bakery.md": (
        "The Bakery",
        "Olga Brandt opened the bakery in 1931. The bread for Hananu came by ferry.",
    ),
    "report.md": ("A Report", "The council met in June 1990. It asked for a bridge near Hananu."),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page, served from an index of three articles, whose model costs nothing."""
    folder: Path = tmp_path_factory.mktemp("desk")
    for name, (title, text) in TEXTS.items():
        (folder / name).write_text(f"# {title}\n\n{text}\n", "utf-8")
    index = indexed_by(KnowsNothing(), "gen-desk", read_articles(folder))
    site = Site(reports=folder / "feedback.jsonl")
    service, reports = Service(LiveIndex.of(Answerer(index))), FeedbackFile(site.reports)
    with served_page(service, feedback=reports) as port:
        site.address = f"http://127.0.0.1:{port}/"
        yield site


@pytest.fixture(params=at_a_desk_and(NARROW), ids=["desktop", "narrow"])
def visitor(desks: Desks, library: Site, request: pytest.FixtureRequest) -> Iterator[Reader]:
    yield from desks.reader(library, size=request.param)


def open_tab(reader: Reader, name: str) -> None:
    """Reach a tab before anything is asked, on a phone by the button in the header."""
    browse = reader.page.get_by_role("button", name="Browse")
    if browse.is_visible():
        browse.click()
    reader.page.get_by_role("tab", name=name).click()


def is_well(reader: Reader, picture: Path) -> None:
    reader.page.screenshot(path=picture)
    assert violations(reader.page) == []
    assert not scrolls_sideways(reader.page)


def test_a_name_is_found_in_every_spelling_with_counts_by_article(
    visitor: Reader, screenshots: Path
) -> None:
    visitor.open()
    page = visitor.page
    open_tab(visitor, "Find")
    box = page.get_by_role("searchbox", name="Find in all articles")
    box.fill("hanano")
    box.press("Enter")
    title = page.locator("#finding .panel-title")
    expect(title).to_have_text("hanano · 3 passages in 3 articles")
    expect(title).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("hanano · 3 passages in 3 articles")
    marks = page.locator("#finding mark")
    expect(marks).to_have_text(["Hananu", "Hananu", "Hanano", "Hananu"])
    is_well(visitor, screenshots / f"desk-find-{page.evaluate('innerWidth')}.png")
    page.locator("#finding .counts").get_by_role("button", name="The Ferry").click()
    expect(title).to_have_text("hanano · 1 passage in “The Ferry”")
    expect(page.get_by_role("button", name="The Ferry")).to_be_focused()
    expect(marks).to_have_text(["Hananu", "Hanano"])
    page.locator("#finding .cite").click()
    expect(page.locator("#reading .cited").first).to_be_focused()
    expect(page.locator("#reading .cited")).to_have_text(
        ["Captain Erik Holm has steered the ferry to Hananu since May 1988."]
    )
    page.keyboard.press("Escape")
    expect(page.locator("#finding .cite")).to_be_focused()


def test_what_is_found_is_saved_to_the_clippings_by_keyboard(
    visitor: Reader, screenshots: Path
) -> None:
    visitor.open()
    page = visitor.page
    open_tab(visitor, "Find")
    box = page.get_by_role("searchbox", name="Find in all articles")
    box.fill("hanano")
    box.press("Enter")
    saves = page.locator("#finding .save-clipping")
    expect(saves).to_have_text(["Save", "Save", "Save"])
    saves.nth(1).focus()
    page.keyboard.press("Enter")
    expect(saves).to_have_text(["Save", "In clippings", "Save"])
    expect(page.locator("#announcer")).to_have_text("Saved. 2 clippings.")
    is_well(visitor, screenshots / f"desk-find-saved-{page.evaluate('innerWidth')}.png")
    page.locator("#finding .counts").get_by_role("button", name="The Ferry").click()
    expect(saves).to_have_text(["In clippings"])
    saves.focus()
    page.keyboard.press("Enter")
    quotes = page.locator("#clippings blockquote")
    expect(quotes).to_have_text(
        [
            "Captain Erik Holm has steered the ferry to Hananu since May 1988.",
            "People of Hanano wait for Holm.",
        ]
    )
    expect(page.locator("#clippings textarea").first).to_be_focused()
    visitor.reload()
    expect(quotes).to_have_count(2)


def test_all_mentions_are_saved_as_a_file(visitor: Reader) -> None:
    visitor.open()
    open_tab(visitor, "Names")
    visitor.page.get_by_role("button", name="Hananu", exact=True).click()
    expect(visitor.page.locator("#finding .panel-title")).to_have_text(
        "Hananu · 3 passages in 3 articles"
    )
    with visitor.page.expect_download() as saved:
        visitor.page.get_by_role("link", name="Save all as CSV").click()
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
    assert [(row["source"], row["written"]) for row in rows] == [
        ("bakery.md", "Hananu"),
        ("ferry.md", "Hananu; Hanano"),
        ("report.md", "Hananu"),
    ]
    for row in rows:
        title, body = TEXTS[row["source"]]
        text = f"# {title}\n\n{body}\n"
        assert text[int(row["start"]) : int(row["end"])] == row["text"]


def test_names_are_listed_narrowed_and_asked_about(visitor: Reader, screenshots: Path) -> None:
    visitor.open()
    page = visitor.page
    open_tab(visitor, "Names")
    names = page.locator("#names .show-name")
    expect(names).to_have_text(["Hananu", "Erik Holm", "Farmers Cooperative", "Olga Brandt"])
    expect(page.locator("#names .names .about").first).to_have_text(
        "4 mentions · 3 articles · also Hanano"
    )
    is_well(visitor, screenshots / f"desk-names-{page.evaluate('innerWidth')}.png")
    page.get_by_role("button", name="People").click()
    expect(names).to_have_text(["Erik Holm"])
    expect(page.get_by_role("button", name="People")).to_be_focused()
    page.get_by_role("button", name="All", exact=True).click()
    expect(names).to_have_count(4)
    box = page.get_by_role("searchbox", name="Find a name")
    box.press_sequentially("hananoo")
    expect(names).to_have_text(["Hananu"])
    expect(box).to_be_focused()
    expect(box).to_have_value("hananoo")
    box.fill("holm")
    expect(names).to_have_text(["Erik Holm"])
    page.get_by_role("button", name="Ask: Who is Erik Holm?").click()
    expect(visitor.last.locator(".asked")).to_have_text("Who is Erik Holm?")
    expect(page.locator("#composer")).to_be_in_viewport()


def test_the_timeline_runs_over_all_articles_and_over_one(
    visitor: Reader, screenshots: Path
) -> None:
    visitor.open()
    page = visitor.page
    open_tab(visitor, "Timeline")
    days = page.locator("#dates .timeline h3")
    expect(days).to_have_text(["1931", "1987", "May 1988", "June 1990"])
    is_well(visitor, screenshots / f"desk-dates-{page.evaluate('innerWidth')}.png")
    chosen = page.get_by_label("Dates of")
    assert chosen.locator("option").all_inner_texts() == [
        "all articles",
        "The Bakery (1)",
        "The Ferry (2)",
        "A Report (1)",
    ]
    chosen.select_option("The Ferry (2)")
    expect(days).to_have_text(["1987", "May 1988"])
    expect(page.get_by_label("Dates of")).to_be_focused()


def test_an_article_is_chosen_and_opens_with_an_overview(
    visitor: Reader, screenshots: Path
) -> None:
    visitor.open()
    page = visitor.page
    open_tab(visitor, "Full article")
    page.get_by_role("combobox", name="Choose an article").select_option("The Ferry")
    expect(page.locator("#reading header h2")).to_have_text("The Ferry")
    glance = page.locator("#reading .glance")
    expect(glance.locator(".name-chips li")).to_have_text(
        ["Hananu 2", "Erik Holm 2", "Farmers Cooperative 1"]
    )
    expect(glance.locator(".key-sentences .about")).to_have_text(["The Flood"])
    expect(glance.get_by_role("button", name="All its dates, in order (2 dates)")).to_be_visible()
    is_well(visitor, screenshots / f"desk-article-{page.evaluate('innerWidth')}.png")
    glance.get_by_role("button", name="Erik Holm").click()
    expect(page.locator("#finding mark")).to_have_text(["Erik Holm", "Holm"])
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Choose an article").select_option("A Report")
    expect(page.locator("#reading header h2")).to_have_text("A Report")


def test_an_answer_leads_to_all_passages_and_a_summary_to_the_article(visitor: Reader) -> None:
    visitor.open()
    page = visitor.page
    visitor.ask("Who is Erik Holm?")
    button = visitor.last.get_by_role("button", name="Show all passages")
    button.click()
    expect(page.locator("#finding .panel-title")).to_have_text("Erik Holm · 1 passage in 1 article")
    expect(page.locator("#finding mark")).to_have_text(["Erik Holm", "Holm"])
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    visitor.ask("Summarise the ferry")
    visitor.last.get_by_role("button", name="The article at a glance").click()
    expect(page.locator("#reading .glance summary")).to_be_focused()
    expect(page.locator("#reading header h2")).to_have_text("The Ferry")


def test_the_desk_is_reached_by_keyboard_alone(visitor: Reader) -> None:
    visitor.open()
    page = visitor.page
    browse = page.get_by_role("button", name="Browse")
    if browse.is_visible():
        browse.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("tab", name="Find")).to_be_focused()
    else:
        page.get_by_role("tab", name="Sources").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox", name="Find in all articles")).to_be_focused()
    page.keyboard.type("bridge")
    page.keyboard.press("Enter")
    expect(page.locator("#finding .panel-title")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator("*:focus").get_attribute("class") == "cite":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#reading .cited").first).to_be_focused()


def test_what_is_not_there_is_said(visitor: Reader) -> None:
    visitor.open()
    open_tab(visitor, "Find")
    box = visitor.page.get_by_role("searchbox", name="Find in all articles")
    box.fill("<b>kangaroo</b> ${x}")
    box.press("Enter")
    expect(visitor.page.locator("#finding .panel-title")).to_have_text(
        "<b>kangaroo</b> ${x} · No passage has this."
    )
