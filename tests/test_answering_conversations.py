"""What the answers from a real index say to follow-ups, and to what is no question."""

from pathlib import Path

import pytest

from citadel.index.build.build import index_articles
from citadel.index.corpus.scope import Scope
from citadel.index.encoders.encoder import Encoder
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Status
from tests.small_index import FERRY, articles_of
from tests.test_answering import CIVILIANS, KILLED, check


def test_a_follow_up(answerer: Answerer) -> None:
    answer = answerer.answer("How many of them were children?", [CIVILIANS])
    check(answer, "How many of them were children?")
    assert answer.searched_for == (
        "How many of them were children? — about: Human Rights Watch civilians killed"
    )
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].quote == KILLED


def test_a_name_is_found_through_the_history(answerer: Answerer) -> None:
    answer = answerer.answer("who leads it?", ["What is Jaish Halab?"])
    check(answer, "who leads it?")
    assert answer.searched_for == "who leads it? — about: Jaish Halab"
    leads = [each.quote for each in answer.citations if "under the leadership of" in each.quote]
    assert len(leads) == 1
    assert "under the leadership of Abu Abdulrahman Nour" in leads[0]
    assert leads[0] in [each.quote for each in answer.citations[:2]]


AUSTRALIA = "What is the capital of Australia?"


@pytest.mark.parametrize(
    "after",
    [[AUSTRALIA], ["thanks!", "Summarise this"], ["Who wrote this?", "When was this written?"]],
)
def test_nothing_is_carried_over_from_what_was_not_answered(
    answerer: Answerer, after: list[str]
) -> None:
    answer = answerer.answer("who leads it?", ["What is Jaish Halab?", *after])
    assert answer.searched_for == "who leads it? — about: Jaish Halab"
    assert answer.citations == answerer.answer("who leads it?", ["What is Jaish Halab?"]).citations
    assert answerer.answer("who leads it?", after).searched_for == "who leads it?"


@pytest.mark.parametrize("history", [[AUSTRALIA], ["What is Jaish Halab?", "Who leads it?"]])
def test_a_question_about_the_source_carries_nothing_over(
    answerer: Answerer, history: list[str]
) -> None:
    answer = answerer.answer("When was this written?", history)
    assert (answer.searched_for, [citation.quote for citation in answer.citations]) == (
        "When was this written?",
        ["2016-12"],
    )


def test_what_was_released_is_the_article_unless_an_answer_spoke_of_something(
    answerer: Answerer,
) -> None:
    question = "When was this released?"
    assert [c.quote for c in answerer.answer(question, [AUSTRALIA]).citations] == ["2016-12"]
    assert answerer.answer(question, ["What is Jaish Halab?"]).searched_for == (
        "When was this released? — about: Jaish Halab"
    )


def test_more_is_quoted_on_the_question_before_until_all_is(answerer: Answerer) -> None:
    history, quoted = [CIVILIANS], [answerer.answer(CIVILIANS)]
    while quoted[-1].status is not Status.NOT_FOUND:
        quoted.append(answerer.answer("Can you tell me more about it, please?", history))
        history.append(quoted[-1].question)
    *more, nothing = quoted[1:]
    for answer in more:
        check(answer, answer.question)
        assert (answer.status, answer.searched_for) == (Status.POSSIBLE, CIVILIANS)
        assert (answer.leans_on, answer.notes) == ((CIVILIANS,), ())
    assert more[0].citations[0].quote.startswith("The organizations demanded member states")
    spans = [citation.span for answer in quoted for citation in answer.citations]
    found = [sentence.span for hit in quoted[0].hits for sentence in hit.sentences]
    assert sorted(span.start for span in spans) == sorted(span.start for span in found)
    assert (nothing.confidence, nothing.citations) == (0.0, ())
    assert nothing.notes == ("All that was found on this has been quoted.",)


def test_more_from_some_of_the_articles_says_so(tmp_path: Path, encoder: Encoder) -> None:
    articles = articles_of(tmp_path, ferry=FERRY, lake="# The Lake\n\nThe lake is deep.\n")
    question, ferry = "How long does the ferry take?", Scope(only=frozenset({"ferry.md"}))
    answerer = Answerer(index_articles("gen-1", articles, encoder))
    more = answerer.answer("Tell me more", [question], scope=ferry)
    assert (more.leans_on, more.notes[0]) == ((question,), "Searched in 1 of 2 articles.")


def test_the_words_that_ask_for_more_can_be_searched_for(answerer: Answerer) -> None:
    answer = answerer.answer("tell me more", [CIVILIANS], literal=True)
    assert (answer.searched_for, answer.leans_on) == ("tell me more", ())


@pytest.mark.parametrize("history", [[], [AUSTRALIA], [AUSTRALIA, "more"], ["hello"]])
def test_there_is_no_more_on_what_was_not_answered(answerer: Answerer, history: list[str]) -> None:
    answer = answerer.answer("more", history)
    assert (answer.status, answer.citations, answer.hits) == (Status.SMALL_TALK, (), ())


@pytest.mark.parametrize("question", ["Really?", "Is that true?", "are you sure"])
def test_whether_it_is_true_is_not_judged(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question, [CIVILIANS])
    assert (answer.status, answer.citations) == (Status.SMALL_TALK, ())
    assert answer.notes == (
        "The quotes are what the articles say; whether that is true, I can't judge.",
    )


@pytest.mark.parametrize(
    ("question", "status"),
    [("Why?", Status.POSSIBLE), ("And when was that?", Status.ANSWERED)],
)
def test_a_follow_up_without_a_word_is_answered_by_what_it_asks_for_only(
    answerer: Answerer, question: str, status: Status
) -> None:
    day = "On 28 September 2016, Jaish al-Fateh, supported by the Fateh Halab factions, began"
    answer = answerer.answer(question, ["When did Jaish al-Fateh begin a new battle?"])
    assert answer.citations[0].quote.startswith(day)
    assert answer.status is status


def test_a_follow_up_whose_topic_was_not_found_is_promised_nothing(answerer: Answerer) -> None:
    question = "When did they begin a new battle on a different front?"
    alone, adrift = answerer.answer(question), answerer.answer(question, [AUSTRALIA])
    assert (alone.status, adrift.status) == (Status.ANSWERED, Status.POSSIBLE)
    assert (adrift.citations, adrift.leans_on) == (alone.citations, ())
    assert answerer.answer(question, [AUSTRALIA], literal=True).status is Status.ANSWERED


def test_what_is_said_of_another_is_promised_by_nothing(answerer: Answerer) -> None:
    asked = answerer.answer("When did Ahrar al-Sham begin a new battle?")
    assert asked.citations[0].quote.startswith("On 28 September 2016, Jaish al-Fateh, supported")
    assert asked.status is Status.POSSIBLE


@pytest.mark.parametrize("question", ["new topic: " + CIVILIANS, CIVILIANS])
def test_what_stands_alone_is_answered_as_without_history(
    answerer: Answerer, question: str
) -> None:
    answer = answerer.answer(question, ["What is Jaish Halab?", "Who leads it?"])
    alone = answerer.answer(CIVILIANS)
    assert (answer.searched_for, answer.hits, answer.citations, answer.confidence) == (
        CIVILIANS,
        alone.hits,
        alone.citations,
        alone.confidence,
    )
