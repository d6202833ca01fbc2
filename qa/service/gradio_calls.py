"""What may be posted to the routes of the page's framework: just what the page itself posts.

Gradio copies a file that an object in the right place names, and fails on half a surrogate pair,
a number of no function, or too few inputs. Nothing of that gets to it: a call is read here, and
written anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictInt, StrictStr, ValidationError

from citadel.qa.service.problems import Problem

_Identifier = Annotated[StrictStr, Field(pattern=r"^[\w-]{1,100}$")]
_Inputs = Annotated[list[StrictStr | list[StrictStr] | None], Field(max_length=10)]

_NO_CALL = "This is no call that the page makes; other programs use /api/ask."


class _Join(BaseModel):
    """An event of the page, or a call of Gradio's Python client."""

    data: _Inputs = []
    event_data: dict[str, Any] | None = None
    fn_index: StrictInt
    trigger_id: StrictInt | None = None
    session_hash: _Identifier


class _Call(BaseModel):
    """A call of the one documented function."""

    data: tuple[StrictStr, list[StrictStr] | None]


class _Cancel(BaseModel):
    session_hash: _Identifier
    fn_index: StrictInt
    event_id: _Identifier


class _Reset(BaseModel):
    event_id: _Identifier


_CALLS: dict[str, type[BaseModel]] = {
    "/gradio_api/queue/join": _Join,
    "/gradio_api/call/ask": _Call,
    "/gradio_api/cancel": _Cancel,
    "/gradio_api/reset": _Reset,
}


def read_call(path: str, body: bytes, functions: Mapping[int, int]) -> bytes | Problem:
    """Return the body of a call as it may be passed on, or why it is refused.

    Args:
        path: One of the routes that take calls.
        body: Of any form.
        functions: How many inputs each of the page's functions takes, by its number.

    """
    try:
        values = _whole(json.loads(body, parse_constant=_refuse_constant))
        call = _CALLS[path].model_validate(values)
    except ValidationError:
        return Problem(422, _NO_CALL)
    except (ValueError, RecursionError):
        return Problem(400, "The body is not JSON; send one JSON object.")
    if isinstance(call, _Join | _Cancel) and call.fn_index not in functions:
        return Problem(422, _NO_CALL)
    if isinstance(call, _Join) and len(call.data) != functions[call.fn_index]:
        return Problem(422, _NO_CALL)
    return json.dumps(call.model_dump(exclude_unset=True)).encode()


def _whole(value: Any) -> Any:
    """Replace halves of surrogate pairs: JSON can carry them, UTF-8 can't."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
