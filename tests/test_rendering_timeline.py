"""Which dates an article names, in their order, and why a passage was found."""

from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage, split_article
from citadel.index.retrieval.hits import Hit, Match
from citadel.qa.answer.timeline import timeline
from citadel.qa.page.explanation import why
from citadel.qa.page.timeline import render_timeline
from tests.reading_here import read_article


def article_of(folder: Path, body: str, date: str = "2016-12-05", language: str = "en") -> Article:
    path = folder / "report.md"
    path.write_text(
        f'---\ntitle: A Report\ndate: "{date}"\nlanguage: {language}\n---\n\n{body}\n',
        encoding="utf-8",
    )
    return read_article(path)


def dates(article: Article) -> list[tuple[tuple[int, int, int], str, bool, bool]]:
    return [
        (dated.when, dated.written, dated.inferred, dated.exists)
        for dated in timeline(article, split_article(article))
    ]


@pytest.mark.parametrize(
    ("sentence", "when", "written", "inferred"),
    [
        ("It fell on 23 June 2012.", (2012, 6, 23), "23 June 2012", False),
        ("It fell on June 23, 2012.", (2012, 6, 23), "June 23, 2012", False),
        ("It fell on 2012-06-23.", (2012, 6, 23), "2012-06-23", False),
        ("It fell in February 2016.", (2016, 2, 0), "February 2016", False),
        ("It fell in 2013.", (2013, 0, 0), "in 2013", False),
        ("It fell on 28 November.", (2016, 11, 28), "28 November", True),
        ("It fell on 28 December.", (2015, 12, 28), "28 December", True),
        ("It fell in mid-June.", (2016, 6, 0), "mid-June", True),
        ("It fell two days ago.", (2016, 12, 3), "two days ago", True),
    ],
)
def test_a_date_is_read_as_far_as_it_goes(
    tmp_path: Path, sentence: str, when: tuple[int, int, int], written: str, inferred: bool
) -> None:
    assert dates(article_of(tmp_path, sentence)) == [(when, written, inferred, True)]


def test_months_of_one_year_share_it(tmp_path: Path) -> None:
    article = article_of(tmp_path, "They fled in September and October 2015.")
    assert [when for when, *_ in dates(article)] == [(2015, 9, 0), (2015, 10, 0)]


def test_arabic_months_are_read_in_both_their_names(tmp_path: Path) -> None:
    body = "بدأ الحصار في 5 تموز 2016. وانتهى في 15 كانون الأول 2016. ثم في 16 ديسمبر 2016."
    article = article_of(tmp_path, body, language="ar")
    assert [when for when, *_ in dates(article)] == [(2016, 7, 5), (2016, 12, 15), (2016, 12, 16)]


def test_a_leap_day_without_a_year_is_the_last_there_was(tmp_path: Path) -> None:
    article = article_of(tmp_path, "It fell on 29 February and on 31 June.", date="2018-02-10")
    assert [when for when, *_ in dates(article)] == [(2016, 2, 29), (2017, 6, 31)]


def test_what_was_longer_ago_than_calendars_reach_is_left_out(tmp_path: Path) -> None:
    assert dates(article_of(tmp_path, "It fell 1000000 days ago.")) == []


@pytest.mark.parametrize(
    "sentence",
    ["He may march on.", "In May 40 people left.", "Route 2016 was cut.", "It was 5 o’clock."],
)
def test_what_only_looks_like_a_date_is_left_out(tmp_path: Path, sentence: str) -> None:
    assert [each for each in dates(article_of(tmp_path, sentence)) if each[0][2]] == []


def test_without_a_date_of_the_article_no_year_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "bare.txt"
    path.write_text("A Report\n\nIt fell on 28 November. It rose in 2017.\n", encoding="utf-8")
    assert [when for when, *_ in dates(read_article(path))] == [(2017, 0, 0)]


def test_a_day_that_no_calendar_has_keeps_its_place_and_is_named(tmp_path: Path) -> None:
    body = "It rose on 2 July 2016. It fell on 31 June 2016. It stood in June 2016."
    article = article_of(tmp_path, body)
    passages = split_article(article)
    found = timeline(article, passages)
    assert [(dated.when, dated.exists) for dated in found] == [
        ((2016, 6, 0), True),
        ((2016, 6, 31), False),
        ((2016, 7, 2), True),
    ]
    fallen = passages[0].sentences[1]
    assert (
        f'<li><h3>31 June 2016</h3><blockquote dir="auto" lang="en">It fell on 31 June 2016. '
        f'<a class="cite" href="#report.md:1:{fallen.start}-{fallen.end}" '
        'aria-label="paragraph 1: open in the article" lang="en"><bdi>paragraph 1</bdi></a>'
        "</blockquote>"
        '<p class="doubt">The source says “31 June 2016”; '
        "there is no such day in the calendar.</p></li>"
    ) in render_timeline(article, found)


def test_a_guessed_year_is_told_and_an_article_without_dates_says_so(tmp_path: Path) -> None:
    dated = article_of(tmp_path, "It fell on <b>28 November</b> {{x}}.")
    html = render_timeline(dated, timeline(dated, split_article(dated)))
    assert "The source says “28 November”; the year follows from the date of the article." in html
    assert "<b>" not in html
    assert "{{" not in html
    bare = article_of(tmp_path, "It fell.")
    assert "No sentence of this article names a date." in render_timeline(bare, ())


def hit(*matches: tuple[str, str], paragraph: int = 1) -> Hit:
    passage = Passage("a.md", "A", "A", paragraph, 0, 1, "x", (Span(0, 1),))
    return Hit(passage, 0.5, (), tuple(Match(*match) for match in matches))


@pytest.mark.parametrize(
    ("question", "matches", "line"),
    [
        (
            "who did it",
            [("did", "did")],
            "None of your words stands in it; it comes near in meaning.",
        ),
        ("who burned tires", [("tires", "tires")], "It has the word “tires”."),
        (
            "did Human Rights Watch count civilians killed",
            [(w, w) for w in ("did", "Human", "Rights", "Watch", "civilians", "killed")],
            "It has the words “civilians” and “killed”, and the name “Human Rights Watch”.",
        ),
        (
            "what is Jaish al-Fateh",
            [("Jaish", "Jaish"), ("al", "al"), ("Fateh", "Fateh")],
            "It has the name “Jaish al-Fateh”.",
        ),
        (
            "when did Allepo begin",
            [("Allepo", "Aleppo"), ("begin", "beginning")],
            "It has “Allepo” as “Aleppo”, “begin” as “beginning”.",
        ),
    ],
)
def test_why_a_passage_was_found(question: str, matches: list[tuple[str, str]], line: str) -> None:
    assert why(question, hit(*matches)) == line


def test_a_header_is_found_for_what_it_is() -> None:
    assert why("who wrote this", hit(paragraph=0)) == "It tells where the article comes from."
