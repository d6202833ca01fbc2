"""A small newsroom in this process: an index, its folders, and users whom a proxy names."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from citadel.index.build.build import build_index
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.qa.answer.answering import Answerer
from citadel.qa.service.accounts import Accounts, HeaderAccounts
from citadel.qa.service.additions import Additions
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.limits import Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.newsroom import Newsroom, SigningIn
from citadel.qa.service.rebuilding import SourceFolder
from citadel.qa.service.reload import Reloader
from citadel.qa.service.removals import Removals
from citadel.qa.service.roles import Role, Roles
from citadel.qa.service.service import Service
from tests.fake_encoder import FakeEncoder
from tests.visitor import FakePage, visit

PROXY = "10.0.0.1"
ROLES = Roles({"ann": Role.EDITOR, "eve": Role.ADMIN, "mal": Role.READER}, {"desk": Role.EDITOR})
HEADERS = HeaderAccounts.of(ROLES, "X-Remote-User", "X-Remote-Groups")
ENTRANCE = Entrance.of("127.0.0.1", ["testserver"], [PROXY], "", HEADERS.headers)


class NewsroomPlace:
    """A served index that several people may read, and some may change."""

    def __init__(
        self,
        folder: Path,
        accounts: Accounts = HEADERS,
        login: SigningIn | None = None,
        encoder: Encoder | None = None,
        **texts: str,
    ) -> None:
        self.sources, self.index_dir = folder / "sources", folder / "index"
        self.sources.mkdir()
        for name, text in texts.items():
            (self.sources / f"{name}.md").write_text(text, "utf-8")
        encoder = encoder or FakeEncoder()
        articles = read_articles(self.sources)
        index = build_index(articles, self.index_dir, encoder, lambda _a, _b: None, self.sources)
        self.live_index = LiveIndex.of(Answerer(index))
        reloader = Reloader(self.live_index, self.index_dir, lambda _model: encoder)
        source_folder = SourceFolder(self.sources, self.index_dir)
        self.additions = Additions(source_folder, self.live_index, reloader.look)
        self.removals = Removals(self.additions.rebuilding)
        self.newsroom = Newsroom(accounts, self.index_dir, self.removals, login)
        self.service = Service(self.live_index, Limits(questions_per_minute=0))
        self.page = FakePage()
        self.client = self.visit()

    def visit(self, address: str = PROXY, entrance: Entrance = ENTRANCE) -> TestClient:
        return visit(
            self.service,
            self.page,
            address=address,
            additions=self.additions,
            entrance=entrance,
            newsroom=self.newsroom,
        )

    def ask(self, method: str, path: str, who: str = "ann", **more: Any) -> dict[str, Any]:
        """Ask as a user whom the proxy names; return what was said."""
        headers = {"X-Remote-User": who, **more.pop("headers", {})}
        told: dict[str, Any] = self.client.request(method, path, headers=headers, **more).json()
        return told

    def add(self, name: str, text: str, who: str = "ann") -> dict[str, Any]:
        """Add an article; return what became of it."""
        begun = self.ask(
            "POST",
            "/api/articles",
            who,
            params={"name": name},
            content=text.encode(),
            headers={"Content-Type": "application/octet-stream"},
        )
        return self._ended(f"/api/additions/{begun['id']}", ("added", "refused"))

    def remove(self, name: str, who: str = "ann") -> dict[str, Any]:
        """Remove an article; return what became of it."""
        return self._outcome(self.ask("DELETE", f"/api/articles/{name}", who))

    def restore(self, kept: str, who: str = "ann") -> dict[str, Any]:
        """Restore an article; return what became of it."""
        return self._outcome(self.ask("POST", f"/api/removed/{kept}", who))

    def _outcome(self, begun: dict[str, Any]) -> dict[str, Any]:
        return self._ended(f"/api/changes/{begun['id']}", ("done", "refused"))

    def _ended(self, path: str, stages: tuple[str, ...]) -> dict[str, Any]:
        while True:
            told = self.ask("GET", path)
            if told["stage"] in stages:
                return told
            time.sleep(0.01)

    @property
    def served(self) -> list[str]:
        return [article.source for article in self.live_index.current.articles.all]

    def close(self) -> None:
        self.removals.close()
        self.additions.close()
