"""Mentions and names over HTTP: pages of them, files, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.mention_records import COLUMNS
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.routes import asks_question, is_for_this_site, route_name
from citadel.qa.service.service import Service
from tests.conftest import PATIENT
from tests.mentioning import BAKERY, SIEGE, KnowsNothing
from tests.small_index import articles_of, indexed_by
from tests.visitor import problem, visit


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder: Path = tmp_path_factory.mktemp("mentions")
    index = indexed_by(KnowsNothing(), "gen-1", articles_of(folder, a=SIEGE, b=BAKERY))
    return visit(Service(LiveIndex.of(Answerer(index)), PATIENT))


def get(client: TestClient, **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/mentions", params=parameters)
    assert response.status_code == 200
    record: dict[str, Any] = response.json()
    return record


def test_a_name_is_answered_with_every_passage(client: TestClient) -> None:
    record = get(client, name="hanano", limit=1, offset=1)
    at = BAKERY.index("Hananu")
    assert record == {
        "asked": "hanano",
        "name": "Hananu",
        "kind": "name",
        "words": [],
        "corrected": "",
        "missing": [],
        "written": [{"text": "Hananu", "count": 2}, {"text": "Hanano", "count": 1}],
        "articles": [
            {"source": "a.md", "title": "The Siege", "passages": 1},
            {"source": "b.md", "title": "The Bakery", "passages": 1},
        ],
        "total": 2,
        "offset": 1,
        "passages": [
            {
                "id": "b.md:1",
                "source": "b.md",
                "title": "The Bakery",
                "publisher": "",
                "date": "",
                "url": "",
                "section": "The Bakery",
                "paragraph": 1,
                "page": None,
                "page_label": None,
                "place": None,
                "start": BAKERY.index("We"),
                "end": len(BAKERY) - 1,
                "text": "We baked near Hananu.",
                "doubts": None,
                "mentions": [{"start": at, "end": at + 6, "text": "Hananu"}],
            }
        ],
        "index": "gen-1",
    }


def test_words_are_looked_for_although_they_are_a_name(client: TestClient) -> None:
    record = get(client, words="HRW")
    assert (record["name"], record["kind"], record["words"], record["total"]) == (
        "",
        None,
        ["HRW"],
        2,
    )
    assert get(client, words="left", only=["b.md"])["total"] == 0


@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("csv", "text/csv; charset=utf-8", "\ufeff" + ",".join(COLUMNS) + "\na.md,"),
        ("jsonl", "application/jsonl; charset=utf-8", '{"id": "a.md:1", "source": "a.md"'),
    ],
)
def test_all_of_it_comes_as_a_file(
    client: TestClient, form: str, media_type: str, begins: str
) -> None:
    response = client.get("/api/mentions", params={"name": "Hananu", "format": form, "limit": 1})
    assert response.headers["content-type"] == media_type
    assert response.headers["content-disposition"] == f'attachment; filename="mentions.{form}"'
    text = response.content.decode()
    assert text.startswith(begins)
    assert "We baked near Hananu." in text


def test_every_form_of_it_is_described(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    content = paths["/api/mentions"]["get"]["responses"]["200"]["content"]
    assert {media_type: list(described) for media_type, described in content.items()} == {
        "application/json": ["schema"],
        "text/csv; charset=utf-8": ["schema"],
        "application/jsonl; charset=utf-8": ["schema"],
    }


def test_the_names_are_listed(client: TestClient) -> None:
    response = client.get("/api/names", params={"contains": "hanano"})
    assert response.json() == {
        "total": 1,
        "offset": 0,
        "names": [
            {
                "name": "Hananu",
                "kind": "name",
                "written": [{"text": "Hananu", "count": 2}, {"text": "Hanano", "count": 1}],
                "mentions": 3,
                "passages": 2,
                "articles": 2,
            }
        ],
        "index": "gen-1",
    }
    told = client.get("/api/names", params={"kind": "organisation"}).json()
    assert [name["name"] for name in told["names"]] == ["Human Rights Watch"]


@pytest.mark.parametrize(
    ("parameters", "detail"),
    [
        ({}, "Give either “name” or “words”."),
        ({"name": "a", "words": "b"}, "Give either “name” or “words”."),
        ({"name": " "}, "The name is empty; type a name or other words."),
        (
            {"name": "a", "onyl": "c.md"},
            "There is no parameter “onyl”; there are name, words, only, offset, limit, format.",
        ),
        ({"name": "a", "only": "c.md"}, "There is no article c.md; near that: a.md, b.md."),
    ],
)
def test_what_can_not_be_looked_for_is_refused(
    client: TestClient, parameters: dict[str, str], detail: str
) -> None:
    response = client.get("/api/mentions", params=parameters)
    told = response.json()
    assert told == problem(422, told["title"], detail)


@pytest.mark.parametrize(
    ("scope", "detail"),
    [
        ({"only": ["a.mb"]}, "There is no article a.mb; near that: a.md."),
        ({"without": ["zzz"]}, "There is no article zzz; there are a.md, b.md."),
        (
            {"publishers": ["The Couriers"]},
            "No article is published by The Couriers; near that: The Courier.",
        ),
        ({"languages": ["fr"]}, "No article is in the language fr; there is en."),
    ],
)
def test_a_question_about_articles_that_are_not_there_names_the_near_ones(
    client: TestClient, scope: dict[str, list[str]], detail: str
) -> None:
    response = client.post("/api/ask", json={"question": "Who left?", "scope": scope})
    told = response.json()
    assert told == problem(422, told["title"], detail)


@pytest.mark.parametrize("path", ["/api/mentions", "/api/names"])
def test_looking_up_counts_as_a_question_and_is_for_this_site(path: str) -> None:
    assert asks_question("GET", path)
    assert is_for_this_site("GET", path)
    assert route_name(path) == path
    assert not asks_question("GET", "/api/articles")
