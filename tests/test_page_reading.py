"""The article by itself: find, links to its places, what was cited, its timeline, on paper."""

import pytest
from playwright.sync_api import expect

from tests.reader import CIVILIANS, KILLED, Reader, in_view, quote_of

pytestmark = pytest.mark.browser

SOURCE = "enab-baladi-end-of-aleppo.md"


def test_words_are_found_in_the_article_whatever_their_case(reader: Reader) -> None:
    reader.open()
    reader.page.get_by_role("tab", name="Full article").click()
    box = reader.page.get_by_role("searchbox", name="Find in article")
    told = reader.page.locator(".find output")
    box.fill("440 CIVILIANS")
    expect(told).to_have_text("1 match")
    box.press("Enter")
    expect(told).to_have_text("1 of 1")
    assert in_view(reader.page.locator("#p50 [data-start]", has_text=KILLED))
    box.fill("aleppo's")  # the article writes ’
    expect(told).not_to_have_text("No matches")
    box.press("Enter")
    box.press("Shift+Enter")
    box.press("Escape")
    expect(box).to_have_value("")
    expect(told).to_have_text("")
    box.fill("kangaroo")
    expect(told).to_have_text("No matches")


def test_a_paragraph_has_a_link_that_opens_it(reader: Reader) -> None:
    reader.open()
    reader.page.get_by_role("tab", name="Full article").click()
    reader.page.get_by_role("link", name="Link to paragraph 7", exact=True).click()
    expect(reader.page.locator("#announcer")).to_have_text("Link copied")
    link = reader.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{reader.site.address}?a={SOURCE}#p7" == reader.page.url
    other = Reader(reader.page.context.new_page(), reader.site)
    other.open(link.removeprefix(reader.site.address))
    expect(other.page.locator("#p7 p")).to_be_focused()
    assert in_view(other.page.locator("#p7 .anchor"))


@pytest.mark.parametrize("query", ["?a=missing.md#p1", "?a=%00#p1", "#p99999", "#heading-1"])
def test_a_link_to_what_is_not_there_breaks_nothing(reader: Reader, query: str) -> None:
    reader.open(query)
    reader.ask(CIVILIANS)
    expect(quote_of(reader, KILLED)).to_be_visible()


def test_a_copied_quote_opens_at_its_sentence(reader: Reader) -> None:
    reader.open(f"#{SOURCE}:50:21464-21557")
    expect(reader.page.locator("#p50 .cited")).to_have_text(KILLED)
    expect(reader.page.locator("#p50 .cited")).to_be_focused()


def test_the_margin_shows_what_this_conversation_cited(reader: Reader) -> None:
    reader.open()
    expect(reader.page.locator(".was-cited")).to_have_count(0)
    reader.ask(CIVILIANS)
    quote_of(reader, KILLED).get_by_role("link").click()
    expect(reader.page.locator("#p50")).to_have_class("paragraph was-cited")
    expect(
        reader.page.get_by_role("link", name="Link to paragraph 50, cited in this conversation")
    ).to_be_visible()


def test_a_question_for_a_date_opens_the_timeline(reader: Reader) -> None:
    reader.open()
    reader.ask("When did the regime forces enter Bani Zaid?")
    opens = reader.last.get_by_role("button", name="All dates in the article, in order")
    opens.click()
    expect(reader.page.get_by_role("tab", name="Timeline")).to_have_attribute(
        "aria-selected", "true"
    )
    day = reader.page.locator("#dates li", has_text="31 June 2016").first
    expect(day).to_contain_text("there is no such day in the calendar")
    day.get_by_role("link").first.click()
    expect(reader.page.locator("#p19 .cited")).to_be_focused()
    reader.page.get_by_role("button", name="Back to timeline").click()
    expect(day.get_by_role("link").first).to_be_focused()
    reader.page.keyboard.press("Escape")
    expect(opens).to_be_focused()


def test_the_whole_journey_by_keyboard_alone(reader: Reader) -> None:
    reader.open()
    press = reader.page.keyboard.press
    focused = reader.page.locator("*:focus")
    press("/")
    reader.page.keyboard.type(CIVILIANS)
    press("Enter")
    expect(quote_of(reader, KILLED)).to_be_visible()
    for _ in range(12):
        press("Shift+Tab")
        if focused.get_attribute("class") == "cite":
            break
    expect(focused).to_have_accessible_name("Source 2: open in the article")
    press("Enter")
    expect(reader.page.locator(".cited").first).to_be_focused()
    press("Escape")
    expect(focused).to_have_class("cite")
    for _ in range(12):
        press("Tab")
        if focused.get_attribute("role") == "tab":
            break
    for name in ("Full article", "Find", "Names", "Timeline", "Articles", "Clippings", "Sources"):
        press("ArrowRight")
        expect(focused).to_have_accessible_name(name)
        expect(focused).to_have_attribute("aria-selected", "true")
    outline = focused.evaluate("node => getComputedStyle(node).outlineWidth")
    assert outline == "3px"
    press("Tab")
    expect(focused).to_have_id("sources")
    press("Tab")
    expect(focused).to_have_accessible_name("Read in article")


def test_on_paper_the_article_stands_alone(reader: Reader) -> None:
    reader.open()
    reader.page.get_by_role("tab", name="Full article").click()
    reader.page.emulate_media(media="print")
    expect(reader.page.locator("#p1")).to_be_visible()
    for part in ("#talk", "#tabs", "#masthead", ".find"):
        expect(reader.page.locator(part)).to_be_hidden()
    height = reader.page.locator("#reading").evaluate("node => node.clientHeight")
    assert height > 10_000  # all of it, not one screen
