"""The HTTP API: its answers, and its errors as problem details."""

import json
import sys
from http import HTTPStatus
from typing import Any

import pytest
from starlette.testclient import TestClient

from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import answer_record
from citadel.qa.service.api import build_api
from citadel.qa.service.limits import Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.schemas import AnswerRecord
from citadel.qa.service.service import Service
from tests.conftest import BROKEN_QUESTION, PATIENT, Site, TroubledAnswerer
from tests.contract import check_record
from tests.visitor import problem, visit

QUESTION = "Who leads Jaish Halab?"
SOURCE = "enab-baladi-end-of-aleppo.md"
NO_JSON = problem(400, "Bad Request", "The body is not JSON; send one JSON object.")
NO_PASSAGE = problem(
    404,
    "Not Found",
    "There is no such passage; an id is the source of an article, a colon and the number of a "
    "paragraph, such as “article.md:7”.",
)


@pytest.fixture(scope="module")
def service(answerer: Answerer) -> Service:
    return Service(LiveIndex.of(TroubledAnswerer(answerer, Site())), PATIENT)


@pytest.fixture(scope="module")
def client(service: Service) -> TestClient:
    return visit(service)


def without_time(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != "elapsed_ms"}


def test_an_answer_is_that_of_the_command_line(client: TestClient, answerer: Answerer) -> None:
    response = client.post("/api/ask", json={"question": QUESTION})
    record = response.json()
    check_record(record)
    assert without_time(record) == without_time(answer_record(answerer.answer(QUESTION)))
    assert AnswerRecord.model_validate(record).model_dump(exclude_unset=True) == record


def test_history_scope_and_top_k(client: TestClient, answerer: Answerer) -> None:
    asked = {
        "question": "who leads it?",
        "history": ["What is Jaish Halab?"],
        "scope": {"publishers": ["Enab Baladi"], "since": "2016"},
        "top_k": 2,
    }
    record = client.post("/api/ask", json=asked).json()
    expected = answer_record(answerer.answer("who leads it?", ["What is Jaish Halab?"], 2))
    assert without_time(record) == without_time(expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", NO_JSON),
        (b"[" * 9000, NO_JSON),
        (b"1" * 9000, NO_JSON),
        (b'{"question": "caf\xe9"}', NO_JSON),
        (
            b'{"question": ""}',
            "“question”: String should have at least 1 character.",
        ),
        (
            json.dumps({"question": "x" * 501}).encode(),
            "“question”: String should have at most 500 characters.",
        ),
        (
            b'{"question": "   "}',
            "The question is empty; type a question about the articles.",
        ),
        (b"", "The body is empty; send a JSON object."),
        (b'["Why?"]', "Send a JSON object."),
        (b'{"question": "Why?", "scope": ["a.md"]}', "“scope”: Send a JSON object."),
        (b'{"question": 1}', "“question”: Input should be a valid string."),
        (
            b'{"question": "Why?", "scop": {}}',
            "“scop”: Extra inputs are not permitted.",
        ),
        (
            b'{"question": "Why?", "scope": {"since": "2016-13"}}',
            "The date '2016-13' is none; write 2016, 2016-12 or 2016-12-05.",
        ),
        (
            b'{"question": "Why?", "scope": {"until": "December 2016"}}',
            "The date 'December 2016' is none; write 2016, 2016-12 or 2016-12-05.",
        ),
        (
            b'{"question": "Why?", "scope": {"only": ["gone.md"]}}',
            "There is no article gone.md; there is enab-baladi-end-of-aleppo.md.",
        ),
        (
            b'{"question": "Why?", "top_k": 51}',
            "“top_k”: Input should be less than or equal to 50.",
        ),
        (b'{"question": "Why?", "top_k": true}', "“top_k”: Input should be a valid integer."),
    ],
)
def test_what_is_no_question_is_refused_with_the_reason(
    client: TestClient, body: bytes, expected: str | dict[str, Any]
) -> None:
    response = client.post(
        "/api/ask", content=body, headers={"Content-Type": "application/json; charset=utf-8"}
    )
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    told.pop("errors", None)
    if isinstance(expected, str):
        expected = problem(422, HTTPStatus(422).phrase, expected)
    expected["title"] = told["title"]  # Python 3.13 names 422 anew.
    assert (response.status_code, told) == (expected["status"], expected)


