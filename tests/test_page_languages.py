"""The page in the languages of its readers: chosen by the browser or by hand, mirrored, clean."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from citadel.qa.page.locales import Locale
from tests.conftest import BROKEN_QUESTION, SLOW_QUESTION, Site
from tests.reader import (
    CIVILIANS,
    DESKTOP,
    ENGLISH_LOOKS,
    KILLED,
    NARROW,
    PHONE,
    UNANSWERABLE,
    Desks,
    Reader,
    looks,
    quote_of,
    scrolls_sideways,
    violations,
)

pytestmark = pytest.mark.browser

# Texts and names with Latin letters and without Arabic ones, outside of what is quoted or named.
STRANGERS = r"""() => {
  const found = [];
  const stranger = (text) => /[A-Za-z]{2,}/.test(text) && !/[\u0600-\u06ff]/.test(text);
  const content = "h1, bdi, code, option, .asked, .example, .copy-as, script, style";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    if (at.closest(content) || at.closest("[lang]").lang.startsWith("en")) continue;
    if (at.closest("main, #back, #announcer, #hint") && stranger(walker.currentNode.data)) {
      found.push(walker.currentNode.data.trim());
    }
  }
  for (const name of ["aria-label", "placeholder", "title"]) {
    document.querySelectorAll(`main [${name}], #back[${name}]`).forEach((node) => {
      if (stranger(node.getAttribute(name))) found.push(node.getAttribute(name));
    });
  }
  return found;
}"""


class ForeignReader(Reader):
    """A person whose page is in another language."""

    @property
    def composer(self) -> Locator:
        return self.page.locator("#question textarea")


def reader_in(
    desks: Desks,
    site: Site,
    language: str,
    size: tuple[int, int] = DESKTOP,
    scheme: str = "light",
) -> Iterator[ForeignReader]:
    for reader in desks.reader(site, size=size, locale=language, color_scheme=scheme):
        yield ForeignReader(reader.page, reader.site, reader.left, reader.errors)


def asks_for(reader: Reader, language: str) -> ForeignReader:
    """Let the browser of a reader ask for the page in a language from now on."""
    reader.page.set_extra_http_headers({"Accept-Language": language})
    return ForeignReader(reader.page, reader.site)


@pytest.fixture
def arab(desks: Desks, site: Site) -> Iterator[ForeignReader]:
    yield from reader_in(desks, site, "ar")


def document(reader: Reader) -> list[str]:
    found: list[str] = reader.page.evaluate(
        "[document.documentElement.lang, getComputedStyle(document.querySelector('main'))"
        ".direction]"
    )
    return found


def direction(locator: Locator) -> str:
    return str(locator.evaluate("node => getComputedStyle(node).direction"))


def test_an_arabic_browser_gets_the_page_in_arabic(arab: ForeignReader) -> None:
    arab.open()
    page = arab.page
    assert document(arab) == ["ar", "rtl"]
    expect(page.locator("#welcome h2")).to_have_text("اسأل عن حصار حلب.")
    expect(page.locator("#tabs [role=tab]")).to_have_text(
        [
            "المصادر",
            "المقال كاملًا",
            "بحث",
            "الأسماء",
            "التسلسل الزمني",
            "المقالات",
            "المقتطفات",
        ]
    )
    expect(page.get_by_role("textbox", name="سؤالك")).to_be_visible()
    talk, panel = page.locator("#talk").bounding_box(), page.locator("#panel").bounding_box()
    assert talk is not None
    assert panel is not None
    assert talk["x"] > panel["x"]
    page.locator("#tab-sources").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tab-reading")).to_be_focused()


def test_why_a_file_is_refused_is_said_in_arabic(arab: ForeignReader) -> None:
    arab.open()
    said = [
        (
            "a b.md is among the articles already, word for word.",
            "a b.md موجود بين المقالات من قبل، حرفاً بحرف.",
        ),
        (
            "The name of the file is longer than 200 bytes; shorten it.",
            "اسم الملف أطول من 200 بايت؛ اختصره.",
        ),
        ("The moon is full.", "The moon is full."),
    ]
    for english, arabic in said:
        assert arab.page.evaluate("said => citadelSpeech.again(said)", english) == arabic


def test_an_answer_is_told_in_arabic_and_quoted_as_it_stands(arab: ForeignReader) -> None:
    arab.open()
    arab.ask(CIVILIANS)
    expect(arab.last.locator(".status")).to_have_text(
        re.compile(r"^عُثر على جواب\. المصدر: مقال واحد \(")
    )
    quoted = quote_of(arab, KILLED)
    expect(quoted).to_have_attribute("lang", "en")
    assert (direction(quoted), direction(arab.last.locator(".answer"))) == ("ltr", "rtl")
    expect(arab.last.locator(".origin").first).to_contain_text("ديسمبر 2016")
    expect(arab.last.locator(".origin").first).to_contain_text("الفقرة 50")
    expect(arab.page.locator(".card").first).to_contain_text("تطابق قوي")
    quoted.get_by_role("link").click()
    expect(arab.page.locator("#p50 .cited")).to_have_text(KILLED)
    assert direction(arab.page.locator("#p50")) == "ltr"
    arab.page.get_by_role("button", name="العودة إلى الجواب").click()
    expect(quoted.get_by_role("link")).to_be_focused()


def test_a_question_in_arabic_about_the_source_is_answered(arab: ForeignReader) -> None:
    arab.open()
    arab.ask("من كتب هذا؟")
    expect(arab.last.locator("mark")).to_have_text("Enab Baladi")
    expect(arab.last.locator(".origin").first).to_contain_text("بيانات المصدر")
    arab.ask("شكرًا جزيلًا")
    expect(arab.last.locator(".answer")).to_contain_text("يسعدني أن أساعد.")
    arab.ask(UNANSWERABLE)
    expect(arab.last.locator(".verdict")).to_have_text("لم يُعثر على جواب في هذا المقال.")
    expect(arab.last.locator(".note").first).to_have_text("لا يرد في هذا المقال ذكر Australia.")


def test_the_language_is_changed_by_hand_and_remembered(desks: Desks, site: Site) -> None:
    for reader in reader_in(desks, site, "en-US"):
        page = reader.page
        reader.open()
        assert document(reader) == ["en", "ltr"]
        reader.ask(CIVILIANS)
        page.get_by_label("Language of the page").select_option("العربية")
        expect(page.get_by_label("لغة الصفحة")).to_have_value("ar")
        assert document(reader) == ["ar", "rtl"]
        # What was answered stays as it was.
        expect(reader.turns.first).to_contain_text("Answer found in 1 article")
        assert direction(reader.turns.first.locator(".answer")) == "ltr"
        reader.ask(UNANSWERABLE)
        expect(reader.last.locator(".verdict")).to_have_text("لم يُعثر على جواب في هذا المقال.")
        reader.reload()
        expect(page.get_by_label("لغة الصفحة")).to_have_value("ar")
        assert document(reader) == ["ar", "rtl"]
        page.get_by_label("لغة الصفحة").select_option("English")
        expect(page.get_by_label("Language of the page")).to_have_value("en")
        assert document(reader) == ["en", "ltr"]


def test_a_french_browser_gets_the_page_in_french(desks: Desks, site: Site) -> None:
    for reader in reader_in(desks, site, "fr-CA"):
        reader.open()
        assert document(reader) == ["fr-CA", "ltr"]
        expect(reader.page.locator("#welcome h2")).to_have_text(
            "Posez vos questions sur le siège d’Alep."
        )
        reader.ask(CIVILIANS)
        expect(reader.last.locator(".status")).to_have_text(
            re.compile(r"^Réponse trouvée dans 1 article \(\d passages?\)$")
        )
        expect(reader.last.locator(".origin").first).to_contain_text("décembre 2016")


def test_two_readers_at_once_are_each_answered_in_their_language(desks: Desks, site: Site) -> None:
    for arab in reader_in(desks, site, "ar-SY"):
        for english in reader_in(desks, site, "en-GB"):
            arab.open()
            english.open()
            site.may_answer.clear()
            for reader in (arab, english):
                reader.composer.fill(SLOW_QUESTION)
                reader.composer.press("Enter")
                expect(reader.last.locator(".waiting")).to_be_visible()
            site.may_answer.set()
            expect(arab.last.locator(".waiting")).to_have_count(0)
            expect(english.last.locator(".waiting")).to_have_count(0)
            expect(english.page.locator("#sources h2")).to_contain_text(SLOW_QUESTION)
            expect(english.page.locator(".card .place").first).to_contain_text("paragraph ")
            expect(arab.page.locator(".card .place").first).to_contain_text(
                re.compile("الفقرة [٠-٩]+")
            )


def test_the_scripts_count_and_count_off_as_the_server_does(reader: Reader) -> None:
    numbers = [*range(13), 99, 100, 101, 102, 103, 111, 1000]
    for tag in ("ar", "ar-SY", "fr", "en-GB"):
        asks_for(reader, tag).open()
        told = reader.page.evaluate(
            "numbers => numbers.map((n) => "
            'citadelSpeech.counted("{count} match", "{count} matches", n))',
            numbers,
        )
        language, _, territory = tag.partition("-")
        locale = Locale(language, "" if language == "en" else territory)
        assert told == [locale.counted("{count} match", "{count} matches", n) for n in numbers]


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_head_of_the_page_fits_a_phone(reader: Reader, language: str) -> None:
    foreign = asks_for(reader, language)
    for width, height in (PHONE, NARROW):
        reader.page.set_viewport_size({"width": width, "height": height})
        foreign.open()
        assert document(reader)[0] == language
        outside = reader.page.evaluate(
            """() => [...document.querySelectorAll("#masthead h1, #language, #browse, #more")]
              .map((node) => [node.id || node.localName, node.getBoundingClientRect()])
              .filter(([, box]) => box.left < 0 || box.right > innerWidth || !box.width)
              .map(([name]) => name)"""
        )
        assert outside == []


@pytest.mark.parametrize(("size", "scheme"), looks(torture=ENGLISH_LOOKS))
def test_every_state_is_arabic_accessible_and_fits(
    desks: Desks, site: Site, size: tuple[int, int], scheme: str
) -> None:
    faults: list[str] = []

    def look(reader: Reader, state: str) -> None:
        page = reader.page
        faults.extend(f"{state}: {fault}" for fault in violations(page))
        faults.extend(f"{state}: “{text}” is not Arabic" for text in page.evaluate(STRANGERS))
        if scrolls_sideways(page):
            faults.append(f"{state}: scrolls sideways")

    for reader in reader_in(desks, site, "ar-SY", size, scheme):
        page = reader.page
        reader.open()
        look(reader, "welcome")
        browse = page.get_by_role("button", name="تصفح")
        if browse.is_visible():
            browse.click()
        page.get_by_role("tab", name="بحث").click()
        page.get_by_role("searchbox", name="البحث في كل المقالات").fill("Jaish Halab")
        page.keyboard.press("Enter")
        expect(page.locator("#finding .panel-title")).to_be_focused()
        look(reader, "find")
        page.get_by_role("tab", name="الأسماء").click()
        expect(page.locator("#names .names")).to_be_visible()
        look(reader, "names")
        page.keyboard.press("Escape")
        reader.composer.fill("x" * 501)
        look(reader, "too long")
        reader.ask(CIVILIANS)
        reader.last.locator(".feedback summary").click()
        look(reader, "found")
        reader.last.locator(".cite").first.click()
        expect(page.locator(".cited")).to_be_focused()
        page.get_by_role("searchbox", name="البحث في المقال").fill("Aleppo")
        look(reader, "article")
        page.get_by_role("tab", name="المقالات").click()
        look(reader, "articles")
        page.keyboard.press("Escape")
        reader.ask("When did the regime forces enter Bani Zaid?")
        reader.last.locator(".show-dates").click()
        look(reader, "timeline")
        page.keyboard.press("Escape")
        reader.ask(UNANSWERABLE)
        look(reader, "not found")
        reader.ask("What is Jaish Halab?")
        reader.ask("Who leads it?")
        look(reader, "follow-up")
        reader.ask("شكرًا")
        reader.ask(BROKEN_QUESTION)
        look(reader, "error")
    assert faults == []
