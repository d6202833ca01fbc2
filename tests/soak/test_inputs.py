"""Ten thousand inputs to every address, against a server of its own process."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import Case

from tests.described import described, send_described
from tests.hostile import Sent, posts, reads, status_of
from tests.soak.conftest import Report, Server
from tests.soak.figures import at_least, at_most, of_interest

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]


def test_no_input_makes_it_fail(
    serve: Callable[..., Server], share: float, figures: Report
) -> None:
    server = serve("--questions-per-minute", "0")
    many = settings(
        max_examples=int(5_000 * share), database=None, suppress_health_check=list(HealthCheck)
    )
    statuses: Counter[int] = Counter()
    as_described = described(server.address)

    with httpx.Client(base_url=server.address, timeout=60) as client:

        @many
        @given(sent=posts() | reads())
        def send(sent: Sent) -> None:
            statuses[status_of(client, sent)] += 1

        @many
        @given(case=as_described)
        def send_case(case: Case[Any]) -> None:
            statuses[send_described(case, server.address)] += 1

        send()
        send_case()
    tracebacks = server.log.read_text("utf-8").count("Traceback")
    failed = sum(count for status, count in statuses.items() if status >= 500 and status != 503)
    figures(
        "inputs",
        at_least("inputs", statuses.total(), int(10_000 * share)),
        at_most("answers of 5xx but 503", failed, 0),
        at_most("tracebacks in the log", tracebacks, 0),
        *(of_interest(f"of status {status}", count) for status, count in sorted(statuses.items())),
    )
