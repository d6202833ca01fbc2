"""The service, over HTTP: what other programs can ask, and what nobody can."""

import logging
import re
import socket
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from gradio_client import Client  # type: ignore[import-untyped]
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]

from citadel.index.errors import CitadelError
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import answer_record
from citadel.qa.page.app import start
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.conftest import BROKEN_QUESTION, Site, free_port
from tests.small_index import articles_of, cheap_index
from tests.visitor import problem

QUESTION = "How many civilians did Human Rights Watch say were killed?"


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[Client]:
    connected = Client(site.address, verbose=False, analytics_enabled=False)
    yield connected
    connected.close()


def ask(client: Client, question: str, history: list[str] | None = None) -> dict[str, Any]:
    record: dict[str, Any] = client.predict(question, history, api_name="/ask")
    return record


def without_time(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != "elapsed_ms"}


def test_another_program_gets_the_record_of_the_answer(client: Client, answerer: Answerer) -> None:
    expected = answer_record(answerer.answer(QUESTION))
    assert without_time(ask(client, QUESTION)) == without_time(expected)


def test_a_follow_up_is_understood_from_the_history(client: Client, answerer: Answerer) -> None:
    history = ["What is Jaish Halab?"]
    expected = answer_record(answerer.answer("Who leads it?", history))
    record = ask(client, "Who leads it?", history)
    assert without_time(record) == without_time(expected)
    assert record["searched_for"] != record["question"]


def test_the_one_documented_call_is_ask(client: Client) -> None:
    info = client.view_api(return_format="dict", print_info=False)
    assert isinstance(info, dict)
    assert list(info["named_endpoints"]) == ["/ask"]


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 501])
def test_what_is_no_question_is_refused_with_the_reason(
    client: Client, answerer: Answerer, question: str
) -> None:
    with pytest.raises(CitadelError) as refused:
        answerer.answer(question)
    with pytest.raises(AppError) as error:
        ask(client, question)
    assert str(refused.value) in str(error.value)


@pytest.mark.parametrize("question", [None, ["a list"]])
def test_a_question_is_a_text(
    client: Client, caplog: pytest.LogCaptureFixture, question: object
) -> None:
    with pytest.raises(AppError, match="A question is a text"):
        client.predict(question, None, api_name="/ask")
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_defect_is_told_by_a_code_that_is_also_in_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.ERROR, logger="citadel.qa.page.handlers"),
        pytest.raises(AppError) as error,
    ):
        ask(client, BROKEN_QUESTION)
    told = re.search(r"code ([0-9a-f]{7})", str(error.value))
    assert told is not None
    assert "broken on purpose" not in str(error.value)
    assert f"code {told[1]}" in caplog.text
    assert "broken on purpose" in caplog.text


def test_half_a_surrogate_pair_is_no_trouble(site: Site) -> None:
    call = f"{site.address}gradio_api/call/ask"
    body = rb'{"data": ["What is \ud800 Jaish Halab?", null]}'
    headers = {"content-type": "application/json"}
    event = httpx.post(call, content=body, headers=headers).json()["event_id"]
    assert '"question":"What is ? Jaish Halab?"' in httpx.get(f"{call}/{event}").text.replace(
        '": "', '":"'
    )


def test_every_response_keeps_the_page_to_itself(site: Site) -> None:
    for path in ("", "config", "no/such/page"):
        policy = httpx.get(site.address + path).headers["content-security-policy"]
        for rule in (
            "default-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ):
            assert rule in policy


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "gradio_api/upload"),
        ("POST", "gradio_api/component_server"),
        ("GET", "gradio_api/proxy=http://127.0.0.1:1/"),
        ("GET", "gradio_api/file=http://127.0.0.1:1/"),
        ("GET", "monitoring"),
        ("POST", "gradio_api/run/ask"),
        ("POST", "gradio_api/api/ask"),
    ],
)
def test_ways_that_the_page_does_not_use_are_closed(site: Site, method: str, path: str) -> None:
    response = httpx.request(method, site.address + path, json={"data": [QUESTION, None]})
    assert response.status_code == 404


