"""What a framework behind the gate fails at is reported like every other error."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from citadel.qa.service.problems import answer_even_failing
from tests.visitor import problem


async def page(_request: Request) -> Response:
    return PlainTextResponse("The page.")


async def broken(_request: Request) -> Response:
    raise OSError("broken on purpose")


async def unwell(_request: Request) -> Response:
    return PlainTextResponse("I am unwell.", 500)


async def breaking_off(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise OSError("broken on purpose")


FRAMEWORK = Starlette(
    routes=[
        Route("/", page),
        Route("/broken", broken),
        Route("/unwell", unwell),
    ]
)


async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
    app = breaking_off if scope["path"] == "/breaking-off" else FRAMEWORK
    await answer_even_failing(app, scope, receive, send)


@pytest.fixture
def client() -> TestClient:
    return TestClient(guarded)


def test_what_does_not_fail_is_passed_on(client: TestClient) -> None:
    assert client.get("/").text == "The page."
    assert client.get("/nothing").status_code == 404


def test_an_error_has_a_code_that_is_also_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get("/broken")
    (record,) = caplog.records
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "broken on purpose"
    code = record.getMessage().removeprefix("A request failed, code ").removesuffix(".")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == problem(
        500, "Internal Server Error", f"This did not work; code {code}."
    )


def test_an_answer_of_its_own_is_passed_on(client: TestClient) -> None:
    response = client.get("/unwell")
    assert (response.status_code, response.text) == (500, "I am unwell.")


def test_an_answer_that_was_begun_can_not_be_another_one(client: TestClient) -> None:
    with pytest.raises(OSError, match="broken on purpose"):
        client.get("/breaking-off")
