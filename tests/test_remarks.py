"""A remark is made up of closed phrases and greetings, and of nothing else."""

import pytest

from citadel.qa.answer.message_words import message_words
from citadel.qa.answer.remarks import Remark, read_remark

GREETINGS = frozenset({"hi", "thanks", "ok"})


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("that helps", Remark.OTHER),
        ("ok", Remark.OTHER),
        ("well, thanks, that really helps a lot, and good job", Remark.OTHER),
        ("I don’t believe it, thanks", Remark.DOUBT),
        ("ok, but I doubt it", Remark.DOUBT),
        ("well, I don’t believe it. Hi", Remark.DOUBT),
        # What only joins phrases is none, nor is what has another word.
        ("and then", Remark.NONE),
        ("and so", Remark.NONE),
        ("that helps Sabo", Remark.NONE),
        ("Sabo thanks", Remark.NONE),
        ("hello", Remark.NONE),
        ("", Remark.NONE),
    ],
)
def test_what_a_message_of_phrases_says(text: str, remark: Remark) -> None:
    assert read_remark(message_words(text), GREETINGS) is remark


@pytest.mark.parametrize("language", ["English", "Turkish", "Arabic", "Chinese"])
def test_a_phrase_may_have_any_language(language: str) -> None:
    assert read_remark(message_words(f"Do you speak {language}?"), frozenset()) is Remark.OTHER
    assert read_remark(message_words(f"Did she speak {language}?"), frozenset()) is Remark.NONE
