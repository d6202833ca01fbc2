"""Clippings: quotes kept in the browser with notes, exported with their citations, never lost."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, expect

from tests.conftest import Site
from tests.reader import (
    CIVILIANS,
    DESKTOP,
    KILLED,
    NARROW,
    Desks,
    Reader,
    at_a_desk_and,
    scrolls_sideways,
    violations,
)

pytestmark = pytest.mark.browser

FULL = (
    "const keep = Storage.prototype.setItem;"
    "Storage.prototype.setItem = function (key, value) {"
    "  if (key.startsWith('citadel-clippings')) {"
    "    throw new DOMException('no room', 'QuotaExceededError');"
    "  }"
    "  keep.call(this, key, value);"
    "};"
)
DENIED = (
    "for (const name of ['getItem', 'setItem', 'removeItem']) {"
    "  Storage.prototype[name] = () => { throw new DOMException('no', 'SecurityError'); };"
    "}"
)


@pytest.fixture(params=at_a_desk_and(NARROW), ids=["desktop", "narrow"])
def visitor(desks: Desks, site: Site, request: pytest.FixtureRequest) -> Iterator[Reader]:
    yield from desks.reader(site, size=request.param)


def first_card(reader: Reader) -> Locator:
    """The card of the quote; on a phone it is opened from the answer."""
    card = reader.page.locator("#sources .card").first
    if not card.is_visible():
        reader.last.locator(".show-sources").first.click()
    return card


def save_first(reader: Reader) -> None:
    reader.ask(CIVILIANS)
    first_card(reader).get_by_role("button", name="Save", exact=True).click()
    expect(first_card(reader).locator(".save-clipping")).to_have_text("In clippings")


def open_clippings(reader: Reader) -> None:
    tab = reader.page.locator("#tab-clippings")
    if not tab.is_visible():
        reader.page.get_by_role("button", name="Browse").click()
    tab.click()


def reload(reader: Reader) -> None:
    reader.reload()
    expect(reader.composer).to_be_visible()
    expect(reader.page.locator("#sources[role=tabpanel]")).to_be_attached()


def clips(reader: Reader) -> Locator:
    return reader.page.locator("#clippings .clip")


def kept(reader: Reader) -> list[dict[str, object]]:
    text = reader.page.evaluate("localStorage.getItem('citadel-clippings') ?? '[]'")
    clippings: list[dict[str, object]] = json.loads(text)
    return clippings


def exported(reader: Reader, button: str) -> Download:
    with reader.page.expect_download() as saved:
        reader.page.get_by_role("button", name=button).click()
    return saved.value


def text_of(download: Download) -> str:
    return Path(download.path()).read_text("utf-8")


def test_a_quote_is_saved_with_a_note_and_survives_a_reload(
    visitor: Reader, screenshots: Path
) -> None:
    visitor.open()
    page = visitor.page
    open_clippings(visitor)
    expect(page.locator("#clippings .panel-title")).to_have_text("No clippings")
    expect(page.locator("#clippings .actions").first).to_be_hidden()
    page.keyboard.press("Escape")
    save_first(visitor)
    expect(page.locator("#announcer")).to_have_text("Saved. 2 clippings.")
    first_card(visitor).get_by_role("button", name="In clippings").click()
    note = page.get_by_role("textbox", name="Note on clipping 1")
    expect(note).to_be_focused()
    page.keyboard.type("Ask HRW for <b>the list</b>")
    expect(page.locator("#tab-clippings")).to_have_text("Clippings (2)")
    page.screenshot(path=screenshots / f"clippings-{page.evaluate('innerWidth')}.png")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    reload(visitor)
    expect(page.locator("#tab-clippings")).to_have_text("Clippings (2)")
    open_clippings(visitor)
    expect(clips(visitor).locator("blockquote").first).to_have_text(KILLED)
    expect(page.get_by_role("textbox", name="Note on clipping 1")).to_have_value(
        "Ask HRW for <b>the list</b>"
    )
    link = clips(visitor).first.get_by_role("link", name="Read in article")
    link.click()
    expect(page.locator("#reading .cited")).to_have_text(KILLED)
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_clippings_are_exported_with_their_citations(visitor: Reader) -> None:
    visitor.open()
    page = visitor.page
    save_first(visitor)
    open_clippings(visitor)
    clips(visitor).last.get_by_role("button", name="Remove").click()
    page.get_by_role("textbox", name="Note on clipping 1").fill('=1+1 "two"\n\n*three*')
    (clipping,) = kept(visitor)
    references = clipping["references"]
    assert isinstance(references, dict)
    assert list(references) == ["plain", "Markdown", "BibTeX", "Chicago"]
    told = f"\n{clipping['told']}" if clipping["told"] else ""
    plain = exported(visitor, "Export as plain text")
    assert plain.suggested_filename.startswith("citadel-clippings-")
    assert plain.suggested_filename.endswith(".txt")
    assert text_of(plain) == (
        f'Clippings from Citadel\n\n{references["plain"]}{told}\n\nNote: =1+1 "two"\n\n*three*\n'
    )
    markdown = text_of(exported(visitor, "Export as Markdown"))
    assert markdown.startswith(f"# Clippings from Citadel\n\n{references['Markdown']}\n\n")
    assert markdown.endswith('Note: =1+1 "two"\n\n\\*three\\*\n')
    table = Path(exported(visitor, "Export as CSV").path()).read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table, newline=""))
    assert row["quote"] == KILLED
    assert row["note"] == '\'=1+1 "two"\n\n*three*'
    assert row["citation"] == references["plain"]
    assert (row["source"], row["index"]) == (clipping["source"], clipping["index"])
    assert (int(row["start"]), int(row["end"])) == (clipping["start"], clipping["end"])
    clips(visitor).get_by_text("Copy as").click()
    clips(visitor).get_by_role("button", name="BibTeX").click()
    assert page.evaluate("navigator.clipboard.readText()") == references["BibTeX"]


def test_a_clipping_is_removed_and_all_are_after_a_question(visitor: Reader) -> None:
    visitor.open()
    page = visitor.page
    save_first(visitor)
    page.evaluate("document.querySelector('#sources .near').open = true")
    for button in page.locator("#sources .near .save-clipping").all()[:2]:
        button.click()
    expect(page.locator("#announcer")).to_have_text("Saved. 4 clippings.")
    open_clippings(visitor)
    expect(clips(visitor)).to_have_count(4)
    clips(visitor).first.get_by_role("button", name="Remove").click()
    expect(page.locator("#announcer")).to_have_text("Removed. 3 clippings.")
    expect(clips(visitor).first.get_by_role("button", name="Remove")).to_be_focused()
    expect(page.locator("#sources .save-clipping").first).to_have_text("Save")
    clear = page.get_by_role("button", name="Remove all", exact=True)
    clear.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(clips(visitor)).to_have_count(3)
    clear.click()
    dialog.get_by_role("button", name="Keep them").click()
    assert len(kept(visitor)) == 3
    clear.click()
    dialog.get_by_role("button", name="Remove all clippings").click()
    expect(page.locator("#clippings .panel-title")).to_be_focused()
    expect(page.locator("#clippings .panel-title")).to_have_text("No clippings")
    expect(page.locator("#announcer")).to_have_text("Removed. 0 clippings.")
    expect(page.locator("#tab-clippings")).to_have_text("Clippings")
    assert kept(visitor) == []


def test_clippings_are_made_by_keyboard_alone(visitor: Reader) -> None:
    visitor.open()
    page = visitor.page
    visitor.ask(CIVILIANS)
    if not page.locator("#sources .card").first.is_visible():
        visitor.last.locator(".show-sources").first.focus()
        page.keyboard.press("Enter")
    first_card(visitor).get_by_role("link", name="Read in article").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("*:focus")).to_have_text("Save")
    page.keyboard.press("Enter")
    expect(page.locator("*:focus")).to_have_text("In clippings")
    page.keyboard.press("Enter")
    page.keyboard.type("A note")
    page.keyboard.press("Tab")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.locator("*:focus")).to_have_text("Remove")
    assert [each["note"] for each in kept(visitor)] == ["A note", ""]
    for _ in range(2):
        expect(page.locator("*:focus")).to_have_text("Remove")
        page.keyboard.press("Enter")
    expect(page.locator("#clippings .panel-title")).to_be_focused()
    assert kept(visitor) == []


def test_nothing_of_a_clipping_leaves_the_browser(reader: Reader) -> None:
    sent: list[str] = []
    reader.open()
    reader.ask(CIVILIANS)
    reader.page.on("request", lambda request: sent.append(request.url))
    first_card(reader).get_by_role("button", name="Save", exact=True).click()
    open_clippings(reader)
    reader.page.get_by_role("textbox", name="Note on clipping 1").fill("secret")
    exported(reader, "Export as CSV")
    assert [url for url in sent if not url.startswith("blob:")] == []


def test_another_tab_shows_what_was_saved(reader: Reader) -> None:
    reader.open()
    other = Reader(reader.page.context.new_page(), reader.site)
    other.open()
    save_first(reader)
    expect(other.page.locator("#tab-clippings")).to_have_text("Clippings (2)")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            FULL,
            "This browser has no room for more clippings: export them before you close this page.",
        ),
        (DENIED, "This browser doesn’t keep clippings: export them before you close this page."),
    ],
    ids=["full", "denied"],
)
def test_what_the_browser_does_not_keep_lasts_as_long_as_the_page(
    reader: Reader, script: str, told: str
) -> None:
    reader.page.add_init_script(script)
    reader.open()
    save_first(reader)
    page = reader.page
    expect(page.locator("#announcer")).to_have_text(f"Saved. 2 clippings. {told}")
    expect(page.locator("#banner")).to_have_text(told)
    open_clippings(reader)
    expect(page.locator("#clippings .trouble")).to_have_text(told)
    page.get_by_role("textbox", name="Note on clipping 1").fill("Not lost")
    assert "\n\nNote: Not lost\n\n" in text_of(exported(reader, "Export as plain text"))
    for _ in range(2):
        clips(reader).first.get_by_role("button", name="Remove").click()
    expect(page.locator("#banner")).to_have_text("")
    expect(page.locator("#clippings .trouble")).to_be_hidden()


@pytest.mark.parametrize("rubbish", ["{broken", "null", '[{"quote": 7}, null]'])
def test_what_can_not_be_read_is_left_and_can_be_saved(reader: Reader, rubbish: str) -> None:
    told = (
        "Some of the clippings in this browser can’t be read; they are left as they are, and new "
        "ones are kept next to them."
    )
    reader.open()
    page = reader.page
    page.evaluate("text => localStorage.setItem('citadel-clippings', text)", rubbish)
    reload(reader)
    save_first(reader)
    expect(page.locator("#announcer")).to_have_text(f"Saved. 2 clippings. {told}")
    assert len(kept(reader)) == 2
    reload(reader)
    open_clippings(reader)
    expect(clips(reader)).to_have_count(2)
    expect(page.locator("#clippings .trouble")).to_have_text(told)
    assert text_of(exported(reader, "Save what can’t be read as a file")) == rubbish
    page.get_by_role("button", name="Remove all", exact=True).click()
    page.get_by_role("button", name="Remove all clippings").click()
    expect(page.locator("#clippings .trouble")).to_be_hidden()
    assert page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('citadel-clippings'))"
    ) == ["citadel-clippings"]


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (NARROW, "dark")], ids=["desktop-light", "narrow-dark"]
)
def test_clippings_are_told_in_arabic(
    desks: Desks, site: Site, size: tuple[int, int], scheme: str, screenshots: Path
) -> None:
    for reader in desks.reader(site, size=size, locale="ar", color_scheme=scheme):
        page = reader.page
        page.goto(site.address)
        box = page.locator("#question textarea")
        expect(page.locator("#sources[role=tabpanel]")).to_be_attached()
        box.fill(CIVILIANS)
        box.press("Enter")
        expect(page.locator(".turn .show-sources").first).to_be_visible()
        first_card(reader).get_by_role("button", name="حفظ").click()
        first_card(reader).get_by_role("button", name="في المقتطفات").click()
        expect(page.locator("#tab-clippings")).to_have_text("المقتطفات (2)")
        quote = clips(reader).locator("blockquote").first
        expect(quote).to_have_attribute("lang", "en")
        expect(page.get_by_role("textbox", name="ملاحظة على المقتطف 1")).to_be_focused()
        page.screenshot(path=screenshots / f"clippings-ar-{size[0]}-{scheme}.png")
        assert violations(page) == []
        assert not scrolls_sideways(page)
