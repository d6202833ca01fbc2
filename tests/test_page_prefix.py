"""The page under a path of another server, as a proxy puts it there."""

from playwright.sync_api import Browser, expect

from citadel.qa.answer.answering import Answerer
from citadel.qa.page.app import start
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.conftest import PATIENT, free_port
from tests.proxy import prefixing_proxy


def test_a_question_is_answered_under_a_path(browser: Browser, answerer: Answerer) -> None:
    port = free_port()
    entrance = Entrance.of("127.0.0.1", trusted_proxies=["127.0.0.1"])
    served = start(Service(LiveIndex.of(answerer), PATIENT), "127.0.0.1", port, entrance=entrance)
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    missed: list[str] = []
    try:
        with prefixing_proxy("/citadel", port) as address:
            page = context.new_page()
            page.on(
                "response",
                lambda response: missed.append(response.url) if response.status >= 400 else None,
            )
            page.goto(f"{address}/")
            question = page.get_by_role("textbox", name="Your question")
            question.fill("Who leads Jaish Halab?")
            question.press("Enter")
            expect(page.locator(".turn")).to_have_count(1)
            expect(page.locator(".turn .waiting")).to_have_count(0, timeout=60_000)
            expect(page.locator(".turn blockquote").first).to_be_visible(timeout=60_000)
            page.close()
    finally:
        context.close()
        served.close(verbose=False)
    assert missed == []
