"""The tools of the Model Context Protocol, through its own client."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent, ToolAnnotations

from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import answer_record
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.mcp import build_mcp_server
from citadel.qa.service.schemas import find_passage, list_articles
from tests.command_line import ROOT, environment

QUESTION = "Who leads Jaish Halab?"
SOURCE = "enab-baladi-end-of-aleppo.md"


@pytest.fixture(scope="module")
def live_index(answerer: Answerer) -> LiveIndex:
    return LiveIndex.of(answerer)


def call(live_index: LiveIndex, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    async def connected() -> CallToolResult:
        async with Client(build_mcp_server(live_index)) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(connected())


def without_time(record: dict[str, Any] | None) -> dict[str, Any]:
    return {
        key: value
        for key, value in (record or {}).items()
        if key not in ("elapsed_ms", "page", "place")
    }


def test_the_tools(live_index: LiveIndex) -> None:
    async def listed() -> dict[str, ToolAnnotations | None]:
        async with Client(build_mcp_server(live_index)) as client:
            tools = (await client.list_tools()).tools
        return {tool.name: tool.annotations for tool in tools}

    assert asyncio.run(listed()) == dict.fromkeys(
        ("ask", "read_passage", "list_articles"),
        ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def test_an_answer_is_that_of_the_command_line(live_index: LiveIndex, answerer: Answerer) -> None:
    arguments = {"question": "who leads it?", "history": ["What is Jaish Halab?"], "top_k": 2}
    result = call(live_index, "ask", arguments)
    assert not result.is_error
    record = answer_record(answerer.answer("who leads it?", ["What is Jaish Halab?"], 2))
    told = result.structured_content or {}
    for part in (*told["answers"], *told["passages"]):
        pages = ("page", "page_label", "place", "doubts")
        assert [part.pop(name) for name in pages] == [None] * 4
    assert without_time(told) == without_time(record)


def test_a_passage_and_the_articles(live_index: LiveIndex) -> None:
    articles = live_index.current.articles
    passage = call(live_index, "read_passage", {"id": f"{SOURCE}:7"}).structured_content
    assert passage == find_passage(articles, f"{SOURCE}:7").model_dump()
    listed = call(live_index, "list_articles", {}).structured_content
    assert listed == list_articles(articles).model_dump()


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": "  "}, "The question is empty; type a question about the articles."),
        (
            "ask",
            {"question": "Why?", "scope": {"only": ["gone.md"]}},
            "There is no article gone.md; there is enab-baladi-end-of-aleppo.md.",
        ),
        (
            "ask",
            {"question": "Why?", "scope": {"since": "5/12/2016"}},
            "The date '5/12/2016' is none; write 2016, 2016-12 or 2016-12-05.",
        ),
        ("read_passage", {"id": "../../etc/passwd:1"}, "There is no such passage; "),
    ],
)
def test_an_error_is_told_to_the_assistant(
    live_index: LiveIndex, tool: str, arguments: dict[str, Any], told: str
) -> None:
    result = call(live_index, tool, arguments)
    assert result.is_error
    assert isinstance(result.content[0], TextContent)
    assert told in result.content[0].text


@pytest.mark.usefixtures("stages")
def test_the_program_speaks_over_stdio(index_dir: Path, tmp_path: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "qa", "mcp", "--index-dir", str(index_dir)],
        cwd=str(tmp_path),
        env={**environment(), "PYTHONPATH": str(ROOT)},
    )

    async def asked() -> CallToolResult:
        async with Client(server) as client:
            return await client.call_tool("ask", {"question": QUESTION})

    result = asyncio.run(asked())
    assert not result.is_error
    assert (result.structured_content or {})["status"] == "possible"
