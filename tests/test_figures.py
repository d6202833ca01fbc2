"""The figures of a sentence, with what is counted and how exactly."""

from math import inf

import pytest

from citadel.qa.answer.figures import Kind, figures


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("The flood killed 14 people.", [("14", 14, 14, Kind.COUNT)]),
        ("More than 600 civilians died.", [("More than 600", 600, inf, Kind.COUNT)]),
        ("It was no more than ninety.", [("no more than ninety", 0, 90, Kind.COUNT)]),
        ("It cannot be less than 200.", [("cannot be less than 200", 200, inf, Kind.COUNT)]),
        ("Some 600 people left.", [("Some 600", 570, 630, Kind.COUNT)]),
        (
            "About 600 left, not 612.",
            [("About 600", 570, 630, Kind.COUNT), ("612", 612, 612, Kind.COUNT)],
        ),
        ("Forty-one came.", [("Forty-one", 41, 41, Kind.COUNT)]),
        ("Two hundred and ten came.", [("Two hundred and ten", 210, 210, Kind.COUNT)]),
        ("It owes £9.8m.", [("£9.8m", 9.75e6, 9.85e6, Kind.MONEY)]),
        ("It cost 26 million euros.", [("26 million", 25.5e6, 26.5e6, Kind.MONEY)]),
        ("It fell by 38 per cent.", [("38 per cent", 38, 38, Kind.SHARE)]),
        ("It stood 18½ feet high.", [("18½", 18.5, 18.5, Kind.COUNT)]),
    ],
)
def test_a_figure_is_read_with_its_bounds(
    sentence: str, read: list[tuple[str, float, float, Kind]]
) -> None:
    found = figures(sentence)
    assert [(sentence[each.start : each.end], each.kind) for each in found] == [
        (written, kind) for written, _, _, kind in read
    ]
    bounds = [bound for each in found for bound in (each.least, each.most)]
    assert bounds == pytest.approx([bound for _, *both, _ in read for bound in both])


@pytest.mark.parametrize(
    "sentence",
    [
        "On 5 December 2016 they left house No. 17.",
        "Anna Holm, 79, who was 20, had left.",
        "It was week 34 at 06:52.",
        "The 20-day siege ended in 1941.",
        "One of them left.",
    ],
)
def test_dates_ages_and_numbered_things_are_no_figures(sentence: str) -> None:
    assert figures(sentence) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "40 of them died.",
        "Another 40 died.",
        "Two thirds died.",
        "40 a day died.",
        "Of the 40 died.",
        "He saw them, among them Anna and 40 women.",
        "Many died, including old men, boys and 40 women.",
    ],
)
def test_what_counts_a_part_is_known_as_one(sentence: str) -> None:
    assert [each.part for each in figures(sentence)] == [True]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("600", "440", True),
        ("600", "some 600", False),
        ("600", "six hundred", False),
        ("at least 440", "600", False),
        ("more than 600", "440", True),
        ("up to 90", "730", True),
        ("9.8 million", "9,800,000", False),
        ("41", "43", True),
    ],
)
def test_figures_differ_where_not_both_can_be_right(one: str, other: str, differ: bool) -> None:
    [first], [second] = (figures(f"It said {written} died.") for written in (one, other))
    assert (first.differs(second), second.differs(first)) == (differ, differ)


def test_what_is_counted_stands_after_the_figure() -> None:
    [figure] = figures("They saw 12 armed men in a boat.")
    assert figure.counted == {"arm", "men"}


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("It put the number of dead at 43, all of them men.", {"dead"}),
        ("The number of houses flooded has since risen to about 43.", {"hous", "flood"}),
        ("It spoke of a death toll of 43.", {"death", "toll"}),
        ("The death toll rose to 43 on Monday.", {"death", "toll"}),
        ("The wounded numbered 43.", {"wound"}),
        ("It put the number of dead at 43 people.", {"peopl"}),
        ("The number of trains fell from 60 to 43.", set()),
        ("The town put it at 43.", set()),
    ],
)
def test_what_is_counted_may_stand_before_the_figure(sentence: str, counted: set[str]) -> None:
    assert figures(sentence)[-1].counted == counted
