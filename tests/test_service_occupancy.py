"""How many requests and streams are open at once: of a session, of an address, and in all."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.types import Receive, Scope, Send

from citadel.qa.answer.answering import Answerer
from citadel.qa.service.limits import Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.small_index import articles_of, cheap_index
from tests.visitor import FakePage, problem, visit


@pytest.fixture(scope="module")
def live_index(tmp_path_factory: pytest.TempPathFactory) -> LiveIndex:
    folder: Path = tmp_path_factory.mktemp("sources")
    return LiveIndex.of(Answerer(cheap_index("gen-1", articles_of(folder, a="One ferry.\n"))))


class StreamingPage(FakePage):
    """Its streams end when everything else has been tried."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/gradio_api/"):
            await self.may_end.wait()
        await super().__call__(scope, receive, send)


Get = Callable[..., Awaitable[httpx.Response]]
Scenario = Callable[[Get, StreamingPage], Awaitable[None]]


def play(live_index: LiveIndex, scenario: Scenario, **limits: int) -> None:
    """Let several clients ask a server at once."""

    async def run() -> None:
        page = StreamingPage()
        gate: Any = visit(Service(live_index, Limits(**limits)), page).app

        async def get(path: str, address: str = "192.0.2.1") -> httpx.Response:
            transport = httpx.ASGITransport(gate, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://citadel") as client:
                return await client.get(path)

        await scenario(get, page)

    asyncio.run(run())


def stream(session: int) -> str:
    return f"/gradio_api/queue/data?session_hash={session}"


async def opened(get: Get, asked: list[tuple[str, str]]) -> list[asyncio.Task[httpx.Response]]:
    """Begin requests for paths from addresses; those that are refused have ended then."""
    tasks = [asyncio.ensure_future(get(*each)) for each in asked]
    for _ in range(20):
        await asyncio.sleep(0)
    return tasks


def refused(tasks: list[asyncio.Task[httpx.Response]]) -> list[dict[str, Any]]:
    return [task.result().json() for task in tasks if task.done()]


def too_many(status: int, detail: str) -> dict[str, Any]:
    return problem(status, HTTPStatus(status).phrase, detail)


def test_505_streams_of_one_address_leave_others_alone(live_index: LiveIndex) -> None:
    async def scenario(get: Get, page: StreamingPage) -> None:
        tasks = await opened(get, [(stream(number), "192.0.2.1") for number in range(505)])
        told = too_many(429, "Too many streams are open from your address; close one.")
        assert refused(tasks) == [told] * 455
        assert (await get("/", "192.0.2.1")).text == "The page."
        assert (await get("/", "192.0.2.2")).text == "The page."
        others = await opened(get, [(stream(1000 + number), "192.0.2.2") for number in range(9)])
        assert refused(others) == []
        page.may_end.set()
        assert {(await task).status_code for task in others} == {200}
        # What has ended makes room.
        assert (await get(stream(1), "192.0.2.1")).status_code == 200

    play(live_index, scenario)


def test_505_streams_of_one_session_leave_others_alone(live_index: LiveIndex) -> None:
    async def scenario(get: Get, page: StreamingPage) -> None:
        asked = [(stream(7), f"192.0.{number // 250}.{number % 250}") for number in range(505)]
        tasks = await opened(get, asked)
        told = too_many(429, "Too many streams of this session are open; close one.")
        assert refused(tasks) == [told] * 502
        assert (await get("/")).text == "The page."
        page.may_end.set()
        await asyncio.gather(*tasks)

    play(live_index, scenario)


def test_the_streams_of_all_leave_room_for_requests(live_index: LiveIndex) -> None:
    async def scenario(get: Get, page: StreamingPage) -> None:
        tasks = await opened(get, [(stream(number), f"192.0.2.{number}") for number in range(9)])
        told = too_many(503, "Too many streams are open; try again soon.")
        assert refused(tasks) == [told] * 4
        assert (await get("/")).text == "The page."
        page.may_end.set()
        await asyncio.gather(*tasks)

    play(live_index, scenario, streams_at_once=5, requests_at_once=10)


def test_one_address_does_not_take_every_place(live_index: LiveIndex) -> None:
    async def scenario(get: Get, page: StreamingPage) -> None:
        info = "/gradio_api/info"
        tasks = await opened(get, [(info, f"2001:db8::{number}") for number in range(1, 10)])
        told = too_many(429, "Too many requests at once from your address; try again soon.")
        assert refused(tasks) == [told] * 4
        assert (await get("/", "2001:db8:0:1::1")).text == "The page."
        assert (await get("/healthz", "2001:db8::1")).json() == {"status": "ok"}
        page.may_end.set()
        await asyncio.gather(*tasks)

    play(live_index, scenario, requests_per_address=5)


def test_the_results_of_calls_are_streams_too(live_index: LiveIndex) -> None:
    async def scenario(get: Get, page: StreamingPage) -> None:
        tasks = await opened(get, [(f"/gradio_api/call/ask/{n}", "192.0.2.1") for n in range(5)])
        assert len(refused(tasks)) == 2
        page.may_end.set()
        await asyncio.gather(*tasks)

    play(live_index, scenario, streams_per_address=3)
