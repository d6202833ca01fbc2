"""What a connection is held to before its request has come, and while its response goes."""

import json
import resource
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from citadel.qa.answer.answering import Answerer
from citadel.qa.page.app import start, stop
from citadel.qa.service.connections import allow_open_files
from citadel.qa.service.limits import Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.metrics import Metrics
from citadel.qa.service.service import Service
from tests.conftest import free_port, served_page
from tests.small_index import articles_of, cheap_index
from tests.visitor import problem

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF = b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\n"
HEAD = HALF + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"
LATE = problem(408, "Request Timeout", "The request took too long to arrive; send it again.")

Connect = Callable[..., socket.socket]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Connect]]:
    """Starts a server with some limits, and returns what opens connections to it."""
    index = cheap_index("gen-1", articles_of(tmp_path, a="One ferry.\n"))
    with ExitStack() as stack:

        def start_one(**limits: float) -> Connect:
            service = Service(LiveIndex.of(Answerer(index)), Limits(**limits))  # type: ignore[arg-type]
            port = stack.enter_context(served_page(service))

            def connect(data: bytes = b"", address: str = "127.0.0.1") -> socket.socket:
                opened = socket.create_connection(("127.0.0.1", port), 60, (address, 0))
                stack.callback(opened.close)
                opened.sendall(data)
                return opened

            return connect

        yield start_one


def all_of(connection: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    received = b""
    try:
        while data := connection.recv(65536):
            received += data
    except ConnectionResetError:
        pass  # It had something unread when it closed.
    return received


def one_response(connection: socket.socket) -> tuple[int, dict[str, str], Any]:
    """The status, headers and JSON of the one response that comes."""
    received = b""
    while b"}" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in rest)
    return int(first.split()[1]), headers, json.loads(body)


def send_for_ever(connection: socket.socket) -> None:
    while True:
        connection.sendall(REQUEST)


def is_open(connection: socket.socket) -> bool:
    """Whether a request is still answered there."""
    connection.sendall(b"X: y\r\n\r\n")
    return one_response(connection)[0] == 415


def test_a_head_that_does_not_end_is_not_waited_for(serve: Callable[..., Connect]) -> None:
    connect = serve(seconds_per_head=0.3)
    assert all_of(connect()) == b""
    status, headers, told = one_response(connect(HALF))
    assert (status, told) == (408, LATE)
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"


def test_nor_is_the_head_of_a_later_request(serve: Callable[..., Connect]) -> None:
    connection = serve(seconds_per_head=0.3)(REQUEST)
    assert one_response(connection)[2] == {"status": "ok"}
    connection.sendall(HALF)
    assert one_response(connection)[2] == LATE
    assert all_of(connection) == b""


def test_nor_is_a_body(serve: Callable[..., Connect]) -> None:
    connection = serve(seconds_per_body=0.3)(HEAD + b'{"question"')
    assert one_response(connection)[2] == LATE


def test_the_longest_waiting_of_an_address_makes_room_for_its_next(
    serve: Callable[..., Connect],
) -> None:
    connect = serve(unfinished_per_address=3)
    other = connect(HALF, "127.0.0.2")
    first, *last = [connect(data) for data in (HEAD, HALF, HALF, HALF)]
    assert all_of(first) == b""
    assert [is_open(each) for each in (*last, other)] == [True] * 4


def test_the_longest_waiting_of_all_makes_room_for_another_address(
    serve: Callable[..., Connect],
) -> None:
    connect = serve(unfinished=3)
    first, *last = [connect(HALF, f"127.0.0.{number}") for number in (2, 3, 4, 5)]
    assert all_of(first) == b""
    assert [is_open(each) for each in last] == [True] * 3


