"""No input makes the server fail: a short run of what make soak does at length."""

from collections.abc import Iterator

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, given, settings

from qa.answering import Answerer
from qa.app import start
from qa.editions import Editions
from qa.service.service import Service
from tests.conftest import PATIENT, free_port
from tests.hostile import Sent, posts, reads, status_of
from tests.small_index import articles_of, cheap_index


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("sources")
    index = cheap_index("gen-1", articles_of(folder, a="One ferry.\n"))
    port = free_port()
    page = start(Service(Editions.of(Answerer(index)), PATIENT), "127.0.0.1", port)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as opened:
        yield opened
    page.close(verbose=False)


SOME = settings(
    max_examples=100,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SOME
@given(sent=posts())
def test_no_body_makes_it_fail(
    client: httpx.Client, capfd: pytest.CaptureFixture[str], sent: Sent
) -> None:
    assert status_of(client, sent) < 500
    assert "Traceback" not in capfd.readouterr().err


@SOME
@given(sent=reads())
def test_no_address_makes_it_fail(
    client: httpx.Client, capfd: pytest.CaptureFixture[str], sent: Sent
) -> None:
    assert status_of(client, sent) < 500
    assert "Traceback" not in capfd.readouterr().err
