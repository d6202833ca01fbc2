"""Dates that no calendar has are found, and only those."""

import pytest

from citadel.qa.answer.date_checks import date_warning, impossible_dates


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("On 31 June 2016, factions called on civilians", ("31 June 2016",)),
        ("June 31, 2016 and the 31st of September", ("June 31, 2016", "31st of September")),
        ("29 February 2015, 29 February 2016, 29 February, 30 Feb", ("29 February 2015", "30 Feb")),
        ("1900-02-29 2016-06-31 2016-13-01 2016-06-30", ("1900-02-29", "2016-06-31", "2016-13-01")),
        ("في 31 حزيران 2016 و 31 كانون الثاني", ("31 حزيران 2016",)),
        ("31 Aprıl 2016, 31 ſept 2016, 31 April 2016", ("31 April 2016",)),
        ("In May 40 people, in March 1000, on 23 November 2016; 1070 Apartments", ()),
    ],
)
def test_impossible_dates(text: str, dates: tuple[str, ...]) -> None:
    assert impossible_dates(text) == dates


def test_doubt_names_every_date() -> None:
    assert date_warning("from 31 June to 31 September") == (
        "The source says “31 June” and “31 September”; there is no such day in the calendar."
    )
    assert date_warning("from 30 June to 30 September") == ""
