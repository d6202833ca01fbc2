"""What a link to the page shows where it is posted."""

import re
import urllib.request
from pathlib import Path

import pytest

from citadel.qa.answer.answering import Answerer
from citadel.qa.page.link_preview import description, with_preview
from citadel.qa.page.locales import ENGLISH, Locale
from citadel.qa.page.welcome import NO_WELCOME, Welcome
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.conftest import served_page
from tests.small_index import articles_of, cheap_index

FERRY = Welcome("the ferry & “its” <river>", others={"ar": Welcome("العبّارة")})


@pytest.fixture
def service(tmp_path: Path) -> Service:
    articles = articles_of(tmp_path / "sources", a="One ferry crosses.\n", b="In 1999 it sank.\n")
    return Service(LiveIndex.of(Answerer(cheap_index("g1", articles))))


def head_of(address: str, language: str) -> str:
    request = urllib.request.Request(address, headers={"Accept-Language": language})
    with urllib.request.urlopen(request) as response:
        text: str = response.read().decode()
    return text[: text.index("window.gradio_config")]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "Ask about the ferry &amp; “its” &lt;river&gt;. Answers are sentences quoted from the "
            "articles, each with its source.",
        ),
        ("ar", "اسأل عن العبّارة. الأجوبة جمل مقتبسة من المقالين، ومع كل جملة مصدرها."),
    ],
)
def test_a_preview_names_citadel_and_what_it_is_for(
    service: Service, language: str, told: str
) -> None:
    with served_page(service, welcome=FERRY) as port:
        head = head_of(f"http://127.0.0.1:{port}/", language)
    tags = re.findall(r'<meta\s+(?:property|name)="([\w:]+)"\s+content="([^"]*)"', head)
    assert [tag for tag in tags if tag[0] != "viewport"] == [
        ("description", told),
        ("og:type", "website"),
        ("og:site_name", "Citadel"),
        ("og:title", "Citadel"),
        ("og:description", told),
        ("twitter:card", "summary"),
        ("twitter:title", "Citadel"),
        ("twitter:description", told),
    ]
    assert head.count("<title>Citadel</title>") == 1
    assert re.findall(r"gradio", head, re.IGNORECASE) == []
    assert re.findall(r"https?://", head) == []


def test_what_is_told_knows_how_many_articles_there_are() -> None:
    assert description(NO_WELCOME, 1, ENGLISH) == (
        "Answers are sentences quoted from the article, each with its source."
    )
    assert description(Welcome("the {ferry}"), 2, ENGLISH).startswith("Ask about the {ferry}. ")
    assert description(Welcome("x"), 1, Locale("fr")).startswith("Posez")


def test_only_the_head_of_a_page_is_changed() -> None:
    advert = '<meta property="og:title" content="Gradio" />'
    page = f"<!doctype html><head>{advert}<style></style><script>'{advert}'</script></head>"
    assert with_preview(page, '"').endswith(f"<style></style><script>'{advert}'</script></head>")
    assert with_preview(page, '"').count("Gradio") == 1
    assert '<meta name="description" content="&quot;">' in with_preview(page, '"')
    other = '{"head": "<head><script>"}'
    assert with_preview(other, "told") == other
