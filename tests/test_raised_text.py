import pytest

from citadel.index.corpus.formats.raised_text import SEAM, close_seams, write_raised


@pytest.mark.parametrize(
    ("before", "raised", "after", "line"),
    [
        ("The flood killed 12", "3", " people.", "The flood killed 12[3] people."),
        ("on 4 June", "2", " 2018", "on 4 June[2] 2018"),
        ("as they said", "1, 2", ".", "as they said[1, 2]."),
        ("12", "a", " people", "12[a] people"),
        ("", "4", "See there.", "[4] See there."),
        ("30 km", "2", " of land", "30 km² of land"),
        ("people per km", "2", ".", "people per km²."),
        ("12 ft", "2", "", "12 ft²"),
        ("lived in", "2", " tents", "lived in[2] tents"),
        ("3 × 10", "6", " litres", "3 × 10⁶ litres"),
        ("10", "6", " litres", "10[6] litres"),
        ("5 s", "−1", "", "5 s⁻¹"),
        ("where x", "2", "y", "where x² y"),
        ("the 21", "st", " century", "the 21st century"),
        ("le XIX", "e", " siècle", "le XIXe siècle"),
        ("On the 4", "th", "of", "On the 4th of"),
        ("12", "o", " day", "12[o] day"),
        ("they did", "e", " so", "they did[e] so"),
        ("M", "lle", " Dupont", "M lle Dupont"),
    ],
)
def test_raised_text_never_makes_another_number_or_word(
    before: str, raised: str, after: str, line: str
) -> None:
    written = write_raised(before, raised)
    assert written is not None
    assert close_seams(f"{before}{written}{after}") == line


@pytest.mark.parametrize("mark", ["*", "†", "‡ ", "[3]", "[citation needed]", "(2)", "¹²"])
def test_marks_of_notes_are_left_out(mark: str) -> None:
    assert write_raised("killed 12", mark) is None


def test_a_seam_keeps_numbers_and_words_apart_only() -> None:
    assert close_seams(f"12{SEAM}3 km{SEAM}{SEAM}, {SEAM}end{SEAM}.") == "12 3 km, end."
