import json
from typing import Any

import pytest

from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import answer_record
from citadel.qa.cli.batch import answer_lines
from tests.contract import check_record, without_time

ID = "Line 1 has no “id”; give it one, a string."
QUESTION = "Line 1 has no “question”; give it one, a string."
ID_TYPE = "Line 1: “id” must be a string; write it in quotation marks."
QUESTION_TYPE = "Line 1: “question” must be a string; write it in quotation marks."
HISTORY = "Line 1: “history” must be a list of strings, the earlier questions."
NOT_JSON = "Line 1 is not JSON; write one JSON object a line."
NO_OBJECT = "Line 1 is not a JSON object; write one JSON object a line."


def written(answerer: Answerer, *lines: str) -> list[dict[str, Any]]:
    """The answers to lines; each is one line of ASCII, marked as failed if it reports an error."""
    answers = []
    for line in answer_lines(answerer, lines, 5):
        assert line.text.isascii()
        assert len(line.text.splitlines()) == 1
        answers.append(json.loads(line.text))
        assert line.failed == ("error" in answers[-1])
    return answers


@pytest.mark.parametrize(
    ("line", "identifier", "error"),
    [
        ("question?", None, NOT_JSON),
        ('{"id": "a", "question": "Who?"', None, NOT_JSON),
        ('{"id": NaN, "question": "Who?"}', None, NOT_JSON),
        ("[" * 100_000, None, NOT_JSON),
        ('["a", "Who?"]', None, NO_OBJECT),
        ("null", None, NO_OBJECT),
        ('{"id": "a", "question": "caf\udce9?"}', None, None),
        ('{"question": "Who?"}', None, ID),
        ('{"id": 7, "question": "Who?"}', 7, ID_TYPE),
        ('{"id": 1e999, "question": "Who?"}', None, ID_TYPE),
        ('{"id": ["a"], "question": "Who?"}', None, ID_TYPE),
        ('{"id": "a"}', "a", QUESTION),
        ('{"id": "a", "question": null}', "a", QUESTION),
        ('{"id": "a", "question": ["Who?"]}', "a", QUESTION_TYPE),
        ('{"id": "a", "question": "Who?", "history": "Who?"}', "a", HISTORY),
        ('{"id": "a", "question": "Who?", "history": ["Who?", 7]}', "a", HISTORY),
        ('{"id": "a", "question": "Who?", "history": {"Who?": 7}}', "a", HISTORY),
        (
            '{"id": "a", "question": " \\n\\u3000"}',
            "a",
            "The question is empty; type a question about the articles.",
        ),
        (
            json.dumps({"id": "a", "question": "🌊" * 501}),
            "a",
            "Questions can be up to 500 characters; this one has 501.",
        ),
    ],
)
def test_a_malformed_line(
    answerer: Answerer, line: str, identifier: object, error: str | None
) -> None:
    told = error or "Line 1 is not UTF-8; save the questions as UTF-8."
    assert written(answerer, line) == [{"id": identifier, "error": told}]


def test_answers_stand_in_the_order_of_the_questions(answerer: Answerer) -> None:
    answers = written(
        answerer,
        '{"id": "one", "question": "What is Jaish Halab?", "more": 1}\n',
        "\n",
        "oops\n",
        '{"id": "two", "question": "Who leads it?", "history": ["What is Jaish Halab?"]}\n',
        '{"id": "one", "question": "Hello!", "history": []}',
    )
    assert answers.pop(1) == {
        "id": None,
        "error": "Line 3 is not JSON; write one JSON object a line.",
    }
    assert [answer.pop("id") for answer in answers] == ["one", "two", "one"]
    for answer in answers:
        check_record(answer)
    expected = (
        answerer.answer("What is Jaish Halab?"),
        answerer.answer("Who leads it?", ["What is Jaish Halab?"]),
        answerer.answer("Hello!"),
    )
    assert list(map(without_time, answers)) == [
        without_time(answer_record(answer)) for answer in expected
    ]


@pytest.mark.parametrize("question", ["Who is \ud800 Nour?", "\udfff", "a\0b", "🌊" * 500])
def test_odd_questions_are_answered(answerer: Answerer, question: str) -> None:
    answer = written(answerer, json.dumps({"id": "a", "question": question}))[0]
    assert (answer.pop("id"), answer["question"]) == ("a", question)
    check_record(answer)


def test_the_same_question_has_the_same_answer(answerer: Answerer) -> None:
    line = '{"id": "a", "question": "How many fighters were in eastern Aleppo?"}'
    one, other = map(without_time, written(answerer, line, line))
    assert one == other


def test_each_line_may_choose_its_articles(answerer: Answerer) -> None:
    lines = [
        json.dumps({"id": "1", "question": "Who leads Jaish Halab?", "scope": scope})
        for scope in ({}, {"languages": ["en"]}, {"until": "2015"}, {"only": "a.md"})
    ]
    every, english, old, malformed = answer_lines(answerer, lines, 5)
    kept = [{**json.loads(line.text), "elapsed_ms": 0} for line in (every, english)]
    assert kept[0] == kept[1]
    assert [json.loads(line.text) for line in (old, malformed)] == [
        {"id": "1", "error": "No article is like that; search in more of them."},
        {"id": "1", "error": "Line 4: In a scope “only” is a list of strings; mend it."},
    ]
