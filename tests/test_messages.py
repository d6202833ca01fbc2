"""Small talk and questions about the source are distinguished from questions to the sources."""

import pytest

from citadel.qa.answer.intent import Message, MessageKind, read_message

QUESTION = Message(MessageKind.QUESTION)
SMALL_TALK = Message(MessageKind.SMALL_TALK)
DOUBT = Message(MessageKind.DOUBT)


@pytest.mark.parametrize(
    "text",
    ["Hi!", "heyyyy there", "thanks a lot, that was good", "who are u?", "What can you do?",
     "مرحبا", "شكراً جزيلاً", "صباح الخير", "👍😂", "???", "stop", "bonjour", "good night :)"],
)  # fmt: skip
def test_small_talk(text: str) -> None:
    assert read_message(text) == SMALL_TALK


REMARKS = {
    "thanks": ["thanks, that helps", "Thank you so much for your help!", "thx, much appreciated"],
    "praise": ["Interesting.", "well that is really fascinating", "wow, how sad",
               "exactly what I needed, thank you", "good point"],
    "acknowledged": ["I see, that makes sense", "Right.", "no more questions, bye", "hold on"],
    "complaint": ["that was not my question", "That’s not what I meant!", "try again",
                  "ok but you didn’t answer my question", "this is useless", "wrong answer"],
    "manner": ["do you speak French?", "Could you please answer in German?", "in English please",
               "what languages do you speak?", "too long", "shorter answers please",
               "can you rephrase that?", "translate this into Turkish"],
    "chat": ["where are you from?", "and you?", "thank you, what should I ask?"],
    "french": ["merci beaucoup", "Parlez-vous français ?", "s’il vous plaît"],
    "german": ["Vielen Dank!", "Wie geht es dir?", "Ich verstehe nicht."],
    "spanish": ["¡Muchas gracias!", "¿Hablas español?"],
    "italian": ["Grazie mille", "come stai?"],
    "portuguese": ["muito obrigada", "Tudo bem?"],
    "turkish": ["Teşekkür ederim", "İyi akşamlar"],
    "russian": ["Спасибо большое!", "добрый день"],
    "chinese": ["您好", "谢谢你"],
    "japanese": ["ありがとうございます"],
    "korean": ["고맙습니다"],
    "arabic": ["شكرًا على المساعدة", "ليس هذا سؤالي", "هل تتحدث الفرنسية؟", "بالعربية من فضلك"],
}  # fmt: skip


@pytest.mark.parametrize("in_conversation", [False, True])
@pytest.mark.parametrize("text", [text for texts in REMARKS.values() for text in texts])
def test_a_remark(text: str, in_conversation: bool) -> None:
    assert read_message(text, in_conversation=in_conversation) == SMALL_TALK


@pytest.mark.parametrize("in_conversation", [False, True])
@pytest.mark.parametrize(
    "text",
    ["that can’t be right", "thats wrong", "I doubt it.", "you are wrong", "I don’t believe you",
     "sorry but I think that’s not true", "hm, that makes no sense", "You made that up!",
     "how do you know that?", "where did you get that from?", "thanks, but I have my doubts",
     "هذا خطأ", "أشك في ذلك", "das stimmt nicht", "c’est faux", "no es verdad"],
)  # fmt: skip
def test_a_doubt_in_a_phrase(text: str, in_conversation: bool) -> None:
    assert read_message(text, in_conversation=in_conversation) == DOUBT


@pytest.mark.parametrize(
    "text",
    ["you are wrong, it was 31", "so sad about the nephew", "I doubt the ministry",
     "who was wrong?", "did she speak French?", "which languages did she speak?",
     "and the French?", "in French?", "how bad?", "how long?", "how fast?", "was it wrong?",
     "is it a lie?", "why not?", "and then?", "who agreed?", "thanks to whom?",
     "translate the quote into Turkish", "that helps whom?", "then so well and but"],
)  # fmt: skip
def test_what_is_no_remark(text: str) -> None:
    assert read_message(text, in_conversation=True) == QUESTION


