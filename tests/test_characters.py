import re
import sys
import unicodedata

import pytest

from citadel.index.corpus.characters import word_pattern
from citadel.index.corpus.decoding import is_binary, notes_on_removed, visible


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("A\tb\nc", "A\tb\nc"),
        ("A\0b\x07c\x7fd\x85e\x0cf", "Abcdef"),
        ("\u202etxet\u202c \u2066a\u2069 \u200f\u200e\u061cb", "txet a b"),
        ("می\u200cخواهم क्\u200dष", "می\u200cخواهم क्\u200dष"),
        ("a \ud83d b", "a  b"),
        ("Gri\u00adgo\u00adri sang", "Grigori sang"),
        ("Gri\u00ad\n  gori\u00ad\n\nsang\u00ad\n> so", "Grigori\n\nsang\n> so"),
        ("\ufeffGri\u200bgo\u2060r\u200ci\u034f", "Grigori"),
        ("Hi\U000e0041\U000e007f", "Hi"),
        ("ภาษา\u200bไทย ភាសា\u200bខ្មែរ", "ภาษา\u200bไทย ភាសា\u200bខ្មែរ"),
        ("حلـب مدي\u200bنة", "حلـب مدينة"),
        ("👩\u200d🚒 ❤\ufe0f \u2028", "👩\u200d🚒 ❤\ufe0f \u2028"),
    ],
    ids=[
        "text",
        "controls",
        "directions",
        "joiners",
        "half a character",
        "soft hyphens",
        "soft hyphens at line ends",
        "without width",
        "tags",
        "spaces that part words",
        "spaces that part no words",
        "pictures",
    ],
)
def test_what_is_visible(text: str, kept: str) -> None:
    assert visible(text) == kept


def test_what_is_taken_out_is_told() -> None:
    assert list(notes_on_removed("a\0\x07 \u200fb\u00adc\u00add\u200be\u200bf")) == [
        "2 invisible control characters taken out",
        "1 invisible direction mark taken out",
        "2 invisible soft hyphens taken out",
        "2 invisible characters without width taken out",
    ]
    assert list(notes_on_removed("مدينة")) == []


@pytest.mark.parametrize(("text", "binary"), [("a\0", True), ("a" * 50 + "\0", False), ("", False)])
def test_a_text_with_many_controls_is_none(text: str, binary: bool) -> None:
    assert is_binary(text) is binary


def test_every_mark_may_stand_in_a_word() -> None:
    marks = [chr(n) for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n))[0] == "M"]
    assert len(marks) > 2_000
    word = re.compile(word_pattern("[a-z]"))
    assert [mark for mark in marks if not word.fullmatch(f"a{mark}b")] == []
