"""Different values that sentences give for what is asked are listed, none of them preferred."""

from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.qa.answer.disputes import disputed
from tests.conflicting import OTHER_TOLL, TOLL, claims, invented, told
from tests.newsroom import NEWSROOM
from tests.reading_here import read_article


def newsroom(folder: str, name: str) -> tuple[Article, ...]:
    return (read_article(NEWSROOM / folder / "articles" / f"{name}.md"),)


@pytest.mark.parametrize(
    "question",
    [
        "Why were so many civilians killed in Marl, how many were there?",
        "How many civilians were killed in Marl, and who killed them?",
        "Compare how many civilians were killed in Marl",
        "Who attacked Marl?",
        "How many civilians did the National Watch say were killed in Marl?",
        "How many civilians were killed in Marl according to the National Watch?",
        "How many civilians were killed in Marl acc. to it?",
        "How were the many civilians killed, what is their number?",
        "How many civilians were killed in the first attack on Marl?",
    ],
)
def test_only_a_question_for_one_value_has_conflicts(tmp_path: Path, question: str) -> None:
    assert claims(invented(tmp_path, TOLL, OTHER_TOLL), question, TOLL) == ()


def test_dates_that_clash_are_listed_and_a_finer_date_is_none(tmp_path: Path) -> None:
    opened = "The Marl bridge opened on 9 September 1912."
    articles = invented(
        tmp_path,
        opened,
        "The Marl bridge opened in 1913, says the guide.",
        "The Marl bridge opened in September 1912.",
    )
    found = claims(articles, "When did the Marl bridge open?", opened)
    assert [each.written for each in found] == ["9 September 1912", "in 1913"]


def test_what_is_dated_once_more_by_somebody_is_listed(tmp_path: Path) -> None:
    born = "Anna Holm was born on 2 November 1917 in Marl."
    articles = invented(tmp_path, f"{born} The parish register gives 4 November.")
    found = claims(articles, "When was Anna Holm born?", born)
    assert told(found) == [("2 November 1917", ""), ("4 November", None)]


def test_an_article_in_another_language_is_not_compared(tmp_path: Path) -> None:
    english, german = invented(tmp_path, TOLL, OTHER_TOLL)
    articles = (english, replace(german, language="de"))
    assert claims(articles, "How many civilians were killed in Marl?", TOLL) == ()


@pytest.mark.parametrize(
    ("question", "first", "second", "names"),
    [
        (
            "Who led the attack on Marl?",
            "The attack on Marl was led by Omar Haddad, the council said.",
            "The attack on Marl was led by Idris Nasser, the army said.",
            ["Omar Haddad", "Idris Nasser"],
        ),
        (
            "Who is the commander of the Marl Brigade?",
            "Omar Haddad, commander of the Marl Brigade, spoke to the crowd.",
            "The commander of the Marl Brigade is Idris Nasser, the army said.",
            ["Omar Haddad", "Idris Nasser"],
        ),
        (
            "Who led the attack on Marl?",
            "The attack on Marl was led by Omar Haddad, the council said.",
            "The attack on Marl was led by Colonel Hadad, the army said.",
            [],
        ),
        (
            "Who is the commander of the Marl Brigade?",
            "Omar Haddad, commander of the Marl Brigade, spoke to the crowd.",
            "The former commander of the Marl Brigade was Idris Nasser, the army said.",
            [],
        ),
        (
            "Who led the attack on Marl?",
            "The attack on Marl was led by Omar Haddad.",
            "The attack on Sall was led by Idris Nasser, the army said.",
            [],
        ),
    ],
)
def test_names_for_who_holds_an_office_are_compared(
    tmp_path: Path, question: str, first: str, second: str, names: list[str]
) -> None:
    articles = invented(tmp_path, first, second)
    assert [each.written for each in claims(articles, question, first)] == names


def test_what_one_article_says_in_its_own_words_it_does_not_contradict(tmp_path: Path) -> None:
    first = "The attack on Marl was led by Omar Haddad."
    articles = invented(tmp_path, f"{first} The attack on Marl was led by Idris Nasser.")
    assert claims(articles, "Who led the attack on Marl?", first) == ()


def test_of_a_question_of_two_parts_an_age_that_is_disputed_is_shown(tmp_path: Path) -> None:
    first = "She was eighty-three years old according to her papers."
    second = "Her sister, Hajja Salma, says that she was eighty-five."
    question = "Where is Anna Holm buried and how old was she when she died?"
    found = claims(invented(tmp_path, f"{first} {second}"), question, first)
    assert [each.written for each in found] == ["eighty-three", "eighty-five"]


@pytest.mark.parametrize(
    ("folder", "name", "question", "first", "values"),
    [
        (
            "f",
            "koure-dina-camp-fire",
            "how many shelters were destroyed in blocks C and D?",
            "PSRA counted 1,106",
            ["1,106", "1,241"],
        ),
        (
            "f",
            "haswaniya-plant-attack",
            "how many died in the Haswaniya gas attack",
            "The Northern Room announced 312 dead.",
            ["312", "47", "189"],
        ),
        (
            "b",
            "pinto-gulch-fire",
            "pinto gulch fire death toll",
            "The Pinto Gulch Fire killed 14 people",
            ["14", "13"],
        ),
        (
            "g",
            "sawbuck-wolf-study",
            "how many wolves are in the Sawbuck basin",
            "The Department of Wildlife estimated 57",
            ["57", "38"],
        ),
        ("b", "pinto-gulch-fire", "how many homes were lost", "The fire destroyed 612", []),
        (
            "c",
            "karamush-earthquake-sitrep",
            "how many people live in Camp 2",
            "1,284 people are confirmed dead",
            [],
        ),
    ],
)
def test_articles_of_the_newsroom(
    folder: str, name: str, question: str, first: str, values: list[str]
) -> None:
    found = claims(newsroom(folder, name), question, first)
    assert [each.written for each in found] == values


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Do the sources disagree about the death toll?", "number of people killed"),
        ("conflicting figures on casualties", "number of casualties"),
        ("Do the articles differ on when the bridge opened?", "when the bridge opened"),
        (
            "Are there different numbers of civilians killed in Marl?",
            "number of civilians killed in Marl",
        ),
        ("Any discrepancies between the reports on the wounded?", "number of wounded"),
        ("What did the parties disagree about?", ""),
        ("Where do the parties differ on prices?", ""),
        ("What are the different kinds of cheese?", ""),
        ("How many reports are there on the fire?", ""),
    ],
)
def test_a_question_whether_sources_disagree_is_known(question: str, searched: str) -> None:
    assert disputed(question) == searched
