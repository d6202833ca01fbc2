"""What a person keeps and shares: conversations, links, transcripts and reports."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import BROKEN_QUESTION, SLOW_QUESTION
from tests.reader import (
    CIVILIANS,
    KILLED,
    UNANSWERABLE,
    Reader,
    in_view,
    quote_of,
)

pytestmark = pytest.mark.browser


def copied(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def last_history(reader: Reader) -> tuple[str, ...]:
    return tuple(reader.site.histories[-1])


def test_a_conversation_survives_a_reload_until_it_is_cleared(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    reader.ask(UNANSWERABLE)
    reader.reload()
    expect(reader.turns).to_have_count(2)
    expect(reader.turns.first).to_contain_text(KILLED)
    reader.turns.first.locator("blockquote", has_text=KILLED).get_by_role("link").click()
    expect(reader.page.locator(".cited")).to_have_text(KILLED)
    expect(reader.page.get_by_text("Kept in this browser only.")).to_be_visible()
    reader.page.get_by_role("button", name="Clear history").click()
    expect(reader.turns).to_have_count(0)
    assert reader.page.evaluate("localStorage.length") == 0
    reader.reload()
    expect(reader.page.get_by_text("Ask about the siege of Aleppo.")).to_be_visible()


def test_an_earlier_conversation_can_be_opened_again(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    reader.ask(UNANSWERABLE)
    reader.page.get_by_role("button", name="New chat").click()
    expect(reader.page.get_by_text("Sources appear here after you ask.")).to_be_visible()
    expect(reader.page.locator(".was-cited")).to_have_count(0)
    reader.page.get_by_role("button", name=f"{CIVILIANS} and 1 more").click()
    expect(reader.turns).to_have_count(2)
    expect(reader.page.locator("#sources h2")).to_contain_text("Nearest to")


def test_another_tab_begins_its_own_conversation(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    other = Reader(reader.page.context.new_page(), reader.site)
    other.open()
    expect(other.turns).to_have_count(0)
    other.ask(UNANSWERABLE)
    reader.reload()
    expect(reader.page.locator(".asked")).to_have_text([CIVILIANS])


def test_a_question_that_a_reload_interrupts_is_kept(reader: Reader) -> None:
    reader.open()
    reader.site.may_answer.clear()
    reader.composer.fill(SLOW_QUESTION)
    reader.composer.press("Enter")
    expect(reader.last.locator(".waiting")).to_be_visible()
    reader.reload()
    expect(reader.last).to_contain_text("Your question is still here.")
    reader.site.may_answer.set()
    reader.last.get_by_role("button", name="Try again").click()
    expect(reader.turns).to_have_count(1)
    expect(reader.last.get_by_role("button", name="Try again")).to_have_count(0)


def test_a_new_chat_forgets_the_search_that_is_under_way(reader: Reader) -> None:
    reader.open()
    reader.site.may_answer.clear()
    reader.composer.fill(SLOW_QUESTION)
    reader.composer.press("Enter")
    expect(reader.last.locator(".waiting")).to_be_visible()
    reader.page.get_by_role("button", name="New chat").click()
    expect(reader.turns).to_have_count(0)
    reader.site.may_answer.set()
    reader.ask(CIVILIANS)
    expect(reader.turns).to_have_count(1)


def test_a_storage_that_is_refused_or_broken_is_no_trouble(reader: Reader) -> None:
    reader.page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full') };"
        "Storage.prototype.getItem = () => '{broken';"
    )
    reader.open()
    reader.ask(CIVILIANS)
    expect(quote_of(reader, KILLED)).to_be_visible()


def test_a_link_asks_its_question_again_but_once(reader: Reader) -> None:
    reader.open()
    copy = reader.page.get_by_role("button", name="Copy link")
    expect(copy).to_be_disabled()
    reader.ask(CIVILIANS)
    copy.click()
    expect(reader.page.get_by_role("button", name="Link copied")).to_be_visible()
    link = copied(reader.page)
    assert reader.site.live_index is not None
    index = reader.site.live_index.current.articles.snapshot
    start = f"{reader.site.address}?q={quote(CIVILIANS)}&index={index}&answer="
    assert re.fullmatch(re.escape(start) + "[0-9a-f]{12}", link)
    other = Reader(reader.page.context.new_page(), reader.site)
    other.open(link.removeprefix(reader.site.address))
    expect(quote_of(other, KILLED)).to_be_visible()
    other.reload()
    expect(other.turns).to_have_count(1)


def test_the_link_to_a_follow_up_brings_what_it_leans_on(reader: Reader) -> None:
    reader.open()
    reader.ask("Who is Joseph Daher?")
    reader.ask(CIVILIANS)
    reader.ask("How many of them were children?")
    expect(quote_of(reader, KILLED)).to_be_visible()
    understood = reader.last.locator(".searched bdi").inner_text()
    reader.page.get_by_role("button", name="Copy link").click()
    expect(reader.page.get_by_role("button", name="Link copied")).to_be_visible()
    link = copied(reader.page)
    assert parse_qs(urlsplit(link).query)["after"] == [CIVILIANS]
    other = Reader(reader.page.context.new_page(), reader.site)
    other.open(link.removeprefix(reader.site.address))
    expect(quote_of(other, KILLED)).to_be_visible()
    expect(other.last.locator(".searched bdi")).to_have_text(understood)
    expect(other.last.locator(".note", has_text="The link came")).to_have_count(0)
    assert last_history(reader) == (CIVILIANS,)
    other.ask("And how many were wounded?")
    assert last_history(reader) == (CIVILIANS, "How many of them were children?")


def test_a_link_says_when_its_answer_was_another_one(reader: Reader) -> None:
    made = f"&index=gen-20201103T081500-abcdef&answer={'0' * 12}"
    reader.open(f"?q={quote(CIVILIANS)}{made}")
    expect(reader.last.locator(".note").first).to_have_text(
        "The link came with another answer: it was made with an earlier version of the index, of "
        "3 November 2020; the articles have changed since."
    )
    expect(quote_of(reader, KILLED)).to_be_visible()


def test_a_link_of_an_earlier_version_still_asks(reader: Reader) -> None:
    reader.open(f"?q={quote(CIVILIANS)}")
    expect(quote_of(reader, KILLED)).to_be_visible()
    expect(reader.last.locator(".note", has_text="The link came")).to_have_count(0)


def test_a_link_with_a_question_too_long_asks_nothing(reader: Reader) -> None:
    reader.open("?q=" + "x" * 3000)
    expect(reader.page.get_by_role("alert").filter(has_text="500 characters")).to_be_visible()
    expect(reader.composer).to_have_value("x" * 2000)
    expect(reader.turns).to_have_count(0)


def test_a_transcript_holds_questions_quotes_and_places(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    reader.ask(UNANSWERABLE)
    reader.ask(BROKEN_QUESTION)
    with reader.page.expect_download() as download:
        reader.page.get_by_role("button", name="Transcript").click()
    assert re.fullmatch(r"citadel-\d{4}-\d\d-\d\d\.md", download.value.suggested_filename)
    text = Path(download.value.path()).read_text("utf-8")
    assert f"## {CIVILIANS}\n\nAsked " in text
    assert f"> {KILLED}\n" in text
    assert re.search(r"\(enab-baladi-end-of-aleppo\.md, characters \d+ to \d+\)", text)
    assert "Not found in the sources." in text
    assert text.endswith(f"## {BROKEN_QUESTION}\n\nNo answer: the search did not come to an end.\n")


def test_a_report_is_stored_with_its_question_and_answer(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    form = reader.last.locator(".feedback")
    form.locator("summary").click()
    expect(form).to_contain_text("Your report is stored")
    form.get_by_label("Wrong sentence").check()
    form.get_by_label("Remark").fill("ليست هذه")
    form.get_by_role("button", name="Store report").click()
    expect(reader.last).to_contain_text("Reported. Thank you.")
    report = json.loads(reader.site.reports.read_text("utf-8").splitlines()[-1])
    assert report["problem"] == "wrong_sentence"
    assert report["comment"] == "ليست هذه"
    assert report["question"] == CIVILIANS
    assert report["status"] == "answered"
    reader.reload()
    expect(reader.last).to_contain_text("Reported. Thank you.")


def test_nothing_is_reported_without_a_reason(reader: Reader) -> None:
    reader.open()
    reader.ask(UNANSWERABLE)
    reader.last.locator(".feedback summary").click()
    reader.last.get_by_role("button", name="Store report").click()
    expect(reader.last.locator(".feedback")).to_be_visible()


def test_on_a_phone_the_rest_stands_behind_more(phone_reader: Reader) -> None:
    phone_reader.open()
    more = phone_reader.page.get_by_role("button", name="More")
    new_chat = phone_reader.page.get_by_role("button", name="New chat")
    phone_reader.ask(CIVILIANS)
    expect(new_chat).to_be_hidden()
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    assert in_view(new_chat)
    phone_reader.page.keyboard.press("Escape")
    expect(new_chat).to_be_hidden()
    expect(more).to_be_focused()
    more.click()
    new_chat.click()
    expect(new_chat).to_be_hidden()
    expect(phone_reader.turns).to_have_count(0)


def test_a_quote_is_copied_in_the_form_that_is_wanted(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    card = reader.page.locator(".card").first
    card.get_by_text("Copy as").click()
    buttons = card.locator(".copy-as")
    expect(buttons).to_have_text(["Markdown", "BibTeX", "Chicago"])
    for number, start in enumerate(["> ", "@online{", "“"]):
        buttons.nth(number).click()
        expect(buttons.nth(number)).to_have_text("Copied")
        text = copied(reader.page)
        assert text.startswith(start)
        assert KILLED in text
        assert "http" not in text
