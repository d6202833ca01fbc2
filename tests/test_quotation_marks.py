"""What is copied has a mark for each mark, and single ones inside double ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.qa.page.quotation_marks import balanced, within_marks, without_outer_marks


@pytest.mark.parametrize(
    ("quote", "copied"),
    [
        ("It opened.", "“It opened.”"),
        ("", "“”"),
        ("It is “the end”, some say.", "“It is ‘the end’, some say.”"),
        ('It is "the end", some say.', "“It is ‘the end’, some say.”"),
        ("It is «the end», some say.", "“It is ‘the end’, some say.”"),
        ("It is « the end », some say.", "“It is ‘ the end ’, some say.”"),
        ("Es ist „das Ende“, heißt es.", "“Es ist ‘das Ende’, heißt es.”"),
        ("“I heard ‘no’,” he said.", "“‘I heard “no”,’ he said.”"),
        ("‘I heard “no”,’ he said.", "“‘I heard “no”,’ he said.”"),
        ("He said, “We lost 700 fighters.", "“He said, ‘We lost 700 fighters.’”"),
        ("And we left the city.”", "“‘And we left the city.’”"),
        ("And we left.” Then: “We", "“‘And we left.’ Then: ‘We’”"),
        ("The residents’ houses aren't ’16's.", "“The residents’ houses aren't ’16's.”"),
        ("“The residents’ houses,” it said.", "“‘The residents’ houses,’ it said.”"),
        (
            "‘They took “the residents’ houses”,’ he said.",
            "“‘They took “the residents’ houses”,’ he said.”",
        ),
        ("The ‘twas of old.", "“The ‘twas of old.”"),
        ('A 5" pipe.', '“A 5" pipe.”'),
        ("(“Badr” and “Basij”)", "“(‘Badr’ and ‘Basij’)”"),
    ],
)
def test_a_copied_quote(quote: str, copied: str) -> None:
    assert within_marks(quote) == copied


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("It is “the end”.", "It is “the end”."),
        ('"The end."', "“The end.”"),
        ("“I heard ‘no’,” he said.", "“I heard ‘no’,” he said."),
        ("And we left.”", "“And we left.”"),
    ],
)
def test_a_text_that_stands_in_no_marks(text: str, mended: str) -> None:
    assert balanced(text) == mended


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("“The End”", "The End"),
        ('"The End"', "The End"),
        ("“The End” of “All”", "“The End” of “All”"),
        ("“The End”… The Reasons", "“The End”… The Reasons"),
        ("The End", "The End"),
        ("", ""),
    ],
)
def test_a_title_loses_the_marks_around_all_of_it(title: str, bare: str) -> None:
    assert without_outer_marks(title) == bare


@given(st.text('a “”„"«».,'))
def test_any_quote_has_a_mark_for_each_mark(quote: str) -> None:
    depth = 0
    for char in within_marks(quote).replace('"', ""):
        depth += (char in "“‘") - (char in "”’")
        assert depth >= 0
    assert depth == 0


@given(st.text())
def test_nothing_but_marks_changes(quote: str) -> None:
    marks = dict.fromkeys(map(ord, "“”‘’„\"«»'"))
    assert within_marks(quote).translate(marks) == quote.translate(marks)
