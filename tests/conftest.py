"""What several tests share: the real index, the page served from it, and a browser."""

import gc
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from citadel.index.build.build import BUNDLED_SOURCES, build_index, index_articles
from citadel.index.corpus.corpus import read_articles
from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.disk import locked
from citadel.index.encoders.backends import load_encoder, use_threads
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.stages import Stages, load_stages
from citadel.index.snapshots.loading import load
from citadel.index.snapshots.pointer import CURRENT
from citadel.index.snapshots.publishing import publish
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer
from citadel.qa.page.app import start
from citadel.qa.page.welcome import read_welcome
from citadel.qa.service.feedback import FeedbackFile
from citadel.qa.service.limits import Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.browser import require_chromium
from tests.command_line import Run, ask_caller, open_no_index
from tests.reader import PHONE, Desks, Reader
from tests.reading_here import read_here
from tests.small_index import BRIDGE, FERRY

CHROMIUM_OPTIONS = [
    "--no-sandbox",  # a container runs it as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",  # see Desks
]

# Gradio would sum up its own statistics after every call, with a call that pandas deprecates.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

# Programs that tests start would each convert the model for a folder of their own.
os.environ["CITADEL_BACKEND"] = "torch"

# And each would unpack the multilingual model.
os.environ["CITADEL_LANGUAGES"] = "english"

# A busy machine is no failure: no test is held to a time.
settings.register_profile("citadel", deadline=None)
settings.load_profile("citadel")

# A suite asks much from one address, and keeps an answer waiting on purpose.
PATIENT = Limits(questions_per_minute=0, seconds_per_answer=120)

