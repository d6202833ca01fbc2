import pytest

from citadel.qa.answer.agreement import other_figures, same_fact, statement

TOLL = "At least 440 civilians were killed in the attacks on Aleppo, the group said on 5 December."


@pytest.mark.parametrize(
    ("other", "same", "differs"),
    [
        (TOLL, True, False),
        (
            "On 5 December the group said at least 440 civilians had been killed in attacks on "
            "Aleppo.",
            True,
            False,
        ),
        (TOLL.replace("440", "512"), False, True),
        (TOLL.replace("December", "May"), False, True),
        # Nothing contradicts what only leaves a figure out.
        (TOLL.replace(" on 5 December", ""), False, False),
        ("The 440 lorries of the convoy reached Idlib on 5 December with flour.", False, False),
        ("In May 512 civilians left.", False, False),
    ],
)
def test_two_sentences_are_compared_by_words_and_figures(
    other: str, same: bool, differs: bool
) -> None:
    one, two = statement(TOLL, "en"), statement(other, "en")
    assert (same_fact(one, two), same_fact(two, one)) == (same, same)
    assert (other_figures(one, two), other_figures(two, one)) == (differs, differs)


def test_too_few_words_say_nothing() -> None:
    one, two = statement("It was 440.", "en"), statement("It was 512.", "en")
    assert not same_fact(one, one)
    assert not other_figures(one, two)


def test_words_are_compared_in_their_language() -> None:
    one = statement("قتل 440 مدنيا في الهجمات على المدينة.", "ar")
    two = statement("في الهجمات على المدينة قتل 440 مدنيا.", "ar")
    three = statement("في الهجمات على المدينة قتل 512 مدنيا.", "ar")
    assert same_fact(one, two)
    assert other_figures(one, three)
