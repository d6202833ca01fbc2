"""Many ask at once, for long, in parts, and without reading what they get."""

import resource
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx2 as httpx
import pytest

from tests.soak.conftest import Report, Server
from tests.soak.figures import Figure, at_least, at_most, of_interest
from tests.soak.users import QUESTIONS, ask

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]

Serve = Callable[..., Server]
ANY_NUMBER = ("--questions-per-minute", "0")
ALLOWED = (200, 429, 503)


def test_eight_users_for_ten_minutes(serve: Serve, share: float, figures: Report) -> None:
    server = serve(*ANY_NUMBER)
    ask(server.address, 8, time.monotonic() + 5)
    outcome = ask(server.address, 8, time.monotonic() + 600 * share)
    figures(
        "8 users for 10 minutes",
        of_interest("answers", outcome.statuses[200]),
        at_most("errors", outcome.statuses.total() - outcome.statuses[200], 0),
        of_interest("median in ms", outcome.quantile(0.5)),
        at_most("p99 in ms", outcome.quantile(0.99), 500),
    )


def test_sixty_four_users_for_two_minutes(serve: Serve, share: float, figures: Report) -> None:
    server = serve(*ANY_NUMBER)
    outcome = ask(server.address, 64, time.monotonic() + 120 * share)
    ended = time.monotonic()
    others = sum(count for status, count in outcome.statuses.items() if status not in ALLOWED)
    figures(
        "64 users for 2 minutes",
        *(of_interest(f"of status {each}", outcome.statuses[each]) for each in ALLOWED),
        at_most("of another status, or without a response", others, 0),
        of_interest("p99 in ms", outcome.quantile(0.99)),
        at_most("normal again after s", normal_again(server) - ended, 5),
    )


def normal_again(server: Server) -> float:
    """Return when an answer came within half a second."""
    while True:
        began = time.monotonic()
        response = httpx.post(f"{server.address}/api/ask", json={"question": QUESTIONS[0]})
        now = time.monotonic()
        if response.status_code == 200 and now - began <= 0.5:
            return now


HALF = b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\n"


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
    ratio = during.quantile(0.99) / before.quantile(0.99)
    figures(
        "900 half-open connections",
        of_interest("p99 in ms before", before.quantile(0.99)),
        of_interest("p99 in ms meanwhile", during.quantile(0.99)),
        judged(share, at_most("as many times as before", ratio, 2)),
        at_most("errors", during.statuses.total() - during.statuses[200], 0),
    )


def judged(share: float, figure: Figure) -> Figure:
    """The figure, without a verdict where it stands on too little."""
    return figure if share >= 0.25 else of_interest(figure.what, figure.found)


def test_memory_over_twenty_thousand_questions(serve: Serve, share: float, figures: Report) -> None:
    server = serve(*ANY_NUMBER)
    number = int(20_000 * share)

    def some(many: int) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(one, range(many)))

    def one(turn: int) -> None:
        question = f"{QUESTIONS[turn % 6]} {turn}"
        # Nobody ever reads what Gradio keeps for every second one.
        path, body = (
            ("/api/ask", {"question": question}),
            ("/gradio_api/call/ask", {"data": [question, None]}),
        )[turn % 2]
        while client.post(path, json=body).status_code != 200:
            time.sleep(0.1)  # It is busy, and says so.

    with httpx.Client(base_url=server.address, timeout=60) as client:
        some(max(2_000, number // 10))
        before = server.memory()
        some(number)
        after = server.memory()
    figures(
        "questions, half of them never read",
        at_least("questions", number, int(20_000 * share)),
        of_interest("MB before", before),
        of_interest("MB after", after),
        judged(share, at_most("MB more a 1,000", (after - before) / number * 1000, 1)),
    )
