"""Eight people ask while the index is renewed fifty times."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gradio_client import Client  # type: ignore[import-untyped]

from citadel.index.build.build import BuildOptions, build_index
from citadel.index.snapshots.loading import load_current
from citadel.qa.answer.answering import Answerer
from citadel.qa.page.app import start
from citadel.qa.page.handlers import reply
from citadel.qa.page.library import article_view
from citadel.qa.service.limits import Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.reload import Reloader
from citadel.qa.service.service import Service
from tests.conftest import free_port
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of
from tests.torture.conftest import Counts
from tests.torture.two_collections import cheap, no_progress

pytestmark = [pytest.mark.torture, pytest.mark.timeout(3600)]

Count = Callable[[str, Counts], None]
Ask = Callable[[], tuple[str, list[str]]]

UNLIMITED = Limits(questions_per_minute=0, waiting=1000, seconds_per_answer=600)
CLIENTS = 8
SWAPS = 50
ANSWERS = 10_000
SERVED_ANSWERS = 1_000


class Library:
    """A folder whose index is renewed; every text of a snapshot names its number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "index"
        self._sources = folder / "sources"
        self.numbers: dict[str, int] = {}
        self.renew()

    def renew(self) -> None:
        number = len(self.numbers)
        texts = {f"article{place}": f"The ferry of served{number} crosses.\n" for place in "abc"}
        articles = articles_of(self._sources, **texts)
        built = build_index(
            articles, self.folder, FakeEncoder(), no_progress, options=BuildOptions(keep=3)
        )
        self.numbers[built.snapshot] = number

    def is_whole(self, snapshot: str, texts: list[str]) -> bool:
        """Whether every text is of the snapshot that an answer names."""
        number = self.numbers[snapshot]
        return bool(texts) and all(f"served{number} " in text for text in texts)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


@pytest.fixture
def live_index(library: Library) -> Iterator[LiveIndex]:
    served = LiveIndex.of(Answerer(load_current(library.folder, cheap)))
    reloader = Reloader(served, library.folder, cheap)
    reloader.start()
    yield served
    reloader.stop()


def torture(library: Library, live_index: LiveIndex, asks: list[Ask], total: int) -> Counts:
    """Let all ask until there were as many swaps and answers as are wanted."""
    counts: Counter[str] = Counter(swaps=0, answers=0, failed=0, mixed=0)
    swapped: list[str] = []
    live_index.follow(lambda served: swapped.append(served.articles.snapshot))
    answered: list[tuple[str, list[str]]] = []
    failures: list[Exception] = []

    def client(ask: Ask) -> None:
        while len(swapped) < SWAPS or len(answered) < total:
            if len(answered) > total * (len(swapped) + 1) / SWAPS:
                time.sleep(0.005)  # Spread the answers evenly over the swaps.
                continue
            try:
                answered.append(ask())
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=client, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    for _ in range(SWAPS):
        before = len(swapped)
        library.renew()
        began = time.monotonic()
        while len(swapped) == before:
            time.sleep(0.01)
        counts["slowest swap in ms"] = max(
            counts["slowest swap in ms"], round(1000 * (time.monotonic() - began))
        )
    for thread in threads:
        thread.join()
    counts["swaps"] = len(swapped)
    counts["answers"] = len(answered)
    counts["snapshots that answered"] = len({snapshot for snapshot, _ in answered})
    counts["failed"] = len(failures)
    counts["mixed"] = sum(not library.is_whole(*each) for each in answered)
    return counts


def test_replies_of_the_page(library: Library, live_index: LiveIndex, count: Count) -> None:
    """Each reply, and the article that it opens, as the page's handlers make them."""
    service = Service(live_index, UNLIMITED)

    def ask() -> tuple[str, list[str]]:
        made = reply(service, {"turn": "1", "question": "ferry", "earlier": []})
        article, _ = article_view(live_index.current, "articlea.md", made["index"])
        return made["index"], [made["answer"] + made["sources"], article]

    counts = torture(library, live_index, [ask] * CLIENTS, ANSWERS)
    count("answers and articles over 50 swaps", counts)
    assert (counts["swaps"], counts["failed"], counts["mixed"]) == (SWAPS, 0, 0)
    assert counts["answers"] >= ANSWERS


def test_answers_over_http(library: Library, live_index: LiveIndex, count: Count) -> None:
    port = free_port()
    page = start(Service(live_index, UNLIMITED), "127.0.0.1", port)
    address = f"http://127.0.0.1:{port}/"
    clients = [Client(address, verbose=False, analytics_enabled=False) for _ in range(CLIENTS)]

    def asking(client: Client) -> Ask:
        def ask() -> tuple[str, list[str]]:
            record = client.predict("ferry", [], api_name="/ask")
            return record["index"], [passage["text"] for passage in record["passages"]]

        return ask

    try:
        counts = torture(library, live_index, [asking(each) for each in clients], SERVED_ANSWERS)
    finally:
        for each in clients:
            each.close()
        page.close(verbose=False)
    count("answers over HTTP over 50 swaps", counts)
    assert (counts["swaps"], counts["failed"], counts["mixed"]) == (SWAPS, 0, 0)
    assert counts["answers"] >= SERVED_ANSWERS