@pytest.mark.parametrize(
    "text",
    ["ok, who did it?", "thanks, and what’s the name?", "great, but when?", "was it good?",
     "in the morning?", "no, who?"],
)  # fmt: skip
def test_what_is_asked_after_a_courtesy_is_a_question(text: str) -> None:
    assert read_message(text, in_conversation=True) == QUESTION


@pytest.mark.parametrize(
    "text",
    ["hi, what’s up?", "ok and how are you?", "hello, who are you?", "hello, what can you do?"],
)
def test_small_talk_after_a_courtesy_is_still_none(text: str) -> None:
    assert read_message(text, in_conversation=True) == SMALL_TALK


def test_a_long_run_of_phrases_is_read_at_once() -> None:
    assert read_message("thanks " * 15 + "x") == QUESTION
    assert read_message("thanks " * 16) == SMALL_TALK
    assert read_message("thanks " * 17) == QUESTION


@pytest.mark.parametrize(
    "text",
    ["what is this?", "How many articles are there?", "Which articles do you have?", "ما هذا؟"],
)  # fmt: skip
def test_what_no_sentence_answers_is_asked_of_none(text: str) -> None:
    assert read_message(text) == SMALL_TALK
    assert read_message(text, in_conversation=True) == QUESTION


@pytest.mark.parametrize(
    "text", ["Is this article true?", "is the text reliable", "هل المقال صحيح"]
)
def test_a_doubt_about_the_collection(text: str) -> None:
    assert read_message(text) == DOUBT
    assert read_message(text, in_conversation=True) == QUESTION


@pytest.mark.parametrize(
    "text", ["Really?", "is that true?", "Are you sure about this?", "هل هذا صحيح؟"]
)
def test_a_doubt_about_an_answer(text: str) -> None:
    assert read_message(text, in_conversation=True) == DOUBT


@pytest.mark.parametrize(
    "text",
    ["more", "Tell me more about that.", "What else?", "anything else", "go on, tell me more",
     "more details please", "go on", "المزيد من فضلك", "أخبرني أكثر عن ذلك"],
)  # fmt: skip
def test_a_wish_for_more(text: str) -> None:
    assert read_message(text, in_conversation=True) == Message(MessageKind.MORE)
    assert read_message(text) == SMALL_TALK


@pytest.mark.parametrize(
    "text",
    ["Who else?", "how many more?", "tell me about the siege", "What else did he say?",
     "Is it true that the hospital was hit?", "Was it really burned?", "right", "why?"],
)  # fmt: skip
def test_what_is_neither_doubt_nor_a_wish_for_more(text: str) -> None:
    kind = read_message(text, in_conversation=True).kind
    assert kind not in (MessageKind.DOUBT, MessageKind.MORE)


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
        ("What language is this article in?", "language"),
        ("Where can I find the original article online?", "origin"),
    ],
)
def test_questions_about_the_source(text: str, field: str) -> None:
    assert read_message(text) == Message(MessageKind.ABOUT_SOURCE, field)


@pytest.mark.parametrize(
    "text",
    ["Which topics are covered?", "what topics are there?", "What is in these articles?",
     "what's in the text", "What are the main themes?", "list all topics",
     "Which subjects do these texts discuss?", "What do the articles contain?",
     "ما المواضيع؟", "ماذا في هذه المقالات؟", "ما الموضوعات التي تتناولها المقالات؟"],
)  # fmt: skip
def test_what_the_articles_are_about_is_asked_in_many_words(text: str) -> None:
    assert read_message(text) == Message(MessageKind.ABOUT_SOURCE, "subject")


@pytest.mark.parametrize(
    "text",
    ["Which topics are covered by the treaty?", "what topics were discussed at the meeting?",
     "What is in the box?", "What is in the articles of agreement?", "what does it contain?",
     "What is in it?", "ماذا في الصندوق؟"],
)  # fmt: skip
def test_what_something_else_is_about_is_a_question(text: str) -> None:
    assert read_message(text) == QUESTION


