import pytest

from citadel.index.corpus.dates import iso_date, with_iso_dates


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2016", "2016"),
        ("2016-12", "2016-12"),
        ("2016-12-05", "2016-12-05"),
        ("2016-12-5", "2016-12-05"),
        ("2016/12/05", "2016-12-05"),
        ("20161205", "2016-12-05"),
        ("2016-12-05T10:00:00+03:00", "2016-12-05"),
        ("2016-12-05 10:00:00.123 +0300", "2016-12-05"),
        ("2016-12-05Z", "2016-12-05"),
        ("20161205T100000", ""),
        ("5 December 2016", "2016-12-05"),
        ("5th of December, 2016", "2016-12-05"),
        ("December 5, 2016", "2016-12-05"),
        ("Dec. 5 2016 at 10:30 am", "2016-12-05"),
        ("December 2016", "2016-12"),
        ("2016 Dec 5", "2016-12-05"),
        ("05-Dec-2016", "2016-12-05"),
        ("Mon, 05 Dec 2016 10:00:00 GMT", "2016-12-05"),
        ("Monday 5 December 2016, 5 p.m.", "2016-12-05"),
        ("5.12.2016", "2016-12-05"),
        ("5. Dezember 2016", "2016-12-05"),
        ("1er décembre 2016", "2016-12-01"),
        ("5 de diciembre de 2016", "2016-12-05"),
        ("٥ كانون الأول ٢٠١٦", "2016-12-05"),
        ("5 ديسمبر 2016", "2016-12-05"),
        ("٢٠١٦", "2016"),
        ("25/12/2016", "2016-12-25"),
        ("12/25/2016", "2016-12-25"),
        ("5/5/2016", "2016-05-05"),
        ("05/12/2016", ""),
        ("2016-13", ""),
        ("2016-02-30", ""),
        ("31 June 2016", ""),
        ("0000", ""),
        ("5.12.16", ""),
        ("last year", ""),
        ("Spring 2016", ""),
        ("2016-2017", ""),
        ("", ""),
    ],
)
def test_dates(written: str, iso: str) -> None:
    assert iso_date(written) == iso


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("What began on 28/9/2016?", "What began on 2016-09-28?"),
        ("It was 28.09.2016.", "It was 2016-09-28."),
        ("(9/28/2016) and 5-5-2016, too", "(2016-09-28) and 2016-05-05, too"),
        ("from 2016/9/28 to 2016.09.30", "from 2016-09-28 to 2016-09-30"),
        ("متى ٢٨/٩/٢٠١٦؟", "متى 2016-09-28؟"),
    ],
)
def test_dates_in_a_text_are_written_one_way(written: str, read: str) -> None:
    assert with_iso_dates(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "What began on 2016-09-28?",
        # The third of April, or the fourth of March.
        "What began on 3/4/2016?",
        "31/6/2016, 28/9/16, 28/9-2016 and 28/9",
        "version 1.12.2016.4, example.org/2016/12/05/mill and 28/9/2016/a.html",
        "Who spoke on 28 September 2016, in 2016?",
    ],
)
def test_what_is_no_date_of_one_day_stays(written: str) -> None:
    assert with_iso_dates(written) == written
