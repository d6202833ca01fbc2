"""A served index, its folders, and a client that may add to it."""

import time
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from citadel.index.build.build import build_index
from citadel.index.corpus.corpus import read_articles
from citadel.qa.answer.answering import Answerer
from citadel.qa.service.additions import Additions
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.limits import Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.passwords import PasswordHash
from citadel.qa.service.rebuilding import SourceFolder
from citadel.qa.service.reload import Reloader
from citadel.qa.service.service import Service
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of
from tests.visitor import visit

BYTES = {"Content-Type": "application/octet-stream"}
LOCAL = {**BYTES, "Host": "localhost:7860"}
RAFT = b"# The raft\n\nThe raft floats on the lake. Nobody steers it.\n"
PASSWORD = PasswordHash.of("correct horse")
ENTRANCE = Entrance.of("127.0.0.1", ["testserver", "evil.example", "localhost.evil.example"])


class Place:
    """A served index, its folders, and a client that may add to it."""

    def __init__(self, folder: Path, **limits: Any) -> None:
        self.sources, self.index_dir = folder / "sources", folder / "index"
        articles_of(self.sources, ferry="The ferry crosses the river.\n")
        index = build_index(
            read_articles(self.sources),
            self.index_dir,
            FakeEncoder(),
            lambda _a, _b: None,
            self.sources,
        )
        self.live_index = LiveIndex.of(Answerer(index))
        reloader = Reloader(self.live_index, self.index_dir, lambda _model: FakeEncoder())
        source_folder = SourceFolder(self.sources, self.index_dir)
        self.additions = Additions(source_folder, self.live_index, reloader.look)
        self.service = Service(self.live_index, Limits(questions_per_minute=0, **limits))
        self.client = self.visit()

    def visit(self, password: PasswordHash | None = None) -> TestClient:
        return visit(self.service, password=password, additions=self.additions, entrance=ENTRANCE)

    def send(self, name: str, data: bytes, **known: str) -> dict[str, Any]:
        """Send a file; return what was said at once."""
        sent = self.client.post(
            "/api/articles", params={"name": name, **known}, content=data, headers=LOCAL
        )
        told: dict[str, Any] = sent.json()
        return told

    def outcome(self, begun: dict[str, Any]) -> dict[str, Any]:
        """Wait until a file is added or refused."""
        while True:
            told: dict[str, Any] = self.client.get(f"/api/additions/{begun['id']}").json()
            if told["stage"] in ("added", "refused"):
                return told
            time.sleep(0.01)

    def add(self, name: str, data: bytes, **known: str) -> dict[str, Any]:
        return self.outcome(self.send(name, data, **known))

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.sources.iterdir()}

    @property
    def served(self) -> list[str]:
        return [article.source for article in self.live_index.current.articles.all]
