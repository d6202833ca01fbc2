from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.build.build import index_articles
from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import read_articles
from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.corpus.scope_names import check_names
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Status

ARTICLES = {
    "harbour.md": ("The Gazette", "2016-12-05", "en", "The harbour was closed in May."),
    "market.md": ("the gazette", "2016-12", "en", "The market was closed in June."),
    "school.md": ("The Herald", "2017", "en", "The school was closed in July."),
    "hafen.md": ("Die Zeitung", "", "de", "Der Hafen wurde im Mai geschlossen."),
}


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Article, ...]:
    folder: Path = tmp_path_factory.mktemp("town")
    for name, (publisher, date, language, text) in ARTICLES.items():
        dated = f'date: "{date}"\n' if date else ""
        head = f"title: {name}\npublisher: {publisher}\n{dated}language: {language}\n"
        (folder / name).write_text(f"---\n{head}---\n\n{text}\n", "utf-8")
    return read_articles(folder)


@pytest.fixture(scope="module")
def town(articles: tuple[Article, ...], encoder: Encoder) -> PassageIndex:
    return index_articles("gen-town", articles, encoder, lambda _done, _total: None)


ALL = ["hafen.md", "harbour.md", "market.md", "school.md"]


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        (EVERYTHING, ALL),
        (Scope(only=frozenset({"harbour.md", "school.md"})), ["harbour.md", "school.md"]),
        (
            Scope(without=frozenset({"harbour.md", "gone.md"})),
            ["hafen.md", "market.md", "school.md"],
        ),
        (Scope(publishers=frozenset({"THE GAZETTE"})), ["harbour.md", "market.md"]),
        (Scope(languages=frozenset({"de"})), ["hafen.md"]),
        (Scope(since="2016"), ["harbour.md", "market.md", "school.md"]),
        (Scope(since="2016-12-05"), ["harbour.md", "market.md", "school.md"]),
        # December 2016 may be the sixth; the fifth is not.
        (Scope(since="2016-12-06"), ["market.md", "school.md"]),
        (Scope(since="2017-03"), ["school.md"]),
        (Scope(until="2016-12-04"), ["market.md"]),
        (Scope(until="2016-12"), ["harbour.md", "market.md"]),
        (Scope(until="2017"), ["harbour.md", "market.md", "school.md"]),
        (Scope(since="2016-12-05", until="2016-12-05"), ["harbour.md", "market.md"]),
        (Scope(since="2016-12-05", until="2016"), ["harbour.md", "market.md"]),
        (Scope(since="2016", until="2016-12-05"), ["harbour.md", "market.md"]),
        (
            Scope(publishers=frozenset({"The Gazette"}), without=frozenset({"market.md"})),
            ["harbour.md"],
        ),
    ],
)
def test_what_a_scope_holds(articles: tuple[Article, ...], scope: Scope, names: list[str]) -> None:
    assert [article.source for article in scope.articles(articles)] == names


def test_a_scope_that_holds_nothing(articles: tuple[Article, ...]) -> None:
    with pytest.raises(CitadelError, match=r"^No article is like that; search in more of them\.$"):
        Scope(only=frozenset({"gone.md"})).articles(articles)


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        (
            Scope(only=frozenset({"harbor.md"})),
            "There is no article harbor.md; near that: harbour.md.",
        ),
        (
            Scope(without=frozenset({"zzz"})),
            "There is no article zzz; there are hafen.md, harbour.md, market.md, school.md.",
        ),
        (
            Scope(publishers=frozenset({"Herald"})),
            "No article is published by Herald; near that: The Herald.",
        ),
        (Scope(languages=frozenset({"fr"})), "No article is in the language fr; there are de, en."),
    ],
)
def test_a_name_that_is_none_is_refused_with_those_near(
    articles: tuple[Article, ...], scope: Scope, message: str
) -> None:
    with pytest.raises(CitadelError) as caught:
        check_names(scope, articles)
    assert str(caught.value) == message


def test_names_that_there_are_are_taken_in_any_case(articles: tuple[Article, ...]) -> None:
    check_names(EVERYTHING, articles)
    check_names(Scope(publishers=frozenset({"THE GAZETTE"}), languages=frozenset({"DE"})), articles)
    check_names(Scope(only=frozenset(ALL), without=frozenset({"school.md"})), articles)


