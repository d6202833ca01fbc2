"""Ten thousand inputs to every address, against a server of its own process."""

from collections import Counter
from collections.abc import Callable

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, given, settings

from tests.hostile import Sent, posts, reads, status_of
from tests.soak.conftest import Figures, Server

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]


def test_no_input_makes_it_fail(
    serve: Callable[..., Server], share: float, figures: Callable[[str, Figures], None]
) -> None:
    server = serve("--questions-per-minute", "0")
    statuses: Counter[int] = Counter()

    with httpx.Client(base_url=server.address, timeout=60) as client:

        @settings(
            max_examples=int(10_000 * share),
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(sent=posts() | reads())
        def send(sent: Sent) -> None:
            status = status_of(client, sent)
            statuses[status] += 1
            assert status < 500

        send()
    figures(
        "inputs",
        {f"of status {status}": count for status, count in sorted(statuses.items())},
    )
    assert "Traceback" not in server.log.read_text("utf-8")
