"""Figures, durations and ages that differ: two of the same thing are compared, others are not."""

from pathlib import Path

import pytest

from tests.conflicting import OTHER_TOLL, TOLL, claims, invented, told
from tests.small_index import articles_of


def test_two_articles_that_give_different_figures_are_put_next_to_each_other(
    tmp_path: Path,
) -> None:
    articles = invented(tmp_path, TOLL, OTHER_TOLL)
    found = claims(articles, "How many civilians were killed in Marl?", TOLL)
    assert told(found) == [
        ("more than 600", "the National Watch"),
        ("440", "the Aid Society"),
    ]
    assert [(each.citation.quote, each.citation.passage.source) for each in found] == [
        (TOLL, "article1.md"),
        (OTHER_TOLL, "article2.md"),
    ]


def test_no_value_is_preferred(tmp_path: Path) -> None:
    articles = invented(tmp_path, TOLL, OTHER_TOLL)
    question = "How many civilians were killed in Marl?"
    assert told(claims(articles, question, TOLL)) == told(claims(articles, question, OTHER_TOLL))


@pytest.mark.parametrize(
    "other",
    [
        "Some 620 civilians were killed in the attacks on Marl, the Aid Society said.",
        "At least 440 civilians were killed in the attacks on Marl, the Aid Society said.",
        "In May 440 civilians were killed in the attacks on Marl, the Aid Society said.",
        "In the attacks on Sall 440 civilians were killed, the Aid Society said.",
        "In the attacks on Marl 440 soldiers were killed, the Aid Society said.",
        "Another 440 civilians were killed in the attacks on Marl, the Aid Society said.",
        "In the attacks on Marl 440 civilians were wounded, the Aid Society said.",
    ],
)
def test_what_may_be_another_thing_is_no_conflict(tmp_path: Path, other: str) -> None:
    articles = invented(tmp_path, TOLL, other)
    assert claims(articles, "How many civilians were killed in Marl?", TOLL) == ()


def test_a_figure_that_somebody_else_counts_stands_in_the_next_sentence(tmp_path: Path) -> None:
    counted = "The council counted 120 houses flooded in Marl."
    articles = invented(tmp_path, f"{counted} The police put it at 96. It has 40 fields.")
    found = claims(articles, "How many houses were flooded in Marl?", counted)
    assert [each.written for each in found] == ["120", "96"]


@pytest.mark.parametrize(
    "following",
    [
        "The council put it at 96 in May.",
        "The police gave back 96 keys.",
        "It counted 96 later.",
        "The police counted 96 fields.",
        "The police counted 96 of them twice.",
    ],
)
def test_the_next_sentence_has_to_count_the_same(tmp_path: Path, following: str) -> None:
    counted = "The council counted 120 houses flooded in Marl."
    articles = invented(tmp_path, f"{counted} {following}")
    assert claims(articles, "How many houses were flooded in Marl?", counted) == ()


def test_who_speaks_is_not_said_to_be_the_article_where_it_quotes_a_figure(tmp_path: Path) -> None:
    counted = "There were 120 houses flooded in Marl."
    articles = invented(tmp_path, f"{counted} The UN spoke of 96.")
    found = claims(articles, "How many houses were flooded in Marl?", counted)
    assert told(found) == [("120", ""), ("96", "The UN")]


@pytest.mark.parametrize(
    ("sentence", "question", "read"),
    [
        (
            "The prosecution says that the number of soldiers in Marl was 640, the ministry gives "
            "810.",
            "How many soldiers were in Marl?",
            [("640", "The prosecution"), ("810", "the ministry")],
        ),
        (
            "Some 900 houses in Marl were flooded, according to the council; the Aid Society puts "
            "the figure at 1,400.",
            "How many houses were flooded in Marl?",
            [("Some 900", "the council"), ("1,400", "the Aid Society")],
        ),
        (
            "In Marl 600 civilians were killed according to the National Watch, and 440 according "
            "to the Aid Society.",
            "How many civilians were killed in Marl?",
            [("600", "the National Watch"), ("440", "the Aid Society")],
        ),
        (
            "The Observatory documented 1,126 civilian dead in Marl; the directorate admits 388.",
            "How many civilians were killed in Marl?",
            [("1,126", "The Observatory"), ("388", "the directorate")],
        ),
        (
            "The strike in Marl lasted three days, while the union says it was about two weeks.",
            "How long did the strike in Marl last?",
            [("three days", None), ("about two weeks", "the union")],
        ),
    ],
)
def test_two_values_in_one_sentence_are_each_shown_with_whose_they_are(
    tmp_path: Path, sentence: str, question: str, read: list[tuple[str, str | None]]
) -> None:
    assert told(claims(invented(tmp_path, sentence), question, sentence)) == read