def test_a_client_that_has_asked_is_not_let_go(serve: Callable[..., Connect]) -> None:
    connect = serve(unfinished_per_address=1)
    streaming = connect(b"GET /gradio_api/startup-events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert streaming.recv(12) == b"HTTP/1.1 200"
    for _ in range(3):
        assert one_response(connect(REQUEST))[2] == {"status": "ok"}


def test_the_streams_of_one_session_keep_nobody_out(serve: Callable[..., Connect]) -> None:
    connect = serve(requests_at_once=8, streams_per_session=3)
    asked = json.dumps({"data": ["ferry", None]}).encode()
    head = b"POST /gradio_api/call/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
    event = one_response(connect(head % len(asked) + asked))[2]["event_id"].encode()
    stream = b"GET /gradio_api/queue/data?session_hash=%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
    opened = [connect(stream % event) for _ in range(12)]
    # The first brings the answer and ends; the server keeps the others for what comes later.
    answered = [int(each.recv(12).split()[1]) for each in opened]
    assert answered.count(200) <= 4
    assert answered.count(429) == 12 - answered.count(200)
    articles = REQUEST.replace(b"healthz", b"api/articles")
    for address in ("127.0.0.1", "127.0.0.2"):
        assert one_response(connect(articles, address))[2]["index"] == "gen-1"


def test_a_server_that_stops_answers_all_that_has_reached_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def keep_busy(_metrics: Metrics) -> bytes:
        busy.set()
        go_on.wait(60)
        return b"{}"

    # It keeps the event loop itself from everything else.
    monkeypatch.setattr(Metrics, "text", keep_busy)
    index = cheap_index("gen-1", articles_of(tmp_path, a="One ferry.\n"))
    port = free_port()
    page = start(Service(LiveIndex.of(Answerer(index))), "127.0.0.1", port)

    def connect(data: bytes = b"") -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", port), 60)
        opened.sendall(data)
        return opened

    def stop_page() -> None:
        stop(page, 60)

    question = json.dumps({"question": "Ferry?"}).encode()
    ask = HEAD.replace(b"100", b"%d" % len(question)) + question
    with ExitStack() as stack:
        kept, silent = (stack.enter_context(connect(REQUEST)) for _ in range(2))
        assert [one_response(each)[0] for each in (kept, silent)] == [200, 200]
        first = stack.enter_context(connect(REQUEST.replace(b"healthz", b"metrics")))
        busy.wait(60)
        # They wait where the server has not even taken them.
        waiting = [stack.enter_context(connect(ask)) for _ in range(24)]
        kept.sendall(ask)
        stopping = threading.Thread(target=stop_page)
        stopping.start()
        go_on.set()
        answered = [one_response(each) for each in (*waiting, kept)]
        assert [(status, record["index"]) for status, _, record in answered] == [
            (200, "gen-1")
        ] * 25
        assert one_response(first)[0] == 200
        assert [all_of(each) for each in (*waiting, kept, first, silent)] == [b""] * 27
        stopping.join()
    with pytest.raises(ConnectionRefusedError):
        connect()


def test_what_is_no_http_is_told_so(serve: Callable[..., Connect]) -> None:
    connect = serve()
    expected = problem(
        400, "Bad Request", "This is no HTTP/1.1 request, or its first lines are too long."
    )
    long = b"GET / HTTP/1.1\r\nLong: " + b"x" * 70_000
    for junk in (
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET\r\n\r\n",
        b"G\x00T / HTTP/1.1\r\n\r\n",
        long,
    ):
        status, headers, told = one_response(connect(junk))
        assert (status, told) == (400, expected)
        assert headers["connection"] == "close"


def test_a_broken_body_gets_one_answer_and_no_traceback(
    serve: Callable[..., Connect], caplog: pytest.LogCaptureFixture
) -> None:
    chunked = HALF + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    assert one_response(serve()(chunked))[0] == 400
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_wish_for_a_websocket_is_ignored(
    serve: Callable[..., Connect], caplog: pytest.LogCaptureFixture
) -> None:
    upgrade = REQUEST[:-2] + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    assert one_response(serve()(upgrade))[2] == {"status": "ok"}
    assert caplog.records == []


def test_there_is_a_file_for_each_connection() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (500, hard))
        allow_open_files(Limits(unfinished=300, requests_at_once=100))
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (600, hard)
        allow_open_files(Limits(unfinished=30, requests_at_once=10))
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (600, hard)
        allow_open_files(Limits(unfinished=hard, requests_at_once=10))
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_response_that_nobody_takes_is_given_up(serve: Callable[..., Connect]) -> None:
    connect = serve(seconds_per_read=0.3)
    # More pages than all buffers on the way take.
    connection = connect(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200)
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        send_for_ever(connection)
