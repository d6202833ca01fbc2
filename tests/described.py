"""Requests drawn from the API's own description, right and wrong ones, and a check of what comes.

A question may be one that no article answers, or a date none at all: that right requests are
accepted is not for the description to say, and is not checked.
"""

from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

_CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def described(address: str) -> st.SearchStrategy[Case[Any]]:
    """Requests to every route of the API at an address without a slash at its end."""
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert operations
    return st.one_of(
        *(each.as_strategy(generation_mode=GenerationMode.POSITIVE) for each in operations),
        # What takes nothing can't be asked wrongly.
        *(
            each.as_strategy(generation_mode=GenerationMode.NEGATIVE)
            for each in operations
            if each.body or list(each.iter_parameters())
        ),
    )


def send_described(case: Case[Any], address: str) -> int:
    """Send a request and return the status; fail where the response is not as described."""
    response = case.call(base_url=address)
    case.validate_response(response, checks=_CHECKS)
    return int(response.status_code)
