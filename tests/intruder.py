"""Somebody who puts text that would run into every place that text is shown, and looks what ran."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, Page, Request, expect

from citadel.index.corpus.corpus import read_articles
from citadel.qa.answer.answering import Answerer
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.conftest import PATIENT, served_page
from tests.injections import MARK
from tests.small_index import cheap_index

_LONGEST_LINK = 500
"""A question has no more characters."""


@dataclass
class Found:
    """What happened.

    Attributes:
        places: How many texts were shown in each place.
        ran: The texts in whose sight a script ran.
        left: Requests to other machines.
        changed: The texts that were shown otherwise than as text.
    """

    places: dict[str, int] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@contextmanager
def hostile_site(folder: Path, texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Serve an article for each text; yield the address, and how many file names have theirs."""
    named = 0
    for number, text in enumerate(texts):
        name = text.replace("/", "\u2044")
        usable = len(name.encode()) < 200 and "\u202e" not in name
        named += usable
        head = "\n".join(f"{key}: {json.dumps(text)}" for key in ("title", "author", "publisher"))
        (folder / (f"{number} {name}.md" if usable else f"{number}.md")).write_text(
            f"---\n{head}\n---\n\nNumber{number} begins. {text}\n\n## Heading {text}\n\n"
            f"    {text}\n\n| {text} | b |\n|---|---|\n| Number{number} | {text} |\n",
            "utf-8",
        )
    index = cheap_index("gen-1", read_articles(folder))
    with served_page(Service(LiveIndex.of(Answerer(index)), PATIENT)) as port:
        yield f"http://127.0.0.1:{port}/", named


def intrude(browser: Browser, folder: Path, texts: Sequence[str]) -> Found:
    """Show all texts in all places.

    The browser does not mind the Content-Security-Policy: escaping alone has to do.
    """
    found = Found()
    with hostile_site(folder, texts) as (address, named):
        context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
        context.set_default_timeout(60_000)

        def watch(request: Request) -> None:
            parts = urlsplit(request.url)
            if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
                found.left.append(request.url)

        context.on("request", watch)
        page = context.new_page()
        page.on("dialog", lambda dialog: found.ran.append(dialog.message))
        _ask_each(page, address, texts, found)
        _follow_links(page, address, texts, found)
        _read_each(page, address, found)
        context.close()
    found.places |= {"file name": named, "source": len(texts), "title": len(texts)}
    return found


def _ask_each(page: Page, address: str, texts: Sequence[str], found: Found) -> None:
    for number, text in enumerate(texts):
        if number % 40 == 0:
            _open(page, address)
        # The number brings the article's passages, and so its title and its name, next to it.
        _ask(page, f"{text} number{number}"[-_LONGEST_LINK:])
        _look(page, text, found, f"{text} number{number}"[-_LONGEST_LINK:])
    found.places["question"] = len(texts)


def _follow_links(page: Page, address: str, texts: Sequence[str], found: Found) -> None:
    for link in _packed(texts):
        page.goto(f"{address}?q={quote(link)}")
        page.evaluate("localStorage.clear()")
        expect(page.locator(".turn")).not_to_have_count(0)
        expect(page.locator(".turn .waiting")).to_have_count(0)
        _look(page, link, found, link)
    found.places["?q="] = len(texts)


def _read_each(page: Page, address: str, found: Found) -> None:
    _open(page, address)
    for number in range(page.locator("#library a.read").count()):
        link = page.locator("#library a.read").nth(number)
        source = page.locator("#library .library > li").nth(number).locator("input")
        wanted = source.get_attribute("value")
        link.evaluate("link => link.click()")
        page.wait_for_function(
            "wanted => document.querySelector('#reading .reading')?.dataset.source === wanted",
            arg=wanted,
        )
        _look(page, wanted or "", found)


def _packed(texts: Sequence[str]) -> Iterator[str]:
    """As many texts in one link as it takes."""
    link = ""
    for text in texts:
        if link and len(link) + len(text) + 1 > _LONGEST_LINK:
            yield link
            link = ""
        link = f"{link} {text}".strip()
    yield link


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("localStorage.clear()")
    page.goto(address)
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()


def _ask(page: Page, question: str) -> None:
    turns = page.locator(".turn")
    before = turns.count()
    composer = page.get_by_role("textbox", name="Your question")
    composer.fill(question)
    composer.press("Enter")
    expect(turns).to_have_count(before + 1)
    expect(page.locator(".turn .waiting")).to_have_count(0)


# None of these is in the page itself.
_STRANGE = (
    "script, img, math, iframe, object, embed, video, audio, meta, link, base, style, body, "
    "marquee, template, listing, xmp, noscript, animate, [autofocus], [onerror], [onload], "
    "[onfocus], [onbegin], [ontoggle], [onstart], [href^='javascript:' i], [href^='data:' i]"
)


def _look(page: Page, text: str, found: Found, asked: str | None = None) -> None:
    ran, strange, shown = page.evaluate(
        """([mark, strange]) => [
          Boolean(window[mark]),
          ["#conversation", "#sources", "#reading", "#dates", "#library"].flatMap((place) =>
            [...document.querySelectorAll(place)].flatMap((root) =>
              [...root.querySelectorAll(strange)].map((each) => each.outerHTML.slice(0, 200)))),
          [...document.querySelectorAll(".asked")].at(-1)?.textContent,
        ]""",
        [MARK, _STRANGE],
    )
    if ran:
        found.ran.append(text)
    found.changed += strange
    if asked is not None and " ".join(shown.split()) != " ".join(asked.split()):
        found.changed.append(f"{asked!r} was shown as {shown!r}")