BROKEN_QUESTION = "Please break down"
SLOW_QUESTION = "Please take your time"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--readme-screenshot",
        action="store_true",
        help="write the pictures in docs/ anew from the page as it is",
    )
    parser.addoption(
        "--held-out",
        type=Path,
        help="a file in SQuAD's form whose articles and questions are to judge the readers, too",
    )


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays until the end: all tests, and what they import."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def runtime_folder() -> Iterator[Path]:
    """Where programs of the tests meet, and not those of the user who runs them.

    It is none of pytest's, whose paths are too long for a socket.
    """
    with TemporaryDirectory(prefix="citadel-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        yield Path(folder)


@pytest.fixture(scope="session", autouse=True)
def one_thread_computes() -> Iterator[None]:
    """Processes share the tests and the cores: threads would only wait for one another."""
    use_threads(1)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("citadel.index.encoders.openvino_backend._cores", lambda: 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_text_is_read_here() -> Iterator[None]:
    """No process is started to read a few words; see ``reading_here``."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        read_here(monkeypatch)
        yield


@pytest.fixture(scope="session")
def new_index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for an index, to which the default model is converted.

    Processes that share the tests share it, too: what is made in it takes longest of all.
    """
    of_process = tmp_path_factory.getbasetemp()
    folder = (of_process.parent if "PYTEST_XDIST_WORKER" in os.environ else of_process) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def encoder(new_index_dir: Path) -> Encoder:
    """The default model, computed by the default backend."""
    return load_encoder(backend=None, kept_in=new_index_dir / MODELS)


@pytest.fixture(scope="session")
def index_dir(new_index_dir: Path, encoder: Encoder) -> Path:
    """The folder of a fresh index of the bundled article; not to be changed."""
    folder = new_index_dir
    with locked(folder.with_name("shared.lock")):
        if not (folder / CURRENT).exists():
            build_index(read_articles(BUNDLED_SOURCES), folder, encoder, lambda _done, _total: None)
    return folder


@pytest.fixture(scope="session")
def passage_index(index_dir: Path, encoder: Encoder) -> PassageIndex:
    """The index of the bundled article, read back from its folder."""
    return load(index_dir, encoder)


@pytest.fixture(scope="session")
def stages(new_index_dir: Path) -> Stages:
    """What ranks candidates where nothing is chosen: the ranker and the reader of Citadel."""
    return load_stages(reader=True, reranker=None, backend=None, index_dir=new_index_dir)


@pytest.fixture
def ask(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    encoder: Encoder,
    stages: Stages,
) -> Run:
    """What calls the command “ask” in this process."""
    return ask_caller(monkeypatch, capsys, encoder, stages)


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever opens an index fail the test."""
    open_no_index(monkeypatch)


@pytest.fixture(scope="session")
def answerer(passage_index: PassageIndex, stages: Stages) -> Answerer:
    """The answers of the index of the bundled article, as they are by default."""
    return Answerer(passage_index, stages)


@pytest.fixture(scope="session")
def first_index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> PassageIndex:
    """A small index, in memory only."""
    folder = tmp_path_factory.mktemp("sources")
    (folder / "ferry.md").write_text(FERRY, "utf-8")
    (folder / "bridge.txt").write_text(BRIDGE, "utf-8")
    return index_articles("gen-1", read_articles(folder), encoder, lambda _done, _total: None)


@pytest.fixture(scope="session")
def second_index(first_index: PassageIndex, encoder: Encoder) -> PassageIndex:
    """An index of one of its articles."""
    return index_articles("gen-2", first_index.articles[:1], encoder, lambda _done, _total: None)


@pytest.fixture
def small_index_dir(tmp_path: Path, first_index: PassageIndex) -> Path:
    """A folder in which the first small index is published."""
    publish(first_index, tmp_path)
    return tmp_path


@dataclass
class Site:
    """The page, served from the real index, with two questions that bring trouble.

    Attributes:
        address: Where it is served, ending in a slash.
        histories: The earlier questions that came with each question, in order.
        may_answer: The slow question waits for this.
        reports: The file that takes what is reported about answers.
        live_index: What is served.
    """

    address: str = ""
    histories: list[tuple[str, ...]] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)
    reports: Path = Path()
    live_index: LiveIndex | None = None


class TroubledAnswerer(Answerer):
    """Answers like the real one; one question breaks it and another one keeps it waiting."""

    def __init__(self, answerer: Answerer, site: Site) -> None:
        super().__init__(answerer.index, answerer.stages)
        self._site = site

    def answer(
        self,
        question: str,
        history: Sequence[str] = (),
        passages: int = 5,
        scope: Scope = EVERYTHING,
        literal: bool = False,
    ) -> Answer:
        self._site.histories.append(tuple(history))
        if question == BROKEN_QUESTION:
            raise RuntimeError("broken on purpose")
        if question == SLOW_QUESTION:
            self._site.may_answer.wait(60)
        return super().answer(question, history, passages, scope, literal)


@pytest.fixture(scope="session")
def site(answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = Site(reports=tmp_path_factory.mktemp("reports") / "feedback.jsonl")
    served.live_index = LiveIndex.of(TroubledAnswerer(answerer, served))
    welcome, reports = read_welcome(BUNDLED_SOURCES), FeedbackFile(served.reports)
    service = Service(served.live_index, PATIENT)
    with served_page(service, welcome=welcome, feedback=reports) as port:
        served.address = f"http://127.0.0.1:{port}/"
        yield served
        served.may_answer.set()


@contextmanager
def served_page(service: Service, host: str = "127.0.0.1", **more: Any) -> Iterator[int]:
    """Serve page and API at a free port while a block runs; yield the port."""
    port = free_port()
    page = start(service, host, port, **more)
    try:
        yield port
    finally:
        page.close(verbose=False)


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """A headless Chromium, started after the server and stopped with the module.

    While it runs, Playwright keeps an event loop in the main thread, where other tests may
    want one of their own.
    """
    assert site.address
    path = require_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def desks(browser: Browser) -> Desks:
    """What the readers of a module share of the browser."""
    return Desks(browser)


@pytest.fixture
def reader(desks: Desks, site: Site) -> Iterator[Reader]:
    """Somebody at a desk."""
    yield from desks.reader(site)


@pytest.fixture
def phone_reader(desks: Desks, site: Site) -> Iterator[Reader]:
    """Somebody with a phone."""
    yield from desks.reader(site, size=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder for pictures of every state, to be looked at."""
    folder = Path(__file__).with_name("screenshots")
    folder.mkdir(exist_ok=True)
    return folder
