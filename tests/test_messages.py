"""Small talk and questions about the source are told from questions to the sources."""

import pytest

from citadel.qa.answer.intent import Message, MessageKind, read_message

QUESTION = Message(MessageKind.QUESTION)
SMALL_TALK = Message(MessageKind.SMALL_TALK)


@pytest.mark.parametrize(
    "text",
    ["Hi!", "heyyyy there", "thanks a lot, that was good", "who are u?", "What can you do?",
     "مرحبا", "شكراً جزيلاً", "صباح الخير", "👍😂", "???", "ok cool", "bonjour", "good night :)"],
)  # fmt: skip
def test_small_talk(text: str) -> None:
    assert read_message(text) == SMALL_TALK


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Who wrote this article?", "author"),
        ("publisher?", "publisher"),
        ("Which newspaper published this text?", "publisher"),
        ("When was this published?", "date"),
        ("What year is the article from?", "date"),
        ("what's the headline", "title"),
        ("What is the text about?", "subject"),
        ("Summarise the document please", "subject"),
        ("What language is this article in?", "language"),
        ("Where can I find the original article online?", "origin"),
    ],
)
def test_questions_about_the_source(text: str, field: str) -> None:
    assert read_message(text) == Message(MessageKind.ABOUT_SOURCE, field)


@pytest.mark.parametrize(
    "text",
    ["hi, who leads Jaish Halab?", "Who wrote the report on war crimes?", "Who is he?", "why?",
     "When was the Human Rights Watch report published?", "What does Article 101 cover?",
     "What is the Treaty about force?", "and when was that?", "did it work?", "asdfgh jkl"],
)  # fmt: skip
def test_questions_to_the_sources(text: str) -> None:
    assert read_message(text) == QUESTION


def test_what_points_back_in_a_conversation_is_no_question_about_the_source() -> None:
    assert read_message("When was this released?") == Message(MessageKind.ABOUT_SOURCE, "date")
    assert read_message("When was this released?", in_conversation=True) == QUESTION
    assert read_message("When was this article released?", in_conversation=True) == Message(
        MessageKind.ABOUT_SOURCE, "date"
    )
