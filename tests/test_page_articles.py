"""The page over several articles: which are searched, and a paragraph of 400 words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from citadel.index.build.build import index_articles
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.qa.answer.answering import Answerer
from citadel.qa.service.feedback import FeedbackFile
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.conftest import Site, served_page
from tests.reader import PHONE, Desks, Reader, at_a_desk_and, scrolls_sideways, violations

pytestmark = pytest.mark.browser

LONG_TITLE = (
    "A Report on the Repair of Every Bridge, Road, Mill and Water Main of the Province, With "
    "Remarks on What Was Left Undone Between the First Winter and the Last"
)
LONG = " ".join(
    f"In week {week} the crew of the water main repaired {week + 3} pipes of the upper town."
    for week in range(1, 28)
)
TEXTS = {
    "bakery.md": ("The Bakery", "Olga Brandt opened the bakery in 1931. She sold rye bread."),
    "ferry.md": ("The Ferry", "Captain Erik Holm has steered the ferry since 1988."),
    "report.md": (LONG_TITLE, LONG),
}
BAKERY = "Who opened the bakery?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Site]:
    """The page, served from an index of three articles."""
    folder: Path = tmp_path_factory.mktemp("library")
    for name, (title, text) in TEXTS.items():
        (folder / name).write_text(f"# {title}\n\n{text}\n", "utf-8")
    index = index_articles("gen-library", read_articles(folder), encoder, lambda _a, _b: None)
    site = Site(reports=folder / "feedback.jsonl")
    service, reports = Service(LiveIndex.of(Answerer(index))), FeedbackFile(site.reports)
    with served_page(service, feedback=reports) as port:
        site.address = f"http://127.0.0.1:{port}/"
        yield site


@pytest.fixture(params=at_a_desk_and(PHONE), ids=["desktop", "phone"])
def visitor(desks: Desks, library: Site, request: pytest.FixtureRequest) -> Iterator[Reader]:
    yield from desks.reader(library, size=request.param)


def choices(reader: Reader) -> list[Locator]:
    return reader.page.get_by_role("checkbox").all()


def open_articles(reader: Reader) -> None:
    """Reach the tab of the articles, on a phone from the sources of an answer."""
    if reader.page.evaluate("innerWidth") == PHONE[0]:
        reader.last.locator(".show-sources").first.click()
    reader.page.get_by_role("tab", name="Articles").click()


def test_only_the_chosen_articles_are_searched(visitor: Reader, screenshots: Path) -> None:
    visitor.open()
    page = visitor.page
    line = page.locator("#scope")
    expect(line).to_be_hidden()
    visitor.ask(BAKERY)
    expect(visitor.last).to_contain_text("Olga Brandt opened the bakery in 1931.")
    open_articles(visitor)
    assert [choice.is_checked() for choice in choices(visitor)] == [True, True, True]
    page.locator("li", has_text="The Bakery").get_by_label("Search in it").uncheck()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.screenshot(path=screenshots / f"articles-chosen-{page.evaluate('innerWidth')}.png")
    page.keyboard.press("Escape")
    expect(line).to_have_text("Searching 2 of 3 articles")
    visitor.ask(BAKERY)
    expect(visitor.last).to_contain_text("Searched in 2 of 3 articles.")
    expect(visitor.last).not_to_contain_text("Olga Brandt")
    expect(page.locator("#sources")).not_to_contain_text("Olga Brandt")
    visitor.reload()
    expect(line).to_have_text("Searching 2 of 3 articles")
    line.click()
    page.get_by_role("button", name="Search all").click()
    page.keyboard.press("Escape")
    expect(line).to_be_hidden()
    visitor.ask(BAKERY)
    expect(visitor.last).to_contain_text("Olga Brandt opened the bakery in 1931.")


def test_articles_are_narrowed_down_and_none_may_be_left(visitor: Reader) -> None:
    visitor.open()
    visitor.ask(BAKERY)
    open_articles(visitor)
    page = visitor.page
    page.get_by_role("searchbox", name="Find an article").fill("english FERRY")
    expect(page.locator("#library .library > li:visible")).to_have_count(1)
    page.get_by_role("button", name="Search only these").click()
    expect(page.locator("#scope")).to_have_text("Searching 1 of 3 articles")
    page.get_by_role("searchbox", name="Find an article").fill("")
    assert [choice.is_checked() for choice in choices(visitor)] == [False, True, False]
    page.locator("li", has_text="The Ferry").get_by_label("Search in it").uncheck()
    page.keyboard.press("Escape")
    visitor.ask(BAKERY)
    expect(visitor.last).to_contain_text("No article is like that; search in more of them.")


def test_a_paragraph_of_400_words_and_a_long_title_are_readable(
    visitor: Reader, screenshots: Path
) -> None:
    assert len(LONG.split()) > 400
    visitor.open()
    question = "How many pipes were repaired in week 25?"
    visitor.ask(question)
    quote = "In week 25 the crew of the water main repaired 28 pipes of the upper town."
    expect(visitor.last.locator("blockquote").first).to_contain_text(quote)
    page = visitor.page
    width = page.evaluate("innerWidth")
    page.screenshot(path=screenshots / f"long-passage-{width}.png")
    visitor.last.locator(".cite").first.click()
    cited = page.locator(".cited")
    expect(cited).to_have_text(quote)
    expect(cited).to_be_in_viewport()
    assert not scrolls_sideways(page)
    assert violations(page) == []
    page.screenshot(path=screenshots / f"long-passage-article-{width}.png")
