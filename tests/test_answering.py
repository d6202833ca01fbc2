"""What the answers from a real index promise, and what they say to questions of each kind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citadel.index.errors import CitadelError
from citadel.index.retrieval.answer_types import asks_for_several
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer, Status
from citadel.qa.answer.intent import MAX_QUESTION, check_question
from tests.contract import TEXTS

SOURCE = "enab-baladi-end-of-aleppo.md"
CIVILIANS = "How many civilians did Human Rights Watch say were killed?"
KILLED = (
    "According to the report, 440 civilians, among them 90 children, were killed in these attacks."
)
NO_SUCH_DAY = "The source says “31 June 2016”; there is no such day in the calendar."
POSSIBLE = "Who is the president of Turkey?"
LIST = "Which foreign militias are Iraqi?"


def check(answer: Answer, question: str, passages: int = 5) -> None:
    """Fail where an answer breaks a promise."""
    assert answer.question == question
    assert answer.searched_for
    assert 0 <= answer.confidence <= 1
    assert answer.elapsed_ms > 0
    small_talk = answer.status is Status.SMALL_TALK
    assert bool(answer.hits) == (not small_talk)
    assert len(answer.hits) <= passages
    quoted = answer.status in (Status.ANSWERED, Status.POSSIBLE)
    assert bool(answer.citations) == quoted
    assert len(answer.citations) <= (5 if asks_for_several(question) else 3)
    assert len({citation.span for citation in answer.citations}) == len(answer.citations)
    for citation in answer.citations:
        text = TEXTS[citation.passage.source]
        assert citation.quote == text[citation.span.start : citation.span.end]
        assert citation.quote == citation.quote.strip() != ""
        assert answer.hits[citation.number - 1].passage == citation.passage
    for hit in answer.hits:
        assert hit.passage.text == TEXTS[hit.passage.source][hit.passage.start : hit.passage.end]


def test_digits_of_any_script_ask_the_same(answerer: Answerer) -> None:
    asked, plain = (answerer.answer(f"What happened in {year}?") for year in ("٢٠١٦", "2016"))
    assert asked.question == "What happened in ٢٠١٦?"
    assert asked.searched_for == plain.question
    assert (asked.status, asked.citations) == (plain.status, plain.citations)


@pytest.mark.parametrize("written", ["28/9/2016", "28.09.2016", "9/28/2016"])
def test_a_date_in_numbers_is_read_in_whatever_order(answerer: Answerer, written: str) -> None:
    asked, plain = (answerer.answer(f"What happened on {day}?") for day in (written, "2016-09-28"))
    assert asked.question == f"What happened on {written}?"
    assert asked.searched_for == "What happened on 2016-09-28?"
    assert asked.citations[0].quote.startswith("On 28 September 2016, Jaish al-Fateh")
    assert (asked.citations, asked.hits) == (plain.citations, plain.hits)


def test_a_date_that_may_be_either_is_read_as_neither(answerer: Answerer) -> None:
    asked = answerer.answer("What happened on 3/4/2016?")
    assert asked.searched_for == "What happened on 3/4/2016?"


def test_an_answer(answerer: Answerer) -> None:
    answer = answerer.answer(CIVILIANS)
    check(answer, CIVILIANS)
    assert (answer.status, answer.searched_for, answer.notes) == (Status.ANSWERED, CIVILIANS, ())
    assert answer.snapshot == answerer.index.snapshot
    first = answer.citations[0]
    start = TEXTS[SOURCE].index(KILLED)
    assert (first.quote, first.passage.source, first.passage.paragraph, first.date_warning) == (
        KILLED,
        SOURCE,
        50,
        "",
    )
    assert (first.span.start, first.span.end) == (start, start + len(KILLED))


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Australia?",
        "Who won the world cup in 2018?",
        "How many members does the European Parliament have?",
        "What did Obama say about the fall of east Aleppo?",
        "asdfgh jkl",
    ],
)
def test_what_the_sources_do_not_answer(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question)
    check(answer, question)
    assert (answer.status, answer.citations, len(answer.hits)) == (Status.NOT_FOUND, (), 5)
    assert answer.searched_for == question


def test_what_is_possible_only(answerer: Answerer) -> None:
    answer = answerer.answer(POSSIBLE)
    check(answer, POSSIBLE)
    assert answer.status is Status.POSSIBLE
    assert "the Turkish President Recep Tayyip Erdogan" in answer.citations[0].quote


def test_all_quotes_are_looked_at_for_what_they_withhold(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[tuple[str, str, list[str]]] = []

    def withheld_by_all(question: str, topic: str, quotes: list[str]) -> str:
        looked_at.append((question, topic, quotes))
        return "who"

    monkeypatch.setattr("citadel.qa.answer.answering.withheld_by_all", withheld_by_all)
    answer = answerer.answer(POSSIBLE)
    quotes = [citation.quote for citation in answer.citations]
    assert len(quotes) > 1
    assert looked_at == [(POSSIBLE, "", quotes)]
    assert answer.notes == ("The article mentions this, but doesn't say who.",)


def test_a_script_that_the_model_does_not_read(answerer: Answerer) -> None:
    question = "من يقود جيش حلب؟"
    answer = answerer.answer(question)
    check(answer, question)
    assert answer.status in (Status.POSSIBLE, Status.NOT_FOUND)
    assert answer.notes[0] == "This search works best in English. You asked in Arabic."
    assert answer.notes[1:] == ("Also matched: “Halab” for “حلب”.",)


@pytest.mark.parametrize("text", ["Hello!", "thanks a lot", "👍", "مرحبا", "???"])
@pytest.mark.parametrize("history", [[], [CIVILIANS]])
def test_small_talk(answerer: Answerer, text: str, history: list[str]) -> None:
    answer = answerer.answer(text, history)
    check(answer, text)
    assert (answer.status, answer.confidence, answer.hits, answer.notes) == (
        Status.SMALL_TALK,
        0.0,
        (),
        (),
    )
    assert answer.searched_for == text


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("Who wrote this article?", ["Enab Baladi"]),
        ("When was this published?", ["2016-12"]),
        (
            "What is the article about?",
            [
                "“The End of Aleppo”… The Reasons Behind Defeat and the Potential Consequences",
                "The Beginning of the End or Setbacks to be Followed by Resurgence?",
            ],
        ),
    ],
)
def test_about_the_source(answerer: Answerer, question: str, quotes: list[str]) -> None:
    answer = answerer.answer(question)
    check(answer, question)
    assert (answer.status, answer.confidence) == (Status.ANSWERED, 0.95)
    assert [citation.quote for citation in answer.citations] == quotes
    assert {citation.passage.paragraph for citation in answer.citations} == {0}
    assert [hit.score for hit in answer.hits] == [1.0]


@pytest.mark.parametrize(
    ("question", "searched_for", "notes"),
    [
        ("Who took Hanano?", "Who took Hananu?", ("Also matched: “Hananu” for “Hanano”.",)),
        ("who took hanano", "who took hananu", ("Also matched: “Hananu” for “hanano”.",)),
        (
            "What is the Zanki movement in Aleepo?",
            "What is the Zenki movement in Aleppo?",
            (
                "Also matched: “Zenki” for “Zanki”.",
                "Also matched: “Aleppo” for “Aleepo”.",
            ),
        ),
    ],
)
def test_another_spelling(
    answerer: Answerer, question: str, searched_for: str, notes: tuple[str, ...]
) -> None:
    answer = answerer.answer(question)
    check(answer, question)
    assert answer.status in (Status.ANSWERED, Status.POSSIBLE)
    assert (answer.searched_for, answer.notes) == (searched_for, notes)
    assert any(name in answer.citations[0].quote for name in ("Hananu", "Zenki"))
    plain = answerer.answer(searched_for)
    assert (plain.hits, plain.citations, plain.confidence, plain.notes) == (
        answer.hits,
        answer.citations,
        answer.confidence,
        (),
    )


def test_a_day_that_does_not_exist(answerer: Answerer) -> None:
    question = "Why did Jaish al-Fateh call on civilians to burn tires?"
    answer = answerer.answer(question)
    check(answer, question)
    first, *others = answer.citations
    assert first.quote.startswith("On 31 June 2016, Jaish al-Fateh factions, ")
    assert first.date_warning == NO_SUCH_DAY
    assert [citation.date_warning for citation in others] == [
        NO_SUCH_DAY if "31 June" in citation.quote else "" for citation in others
    ]


def test_the_day_that_is_asked_for_stands_in_the_first_quote(answerer: Answerer) -> None:
    answer = answerer.answer("What happened on 23 November?")
    check(answer, "What happened on 23 November?")
    assert "23 November" in answer.citations[0].quote


def test_a_list_has_more_quotes(answerer: Answerer) -> None:
    several = answerer.answer(LIST)
    check(several, LIST)
    assert len(several.citations) == 5
    one = answerer.answer("What is Jaish Halab?")
    check(one, "What is Jaish Halab?")
    assert len(one.citations) == 3


@pytest.mark.parametrize("passages", [1, 2, 50])
def test_passages_are_counted(answerer: Answerer, passages: int) -> None:
    answer = answerer.answer(LIST, passages=passages)
    check(answer, LIST, passages)
    assert len(answer.hits) == min(passages, 32)
    assert answer.hits[:1] == answerer.answer(LIST).hits[:1]


@pytest.mark.parametrize("question", ["", " ", "\n\t\u00a0\u3000"])
def test_an_empty_question(answerer: Answerer, question: str) -> None:
    message = "The question is empty; type a question about the articles."
    for call in (answerer.answer, check_question):
        with pytest.raises(CitadelError) as caught:
            call(question)
        assert str(caught.value) == message


def test_an_overlong_question(answerer: Answerer) -> None:
    longest = "🌊" * MAX_QUESTION
    check(answerer.answer(longest), longest)
    with pytest.raises(CitadelError) as caught:
        answerer.answer(longest + "?")
    assert str(caught.value) == "Questions can be up to 500 characters; this one has 501."


WORDS = """
who What when Aleppo Hanano it and list 2016 all “ ? مَن حلب 🌊 Straße siege LEADS why
"""
QUESTIONS = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(), max_size=8),
    st.lists(
        st.sampled_from([*WORDS.split(), "new topic:", "\udcff", "\x00"]),
        max_size=8,
    ).map(" ".join),
).filter(lambda text: text.strip() != "")  # fmt: skip


@settings(max_examples=20)
@given(
    question=QUESTIONS,
    history=st.lists(st.text(max_size=30) | QUESTIONS, max_size=2),
    passages=st.integers(1, 50),
)
def test_any_question(answerer: Answerer, question: str, history: list[str], passages: int) -> None:
    answer = answerer.answer(question, history, passages)
    check(answer, question, passages)


def test_sources_that_disagree_are_found_out_on_demand(answerer: Answerer) -> None:
    answer = answerer.answer("conflicting figures on casualties")
    assert answer.searched_for == "number of casualties"
    assert [claim.written for claim in answer.conflicts] == ["more than 600", "440"]
    assert answer.notes == ()


def test_it_is_said_where_no_disagreement_is_recognised(answerer: Answerer) -> None:
    answer = answerer.answer("Do the sources disagree about the number of neighborhoods?")
    assert answer.conflicts == ()
    assert "No disagreement about this was recognised in the passages found." in answer.notes
