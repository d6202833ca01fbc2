"""What a follow-up stands for, and that what stands alone is left alone."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.retrieval.search import Query
from citadel.qa.answer.follow_ups import answered_before, interpret, leans, searched_for

HALAB = "What is Jaish Halab?"
CIVILIANS = "How many civilians did Human Rights Watch say were killed?"


@pytest.mark.parametrize(
    ("question", "history", "query"),
    [
        ("Who leads it?", [HALAB], Query("Who leads it?", "Jaish Halab", HALAB, 0.9)),
        ("WHO LEADS IT?", [HALAB], Query("WHO LEADS IT?", "Jaish Halab", HALAB, 0.9)),
        ("Why?", ["Why did it fail?"], Query("Why?", "fail", "Why did it fail?", 1.0)),
        (
            "and when was that?",
            ["Who leads Jaish Halab?"],
            Query("and when was that?", "Jaish Halab leads", "Who leads Jaish Halab?", 1.0),
        ),
        (
            "And how many children?",
            [CIVILIANS],
            Query("And how many children?", "Human Rights Watch civilians killed", CIVILIANS, 0.8),
        ),
        (
            "And in Idlib?",
            ["How many people left Aleppo?"],
            Query("And in Idlib?", "Aleppo people left", "How many people left Aleppo?", 0.45),
        ),
        (
            "What about the second one?",
            ["Which battles failed?"],
            Query("What about the second one?", "battles failed", "Which battles failed?", 0.9),
        ),
        (
            "Who else?",
            ["Who signed the Treaty of Rome?"],
            Query("Who else?", "Treaty of Rome signed", "Who signed the Treaty of Rome?", 1.0),
        ),
        (
            "What did the old harbour master ask it for?",
            [HALAB],
            Query("What did the old harbour master ask it for?", "Jaish Halab", HALAB, 0.7),
        ),
        (
            "What did Lavrov say he wanted?",
            [HALAB],
            Query("What did Lavrov say he wanted?", "Jaish Halab", HALAB, 0.25),
        ),
        (
            "What did they say?",
            ["What did the FSA and al-Zenki Movement do in 2012?"],
            Query(
                "What did they say?",
                "FSA al-Zenki Movement 2012",
                "What did the FSA and al-Zenki Movement do in 2012?",
                1.0,
            ),
        ),
    ],
)
def test_a_follow_up(question: str, history: Sequence[str], query: Query) -> None:
    assert interpret(question, history) == query
    assert searched_for(query) == f"{question} — about: {query.topic}"


@pytest.mark.parametrize(
    ("question", "history", "query"),
    [
        (
            "When was it formed?",
            [HALAB, "Who leads it?"],
            Query("When was it formed?", "Jaish Halab leads", "Who leads it? Jaish Halab", 0.9),
        ),
        (
            "Who is he?",
            ["Who is Jan Egeland?", "What does he want?", "And from whom?"],
            Query("Who is he?", "Jan Egeland want", "And from whom? Jan Egeland want", 1.0),
        ),
        # The nearest question that names its topic wins.
        (
            "Who leads it?",
            [HALAB, "What is the Castello Road?"],
            Query("Who leads it?", "Castello Road", "What is the Castello Road?", 0.9),
        ),
        (
            "Who leads it?",
            [HALAB, "New topic: what is the Castello Road?"],
            Query("Who leads it?", "Castello Road", "what is the Castello Road?", 0.9),
        ),
        # What the question says itself is not carried.
        (
            "Who leads it?",
            ["Who leads Jaish Halab?"],
            Query("Who leads it?", "Jaish Halab", "Who leads Jaish Halab?", 0.9),
        ),
        (
            "And the Halab one?",
            ["What is Jaish al-Fateh?", "And Fateh Halab?"],
            Query("And the Halab one?", "Fateh Halab", "And Fateh Halab?", 0.45),
        ),
    ],
)
def test_a_chain_of_follow_ups(question: str, history: Sequence[str], query: Query) -> None:
    assert interpret(question, history) == query


CASES = "How many cases in Sabo in 2017?"
DAM = "How high is the dam?"
OUTBREAK = "How many died in the outbreak of June 2006?"


@pytest.mark.parametrize(
    ("question", "history", "topic"),
    [
        # What says nothing but another date, or another name, leaves the topic to those before it.
        ("And 2019?", [CASES, "what about 2018?"], "Sabo cases"),
        ("And in the capital?", [CASES, "and Port Elmina?"], "2017 cases Port Elmina"),
        ("by how much?", ["Who won the election?", "and who won in 2019?"], "won election 2019"),
        ("Who is it?", [HALAB, "And who is Lavrov?"], "Lavrov"),
        (
            "Who is it?",
            [HALAB, "And how many old houses did the army burn?"],
            "old houses army burn",
        ),
        # What asks, or points back, adds a name to those before.
        ("why?", [HALAB, "When was the second one in Sabo?"], "Jaish Halab Sabo second"),
        (
            "when did she go?",
            ["Who is the envoy of Sabo?", "and his deputy Diallo?"],
            "Sabo envoy Diallo deputy",
        ),
        ("متى؟", ["ما هو جيش حلب؟", "ولماذا سقط حي بني زيد؟"], "سقط حي بني زيد"),
    ],
)
def test_what_names_a_topic_and_what_leaves_it_to_those_before(
    question: str, history: Sequence[str], topic: str
) -> None:
    assert interpret(question, history).topic == topic


@pytest.mark.parametrize(
    ("question", "history", "topic"),
    [
        ("and in 2014?", [OUTBREAK], "died outbreak"),
        ("and this year?", [OUTBREAK], "died outbreak"),
        ("and in July?", [OUTBREAK], "2006 died outbreak"),
        ("and in 1978?", [OUTBREAK, "and in 2014?"], "died outbreak"),
        ("and in Sabo?", [OUTBREAK], "June 2006 died outbreak"),
        ("and in 2016?", ["Which 17 militias came in 2015?"], "17 militias came"),
        ("and in 2014?", ["Who wrote Resolution 2016 A?"], "Resolution 2016 A wrote"),
    ],
)
def test_another_date_is_asked_for_in_place_of_the_one_before(
    question: str, history: Sequence[str], topic: str
) -> None:
    assert interpret(question, history).topic == topic


@pytest.mark.parametrize(
    ("question", "history", "topic"),
    [
        ("how much did it cost?", [DAM], "dam"),
        ("is it safe?", [DAM], "dam"),
        ("Who built it?", ["What is the height of the dam?"], "dam"),
        ("who was hurt in it?", ["In which year did the dam break?"], "dam break"),
        # What asks nothing else asks that of something else.
        ("and the tower?", [DAM], "high dam"),
        ("who says so?", [DAM], "high dam"),
        ("and the tower?", [DAM, "how much did it cost?"], "dam cost"),
    ],
)
def test_what_was_measured_is_no_part_of_the_topic(
    question: str, history: Sequence[str], topic: str
) -> None:
    assert interpret(question, history).topic == topic


@pytest.mark.parametrize(
    "question",
    [
        CIVILIANS,
        "What is Jaish Halab’s aim?",
        "Where does the ferry cross the river?",
        "When was Castello Road cut off?",
        "متى بدأ حصار مدينة حلب؟",
    ],
)
def test_a_question_that_stands_alone(question: str) -> None:
    assert interpret(question, [HALAB, "Who leads it?"]) == Query(question)
    assert searched_for(Query(question)) == question


@pytest.mark.parametrize("question", ["Who leads it?", "and when was that?", "why?", "Who else?"])
def test_nothing_went_before(question: str) -> None:
    assert interpret(question, []) == Query(question)


@pytest.mark.parametrize("history", [["?"], ["Who is he?"], ["", "and?", "🌊"]])
def test_nothing_to_carry(history: Sequence[str]) -> None:
    assert interpret("Why?", history) == Query("Why?")


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("new topic: what is the capital of Australia?", "what is the capital of Australia?"),
        ("New topic. Who leads it?", "Who leads it?"),
        ("OK, something else: who is he?", "who is he?"),
        ("Another question: where is it?", "where is it?"),
        ("let's change the topic. Who is Lavrov?", "Who is Lavrov?"),
        ("By the way, who is she?", "who is she?"),
        ("So, moving to another topic, what is it?", "what is it?"),
        ("Next question: and when was that?", "and when was that?"),
        ("new topic", "new topic"),
        ("New topic: Lavrov", "New topic: Lavrov"),
    ],
)
def test_a_new_topic(question: str, rest: str) -> None:
    assert interpret(question, [HALAB]) == Query(rest)


@pytest.mark.parametrize("question", ["Is there a new topic?", "Which new questions did it raise?"])
def test_what_only_speaks_of_topics(question: str) -> None:
    assert interpret(question, [HALAB]).text == question


def test_a_long_topic_is_cut() -> None:
    numbers = "two three four five six seven eight nine ten eleven twelve boats"
    query = interpret("Which of these?", [f"one {numbers}"])
    assert query.topic == "two three four five six seven eight nine"


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=4))
def test_any_conversation(question: str, history: list[str]) -> None:
    query = interpret(question, history)
    assert question.endswith(query.text)
    assert 0 <= query.dependence <= 1
    assert bool(query.topic) == bool(query.earlier) == (query.dependence > 0)
    assert history or query == Query(query.text)
    assert all(any(word in earlier for earlier in history) for word in query.topic.split())


@pytest.mark.parametrize(
    ("question", "leaning"),
    [
        ("Who leads it?", True),
        ("And in Idlib?", True),
        ("why?", True),
        ("Who else?", True),
        (CIVILIANS, False),
        ("Which battles failed?", False),
        ("What did Lavrov say he wanted?", False),
        ("new topic: who leads it?", False),
    ],
)
def test_a_follow_up_leans_on_what_went_before(question: str, leaning: bool) -> None:
    assert leans(question, [HALAB]) is leaning
    assert leans(question, []) is False


WHYS = ("Why?", "Who else?", "and when?", "where?", "why?", "Who?", "Where else?")


@pytest.mark.parametrize(
    ("history", "refused", "context", "searched"),
    [
        ([HALAB], set(), (HALAB,), [HALAB]),
        ([CIVILIANS, HALAB], set(), (HALAB,), [HALAB]),
        ([HALAB], {HALAB}, (), [HALAB]),
        ([CIVILIANS, HALAB], {HALAB}, (CIVILIANS,), [HALAB, CIVILIANS]),
        # A follow-up stands on what it leaned on itself.
        ([HALAB, "Who leads it?"], set(), (HALAB, "Who leads it?"), [HALAB, "Who leads it?"]),
        ([HALAB, "Who leads it?"], {"Who leads it?"}, (HALAB,), [HALAB, "Who leads it?"]),
        (
            [CIVILIANS, HALAB, "Who leads it?"],
            {HALAB},
            (CIVILIANS, "Who leads it?"),
            [HALAB, CIVILIANS, "Who leads it?"],
        ),
        # Eight are looked at, and no more.
        (
            [CIVILIANS, HALAB, *WHYS[:6]],
            {HALAB},
            (CIVILIANS, *WHYS[:6]),
            [HALAB, CIVILIANS, *WHYS[:6]],
        ),
        ([CIVILIANS, HALAB, *WHYS], {HALAB}, (), [HALAB]),
        ([], set(), (), []),
    ],
)
def test_the_last_question_that_was_answered(
    history: list[str], refused: set[str], context: tuple[str, ...], searched: list[str]
) -> None:
    asked: list[str] = []

    def is_found(query: Query) -> bool:
        asked.append(query.text)
        return query.text not in refused

    assert answered_before(history, is_found) == context
    assert asked == searched


CONCRETE = "Who told her that the president wanted concrete?"


@pytest.mark.parametrize(
    ("history", "refused", "context"),
    [
        ([HALAB, CONCRETE], {"Jaish Halab"}, (CONCRETE,)),
        ([HALAB, CONCRETE], {""}, ()),
        ([HALAB, CONCRETE], {"", "Jaish Halab"}, ()),
        ([HALAB, CONCRETE], set(), (HALAB, CONCRETE)),
        # Without the others nobody knows whom it asks about.
        ([HALAB, "When did she visit the town?"], {"Jaish Halab"}, (HALAB,)),
    ],
)
def test_a_question_in_enough_words_is_tried_without_those_before(
    history: list[str], refused: set[str], context: tuple[str, ...]
) -> None:
    assert answered_before(history, lambda query: query.topic not in refused) == context


@pytest.mark.parametrize(
    "question",
    [
        "ومن يقوده؟",
        "من يقودها؟",
        "من هو قائدها؟",
        "من هو؟",
        "لماذا؟",
        "متى كان ذلك؟",
        "وماذا عن المدنيين؟",
        "كم عدد مقاتليها؟",
        "وكم كان عددهم؟",
        "من قَتَلَهُ؟",
    ],
)
def test_a_follow_up_in_arabic_carries_the_topic_on(question: str) -> None:
    query = interpret(question, ["ما هو جيش حلب؟"])
    assert (query.text, query.topic) == (question, "جيش حلب")
    assert leans(question, ["ما هو جيش حلب؟"])


@pytest.mark.parametrize(
    "question",
    [
        "ما هو جيش حلب؟",
        "من هو مبعوث الأمم المتحدة إلى سوريا؟",
        "متى دخلت قوات النظام حي بني زيد؟",
        "كم مدنيًا قُتل بحسب هيومن رايتس ووتش؟",
        "متى تأسس جيش حلب ومن يقوده؟",
        "ما أهم المياه في سوريا؟",
        "أين يقع طريق الكاستيلو؟",
    ],
)
def test_a_question_in_arabic_that_stands_alone_is_no_follow_up(question: str) -> None:
    assert not leans(question, ["من كان رئيس المجلس؟"])


def test_another_topic_in_arabic_is_told_from_a_follow_up() -> None:
    query = interpret("سؤال آخر: من يقودهم؟", ["ما هو جيش حلب؟"])
    assert query == Query("من يقودهم؟")