def test_what_the_browser_does_alone_is_no_call(site: Site) -> None:
    functions = httpx.get(f"{site.address}config").json()["dependencies"]
    alone = [function["id"] for function in functions if not function["backend_fn"]]
    assert alone
    for number in alone:
        values = {"data": [], "fn_index": number, "session_hash": "abc"}
        response = httpx.post(f"{site.address}gradio_api/queue/join", json=values)
        assert response.json() == problem(
            422,
            HTTPStatus(422).phrase,
            "This is no call that the page makes; other programs use /api/ask.",
        )


def test_no_file_leaves_the_machine(site: Site) -> None:
    for path in ("/etc/passwd", "qa/page/app.py", "source_texts/enab-baladi-end-of-aleppo.md"):
        assert httpx.get(f"{site.address}gradio_api/file={path}").status_code in {403, 404}


def test_what_breaks_the_framework_is_told_like_every_error(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("gradio.route_utils.get_root_url", broken)
    response = httpx.get(site.address)
    logged = [record.getMessage() for record in caplog.records if record.exc_info]
    assert len(logged) == 1
    code = logged[0].removeprefix("A request failed, code ").removesuffix(".")
    assert response.json() == problem(
        500, "Internal Server Error", f"This did not work; code {code}."
    )


def test_a_name_that_no_file_can_have_is_none(site: Site) -> None:
    for folder in ("assets", "static"):
        response = httpx.get(f"{site.address}{folder}/{'a' * 300}")
        assert response.json() == problem(404, "Not Found", "There is nothing at this address.")


def test_a_body_beyond_16_kilobytes_is_refused(site: Site) -> None:
    body = {"data": ["x" * 17_000, None]}
    assert httpx.post(f"{site.address}gradio_api/call/ask", json=body).status_code == 413


def test_no_other_origin_is_granted_access(site: Site) -> None:
    headers = httpx.get(site.address, headers={"Origin": "https://elsewhere.example"}).headers
    assert "access-control-allow-origin" not in headers


def test_a_busy_port_is_named_with_the_mend(answerer: Answerer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CitadelError) as error:
            start(Service(LiveIndex.of(answerer)), "127.0.0.1", port)
    assert str(error.value) == f"Port {port} is in use; choose another one with --port."


@pytest.mark.parametrize("host", ["", " ", "[]"])
def test_an_empty_host_is_no_address(answerer: Answerer, host: str) -> None:
    with pytest.raises(CitadelError) as error:
        start(Service(LiveIndex.of(answerer)), host, 1)
    assert str(error.value) == (
        "--host is empty; give an address of this machine, such as 127.0.0.1."
    )


def test_a_host_of_another_machine_is_named_with_the_mend(answerer: Answerer) -> None:
    port = free_port()
    with pytest.raises(CitadelError) as error:
        start(Service(LiveIndex.of(answerer)), "192.0.2.1", port)
    assert "192.0.2.1" in str(error.value)
    assert "--host" in str(error.value)


def test_a_new_snapshot_is_served_without_a_restart(tmp_path: Path) -> None:
    old = cheap_index("gen-1", articles_of(tmp_path / "old", a="One ferry.\n"))
    new = cheap_index("gen-2", articles_of(tmp_path / "new", a="Two ferries.\n"))
    live_index = LiveIndex.of(Answerer(old))
    port = free_port()
    page = start(Service(live_index), "127.0.0.1", port)
    address = f"http://127.0.0.1:{port}/"
    connected = Client(address, verbose=False, analytics_enabled=False)
    try:
        assert ask(connected, "ferry")["index"] == "gen-1"
        assert "One ferry." in httpx.get(address).text
        live_index.swap(live_index.current.answerer.over(new))
        assert ask(connected, "ferry")["index"] == "gen-2"
        opened = httpx.get(address).text
        assert "Two ferries." in opened
        assert "One ferry." not in opened
    finally:
        connected.close()
        page.close(verbose=False)