@pytest.mark.parametrize(
    "sentence",
    [
        "In Marl 600 civilians were killed by the army, and 440 by the rebels.",
        "In Marl 600 civilians were killed, and the hospital took in 440.",
        "In Marl 600 civilians were killed, the council said, and 440 were wounded.",
        "Some 600 civilians were killed in Marl, the watch said; the Aid Society puts it at 610.",
        "More than 400 civilians were killed in Marl; the Aid Society puts it at 440.",
        "In Marl 600 civilians were killed; it put the number of tents at 440.",
    ],
)
def test_two_figures_of_different_things_in_one_sentence_are_no_conflict(
    tmp_path: Path, sentence: str
) -> None:
    question = "How many civilians were killed in Marl?"
    assert claims(invented(tmp_path, sentence), question, sentence) == ()


@pytest.mark.parametrize(
    ("question", "first", "second", "values"),
    [
        (
            "How long was the boy of Marl held?",
            "The boy of Marl was held for 50 minutes, according to the journal.",
            "According to a recording it was an hour and 25 minutes.",
            ["50 minutes", "an hour and 25 minutes"],
        ),
        (
            "How old was Anna Holm when she died?",
            "Anna Holm was eighty-three years old when she died.",
            "Her sister, Hajja Salma, says that she was eighty-five.",
            ["eighty-three", "eighty-five"],
        ),
        (
            "At what time did the Marl bridge fall?",
            "The Marl bridge fell at 06:52, the council said.",
            "The Marl bridge fell at 07:40, the police said.",
            ["06:52", "07:40"],
        ),
        (
            "How long was the boy of Marl held?",
            "The boy of Marl was held for about an hour, according to the journal.",
            "According to a recording it was 58 minutes.",
            [],
        ),
        (
            "How old was Anna Holm when she died?",
            "Anna Holm was eighty-three years old when she died.",
            "Her brother, Omar Holm, says that his dog was aged 12.",
            [],
        ),
    ],
)
def test_durations_ages_and_times_of_day_are_compared(
    tmp_path: Path, question: str, first: str, second: str, values: list[str]
) -> None:
    articles = invented(tmp_path, f"{first} {second}")
    assert [each.written for each in claims(articles, question, first)] == values


def test_lines_of_a_list_count_things_apart(tmp_path: Path) -> None:
    question = "How many civilians were killed in the attacks on Marl?"
    first, second = (f"The attacks on Marl killed {count} civilians." for count in (600, 440))
    told = invented(tmp_path / "told", f"{first} {second}")
    assert [each.written for each in claims(told, question, first)] == ["600", "440"]
    listed = invented(tmp_path / "listed", f"By week:\n\n- {first}\n- {second}")
    assert claims(listed, question, first) == ()


def test_a_toll_that_rises_is_told_with_its_dates(tmp_path: Path) -> None:
    first = "On 3 May 2019 the flood in Marl had killed 40 people."
    articles = invented(tmp_path, first, "On 9 May 2019 the flood in Marl had killed 61 people.")
    found = claims(articles, "How many people did the flood in Marl kill?", first)
    assert [(each.written, each.dated) for each in found] == [
        ("40", "3 May 2019"),
        ("61", "9 May 2019"),
    ]


def test_what_the_first_sentence_of_a_paragraph_says_holds_for_those_after_it(
    tmp_path: Path,
) -> None:
    counted = "The Observatory documented 1,126 civilian dead; the directorate admits 388."
    articles = invented(tmp_path, f"The second siege of Marl was worse. {counted}")
    asked = "How many civilians were killed in the second siege of Marl?"
    assert [each.written for each in claims(articles, asked, counted)] == ["1,126", "388"]
    third = "How many civilians were killed in the third siege of Marl?"
    assert claims(articles, third, counted) == ()


