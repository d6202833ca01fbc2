"""By which names a server is called, what is believed of a proxy, and what other sites may do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from gradio_client import Client  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from citadel.qa.answer.answering import Answerer
from citadel.qa.service.entrance import Arrival, Entrance
from citadel.qa.service.limits import Limits
from citadel.qa.service.listening import address_to_open
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.conftest import PATIENT, served_page
from tests.proxy import prefixing_proxy
from tests.small_index import articles_of, cheap_index, refusal
from tests.visitor import ADDRESS, FakePage, problem, visit

OTHER_NAME = problem(
    421,
    "Misdirected Request",
    "This server does not answer to that name; if it is one of its own, start it with "
    "--allowed-host and the name.",
)
OTHER_SITE = problem(
    403,
    "Forbidden",
    "A page of another site asks for this; open the page of this server, and ask there.",
)
EVENT = b'{"data": [], "fn_index": 0, "session_hash": "abc"}'


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("sources")
    live_index = LiveIndex.of(Answerer(cheap_index("gen-1", articles_of(folder, a="One ferry.\n"))))
    return Service(live_index, Limits(questions_per_minute=1000))


@pytest.fixture
def page() -> FakePage:
    return FakePage()


def behind(service: Service, page: FakePage, **named: Any) -> TestClient:
    """A client whose requests come by a proxy that is trusted, with an address of its own."""
    proxies = named.pop("trusted_proxies", [ADDRESS])
    entrance = Entrance.of("127.0.0.1", ["citadel.example.org"], proxies, **named)
    return visit(service, page, entrance=entrance)


@pytest.mark.parametrize("path", ["/", "/api/ask", "/api/passages/a.md:1", "/metrics", "/healthz"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "192.0.2.1", "a@b", ""]
)
def test_a_server_of_this_machine_answers_to_its_own_names_only(
    service: Service, page: FakePage, host: str, path: str
) -> None:
    client = visit(service, page, entrance=Entrance.of("127.0.0.1"))
    method = "POST" if path == "/api/ask" else "GET"
    response = client.request(method, path, headers={"Host": host})
    assert response.status_code == 421
    assert response.json() == OTHER_NAME
    assert page.scopes == []


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:7860",
        "localhost.",
        "127.0.0.1:7860",
        "127.0.0.2",
        "[::1]:7860",
        "citadel.example.org",
        "Citadel.example.org:8443",
    ],
)
def test_names_of_this_machine_and_those_that_are_given_are_its_own(
    service: Service, page: FakePage, host: str
) -> None:
    entrance = Entrance.of("127.0.0.1", ["Citadel.Example.org"])
    client = visit(service, page, entrance=entrance)
    assert client.get("/", headers={"Host": host}).text == "The page."


def test_two_names_are_none(service: Service, page: FakePage) -> None:
    client = visit(service, page, entrance=Entrance.of("127.0.0.1"))
    twice = [("Host", "localhost"), ("Host", "evil.example")]
    assert client.get("/", headers=twice).json() == OTHER_NAME


def test_a_server_answers_to_the_address_that_it_listens_at(
    service: Service, page: FakePage
) -> None:
    for listening, called, status in (
        ("192.0.2.1", "192.0.2.1:7860", 200),
        ("192.0.2.1", "192.0.2.2:7860", 421),
        ("newsroom", "newsroom:7860", 200),
        ("0.0.0.0", "192.0.2.1:7860", 200),
        ("::", "[2001:db8::1]:7860", 200),
        ("0.0.0.0", "newsroom:7860", 421),
    ):
        client = visit(service, page, entrance=Entrance.of(listening))
        assert client.get("/", headers={"Host": called}).status_code == status


FORWARDED = {
    "X-Forwarded-Host": "citadel.example.org",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "198.51.100.9",
    "X-Forwarded-Prefix": "/citadel",
    "X-Gradio-Server": "https://evil.example",
    "Forwarded": "host=evil.example",
}


def seen(page: FakePage) -> tuple[Any, ...]:
    """What the page saw of the last request: client, address and path."""
    scope, headers = page.scopes[-1], page.headers[-1]
    strange = [name for name in headers if b"forwarded" in name or b"gradio" in name]
    assert strange == []
    return scope["client"][0], scope["scheme"], headers[b"host"], scope["root_path"], scope["path"]


@pytest.mark.parametrize(("version", "is_local"), [("1.1", True), ("2", True), ("1.0", False)])
def test_what_came_in_http_1_0_came_by_a_proxy(version: str, is_local: bool) -> None:
    scope = {"client": ("127.0.0.1", 1), "headers": [(b"host", b"localhost")]}
    arrival = Entrance.of("127.0.0.1").admit({**scope, "http_version": version})
    assert isinstance(arrival, Arrival)
    assert arrival.is_local == is_local


def test_a_client_that_is_no_proxy_is_not_believed(service: Service, page: FakePage) -> None:
    client = behind(service, page, trusted_proxies=["192.0.2.0/24"])
    client.get("/config", headers={"Host": "localhost", **FORWARDED})
    assert seen(page) == (ADDRESS, "http", b"localhost", "", "/config")


def test_a_trusted_proxy_is_believed(service: Service, page: FakePage) -> None:
    for proxies in ([ADDRESS], ["203.0.113.0/24"]):
        client = behind(service, page, trusted_proxies=proxies)
        client.get("/config", headers={"Host": "127.0.0.1:7860", **FORWARDED})
        assert seen(page) == (
            ("198.51.100.9", "https", b"citadel.example.org", "/citadel", "/citadel/config")
        )


@pytest.mark.parametrize(
    ("forwarded_for", "client"),
    [
        ("198.51.100.9", "198.51.100.9"),
        ("10.0.0.1, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.1, 198.51.100.9, 203.0.113.8", "198.51.100.9"),
        ("198.51.100.9:4711", "198.51.100.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:198.51.100.9", "198.51.100.9"),
        ("unknown", ADDRESS),
        ("", ADDRESS),
    ],
)
def test_the_client_is_who_asked_the_first_trusted_proxy(
    service: Service, page: FakePage, forwarded_for: str, client: str
) -> None:
    proxied = behind(service, page, trusted_proxies=["203.0.113.0/24"])
    proxied.get("/", headers={"Host": "localhost", "X-Forwarded-For": forwarded_for})
    assert seen(page)[0] == client


def test_a_proxy_can_give_no_name_that_is_not_allowed(service: Service, page: FakePage) -> None:
    client = behind(service, page)
    headers = {"Host": "localhost", "X-Forwarded-Host": "evil.example"}
    assert client.get("/", headers=headers).json() == OTHER_NAME


@pytest.mark.parametrize("prefix", ["//evil.example", "citadel", "/a b", "/<script>", "/a//b"])
def test_a_prefix_is_a_path(service: Service, page: FakePage, prefix: str) -> None:
    response = behind(service, page).get(
        "/", headers={"Host": "localhost", "X-Forwarded-Prefix": prefix}
    )
    assert response.json() == problem(
        400,
        "Bad Request",
        "What the proxy gives as X-Forwarded-Prefix is no path; such as “/citadel” is one.",
    )


def test_a_prefix_can_be_given_at_the_start(service: Service, page: FakePage) -> None:
    client = behind(service, page, root_path="/citadel/")
    client.get("/config", headers={"Host": "localhost"})
    assert seen(page)[3:] == ("/citadel", "/citadel/config")


def test_what_can_be_no_name_proxy_or_path_is_refused_with_the_mend() -> None:
    assert refusal(Entrance.of, "127.0.0.1", ["citadel.example.org:80"]) == (
        "--allowed-host takes a name without port, such as citadel.example.org, and not "
        "'citadel.example.org:80'."
    )
    assert refusal(Entrance.of, "127.0.0.1", [], ["nginx"]) == (
        "--trusted-proxy takes an address or network, such as 127.0.0.1 or 10.0.0.0/8, and not "
        "'nginx'."
    )
    assert refusal(Entrance.of, "127.0.0.1", [], [], "https://a.example/b") == (
        "--root-path takes a path such as /citadel, and not 'https://a.example/b'."
    )


COSTLY = pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/cancel"),
        ("POST", "/gradio_api/reset"),
        ("POST", "/api/ask"),
        ("POST", "/api/articles"),
        ("GET", "/gradio_api/queue/data?session_hash=abc"),
        ("GET", "/gradio_api/call/ask/0123"),
        ("GET", "/readyz"),
    ],
)


@COSTLY
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8000"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "null"},
    ],
)
def test_no_page_of_another_site_can_change_or_cost_something(
    service: Service, page: FakePage, method: str, path: str, headers: dict[str, str]
) -> None:
    client = visit(service, page)
    sent = {"Host": "localhost:7860", "Content-Type": "text/plain", **headers}
    response = client.request(method, path, content=EVENT, headers=sent)
    assert response.status_code == 403
    assert response.json() == OTHER_SITE
    assert page.scopes == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:7860"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost:7860"},
        {"Origin": "https://localhost:7860"},
    ],
)
def test_the_page_itself_and_programs_can(
    service: Service, page: FakePage, headers: dict[str, str]
) -> None:
    client = visit(service, page)
    sent = {"Host": "localhost:7860", **headers}
    assert client.post("/gradio_api/queue/join", content=EVENT, headers=sent).status_code == 200
    assert client.post("/api/ask", json={"question": "Ferry?"}, headers=sent).status_code == 200
    assert client.get("/readyz", headers=sent).status_code == 200


def test_a_link_of_another_site_leads_to_the_page(service: Service, page: FakePage) -> None:
    headers = {"Host": "localhost", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert visit(service, page).get("/?q=Ferry", headers=headers).text == "The page."


@pytest.fixture(scope="module")
def live_index(tmp_path_factory: pytest.TempPathFactory) -> LiveIndex:
    folder: Path = tmp_path_factory.mktemp("sources")
    return LiveIndex.of(Answerer(cheap_index("gen-1", articles_of(folder, a="One ferry.\n"))))


@pytest.fixture
def port(live_index: LiveIndex) -> Iterator[int]:
    """Where a server listens that trusts no proxy."""
    with served_page(Service(live_index, PATIENT)) as number:
        yield number


def test_the_page_of_a_stranger_leads_nowhere_else(port: int) -> None:
    address = f"http://127.0.0.1:{port}"
    config = httpx.get(f"{address}/config", headers=FORWARDED).json()
    assert config["root"] == address
    assert "evil.example" not in httpx.get(address, headers=FORWARDED).text


def asked(address: str) -> dict[str, Any]:
    """The record that a program gets by Gradio's client, as a page asks."""
    client = Client(address, verbose=False, analytics_enabled=False)
    try:
        record: dict[str, Any] = client.predict("ferry", None, api_name="/ask")
    finally:
        client.close()
    return record


