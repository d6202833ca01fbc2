"""What is sent to a reader is in the reader's language, and nobody else's."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from citadel.index.errors import CitadelError
from citadel.qa.answer.answering import Answerer
from citadel.qa.page.handlers import receipt, reply
from citadel.qa.page.library import article_asked_for, list_asked_for
from citadel.qa.page.locales import Locale, script_words
from citadel.qa.page.localised import LocalisedPage, slot
from citadel.qa.page.slots import page_slots
from citadel.qa.page.welcome import Welcome, read_welcome
from citadel.qa.service.feedback import FeedbackFile
from citadel.qa.service.limits import Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.fake_encoder import Polyglot
from tests.small_index import articles_of, cheap_index

HTML = f'<html lang="en"><p lang="en">{slot("a")}</p><script>x = "{slot("b")}"</script>'


async def page(scope: Scope, _receive: Receive, send: Send) -> None:
    """Send a page in two pieces, as a framework may."""
    body = HTML.encode() if scope["method"] == "GET" else b""
    headers = [(b"content-length", str(len(HTML)).encode()), (b"vary", b"Origin")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body[:60], "more_body": True})
    await send({"type": "http.response.body", "body": body[60:]})


def sent(path: str, method: str = "GET", **headers: str) -> tuple[dict[str, str], str]:
    """The headers and the body that a reader gets."""
    slots = {"a": lambda locale: locale.tag, "b": lambda locale: f"</b>'\"&\n{locale.language}"}
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "/under" if path.startswith("/under") else "",
        "headers": [(name.replace("_", "-").encode(), value.encode())
                    for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(LocalisedPage(page, slots, lambda _locale: "told")(scope, receive, send))
    start, *bodies = messages
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return told, b"".join(message["body"] for message in bodies).decode()


def test_the_slots_are_filled_for_the_reader() -> None:
    headers, body = sent("/", accept_language="ar-SY,ar;q=0.9")
    assert body == (
        '<html lang="ar-SY" dir="rtl"><p lang="en">ar-SY</p>'
        '<script>x = "\\u003c/b\\u003e\\u0027\\"\\u0026\\nar"</script>'
    )
    assert headers == {
        "content-length": str(len(body.encode())),
        "vary": "Origin, Accept-Language, Cookie",
        "content-language": "ar-SY",
    }


@pytest.mark.parametrize("path", ["/", "/config", "/config/", "/under/", "/under", "/under/config"])
def test_the_choice_of_the_reader_goes_before_that_of_the_browser(path: str) -> None:
    cookie = "other=1; citadel-language=fr"
    headers, body = sent(path, accept_language="ar", cookie=cookie)
    assert headers["content-language"] == "fr"
    assert body.startswith('<html lang="fr" dir="ltr"><p lang="en">fr</p>')


def test_nothing_else_is_touched() -> None:
    headers, body = sent("/theme.css", accept_language="ar")
    assert body == HTML
    assert headers == {"content-length": str(len(HTML)), "vary": "Origin"}
    headers, body = sent("/", "HEAD", accept_language="ar")
    assert (body, headers["content-length"]) == ("", str(len(HTML)))


# ---- what events of the page are answered with


@pytest.fixture
def service(tmp_path: Path) -> Service:
    articles = articles_of(tmp_path / "sources", a="One ferry crosses.\n", b="In 1999 it sank.\n")
    return Service(LiveIndex.of(Answerer(cheap_index("g1", articles))), Limits())


def test_a_reply_is_in_the_language_that_the_page_had(service: Service) -> None:
    asked = {"turn": "1", "question": "thanks"}
    assert reply(service, {**asked, "language": "ar-SY"})["announcement"] == (
        "اطرح سؤالًا عن المصادر."
    )
    assert reply(service, {**asked, "language": "fr"})["announcement"] == (
        "Posez une question sur les sources."
    )
    for other in ({}, {"language": None}, {"language": "xx"}, {"language": ["ar"]}):
        told = reply(service, {**asked, **other})["announcement"]
        assert told == "Ask a question about the sources."


def test_what_is_no_question_is_refused_in_the_language_of_the_reader(service: Service) -> None:
    told = reply(service, {"question": "x" * 501, "language": "ar-SY"})
    assert told["announcement"] == "الحد الأقصى للسؤال ٥٠٠ حرف؛ وطول سؤالك ٥٠١."
    assert told["answer"] == f'<p class="verdict" dir="auto">{told["announcement"]}</p>'
    scope = {"without": ["a.md", "b.md"]}
    told = reply(service, {"question": "Who?", "scope": scope, "language": "fr"})
    assert told["announcement"].startswith("Aucun article ne correspond")


def test_a_report_is_thanked_for_in_the_language_of_the_reader(
    service: Service, tmp_path: Path
) -> None:
    reports = FeedbackFile(tmp_path / "reports.jsonl")
    report = {"turn": "1", "question": "Who sank?", "problem": "other", "language": "ar"}
    assert receipt(service, reports, report) == {
        "reported": "1",
        "announcement": "شكرًا لك. حُفظ البلاغ.",
        "stored": "yes",
    }
    assert receipt(service, reports, {**report, "problem": "none"}) == {
        "reported": "1",
        "announcement": "لا يمكن حفظ هذا البلاغ.",
    }


def test_articles_and_their_list_come_in_the_language_of_the_reader(service: Service) -> None:
    served = service.live_index.current
    gone, _ = article_asked_for(served, {"source": "gone.md", "language": "ar"})
    assert "لم يعد هذا المقال ضمن المصادر." in gone
    text, dates = article_asked_for(served, {"source": "b.md", "language": "ar"})
    assert 'aria-label="رابط إلى الفقرة 1"' in text
    assert "التسلسل الزمني لما ورد في المقال" in dates
    english, _ = article_asked_for(served, {"source": "b.md"})
    assert 'aria-label="Link to paragraph 1"' in english
    assert "الأجوبة مقتبسة من مقالين" in list_asked_for(served.articles, {"language": "ar"})
    assert "Answers are quoted from 2 articles" in list_asked_for(served.articles, "nonsense")


def test_scripts_get_the_words_that_they_say(service: Service) -> None:
    said = json.loads(script_words(Locale("ar", "SY")))
    assert said["language"] == "ar-SY"
    assert "".join(said["digits"]) == "٠١٢٣٤٥٦٧٨٩"
    assert said["rightToLeft"] == ["ar"]
    assert said["words"]["Copied"] == "نُسخ"
    assert said["words"]["{count} match"][2] == "نتيجتان"
    assert "Strong match" not in said["words"]
    # What a server says in English when it refuses a file is said again by the script.
    assert said["words"]["{name} is among the articles already, word for word."] == (
        "{name} موجود بين المقالات من قبل، حرفاً بحرف."
    )
    assert json.loads(script_words(Locale()))["words"] == {}
    assert "<" not in script_words(Locale("ar"))
    assert page_slots(service, Welcome(), adding=True)["words"] is script_words


# ---- the welcome, which belongs to the articles

EXAMPLES = """
about: the ferry
questions: ['Who sank?']
ar:
  about: العبّارة
  questions: ['ما الذي غرق؟']