HOSPITAL = "In Marl 31 people were killed and more than 80 wounded, the hospital said."
CORPS = "The corps put the number of dead at 43, among them nine children and eleven women."


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("How many people were killed in Marl?", ["31", "43"]),
        ("how many wounded", []),
        ("How many women were killed in Marl?", []),
        ("How many wounded? — about: killed Marl", []),
        ("How many of those killed in Marl were women?", []),
        ("What was the number of dead children in Marl?", []),
    ],
)
def test_the_dead_are_put_next_to_the_dead_only(
    tmp_path: Path, question: str, values: list[str]
) -> None:
    articles = invented(tmp_path, f"{HOSPITAL} {CORPS}")
    for first in (HOSPITAL, CORPS):
        assert [each.written for each in claims(articles, question, first)] == values


@pytest.mark.parametrize(
    ("other", "values"),
    [
        ("The council says that 20 people were killed.", ["31", "20"]),
        ("The council says that 20 women were killed.", []),
        ("The council says that 20 soldiers were killed.", []),
        ("The council says that 20 people were infected and 31 killed.", []),
        ("The council says that 20 people were infected and killed 31 of them.", []),
        ("The council spoke of 20 dead journalists.", []),
        ("The council spoke of 20 dead.", ["31", "20"]),
        ("The council says that the shell cost the lives of 20 people.", ["31", "20"]),
        ("The council says that the line fell on 20 people.", []),
        ("The council says that 20 people, two of them guests, were killed.", ["31", "20"]),
        ("The council put it at 20.", ["31", "20"]),
    ],
)
def test_some_of_the_dead_are_no_other_count_of_them(
    tmp_path: Path, other: str, values: list[str]
) -> None:
    first = "In Marl 31 people were killed, the hospital said."
    articles = invented(tmp_path, f"{first} {other}")
    found = claims(articles, "How many people were killed in Marl?", first)
    assert [each.written for each in found] == values


def test_two_counts_of_the_same_group_differ(tmp_path: Path) -> None:
    first = "In Marl eleven women were killed, the hospital said."
    articles = invented(tmp_path, f"{first} The council says that 20 women were killed.")
    found = claims(articles, "How many women were killed in Marl?", first)
    assert [each.written for each in found] == ["eleven", "20"]


INFECTED = "The fever in Marl infected 900 people in May 2019 and killed 187 of them."


def test_who_did_not_die_is_no_count_of_the_dead(tmp_path: Path) -> None:
    question = "How many people did the fever in Marl kill?"
    other = "In May 2017 the fever in Marl killed six people."
    articles = invented(tmp_path, INFECTED, other)
    assert [claims(articles, question, first) for first in (INFECTED, other)] == [(), ()]


@pytest.mark.parametrize(
    ("when", "dates"),
    [
        ("", ["May 2017", "June 2018"]),
        (" in 2018", []),
        (" in May", ["May 2017", "June 2018"]),
        (" in 2019", []),
        (" in May 2018", []),
    ],
)
def test_of_dated_figures_the_first_has_to_be_of_the_date_asked_for(
    tmp_path: Path, when: str, dates: list[str]
) -> None:
    first = "In May 2017 the fever in Marl killed six people."
    articles = invented(tmp_path, first, "In June 2018 the fever in Marl killed 61 people.")
    found = claims(articles, f"How many people did the fever in Marl kill{when}?", first)
    assert [each.dated for each in found] == dates


@pytest.mark.parametrize(
    ("before", "when", "values"),
    [
        ("The shell fell on 24 March 2019.", "2019", ["31", "43"]),
        ("The shell fell on 24 March 2019.", "March 2019", ["31", "43"]),
        ("The shell fell on 24 March 2019.", "2017", []),
        ("The shell fell on 24 March 2019.", "January 2019", []),
        ("The shell fell at noon.", "2017", ["31", "43"]),
    ],
)
def test_where_a_date_is_asked_for_the_paragraph_has_to_be_of_it(
    tmp_path: Path, before: str, when: str, values: list[str]
) -> None:
    articles = invented(tmp_path, f"{before} {HOSPITAL} {CORPS}")
    found = claims(articles, f"How many people were killed in Marl in {when}?", HOSPITAL)
    assert [each.written for each in found] == values


def test_a_report_names_its_year_in_the_title(tmp_path: Path) -> None:
    text = f"It began on 3 January. {HOSPITAL} {CORPS}"
    question = "How many people were killed in Marl in 2018?"
    for title, values in (("Report on Marl", []), ("Report on 2018", ["31", "43"])):
        articles = articles_of(
            tmp_path / title, report=f'---\ntitle: {title}\ndate: "2020-01-02"\n---\n{text}\n'
        )
        assert [each.written for each in claims(articles, question, HOSPITAL)] == values
