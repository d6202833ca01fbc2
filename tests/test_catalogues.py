"""The catalogues of the page’s languages are whole, and say the same in each of them."""

import re

import pytest
from babel.messages.catalog import Message as Entry

from citadel.index.wording import all_of, counted, in_row, message, one_of
from citadel.qa.answer.locators import language_name, readable_date
from citadel.qa.answer.notes import withheld_notes
from citadel.qa.page.locales import ENGLISH, Locale, languages, locale_of, reader_locale
from tests.catalogue import CATALOGUES, Words, catalogue, strings_of_sources

PLACEHOLDER = re.compile(r"\{(\w+)\}")
ARABIC = Locale("ar")
FRENCH = Locale("fr")
OTHERS = sorted(path.stem for path in CATALOGUES.glob("*.po"))


def entries(language: str) -> dict[Words, Entry]:
    return {words_of(entry): entry for entry in catalogue(language) if entry.id}


def words_of(entry: Entry) -> Words:
    return entry.id if isinstance(entry.id, str) else tuple(entry.id)


def forms(entry: Entry) -> tuple[str, ...]:
    given = entry.string
    return tuple(given) if isinstance(given, list | tuple) else (given or "",)


def test_the_page_speaks_three_languages() -> None:
    assert languages() == {"en": "English", "ar": "العربية", "fr": "Français"}


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_string_of_the_sources_and_no_other(language: str) -> None:
    assert set(entries(language)) == {words for _, words in strings_of_sources()}


@pytest.mark.parametrize("language", OTHERS)
def test_every_string_of_a_catalogue_is_translated(language: str) -> None:
    found = catalogue(language)
    for words, entry in entries(language).items():
        assert all(form.strip() for form in forms(entry)), words
        assert len(forms(entry)) == (found.num_plurals if isinstance(words, tuple) else 1), words
        assert not entry.fuzzy, words


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_placeholders_of_its_string(language: str) -> None:
    of_one_number = {0, 1, 2} if language == "ar" else {0}
    for words, entry in entries(language).items():
        wanted = set(PLACEHOLDER.findall(words if isinstance(words, str) else words[-1]))
        for number, form in enumerate(forms(entry)):
            # “Two articles” is one word in Arabic.
            may_lack = wanted if isinstance(words, tuple) and number in of_one_number else set()
            found = set(PLACEHOLDER.findall(form))
            assert wanted - may_lack <= found <= wanted, form


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_names_the_file_of_each_string(language: str) -> None:
    """The strings of scripts are sent to the browser by that."""
    found = {
        (file, words_of(entry))
        for entry in catalogue(language)
        if entry.id
        for file, _ in entry.locations
    }
    assert found == set(strings_of_sources())


@pytest.mark.parametrize(
    ("number", "arabic", "french"),
    [
        (0, "لا مقالات", "0 article"),
        (1, "مقال واحد", "1 article"),
        (2, "مقالان", "2 articles"),
        (3, "3 مقالات", "3 articles"),
        (10, "10 مقالات", "10 articles"),
        (11, "11 مقالًا", "11 articles"),
        (99, "99 مقالًا", "99 articles"),
        (100, "100 مقال", "100 articles"),
        (103, "103 مقالات", "103 articles"),
    ],
)
def test_a_number_takes_the_plural_of_the_language(number: int, arabic: str, french: str) -> None:
    told = counted("{count} article", "{count} articles", number)
    assert ARABIC.told(told) == arabic
    assert FRENCH.told(told) == french


def test_dates_numbers_and_languages_are_those_of_the_country() -> None:
    syrian, moroccan = locale_of("ar-SY"), locale_of("ar-MA")
    day, month, year = map(readable_date, ("2016-12-05", "2016-12", "2016"))
    assert [ENGLISH.told(date) for date in (day, month, year)] == [day, month, year]
    assert (day, month, year) == ("5 December 2016", "December 2016", "2016")
    assert ARABIC.told(day) == "5 ديسمبر 2016"
    assert syrian.told(day) == "٥ كانون الأول ٢٠١٦"
    assert syrian.told(month) == "كانون الأول ٢٠١٦"
    assert syrian.told(year) == "٢٠١٦"
    assert moroccan.told(day) == "5 دجنبر 2016"
    assert FRENCH.told(day) == "5 décembre 2016"
    assert FRENCH.date(2016, 6, 31) == "31 juin 2016"
    assert [each.told(language_name("en")) for each in (ENGLISH, ARABIC, FRENCH)] == [
        "English",
        "الإنجليزية",
        "anglais",
    ]
    assert syrian.told(message("paragraph {number}", number=50)) == "الفقرة ٥٠"
    assert syrian.say("1 as it stands") == "1 as it stands"


def test_what_was_made_below_the_page_is_told_in_each_language() -> None:
    names = ["A", "B", "C"]
    rows = (one_of(names), all_of(names), in_row(names), all_of(["A"]))
    assert rows == ("A, B or C", "A, B and C", "A, B, C", "A")
    assert [ENGLISH.told(row) for row in rows] == list(rows)
    assert [ARABIC.told(row) for row in rows[:2]] == ["A أو B أو C", "A وB وC"]
    assert [FRENCH.told(row) for row in rows[:2]] == ["A, B ou C", "A, B et C"]
    (note,) = withheld_notes("who", 2)
    assert note == "The articles mention this, but don't say who."
    assert ARABIC.told(note) == "يأتي المقالان على ذكر ذلك، لكنهما لا يقولان مَن."
    assert ARABIC.told("What a source says, {as} it says it.") == (
        "What a source says, {as} it says it."
    )


def test_values_are_not_taken_for_patterns() -> None:
    told = message("Not found: “{part}”.", part="{part} {0} {")
    assert told == "Not found: “{part} {0} {”."
    assert ARABIC.told(told) == "لم يُعثر على جواب عن “{part} {0} {”."
    assert ARABIC.html("Searching for: {words}", words="<b>{words}</b>") == (
        "البحث عن: <b>{words}</b>"
    )


@pytest.mark.parametrize(
    ("chosen", "accepted", "tag"),
    [
        ("", "", "en"),
        ("", "ar", "ar"),
        ("", "ar-SY,ar;q=0.9,en;q=0.8", "ar-SY"),
        ("", "de-DE,de;q=0.9,fr-CA;q=0.8,en;q=0.7", "fr-CA"),
        ("", "en-US,ar;q=0.9", "en"),
        ("", "ar;q=0.2, fr;q=0.4", "fr"),
        ("", "fr;q=0, ar;q=nonsense, *", "en"),
        ("", "AR-sy", "ar-SY"),
        ("", "ar-XX", "ar"),
        ("", "ar-Latn-EG", "ar-EG"),
        ("", "../../etc/passwd, ar_SY, \N{ARABIC LETTER AIN}, -, ar-" + "x" * 99, "en"),
        ("ar", "en-GB,ar-EG;q=0.5", "ar-EG"),
        ("ar", "en", "ar"),
        ("en", "ar", "en"),
        ("xx", "fr", "fr"),
        ("../ar", "fr", "fr"),
    ],
)
def test_the_language_is_chosen_by_hand_or_else_by_the_browser(
    chosen: str, accepted: str, tag: str
) -> None:
    assert reader_locale(chosen, accepted).tag == tag


@pytest.mark.parametrize("tag", [None, 7, {}, "", "x", "de", "en-US", "ar\0", "a" * 9999])
def test_what_is_no_language_of_the_page_is_english(tag: object) -> None:
    assert locale_of(tag) == ENGLISH
