"""The page in a browser: the way from a question to the sentence in its article, and back.

No test asserts how long something takes.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from citadel.index.build.build import BUNDLED_SOURCES
from citadel.qa.answer.answering import Answerer
from citadel.qa.page.welcome import read_welcome
from tests.reader import (
    CIVILIANS,
    KILLED,
    UNANSWERABLE,
    Reader,
    in_view,
    quote_of,
    scrolls_sideways,
    violations,
)

pytestmark = pytest.mark.browser


def test_from_a_question_to_the_sentence_in_the_article_and_back(reader: Reader) -> None:
    reader.open()
    expect(reader.page.get_by_text("Ask about the siege of Aleppo.")).to_be_visible()
    expect(reader.page.get_by_text("Sources appear here after you ask.")).to_be_visible()

    reader.ask(CIVILIANS)
    expect(reader.last.locator(".asked")).to_have_text(CIVILIANS)
    expect(reader.last.locator(".status")).to_have_text(
        re.compile(r"^Answer found in 1 article \(\d passages?\)$")
    )
    expect(quote_of(reader, KILLED)).to_be_visible()
    expect(reader.page.locator("#announcer")).to_have_text(
        re.compile("^Answer found in 1 article ")
    )
    card = reader.page.locator(".card", has=reader.page.locator("mark", has_text=KILLED))
    expect(card).to_contain_text("Strong match")
    expect(card).to_contain_text("Aid Is Paralyzed")
    expect(card).to_contain_text("paragraph 50")

    citation = quote_of(reader, KILLED).get_by_role("link", name="open in the article")
    citation.click()
    sentence = reader.page.locator("#p50 .cited")
    expect(sentence).to_have_text(KILLED)
    expect(sentence).to_be_focused()
    assert in_view(sentence)

    reader.page.get_by_role("button", name="Back to answer").click()
    expect(citation).to_be_focused()
    expect(reader.page.get_by_role("button", name="Back to answer")).to_be_hidden()


def test_the_same_by_keyboard(reader: Reader) -> None:
    reader.open()
    reader.page.keyboard.press("/")
    expect(reader.composer).to_be_focused()
    reader.page.keyboard.type("How many civilians did")
    reader.page.keyboard.press("Shift+Enter")
    reader.page.keyboard.type("Human Rights Watch say were killed?")
    reader.page.keyboard.press("Enter")
    expect(quote_of(reader, KILLED)).to_be_visible()
    expect(reader.composer).to_have_value("")
    citation = quote_of(reader, KILLED).get_by_role("link")
    citation.focus()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator(".cited")).to_be_focused()
    reader.page.keyboard.press("Escape")
    expect(citation).to_be_focused()


@pytest.mark.parametrize("question", read_welcome(BUNDLED_SOURCES).questions)
def test_every_example_is_answered(reader: Reader, question: str) -> None:
    reader.open()
    reader.page.get_by_role("button", name=question).click()
    expect(reader.last.locator(".status").first).to_contain_text("Answer found")


def test_not_found_says_so_and_marks_nothing(reader: Reader) -> None:
    reader.open()
    reader.ask(UNANSWERABLE)
    expect(reader.last).to_contain_text("Not found in this article. ".strip())
    expect(reader.page.locator(".card").first).to_contain_text("Weak match")
    expect(reader.page.locator("mark")).to_have_count(0)


def test_small_talk_is_answered_without_sources(reader: Reader) -> None:
    reader.open()
    reader.ask("Thank you!")
    expect(reader.last).to_contain_text("Glad to help.")
    expect(reader.page.get_by_text("Sources appear here after you ask.")).to_be_visible()


def test_a_follow_up_shows_how_it_was_understood(reader: Reader) -> None:
    reader.open()
    reader.ask("What is Jaish Halab?")
    reader.ask("Who leads it?")
    expect(reader.last.locator(".searched")).to_contain_text("Searching for: ")
    assert reader.site.histories[-1] == ("What is Jaish Halab?",)
    reader.last.get_by_role("button", name="search my words only").click()
    expect(reader.turns).to_have_count(3)
    expect(reader.last.locator(".waiting")).to_have_count(0)
    expect(reader.last.locator(".searched")).to_have_count(0)
    assert not reader.site.histories[-1]


def test_a_quote_says_who_speaks_and_shows_who_he_is(reader: Reader) -> None:
    reader.open()
    reader.ask("What did Lavrov say about Jaish Halab?")
    quote = reader.last.locator("blockquote", has_text="He commented")
    expect(quote.locator(".before")).to_contain_text("Sergey Lavrov, the Russian Minister")
    expect(quote.locator("mark, span")).to_have_text(
        re.compile("^He commented, “Jaish Halab is an")
    )
    told = (
        "According to Sergey Lavrov, the Russian Minister of Foreign Affairs · "
        "named in an earlier sentence"
    )
    expect(reader.last.locator("blockquote:has-text('He commented') + .told")).to_have_text(told)
    expect(reader.page.locator(".card").first.locator(".told").first).to_have_text(told)


def test_old_citations_stay_valid_and_bring_their_sources_back(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    first = reader.turns.first
    reader.ask("Who is the United Nations envoy to Syria?")
    reader.ask(UNANSWERABLE)
    reader.ask("What is Jaish Halab?")
    first.locator("blockquote", has_text=KILLED).get_by_role("link").click()
    expect(reader.page.locator("#p50 .cited")).to_have_text(KILLED)
    reader.page.get_by_role("tab", name="Sources").click()
    expect(reader.page.locator("#sources h2")).to_have_text(f"Sources for “{CIVILIANS}”")


def test_every_citation_opens_the_paragraph_that_contains_its_sentence(reader: Reader) -> None:
    reader.open()
    for question in (CIVILIANS, "What is Jaish Halab?", "Why did the first aid convoy struggle?"):
        reader.ask(question)
        for blockquote in reader.last.locator("blockquote").all():
            blockquote.get_by_role("link").click()
            quoted = blockquote.locator("mark, span").first.inner_text()
            expect(reader.page.locator(".cited")).to_have_text(quoted)
            reader.page.keyboard.press("Escape")
        reader.page.get_by_text("Also near: ").click()
        for card in reader.page.locator(".card").all():
            link = card.get_by_role("link", name="Read in article")
            link.click()
            opened = reader.page.locator(".paragraph:has(:focus)")
            expect(opened).to_contain_text(card.locator(".passage").inner_text()[:80])
            reader.page.get_by_role("button", name="Back to sources").click()
            expect(link).to_be_focused()


def test_a_new_chat_begins_with_nothing(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    reader.page.get_by_role("button", name="New chat").click()
    expect(reader.page.get_by_text("Ask about the siege of Aleppo.")).to_be_visible()
    expect(reader.turns).to_have_count(0)


def test_a_quote_is_copied_with_its_reference(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    card = reader.page.locator(".card", has=reader.page.locator("mark", has_text=KILLED))
    card.get_by_role("button", name="Copy quote").click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    quoted, _, reference = copied.partition("” (")
    assert quoted.removeprefix("“") in card.locator(".passage").inner_text()
    assert reference == (
        "the report, quoted in: “The End of Aleppo”… The Reasons Behind Defeat and the Potential "
        "Consequences, Enab Baladi, December 2016, paragraph 50)"
    )


def test_values_that_differ_stand_in_a_table(reader: Reader, screenshots: Path) -> None:
    reader.open()
    reader.ask("How many civilians were killed?")
    table = reader.last.get_by_role(
        "table", name="The sentences that were found give different values"
    )
    expect(table.get_by_role("rowheader")).to_have_text(["more than 600", "440"])
    expect(table.locator(".told")).to_have_text(
        ["According to the National Defense", "According to the report"]
    )
    table.scroll_into_view_if_needed()
    reader.page.screenshot(path=screenshots / "conflicts.png")
    assert violations(reader.page) == []
    reader.page.set_viewport_size({"width": 320, "height": 640})
    table.scroll_into_view_if_needed()
    reader.page.screenshot(path=screenshots / "conflicts-narrow.png")
    assert not scrolls_sideways(reader.page)
    table.get_by_role("link").last.click()
    expect(reader.page.locator("#p50 .cited")).to_have_text(KILLED)


def test_arabic_reads_from_right_to_left(reader: Reader) -> None:
    reader.open()
    question = "متى بدأ حصار حلب؟"
    reader.composer.fill(question)
    assert reader.composer.evaluate("box => getComputedStyle(box).direction") == "rtl"
    reader.composer.press("Enter")
    asked = reader.last.locator(".asked")
    expect(asked).to_have_text(question)
    assert asked.evaluate("node => getComputedStyle(node).direction") == "rtl"


def test_on_a_phone_the_composer_stays_visible_after_ten_turns(phone_reader: Reader) -> None:
    phone_reader.open()
    for turn in range(10):
        phone_reader.ask(f"{CIVILIANS} {turn}")
    assert in_view(phone_reader.composer)
    assert in_view(phone_reader.page.get_by_role("button", name="Ask", exact=True))
    assert in_view(phone_reader.last.locator(".asked"))
    assert not scrolls_sideways(phone_reader.page)


def test_on_a_phone_the_article_covers_the_answer_until_back(phone_reader: Reader) -> None:
    phone_reader.open()
    phone_reader.ask(CIVILIANS)
    citation = quote_of(phone_reader, KILLED).get_by_role("link")
    citation.click()
    expect(phone_reader.page.locator(".cited")).to_be_focused()
    assert in_view(phone_reader.page.get_by_role("button", name="Back to answer"))
    phone_reader.page.go_back()
    expect(citation).to_be_focused()
    expect(phone_reader.composer).to_be_visible()
    phone_reader.last.get_by_role("button", name="1 article").click()
    expect(phone_reader.page.locator(".card").first).to_be_visible()


def test_nothing_scrolls_sideways_at_320_pixels(phone_reader: Reader) -> None:
    phone_reader.page.set_viewport_size({"width": 320, "height": 640})
    phone_reader.open()
    assert not scrolls_sideways(phone_reader.page)
    phone_reader.ask(f"{CIVILIANS} {'w' * 60}")
    assert not scrolls_sideways(phone_reader.page)
    assert in_view(phone_reader.composer)
    phone_reader.page.locator(".cite").first.click()
    assert not scrolls_sideways(phone_reader.page)


def test_the_list_of_articles_follows_the_answers(reader: Reader) -> None:
    """A page that was open all night lists what its first answer in the morning came from."""
    live_index = reader.site.live_index
    assert live_index is not None
    before = live_index.current.answerer
    reader.open()
    page = reader.page
    listed = page.locator("#library .library > li h3")
    page.get_by_role("tab", name="Articles").click()
    expect(listed).to_have_text([before.index.articles[0].title])
    renamed = replace(before.index.articles[0], title="The End of Aleppo, Corrected")
    index = replace(before.index, snapshot="gen-next", articles=(renamed,))
    live_index.swap(Answerer(index))
    reader.ask(CIVILIANS)
    page.get_by_role("tab", name="Articles").click()
    expect(listed).to_have_text(["The End of Aleppo, Corrected"])
    live_index.swap(before)
    reader.ask(CIVILIANS)
    expect(listed).to_have_text([before.index.articles[0].title])
