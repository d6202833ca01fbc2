"""What every request is held to, before it reaches the page or the API."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace

import httpx2 as httpx
import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from citadel.qa.answer.answering import Answerer
from citadel.qa.service.bodies import DisconnectedError, read_body
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.limits import Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.passwords import PasswordHash
from citadel.qa.service.problems import Problem
from citadel.qa.service.service import Service
from tests.small_index import articles_of, cheap_index
from tests.visitor import FakePage, problem, visit

PASSWORD = "correct horse"
CHEAP_HASH = PasswordHash.of(PASSWORD)


@pytest.fixture(scope="module")
def live_index(tmp_path_factory: pytest.TempPathFactory) -> LiveIndex:
    folder = tmp_path_factory.mktemp("sources")
    return LiveIndex.of(Answerer(cheap_index("gen-1", articles_of(folder, a="One ferry.\n"))))


@pytest.fixture
def page() -> FakePage:
    return FakePage()


def service(live_index: LiveIndex, **limits: float) -> Service:
    return Service(live_index, Limits(**limits))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/", "/api/docs", "/healthz", "/no/such/page"])
def test_every_response_keeps_itself_to_this_site(live_index: LiveIndex, path: str) -> None:
    headers = visit(service(live_index)).get(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] in ("'self'", "'none'")
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] in ("'self'", "'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/monitoring"),
        ("GET", "/gradio_api/monitoring"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://127.0.0.1/"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/call/v2/ask"),
        ("GET", "/gradio_api/heartbeat/x"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/call/other/0"),
        ("POST", "/login"),
        ("GET", "/docs"),
        ("PUT", "/gradio_api/queue/join"),
        ("OPTIONS", "/gradio_api/queue/join"),
        ("GET", "//gradio_api/queue/join"),
    ],
)
def test_what_the_page_does_not_use_is_closed(
    live_index: LiveIndex, page: FakePage, method: str, path: str
) -> None:
    response = visit(service(live_index), page).request(method, path)
    assert response.json() == problem(404, "Not Found", "There is nothing at this address.")
    assert page.headers == []


def test_no_other_origin_is_known_to_the_page(live_index: LiveIndex, page: FakePage) -> None:
    visit(service(live_index), page).get("/", headers={"Origin": "https://elsewhere.example"})
    assert b"origin" not in page.headers[0]


def test_a_body_and_headers_of_a_bounded_size(live_index: LiveIndex, page: FakePage) -> None:
    client = visit(service(live_index, body_bytes=100, header_bytes=1000), page)
    whole = b'{"event_id": "0"}'
    assert client.post("/gradio_api/reset", content=whole.ljust(100)).status_code == 200
    assert page.bodies == [whole]

    def pieces() -> Iterator[bytes]:
        yield from [b"x" * 60] * 2

    for content in (whole.ljust(101), pieces()):
        response = client.post("/gradio_api/reset", content=content)
        assert response.status_code == 413
        assert response.json()["detail"] == "A request can have up to 100 bytes."
    assert client.get("/", headers={"Long": "x" * 1000}).json() == problem(
        431, "Request Header Fields Too Large", "Headers can have up to 1000 bytes."
    )
    assert len(page.bodies) == 1


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    async def gone() -> dict[str, object]:
        return {"type": "http.disconnect"}

    limits = Limits(seconds_per_body=0.01)
    assert asyncio.run(read_body(never, limits)) == Problem(
        408, "The request took too long to arrive; send it again."
    )
    with pytest.raises(DisconnectedError):
        asyncio.run(read_body(gone, limits))


def stop_the_clock(monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    """Stop the clock of the limits so many seconds before one of their minutes is over."""
    stopped = SimpleNamespace(monotonic=lambda: 60.0 * 7 - left)
    monkeypatch.setattr("citadel.qa.service.limits.time", stopped)


WAITS = pytest.mark.parametrize(("wait", "told"), [(1, "1 second"), (42, "42 seconds")])


@WAITS
def test_questions_from_one_address_are_limited(
    live_index: LiveIndex, page: FakePage, monkeypatch: pytest.MonkeyPatch, wait: int, told: str
) -> None:
    stop_the_clock(monkeypatch, wait)
    limited = service(live_index, questions_per_minute=2)
    client = visit(limited, page)
    for _ in range(2):
        assert client.post("/api/ask", json={"question": "ferry"}).status_code == 200
    for path in ("/api/ask", "/gradio_api/queue/join", "/gradio_api/call/ask"):
        response = client.post(path, json={"question": "ferry"})
        assert response.headers["retry-after"] == str(wait)
        assert response.json() == problem(
            429,
            "Too Many Requests",
            f"Too many questions from your address; ask again in {told}, or start the server with "
            "a larger number of --questions-per-minute, 0 for any.",
        )
    assert client.get("/").status_code == 200
    assert client.get("/api/articles").status_code == 200


def questions_taken(client: TestClient, **headers: str) -> int:
    """How many of four questions of a minute are answered."""
    sent = {"Host": "localhost:7860", **headers}
    asked = [client.post("/api/ask", json={"question": "ferry"}, headers=sent) for _ in range(4)]
    return sum(response.status_code == 200 for response in asked)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"])
def test_a_script_on_this_machine_asks_as_often_as_it_likes(
    live_index: LiveIndex, address: str
) -> None:
    limited = service(live_index, questions_per_minute=2)
    assert questions_taken(visit(limited, address=address)) == 4


def test_a_script_on_this_machine_is_limited_where_that_was_said(live_index: LiveIndex) -> None:
    limited = service(live_index, questions_per_minute=2, own_questions_per_minute=2)
    assert questions_taken(visit(limited, address="127.0.0.1")) == 2


@pytest.mark.parametrize("address", ["203.0.113.7", "unknown", "localhost.evil.example"])
def test_who_only_calls_the_server_localhost_is_limited(
    live_index: LiveIndex, address: str
) -> None:
    limited = service(live_index, questions_per_minute=2)
    assert questions_taken(visit(limited, address=address)) == 2


@pytest.mark.parametrize("trusted", [(), ("127.0.0.1",)])
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Proto": "https"},
        {"X-Real-IP": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
        {"Via": "1.1 proxy"},
        {"Host": "citadel"},
    ],
)
def test_what_a_proxy_on_this_machine_passes_on_is_limited(
    live_index: LiveIndex, headers: dict[str, str], trusted: tuple[str, ...]
) -> None:
    entrance = Entrance.of("127.0.0.1", ["citadel"], trusted)
    limited = service(live_index, questions_per_minute=2)
    client = visit(limited, address="127.0.0.1", entrance=entrance)
    assert questions_taken(client, **headers) == 2


def test_a_password_is_asked_for(live_index: LiveIndex, page: FakePage) -> None:
    client = visit(service(live_index), page, CHEAP_HASH)
    for path in ("/", "/api/docs", "/api/articles", "/metrics", "/gradio_api/info"):
        response = client.get(path)
        assert response.headers["www-authenticate"] == 'Basic realm="Citadel", charset="UTF-8"'
        assert response.json() == problem(401, "Unauthorized", "This site asks for a password.")
    assert page.headers == []
    assert client.get("/healthz").status_code == 200
    for user in ("", "anybody"):
        assert client.get("/", auth=(user, PASSWORD)).text == "The page."
    wrong = client.get("/", auth=("anybody", "wrong"))
    assert wrong.json() == problem(401, "Unauthorized", "This is not the password.")


@WAITS
def test_wrong_passwords_are_limited(
    live_index: LiveIndex, monkeypatch: pytest.MonkeyPatch, wait: int, told: str
) -> None:
    stop_the_clock(monkeypatch, wait)
    client = visit(service(live_index, wrong_passwords_per_minute=2), password=CHEAP_HASH)
    for _ in range(2):
        assert client.get("/", auth=("", "wrong")).status_code == 401
    for password in ("wrong", PASSWORD):
        response = client.get("/", auth=("", password))
        assert response.headers["retry-after"] == str(wait)
        assert response.json() == problem(
            429, "Too Many Requests", f"Too many wrong passwords; try again in {told}."
        )
    assert client.get("/").status_code == 401


def test_a_visitor_who_is_in_stays_in_while_others_guess(live_index: LiveIndex) -> None:
    client = visit(service(live_index, wrong_passwords_per_minute=1), password=CHEAP_HASH)
    assert client.get("/", auth=("", PASSWORD)).status_code == 200
    for _ in range(3):
        client.get("/", auth=("", "wrong"))
    assert client.get("/", auth=("", PASSWORD)).status_code == 200


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic /w==", "Basic bm9jb2xvbg==", "Bearer x", "Basic ü"]
)
def test_what_is_no_password(live_index: LiveIndex, header: str) -> None:
    client = visit(service(live_index), password=CHEAP_HASH)
    response = client.get("/", headers={b"Authorization": header.encode("latin-1")})
    assert response.json()["detail"] == "This site asks for a password."


def test_so_many_requests_at_once_and_no_more(live_index: LiveIndex) -> None:
    limited = service(live_index, requests_at_once=1)

    class Asking(FakePage):
        """While it answers, somebody else asks."""

        def __init__(self) -> None:
            super().__init__()
            self.others: list[Response] = []

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await super().__call__(scope, receive, send)
            transport = httpx.ASGITransport(client.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://citadel") as other:
                self.others = [await other.get(path) for path in ("/", "/healthz")]

    page = Asking()
    client = visit(limited, page)
    for _ in range(2):
        assert client.get("/").text == "The page."
        refused, healthy = page.others
        assert refused.headers["retry-after"] == "2"
        assert refused.json() == problem(
            503, "Service Unavailable", "Too many requests at once; try again soon."
        )
        assert healthy.json() == {"status": "ok"}
