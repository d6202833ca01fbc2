import json
from typing import Any

import pytest

from citadel.qa.service.gradio_calls import read_call
from citadel.qa.service.problems import Problem

JOIN, CALL = "/gradio_api/queue/join", "/gradio_api/call/ask"
CANCEL, RESET = "/gradio_api/cancel", "/gradio_api/reset"
FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}
EVENT: dict[str, Any] = {"data": [], "fn_index": 2, "session_hash": "abc", "trigger_id": 7}
NO_CALL = Problem(422, "This is no call that the page makes; other programs use /api/ask.")
NO_JSON = Problem(400, "The body is not JSON; send one JSON object.")


def read(path: str, values: object) -> Any:
    found = read_call(path, json.dumps(values).encode(), {0: 2, 2: 0})
    return found if isinstance(found, Problem) else json.loads(found)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (JOIN, EVENT),
        (JOIN, {**EVENT, "event_data": {"question": "Why?", "earlier": ["Who?"]}}),
        (JOIN, {"data": ["Why?", None], "fn_index": 0, "session_hash": "a-1"}),
        (CALL, {"data": ["Why?", ["Who?"]]}),
        (CANCEL, {"session_hash": "abc", "fn_index": 2, "event_id": "0f"}),
        (RESET, {"event_id": "0f"}),
    ],
)
def test_what_the_page_sends_is_passed_on(path: str, values: object) -> None:
    assert read(path, values) == values


def test_what_it_does_not_send_is_left_out() -> None:
    assert read(JOIN, {**EVENT, "batched": True, "simple_format": 1, "api_name": "x"}) == EVENT


def test_halves_of_surrogate_pairs_are_replaced() -> None:
    assert read(CALL, {"data": ["a\ud800b", None]}) == {"data": ["a?b", None]}
    assert read(JOIN, {**EVENT, "event_data": {"\ud800": ["\udfff"]}}) == {
        **EVENT,
        "event_data": {"?": ["?"]},
    }


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (JOIN, []),
        (JOIN, {**EVENT, "fn_index": 1}),
        (JOIN, {**EVENT, "fn_index": 0}),
        (JOIN, {**EVENT, "data": ["Why?"]}),
        (CALL, {"data": ["Why?"]}),
        (JOIN, {**EVENT, "fn_index": True}),
        (JOIN, {**EVENT, "fn_index": "2"}),
        (JOIN, {**EVENT, "session_hash": ""}),
        (JOIN, {**EVENT, "session_hash": "../a"}),
        (JOIN, {**EVENT, "session_hash": "a" * 101}),
        (JOIN, {**EVENT, "data": [FILE]}),
        (JOIN, {**EVENT, "data": [[FILE]]}),
        (CALL, {"data": [FILE, None]}),
        (CALL, {"data": ["Why?", [FILE]]}),
        (CALL, {"data": "Why?"}),
        (CALL, {}),
        (CANCEL, {"session_hash": "abc", "fn_index": 9, "event_id": "0f"}),
        (RESET, {"event_id": None}),
    ],
)
def test_what_is_no_call_of_the_page(path: str, values: object) -> None:
    assert read(path, values) == NO_CALL


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 16000, b'{"data": [NaN]}', b"1" * 9999]
)
def test_what_is_no_json(body: bytes) -> None:
    assert read_call(CALL, body, {0: 2}) == NO_JSON