def test_every_part_that_is_wrong_is_pointed_at(client: TestClient) -> None:
    asked = {"question": "Why?", "history": ["a", 1], "scope": {"only": "a"}}
    assert client.post("/api/ask", json=asked).json()["errors"] == [
        {"pointer": "/history/1", "detail": "Input should be a valid string."},
        {"pointer": "/scope/only", "detail": "Input should be a valid list."},
    ]


def test_half_a_surrogate_pair_is_refused(client: TestClient) -> None:
    response = client.post(
        "/api/ask",
        content=rb'{"question": "What is \ud800 Jaish Halab?"}',
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 422


@pytest.mark.parametrize("body", [b'{"question": "Why?"}', b"question=Why", b""])
@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_what_a_form_of_another_site_can_send_is_refused(
    client: TestClient, media_type: str, body: bytes
) -> None:
    response = client.post("/api/ask", content=body, headers={"Content-Type": media_type})
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, response.json()) == (
        415,
        problem(
            415,
            "Unsupported Media Type",
            "Send the question as JSON, with “Content-Type: application/json”.",
        ),
    )


def test_a_defect_is_told_by_a_code(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    response = client.post("/api/ask", json={"question": BROKEN_QUESTION})
    assert response.status_code == 500
    told = response.json()["detail"]
    code = told.removeprefix("Search did not work; code ").removesuffix(".")
    assert f"code {code}" in caplog.text
    assert "broken on purpose" in caplog.text
    assert "broken on purpose" not in response.text


def test_the_articles(client: TestClient, answerer: Answerer) -> None:
    article = answerer.index.articles[0]
    paragraphs = max(passage.paragraph for passage in answerer.index.passages)
    assert client.get("/api/articles").json() == {
        "index": answerer.index.snapshot,
        "articles": [
            {
                "source": SOURCE,
                "title": article.title,
                "subtitle": article.subtitle,
                "author": article.author,
                "publisher": article.publisher,
                "date": article.date,
                "language": article.language,
                "url": article.url,
                "origin": article.origin,
                "paragraphs": paragraphs,
            }
        ],
    }


def test_a_passage_by_its_id(client: TestClient, answerer: Answerer) -> None:
    for passage in answerer.index.passages[:3]:
        identifier = f"{passage.source}:{passage.paragraph}"
        assert client.get(f"/api/passages/{identifier}").json() == {
            "id": identifier,
            "index": answerer.index.snapshot,
            "source": passage.source,
            "title": passage.title,
            "section": passage.section,
            "paragraph": passage.paragraph,
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "publisher": "Enab Baladi",
            "date": "2016-12",
            "url": "",
            "page": None,
            "page_label": None,
            "place": None,
            "doubts": [],
        }


@pytest.mark.parametrize(
    "identifier",
    [
        f"{SOURCE}:9999",
        f"{SOURCE}:07",
        f"{SOURCE}:-1",
        SOURCE,
        "gone.md:1",
        "..%2f..%2fetc/passwd:1",
        "%2e%2e%2fetc%2fpasswd",
        "%00:1",
        "%ff:1",
    ],
)
def test_what_is_no_passage(client: TestClient, identifier: str) -> None:
    response = client.get(f"/api/passages/{identifier}")
    assert (response.status_code, response.json()) == (404, NO_PASSAGE)


def test_health_and_readiness(client: TestClient, answerer: Answerer) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = {"status": "ready", "index": answerer.index.snapshot, "behind": ""}
    assert client.get("/readyz").json() == ready
    assert client.get("/readyz").json() == ready


def test_an_older_index_is_ready_and_says_so(answerer: Answerer) -> None:
    live_index = LiveIndex.of(answerer)
    client = visit(Service(live_index))
    live_index.behind = "The newest one is damaged."
    assert client.get("/readyz").json() == {
        "status": "ready",
        "index": answerer.index.snapshot,
        "behind": "The newest one is damaged.",
    }
    assert "\ncitadel_index_behind 1.0\n" in client.get("/metrics").text


def test_an_index_that_answers_otherwise_is_not_ready(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("its canary question finds other passages")

    monkeypatch.setattr("citadel.qa.service.readiness.check_canary", fail)
    response = visit(Service(LiveIndex.of(answerer))).get("/readyz")
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert response.json() == problem(
        503, "Service Unavailable", "Not ready: its canary question finds other passages"
    )


def test_a_closed_service_is_neither_ready_nor_answers(answerer: Answerer) -> None:
    service = Service(LiveIndex.of(answerer), Limits(questions_per_minute=0))
    service.searches.close()
    client = visit(service)
    stopped = "Citadel is being stopped; ask again soon."
    response = client.post("/api/ask", json={"question": QUESTION})
    assert response.json() == problem(503, "Service Unavailable", stopped)
    assert response.headers["retry-after"] == "10"
    assert client.get("/readyz").json()["detail"] == f"Not ready: {stopped}"
    assert client.get("/healthz").status_code == 200


def test_without_the_library_that_counts_questions_are_answered(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    monkeypatch.delitem(sys.modules, "citadel.qa.service.metrics", raising=False)
    client = visit(Service(LiveIndex.of(answerer)))
    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
    assert client.get("/metrics").json() == problem(
        501,
        "Not Implemented",
        "This server counts nothing; run “pip install 'citadel-qa[metrics]'”.",
    )


def test_what_is_counted(answerer: Answerer) -> None:
    client = visit(Service(LiveIndex.of(answerer)))
    client.post("/api/ask", json={"question": QUESTION})
    client.post("/api/ask", json={"question": "Hello!"})
    client.post("/api/ask", json={})
    client.get("/api/passages/nothing")
    client.get("/no/such/page")
    response = client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    ours = {
        line
        for line in response.text.splitlines()
        if line.startswith("citadel_") and "_created" not in line and "seconds" not in line
    }
    assert ours == {
        'citadel_requests_total{route="/api/ask",status="200"} 2.0',
        'citadel_requests_total{route="/api/ask",status="422"} 1.0',
        'citadel_requests_total{route="/api/passages/{id}",status="404"} 1.0',
        'citadel_requests_total{route="other",status="404"} 1.0',
        'citadel_answers_total{status="possible"} 1.0',
        'citadel_answers_total{status="small_talk"} 1.0',
        f'citadel_index_info{{snapshot="{answerer.index.snapshot}"}} 1.0',
        "citadel_articles 1.0",
        "citadel_index_behind 0.0",
        "citadel_searches_pending 0.0",
        "citadel_searches_given_up 0.0",
    }
    assert "Jaish" not in response.text


def test_the_description_lists_every_route(client: TestClient, service: Service) -> None:
    described = client.get("/api/openapi.json").json()
    assert {
        (method, path) for path, methods in described["paths"].items() for method in methods
    } == {
        ("post", "/api/ask"),
        ("get", "/api/articles"),
        ("get", "/api/passages/{id}"),
        ("get", "/api/mentions"),
        ("get", "/api/names"),
        ("get", "/healthz"),
        ("get", "/readyz"),
    }
    assert described == json.loads(json.dumps(build_api(service).openapi()))


def test_the_description_for_people_needs_no_other_machine(client: TestClient) -> None:
    response = client.get("/api/docs")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<code>POST /api/ask</code>" in response.text
    assert "<h3>AnswerRecord</h3>" in response.text
    assert "http" not in response.text.replace("HTTP", "").replace("HTTPValidationError", "")
    assert "<script" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/api/ask", 405, "This address does not take that method; /api/docs tells which."),
        (
            "GET",
            "/api/nothing",
            404,
            "There is nothing at this address; /api/docs lists what there is.",
        ),
    ],
)
def test_other_addresses_and_methods(
    client: TestClient, method: str, path: str, status: int, detail: str
) -> None:
    response = client.request(method, path)
    assert (response.status_code, response.json()["detail"]) == (status, detail)
