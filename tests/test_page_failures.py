"""The page in a browser where something fails, is refused or changes meanwhile."""

import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Status
from tests.conftest import BROKEN_QUESTION, SLOW_QUESTION, Site
from tests.reader import CIVILIANS, KILLED, UNANSWERABLE, Reader, quote_of, reader_at, violations

pytestmark = pytest.mark.browser


def test_an_error_stays_in_the_chat_with_the_question_and_a_code(reader: Reader) -> None:
    reader.open()
    reader.ask(CIVILIANS)
    reader.ask(BROKEN_QUESTION)
    expect(reader.last.locator(".asked")).to_have_text(BROKEN_QUESTION)
    expect(reader.last).to_contain_text("Search did not work.")
    expect(reader.last.locator("code")).to_have_text(re.compile("^[0-9a-f]{7}$"))
    expect(reader.turns.first).to_contain_text(KILLED)
    reader.last.get_by_role("button", name="Try again").click()
    expect(reader.last.locator("code")).to_be_visible()
    expect(reader.turns).to_have_count(2)


def test_ask_becomes_stop_while_searching(reader: Reader) -> None:
    reader.open()
    reader.site.may_answer.clear()
    reader.composer.fill(SLOW_QUESTION)
    reader.page.get_by_role("button", name="Ask", exact=True).click()
    expect(reader.last.locator(".asked")).to_have_text(SLOW_QUESTION)
    expect(reader.last).to_contain_text("Searching the article…")
    expect(reader.page.get_by_role("button", name="Ask", exact=True)).to_be_hidden()
    reader.page.get_by_role("button", name="Stop").click()
    expect(reader.last).to_contain_text("Stopped.")
    reader.site.may_answer.set()
    reader.ask(CIVILIANS)
    expect(quote_of(reader, KILLED)).to_be_visible()
    expect(reader.turns.first).to_contain_text("Stopped.")


def test_an_empty_question_does_nothing_and_a_long_one_says_why(reader: Reader) -> None:
    reader.open()
    reader.composer.fill("   ")
    reader.composer.press("Enter")
    expect(reader.turns).to_have_count(0)
    reader.composer.fill("x" * 501)
    reader.composer.press("Enter")
    expect(reader.page.get_by_role("alert").filter(has_text="500 characters")).to_be_visible()
    expect(reader.turns).to_have_count(0)
    expect(reader.composer).to_have_value("x" * 501)


def test_a_lost_connection_is_told_and_nothing_is_lost(browser: Browser, site: Site) -> None:
    tolerated = ("Failed to load resource", "net::ERR", "Failed to fetch", "network error")
    for reader in reader_at(browser.new_context(), site, tolerated):
        reader.open()
        reader.ask(CIVILIANS)
        reader.page.context.set_offline(True)
        reader.composer.fill(UNANSWERABLE)
        reader.composer.press("Enter")
        expect(reader.last).to_contain_text("Connection lost. ".strip())
        expect(reader.turns.first).to_contain_text(KILLED)
        reader.page.context.set_offline(False)
        reader.reload()
        expect(reader.turns.first).to_contain_text(KILLED)
        expect(reader.page.locator(".asked").last).to_have_text(UNANSWERABLE)


def test_a_refusal_offers_a_question_that_is_answered(reader: Reader) -> None:
    reader.open()
    reader.ask("How old is Lavrov?")
    expect(reader.last).to_contain_text("Not found in this article.")
    assert violations(reader.page) == []
    reader.last.get_by_role("button", name="Who is Sergey Lavrov?").click()
    expect(reader.turns).to_have_count(2)
    expect(reader.last.locator(".status").first).to_contain_text("Answer found")


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](https://elsewhere.example/x.png)",
        "<img src=https://elsewhere.example/x onerror=document.title='owned'>",
        "<script>document.title='owned'</script>",
        "{{constructor.constructor('document.title=1')()}} ${document.title='owned'}",
        "\u202e<svg/onload=\"document.title='owned'\">",
    ],
)
def test_a_hostile_question_is_shown_as_text(reader: Reader, hostile: str) -> None:
    reader.open("?q=" + quote(hostile))
    expect(reader.turns).to_have_count(1)
    expect(reader.last.locator(".waiting")).to_have_count(0)
    expect(reader.last.locator(".asked")).to_have_text(hostile)
    expect(reader.page.locator(".turn img, .turn script, .turn svg, .card img")).to_have_count(0)
    expect(reader.page).to_have_title("Citadel")


def test_what_is_shown_as_an_answer_is_what_the_sources_say(
    reader: Reader, answerer: Answerer
) -> None:
    answer = answerer.answer(CIVILIANS)
    assert answer.status is Status.ANSWERED
    reader.open()
    reader.ask(CIVILIANS)
    # A sentence that stands before the first quote is not quoted again.
    leads = [lead.text for lead in answer.citations[0].before]
    quotes = [each.quote for each in answer.citations if each.quote not in leads]
    shown = reader.last.locator("blockquote")
    assert [text.strip() for text in shown.locator(".before").all_inner_texts()] == leads
    assert shown.locator("mark, span").all_inner_texts() == quotes


def test_a_rebuild_is_told_and_that_it_is_done(reader: Reader, answerer: Answerer) -> None:
    live_index = reader.site.live_index
    assert live_index is not None
    banner = reader.page.locator("#banner")
    reader.open()
    live_index.rebuilding = True
    reader.ask(CIVILIANS)
    expect(banner).to_have_text(
        "The sources are being read anew. Until that is done, the version before answers."
    )
    live_index.rebuilding = False
    before = live_index.current.answerer
    live_index.swap(answerer.over(replace(answerer.index, snapshot="gen-next")))
    reader.ask(CIVILIANS)
    expect(banner).to_have_text(
        "The new version of the sources is ready. Answers now come from it."
    )
    reader.ask(CIVILIANS)
    expect(banner).to_have_text("")
    live_index.swap(before)


def test_that_an_older_version_answers_is_told_until_it_does_not(reader: Reader) -> None:
    live_index = reader.site.live_index
    assert live_index is not None
    banner = reader.page.locator("#banner")
    reader.open()
    live_index.behind = "The newest version of the sources is damaged; the one before answers."
    reader.ask(CIVILIANS)
    expect(banner).to_have_text(live_index.behind)
    before = live_index.current.answerer
    live_index.swap(Answerer(replace(before.index, snapshot="gen-older")))
    reader.ask(CIVILIANS)
    expect(banner).to_have_text(live_index.behind)
    live_index.behind = ""
    reader.ask(CIVILIANS)
    expect(banner).to_have_text("")
    live_index.swap(before)