def test_of_many_names_some_are_listed(articles: tuple[Article, ...]) -> None:
    many = [replace(articles[0], source=f"{number}.md", publisher="") for number in range(7)]
    with pytest.raises(CitadelError) as caught:
        check_names(Scope(only=frozenset({"x"})), many)
    assert str(caught.value) == (
        "There is no article x; there are 0.md, 1.md, 2.md, 3.md, 4.md and 2 more."
    )
    with pytest.raises(CitadelError) as caught:
        check_names(Scope(publishers=frozenset({"x"})), many)
    assert str(caught.value) == "No article is published by x; none says so of itself."


def test_a_scope_from_json() -> None:
    assert Scope.of({}) == EVERYTHING
    assert Scope.of({"only": ["a.md"], "since": "2016", "languages": ["ar", "en"]}) == Scope(
        only=frozenset({"a.md"}), since="2016", languages=frozenset({"ar", "en"})
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["a.md"], "A scope is an object; give it “only”, “since” or the like."),
        ({"only": "a.md"}, "In a scope “only” is a list of strings; mend it."),
        ({"only": [1]}, "In a scope “only” is a list of strings; mend it."),
        ({"since": 2016}, "In a scope “since” is a string; mend it."),
        ({"since": "May"}, "The date 'May' is none; write 2016, 2016-12 or 2016-12-05."),
        (
            {"until": "2016-02-30"},
            "The date '2016-02-30' is none; write 2016, 2016-12 or 2016-12-05.",
        ),
        (
            {"since": "2017-01", "until": "2016"},
            "The time from 2017-01 until 2016 ends before it begins; exchange the dates.",
        ),
        (
            {"since": "2016-12-06", "until": "2016-12-05"},
            "The time from 2016-12-06 until 2016-12-05 ends before it begins; exchange the dates.",
        ),
        (
            {"author": "x"},
            "A scope has no “author”; it may have only, without, publishers, languages, since, "
            "until.",
        ),
    ],
)
def test_what_is_no_scope(values: object, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        Scope.of(values)
    assert str(caught.value) == message


def found(index: PassageIndex, scope: Scope) -> list[str]:
    hits = search(index, Query("What was closed in May?", scope=scope), 10).hits
    return [hit.passage.source for hit in hits]


def test_a_search_stays_within_its_scope(town: PassageIndex) -> None:
    assert found(town, EVERYTHING)[0] == "harbour.md"
    assert sorted(found(town, EVERYTHING)) == ALL
    assert found(town, Scope(only=frozenset({"school.md"}))) == ["school.md"]
    left = Scope(without=frozenset({"harbour.md"}))
    assert sorted(found(town, left)) == ["hafen.md", "market.md", "school.md"]


def test_a_scope_of_all_articles_changes_nothing(town: PassageIndex) -> None:
    query = Query("What was closed in May?")
    every = Query("What was closed in May?", scope=Scope(only=frozenset(ALL)))
    assert search(town, every, 10) == search(town, query, 10)


def test_an_answer_reports_how_much_was_searched(town: PassageIndex) -> None:
    answerer = Answerer(town)
    scope = Scope(publishers=frozenset({"The Gazette"}))
    answer = answerer.answer(
        "When was the harbour closed, and when was the market closed?", scope=scope
    )
    assert answer.notes == ("Searched in 2 of 4 articles.",)
    assert {hit.passage.source for hit in answer.hits} == {"harbour.md", "market.md"}
    header = answerer.answer("Who published this?", scope=scope)
    assert header.status is Status.ANSWERED
    assert [citation.quote for citation in header.citations] == ["The Gazette", "the gazette"]
    assert header.notes == ("Searched in 2 of 4 articles.",)
    with pytest.raises(CitadelError, match="No article is like that"):
        answerer.answer("What was closed?", scope=Scope(languages=frozenset({"fr"})))


def test_a_literal_question_is_searched_for_as_it_stands(answerer: Answerer) -> None:
    history = ["What is Jaish Halab?"]
    read = answerer.answer("Who leads it in Aleepo?", history)
    assert read.searched_for == "Who leads it in Aleppo? — about: Jaish Halab"
    assert read.notes == ("Also matched: “Aleppo” for “Aleepo”.",)
    literal = answerer.answer("Who leads it in Aleepo?", history, literal=True)
    assert (literal.searched_for, literal.notes) == ("Who leads it in Aleepo?", ())
