"""Which kinds of answer a question asks for and a sentence offers."""

import pytest

from citadel.index.retrieval.answer_types import (
    ANSWER_TYPES,
    asked_types,
    asks_for_several,
    offered_types,
)


def names(flags: tuple[bool, ...]) -> list[str]:
    return [name for name, flag in zip(ANSWER_TYPES, flags, strict=True) if flag]


@pytest.mark.parametrize(
    ("question", "types"),
    [
        ("When did the siege begin?", ["date"]),
        ("In what year was it built?", ["date"]),
        ("Which exact day was it?", ["date"]),
        ("HOW MANY PEOPLE LEFT?", ["number"]),
        ("What is the death toll?", ["number"]),
        ("What percentage voted?", ["number"]),
        ("Who leads it?", ["person"]),
        ("Which Russian minister was it?", ["person"]),
        ("When did those who stayed leave?", ["date"]),
        ("Where is it?", ["place"]),
        ("Which neighbourhood fell?", ["place"]),
        ("What did Lavrov say?", ["statement"]),
        ("Where and when did he say so, and to whom?", ["date", "place", "statement", "list"]),
        ("How many said who did it?", ["number", "person", "statement"]),
        ("Which countries took part?", ["list"]),
        ("Which cities fell when?", ["date", "list"]),
        ("Why did it fail?", []),
        ("What is a whole, somewhere, whenever?", []),
        ("متى بدأ الحصار؟", []),
        ("", []),
    ],
)
def test_asked_types(question: str, types: list[str]) -> None:
    assert names(asked_types(question)) == types


@pytest.mark.parametrize(
    ("sentence", "types"),
    [
        ("It began in 1999.", ["date"]),
        ("It began in the 1990s.", ["date"]),
        ("It began on 3 December.", ["date"]),
        ("It began on the 3rd of December 2016.", ["date", "place"]),
        ("It began July 12, 2012.", ["date"]),
        ("It began in the 19th century.", ["date"]),
        ("By 3 December, 90 had left.", ["date", "number"]),
        ("May 1000 people leave?", ["date"]),
        ("Only 10000 stayed.", ["number"]),
        ("It began in May.", ["date", "place"]),
        ("It may begin.", []),
        ("Thousands left.", ["number"]),
        ("There were 90.", ["number"]),
        ("Jan Egeland is waiting.", ["person"]),
        ("It is Yasir al-Yusef.", ["person"]),
        ("It is Staffan De Mistura.", ["person"]),
        ("They left for a town near al-Bab.", ["place"]),
        ("They came from northern Castello.", ["place"]),
        ("He claimed nothing.", ["statement"]),
        ("It is “over”.", ["statement"]),
        ("It was proposed by Egypt, New Zealand and Spain.", ["person", "list"]),
        ("Egypt, New Zealand, and Spain proposed it.", ["person", "list"]),
        ("They ate bread, salted butter or jam.", ["list"]),
        ("They were armed, as well as trained.", []),
        ("He had, they say, never been there.", []),
        ("Nothing is here.", []),
        ("بدأ الحصار.", []),
        ("", []),
    ],
)
def test_offered_types(sentence: str, types: list[str]) -> None:
    assert names(offered_types(sentence)) == types


@pytest.mark.parametrize(
    "question",
    [
        "List the militias.",
        "  “Name the factions”",
        "Give me the reasons.",
        "Which countries took part?",
        "which foreign militias took part?",
        "What are the consequences?",
        "Who were the commanders?",
        "Who are they?",
        "Compare the two battles.",
        "Did both sides agree?",
        "Tell me about every battle.",
        "When did it begin and who won?",
        "Who leads it and when was it founded?",
        "What were the reasons and what followed?",
    ],
)
def test_several_things_are_asked_for(question: str) -> None:
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is Lavrov?",
        "What was the reason for the defeat?",
        "What is the status?",
        "What is the news?",
        "Which news was it?",
        "What was the crisis about?",
        "What caused the crisis?",
        "Which process was it?",
        "What progress was made?",
        "Which series was it?",
        "What did Simon Adams say?",
        "What has happened?",
        "What does it mean?",
        "What was this?",
        "Which was it?",
        "And when was that?",
        "and who is he?",
        "Where did Save the Children and Care International go?",
        "How many civilians were killed?",
        "When did the talks begin?",
        "Did the names change?",
        "What is an allegory?",
        "",
    ],
)
def test_one_thing_is_asked_for(question: str) -> None:
    assert not asks_for_several(question)