@pytest.mark.parametrize("host", ["::1", "[::1]", "::", "::ffff:127.0.0.1"])
def test_a_server_listens_at_an_address_of_ipv6(live_index: LiveIndex, host: str) -> None:
    with served_page(Service(live_index, PATIENT), host) as number:
        called = "127.0.0.1" if host == "::ffff:127.0.0.1" else "[::1]"
        assert asked(f"http://{called}:{number}/")["index"] == "gen-1"


@pytest.mark.parametrize(
    "entrance",
    [
        Entrance.of("127.0.0.1", root_path="/citadel"),
        Entrance.of("127.0.0.1", trusted_proxies=["127.0.0.1"]),
    ],
)
def test_questions_are_answered_behind_a_prefix(live_index: LiveIndex, entrance: Entrance) -> None:
    with (
        served_page(Service(live_index, PATIENT), entrance=entrance) as number,
        prefixing_proxy("/citadel", number) as address,
    ):
        assert asked(f"{address}/")["index"] == "gen-1"
        assert httpx.get(f"{address}/config").json()["root"] == address
        reply = httpx.post(f"{address}/api/ask", json={"question": "ferry"})
        assert reply.json()["index"] == "gen-1"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860/"),
        ("newsroom", "http://newsroom:7860/"),
        ("0.0.0.0", "http://localhost:7860/"),
        ("::1", "http://[::1]:7860/"),
        ("::", "http://[::1]:7860/"),
    ],
)
def test_the_address_that_is_told_can_be_opened(host: str, address: str) -> None:
    assert address_to_open(host, 7860) == address
