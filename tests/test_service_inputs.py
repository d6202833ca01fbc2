"""No input makes the server fail: a short run of what make soak does at length."""

from collections.abc import Iterator

import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citadel.qa.answer.answering import Answerer
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.conftest import PATIENT, served_page
from tests.described import described, send_described
from tests.hostile import Sent, posts, reads, status_of
from tests.small_index import articles_of, cheap_index


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("sources")
    index = cheap_index("gen-1", articles_of(folder, a="One ferry.\n"))
    with served_page(Service(LiveIndex.of(Answerer(index)), PATIENT)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as opened:
        yield opened


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


def test_every_response_is_as_described(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    requests = described(address)

    @SOME
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        send_described(data.draw(requests), address)

    send()
    assert "Traceback" not in capfd.readouterr().err
