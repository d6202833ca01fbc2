"""Many ask at once, for long, in parts, and without reading what they get."""

import resource
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2 as httpx
import pytest

from tests.soak.conftest import Figures, Server
from tests.soak.users import QUESTIONS, ask

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]

Serve = Callable[..., Server]
Report = Callable[[str, Figures], None]
ANY_NUMBER = ("--questions-per-minute", "0")


def test_eight_users_for_ten_minutes(serve: Serve, share: float, figures: Report) -> None:
    server = serve(*ANY_NUMBER)
    ask(server.address, 8, time.monotonic() + 5)
    outcome = ask(server.address, 8, time.monotonic() + 600 * share)
    figures(
        "8 users",
        {
            "answers": outcome.statuses.total(),
            "errors": outcome.statuses.total() - outcome.statuses[200],
            "median ms": outcome.quantile(0.5),
            "p99 ms": outcome.quantile(0.99),
        },
    )
    assert set(outcome.statuses) == {200}


def test_sixty_four_users_for_two_minutes(serve: Serve, share: float, figures: Report) -> None:
    server = serve(*ANY_NUMBER)
    outcome = ask(server.address, 64, time.monotonic() + 120 * share)
    began = time.monotonic()
    after = httpx.post(f"{server.address}/api/ask", json={"question": QUESTIONS[0]})
    figures(
        "64 users",
        {f"of status {status}": count for status, count in sorted(outcome.statuses.items())}
        | {"p99 ms": outcome.quantile(0.99), "after ms": 1000 * (time.monotonic() - began)},
    )
    assert set(outcome.statuses) <= {200, 429, 503}
    assert after.status_code == 200


HALF = b"POST /api/ask HTTP/1.1\r\nHost: citadel\r\n"


@contextmanager
def half_open(server: Server, number: int) -> Iterator[None]:
    """Connections that begin a request and never end it, from a few addresses of a botnet.

    Those that are closed are opened again, once a second.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, number + 500)), hard))
    held: list[socket.socket] = []
    stopped = threading.Event()

    def fill() -> None:
        for place in range(number - len(held)):
            source = (f"127.0.0.{2 + place % 9}", 0)
            held.append(socket.create_connection(("127.0.0.1", server.port), 60, source))
            held[-1].sendall(HALF)

    def hold() -> None:
        while not stopped.wait(1):
            closed = {each for each, _ in poll_of(held).poll(0)}
            for connection in [each for each in held if each.fileno() in closed]:
                held.remove(connection)
                connection.close()
            fill()

    fill()
    holder = threading.Thread(target=hold)
    holder.start()
    yield
    stopped.set()
    holder.join()
    for connection in held:
        connection.close()


def poll_of(connections: list[socket.socket]) -> select.poll:
    found = select.poll()
    for connection in connections:
        found.register(connection, select.POLLIN)
    return found


def test_half_open_connections(serve: Serve, share: float, figures: Report) -> None:
    server = serve(*ANY_NUMBER)
    ask(server.address, 2, time.monotonic() + 5)
    before = ask(server.address, 2, time.monotonic() + 60 * share)
    with half_open(server, 900):
        during = ask(server.address, 2, time.monotonic() + 60 * share)
    figures(
        "900 half-open connections",
        {"p99 ms before": before.quantile(0.99), "p99 ms during": during.quantile(0.99)},
    )
    assert set(during.statuses) == {200}
    if share == 1:  # The slowest of a few answers tells nothing.
        assert during.quantile(0.99) <= 2 * before.quantile(0.99)


def test_memory_over_twenty_thousand_questions(serve: Serve, share: float, figures: Report) -> None:
    server = serve(*ANY_NUMBER)
    number = int(20_000 * share)

    def some(client: httpx.Client, many: int) -> None:
        for turn in range(many):
            question = f"{QUESTIONS[turn % 6]} {turn}"
            if turn % 2:
                client.post("/api/ask", json={"question": question}).raise_for_status()
            else:
                # Nobody ever reads what Gradio keeps for this one.
                client.post("/gradio_api/call/ask", json={"data": [question, None]})

    with httpx.Client(base_url=server.address, timeout=60) as client:
        some(client, max(500, number // 10))
        before = server.memory()
        some(client, number)
        after = server.memory()
    per_thousand = (after - before) / number * 1000
    figures(
        "questions, half never read",
        {"questions": number, "MB before": before, "MB after": after, "MB a 1,000": per_thousand},
    )
    if share == 1:  # What a server takes once is spread over few questions in a shorter run.
        assert per_thousand <= 1