xx:
  about: not a language of the page
"""


def test_the_welcome_may_be_written_in_several_languages(tmp_path: Path) -> None:
    (tmp_path / "examples.yaml").write_text(EXAMPLES, "utf-8")
    welcome = read_welcome(tmp_path)
    arabic = Welcome("العبّارة", ("ما الذي غرق؟",))
    assert welcome == Welcome("the ferry", ("Who sank?",), {"ar": arabic})
    assert welcome.in_language("ar") == arabic
    assert welcome.in_language("fr") is welcome
    (tmp_path / "examples.yaml").write_text("ar: [a list]", "utf-8")
    with pytest.raises(CitadelError, match="must hold “about: a subject” and “questions:”"):
        read_welcome(tmp_path)


def test_examples_are_offered_in_a_language_that_is_understood(service: Service) -> None:
    others = {
        "ar": Welcome("العبّارة", ("ما الذي غرق؟",)),
        "fr": Welcome("le bac", ("Qui est-ce qui a coulé ?",)),
    }
    welcome = Welcome("the ferry", ("Who sank?",), others)
    greet = page_slots(service, welcome, adding=False)["welcome"]
    assert ">Who sank?</button>" in greet(Locale("fr"))
    not_read = greet(Locale("ar"))
    assert "اسأل عن العبّارة." in not_read
    assert ">Who sank?</button>" in not_read
    index = service.live_index.current.answerer.index
    second = replace(index, encoder=Polyglot())
    service.live_index.swap(Answerer(index, second_index=lambda _index: second))
    assert ">ما الذي غرق؟</button>" in greet(Locale("ar"))
    assert ">Qui est-ce qui a coulé ?</button>" in greet(Locale("fr"))
