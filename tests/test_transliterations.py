"""Which spellings are taken for one name."""

import pytest

from citadel.index.retrieval.transliterations import name_keys, spelling_keys, without_article


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hananu", "Hanano"),
        ("Zenki", "al-Zanki"),
        ("al-Nusra", "alNusra"),
        ("Hussein", "Hussain"),
        ("Mohammed", "Muhammad"),
        ("Gaddafi", "Qadhafi"),
        ("Daraya", "Darayya"),
        ("Idlib", "Edlib"),
        ("Yarmouk", "Yarmuk"),
        ("Sheikh", "Shaykh"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert spelling_keys(one) & spelling_keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hassan", "Hussein"),
        ("Karim", "Karam"),
        ("Hamid", "Hamad"),
        ("Hama", "Homs"),
        ("Holm", "Helm"),
        ("FSA", "Fsa"),
        ("FSA", "FAS"),
        ("حلب", "حمص"),
    ],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert not spelling_keys(one) & spelling_keys(other)


def test_how_words_are_written_together_makes_no_difference() -> None:
    assert name_keys(("Jaish", "Halab")) == name_keys(("JaishHalab",))
    assert name_keys(("Nour", "al-Din")) == name_keys(("Nur", "alDin"))


@pytest.mark.parametrize(
    ("word", "bare"),
    [("al-Nusra", "Nusra"), ("Al-Nusra", "Nusra"), ("alNusra", "Nusra"), ("Alan", "Alan")],
)
def test_the_arabic_article_is_left_out(word: str, bare: str) -> None:
    assert without_article(word) == bare
