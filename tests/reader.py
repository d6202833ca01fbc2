"""A person at the page, for the browser tests: what they do, and what must never happen to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from _pytest.mark import ParameterSet
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

if TYPE_CHECKING:
    from tests.conftest import Site

# A busy machine is no failure: what is waited for comes, or never does.
expect.set_options(timeout=60_000)

DESKTOP = (1280, 800)
PHONE = (390, 844)
NARROW = (320, 640)
"""What fits here fits a phone: the panels are the same, with less room.

Only the header and the tabs have rules of their own at this width: ``test_page_states.py`` and
``test_page_languages.py`` look at those on a phone, too.
"""

LOOKS = {
    "desktop-light": (DESKTOP, "light"),
    "desktop-dark": (DESKTOP, "dark"),
    "phone-light": (PHONE, "light"),
    "narrow-dark": (NARROW, "dark"),
}
"""Sizes and colours: either arrangement in both colours, each of the small sizes once."""

ENGLISH_LOOKS = ("desktop-light", "narrow-dark")
ARABIC_LOOKS = ("desktop-dark", "phone-light")
"""Either language is gone through in two of them by every run, and in the others by the torture."""


def looks(torture: Sequence[str]) -> list[ParameterSet]:
    """All looks; those with the given names are left to the torture."""
    return [
        pytest.param(*look, id=name, marks=[pytest.mark.torture] if name in torture else [])
        for name, look in LOOKS.items()
    ]


def at_a_desk_and(small: tuple[int, int]) -> list[ParameterSet]:
    """A desk, and for the torture a small screen, whose looks every run sees in all states."""
    return [pytest.param(DESKTOP), pytest.param(small, marks=pytest.mark.torture)]


CIVILIANS = "How many civilians did Human Rights Watch say were killed?"
KILLED = (
    "According to the report, 440 civilians, among them 90 children, were killed in these attacks."
)
UNANSWERABLE = "What is the capital of Australia?"


@dataclass
class Reader:
    """A person at the page.

    Attributes:
        page: What they see.
        site: Where they are.
        left: Requests that went to another machine.
        errors: Scripts that broke.
    """

    page: Page
    site: Site
    left: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> None:
        self._leave(lambda: self.page.goto(self.site.address + query, wait_until="commit"))
        expect(self.composer).to_be_visible()
        expect(self.page.locator("#sources[role=tabpanel]")).to_be_attached()
        # Gradio's own sign that it loads may stay a moment longer than all that it stands for.
        expect(self.page.locator(".loading:visible")).to_have_count(0)

    def reload(self) -> None:
        self._leave(lambda: self.page.reload(wait_until="commit"))

    def _leave(self, go: Callable[[], object]) -> None:
        """Go elsewhere; what a page says while it is left, nobody is there to see.

        Gradio closes its stream of events then, and logs what became of it if it was still open.
        """
        heard = len(self.errors)
        go()
        del self.errors[heard:]
        self.page.wait_for_load_state()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your question")

    @property
    def turns(self) -> Locator:
        return self.page.locator(".turn")

    @property
    def last(self) -> Locator:
        return self.turns.last

    def ask(self, question: str) -> None:
        before = self.turns.count()
        self.composer.fill(question)
        self.composer.press("Enter")
        expect(self.turns).to_have_count(before + 1)
        expect(self.last.locator(".waiting")).to_have_count(0)

    def watch(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname != "127.0.0.1":
            self.left.append(request.url)


def reader_at(
    context: BrowserContext, site: Site, tolerated: tuple[str, ...] = ()
) -> Iterator[Reader]:
    """A reader with a context of their own, which ends with them."""
    reader = _seated(context, site)
    yield reader
    context.close()
    _check(reader, tolerated)


class Desks:
    """Where readers sit down one after another; each finds a new page, and nothing of the others.

    A context of its own costs every reader a process that reads and compiles all scripts anew,
    which is most of what a short test takes. In one that is kept they are there, as long as a page
    of the site is open in it: the browser is started with ``--process-per-site``.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._kept: dict[str, BrowserContext] = {}

    def reader(
        self,
        site: Site,
        tolerated: tuple[str, ...] = (),
        *,
        size: tuple[int, int] = DESKTOP,
        **options: Any,
    ) -> Iterator[Reader]:
        """Let somebody sit down whose context has these options; one at a time has the same."""
        width, height = size
        given = {
            "viewport": {"width": width, "height": height},
            "reduced_motion": "reduce",
            **options,
        }
        context = self._context(site, given)
        # What a test that failed left behind goes before, and not only after, a reader is there.
        _clear(context)
        reader = _seated(context, site)
        yield reader
        context.remove_listener("request", reader.watch)
        _clear(context)
        _check(reader, tolerated)

    def _context(self, site: Site, options: dict[str, Any]) -> BrowserContext:
        name = f"{site.address} {options}"
        context = self._kept.pop(name, None)
        if context is None:
            context = self._browser.new_context(**options)
            context.new_page().goto(f"{site.address}healthz")
        self._kept[name] = context
        # Each has a process: those of the last tests are enough.
        while len(self._kept) > _KEPT_AT_MOST:
            self._kept.pop(next(iter(self._kept))).close()
        return context


_KEPT_AT_MOST = 3


def _seated(context: BrowserContext, site: Site) -> Reader:
    """Open a page, and note what must not happen in it."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(60_000)
    reader = Reader(context.new_page(), site)
    context.on("request", reader.watch)
    reader.page.on("pageerror", lambda error: reader.errors.append(str(error)))
    reader.page.on(
        "console",
        lambda message: reader.errors.append(message.text) if message.type == "error" else None,
    )
    return reader


def _clear(context: BrowserContext) -> None:
    """Close all pages but the first one, and empty what the site keeps in the browser."""
    first, *others = context.pages
    for page in others:
        page.close()
    first.evaluate("localStorage.clear()")
    context.clear_cookies()


def _check(reader: Reader, tolerated: tuple[str, ...]) -> None:
    assert reader.left == []
    assert [e for e in reader.errors if not any(known in e for known in tolerated)] == []


def quote_of(reader: Reader, sentence: str) -> Locator:
    return reader.last.locator("blockquote", has_text=sentence)


def in_view(locator: Locator) -> bool:
    """Whether all of an element stands within the window."""
    box = locator.bounding_box()
    size = locator.page.viewport_size
    assert box is not None
    assert size is not None
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"] and box["x"] >= 0


def scrolls_sideways(page: Page) -> bool:
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, best practices included: rule, elements and reason."""
    options = {
        "resultTypes": ["violations"],
        # It takes the first links of a page for links that skip something; our first ones are
        # citations, which open the article by script.
        "rules": {"skip-link": {"enabled": False}},
    }
    # Its half a megabyte is brought to a page once, which its own ``run`` does each time.
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{each['id']}: {', '.join(str(node['target']) for node in each['nodes'][:3])}"
        f" {' '.join(each['nodes'][0]['failureSummary'].split())}"
        for each in found
    ]
