"""Who is named most in a text, and the sentence that introduces them."""

import pytest

from citadel.qa.answer.parties import introductions

TEXT = (
    "The rain began in Lund on Monday.",
    "The mayor, Anna Holm, closed the bridge.",
    "Holm said that Lund would rebuild it.",
    "The Lund Ferry Company, led by Per Berg, offered two boats.",
    "On Friday Mr Berg and Mrs Holm signed a contract in Lund.",
    "Berg’s boats had come from Malmo.",
    "Boats cross the river near Lund, the Gazette wrote.",
)


def test_those_who_act_are_introduced_by_their_full_name_most_named_first() -> None:
    assert introductions(TEXT, 8) == (1, 3, 6)
    assert introductions(TEXT, 1) == (1,)


def test_who_published_is_not_involved() -> None:
    assert introductions(TEXT, 8, ("Gazette", "")) == (1, 3)


@pytest.mark.parametrize(
    "sentences",
    [
        (),
        ("nobody said a word.",),
        ("المدينة محاصرة.",),
        ("In March Paris was cold.", "In Paris it rained."),
    ],
)
def test_a_text_in_which_no_name_acts(sentences: tuple[str, ...]) -> None:
    assert introductions(sentences, 8) == ()