@pytest.mark.parametrize(
    "text",
    ["مرحبًا، كيف حالك؟", "مَن أنت؟", "ماذا تستطيع أن تفعل؟", "هل أنت روبوت؟", "شكرا لك على المساعدة",
     "السلام عليكم", "هل تفهم العربية؟"],
)  # fmt: skip
def test_small_talk_in_arabic(text: str) -> None:
    assert read_message(text) == SMALL_TALK


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("من كتب هذا؟", "author"),
        ("مَن كَتَبَ هذا المقال؟", "author"),
        ("من هو الكاتب؟", "author"),
        ("أي صحيفة نشرت هذا؟", "publisher"),
        ("متى نُشر المقال؟", "date"),
        ("ما تاريخ النشر؟", "date"),
        ("ما عنوان المقال؟", "title"),
        ("ما موضوع النص؟", "subject"),
        ("بأي لغة كُتب المقال؟", "language"),
        ("In what language was this article written?", "language"),
        ("ما رابط المقال؟", "origin"),
    ],
)
def test_questions_about_the_source_in_arabic(text: str, field: str) -> None:
    found = read_message(text)
    assert (found.field, found.kind is MessageKind.QUESTION) == (field, False)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("لخّص المقال", "summary"),
        ("أعطني ملخصًا من فضلك", "summary"),
        ("من هم الأطراف المعنية؟", "people"),
        ("كل التواريخ", "dates"),
        ("كيف انتهى المقال؟", "ending"),
    ],
)
def test_overviews_in_arabic(text: str, field: str) -> None:
    assert read_message(text) == Message(MessageKind.OVERVIEW, field)


@pytest.mark.parametrize(
    "text",
    ["مرحبا، من يقود جيش حلب؟", "من كتب التقرير؟", "متى بدأ حصار حلب؟", "من هو؟", "لماذا؟",
     "كيف انتهى الحصار؟", "من هو دي ميستورا؟"],
)  # fmt: skip
def test_questions_to_the_sources_in_arabic(text: str) -> None:
    assert read_message(text) == QUESTION


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


@pytest.mark.parametrize(
    ("text", "field"), [("When was this written?", "date"), ("Who wrote this?", "author")]
)
def test_what_was_written_is_the_source_in_a_conversation_too(text: str, field: str) -> None:
    assert read_message(text, in_conversation=True) == Message(MessageKind.ABOUT_SOURCE, field)


@pytest.mark.parametrize("in_conversation", [False, True])
@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Summarise this", "summary"),
        ("Summarise the document please", "summary"),
        ("Can you give me a short overview?", "summary"),
        ("What are the key points of the article?", "summary"),
        ("TL;DR", "summary"),
        ("What is it about?", "summary"),
        ("who is involved", "people"),
        ("Who are the main people in this story?", "people"),
        ("How did it end?", "ending"),
        ("what happened in the end?", "ending"),
        ("List all dates", "dates"),
        ("show me a timeline", "dates"),
        ("Which dates are mentioned in the text?", "dates"),
    ],
)
def test_what_asks_for_an_overview(text: str, field: str, in_conversation: bool) -> None:
    assert read_message(text, in_conversation=in_conversation) == Message(
        MessageKind.OVERVIEW, field
    )


@pytest.mark.parametrize(
    "text",
    ["Summarise the Geneva talks", "and how did it end?", "Who is involved in the talks?",
     "What happened at the end of 2015?", "But who was involved?", "List all dates of the battles"],
)  # fmt: skip
def test_what_asks_for_less_than_an_overview(text: str) -> None:
    assert read_message(text) == QUESTION


@pytest.mark.parametrize(
    ("text", "field", "named"),
    [
        ("Summarise the flood in Lund", "summary", {"flood", "lund"}),
        ("Who was involved in the flood?", "people", {"flood"}),
        ("Timeline of the Mayor’s trial", "dates", {"mayor's", "trial"}),
    ],
)
def test_an_overview_may_name_the_title_of_an_article(
    text: str, field: str, named: set[str]
) -> None:
    titles = ["The Flood in Lund", "The mayor’s trial"]
    assert read_message(text, titles=titles) == Message(
        MessageKind.OVERVIEW, field, frozenset(named)
    )
    assert read_message(text, titles=["Bread in Lund", "The trial"]) == QUESTION
