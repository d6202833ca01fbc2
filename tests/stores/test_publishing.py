"""Snapshots that are published, one after another, with their vectors on a server."""

import logging
from pathlib import Path
from typing import Any

import pytest

from citadel.index.build import build as building_module
from citadel.index.build.build import BuildOptions, build_index, index_articles
from citadel.index.corpus.articles import Article
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import load
from citadel.index.snapshots.publishing import build_lock, rollback
from citadel.index.snapshots.snapshots import current_name, snapshot_names
from tests.fake_encoder import FakeEncoder
from tests.small_index import flip
from tests.stores.conftest import rows_there
from tests.test_assembly import assert_equal, ignore, write

TEXTS = {
    f"tower{number:02}.md": f"# Tower {number}\n\nIt fell in {1800 + number}. Who was hurt?\n"
    for number in range(40)
}
LATER = {"tower07.md": "# Tower 7\n\nIt never fell. It leans.\n"}
ADDED = {"alley.md": "# The alley\n\nIt is dark. It has one lamp.\n"}


class Publisher:
    """Publishes texts, and knows what an index of them built from nothing is like."""

    def __init__(self, folder: Path, store: Any) -> None:
        self._sources = folder / "sources"
        self._store = store
        self.folder = folder / "index"
        self.expected: dict[str, PassageIndex] = {}

    def articles(self, texts: dict[str, str]) -> tuple[Article, ...]:
        return write(self._sources, texts)

    def publish(self, texts: dict[str, str], keep: int = 1) -> str:
        """Publish an index of these texts; return its snapshot."""
        articles = self.articles(texts)
        index = build_index(
            articles,
            self.folder,
            FakeEncoder(),
            ignore,
            options=BuildOptions(keep=keep, store=self._store),
        )
        self.expected[index.snapshot] = index_articles("scratch", articles, FakeEncoder())
        assert_equal(index, self.expected[index.snapshot], tolerance=1e-6)
        return index.snapshot

    def assert_serves(self, snapshot: str) -> None:
        """See that a snapshot is the current one, and that it is as if built from nothing."""
        assert current_name(self.folder) == snapshot
        index = load(self.folder, FakeEncoder(), self._store)
        assert_equal(index, self.expected[snapshot], tolerance=1e-6)

    def tables(self) -> dict[tuple[str, str], int]:
        """How many rows there are of each founding snapshot and kind."""
        names = {name: name.split("_", 2)[2].rsplit("_", 1) for name in rows_there(self._store)}
        return {
            (founder.replace("_", "-"), kind): rows_there(self._store)[name]
            for name, (founder, kind) in names.items()
        }


def named(snapshot: str) -> str:
    """A snapshot as names of tables have it."""
    return snapshot.lower()


@pytest.fixture
def publisher(tmp_path: Path, server_store: Any) -> Publisher:
    return Publisher(tmp_path, server_store)


def test_an_article_costs_what_its_own_passages_cost(publisher: Publisher) -> None:
    first = publisher.publish(TEXTS)
    assert publisher.tables() == {
        (named(first), "passages"): 40,
        (named(first), "sentences"): 80,
    }
    second = publisher.publish(TEXTS | ADDED)
    third = publisher.publish(TEXTS | ADDED | LATER)
    publisher.assert_serves(third)
    # The snapshot that founded the tables is gone; those that follow it have its rows.
    assert set(snapshot_names(publisher.folder)) == {second, third}
    assert publisher.tables() == {
        (named(first), "passages"): 42,
        (named(first), "sentences"): 84,
    }
    with build_lock(publisher.folder):
        rollback(publisher.folder)
    publisher.assert_serves(second)
    fourth = publisher.publish(TEXTS | ADDED | {"well.md": "# The well\n\nIt is deep.\n"})
    publisher.assert_serves(fourth)
    # What is very different gets tables of its own, and the others go with their snapshots.
    fifth = publisher.publish(ADDED)
    assert set(publisher.tables()) == {
        (named(each), kind) for each in (first, fifth) for kind in ("passages", "sentences")
    }
    sixth = publisher.publish(ADDED | LATER)
    publisher.assert_serves(sixth)
    assert set(publisher.tables()) == {(named(fifth), kind) for kind in ("passages", "sentences")}


def test_a_build_that_fails_once_its_rows_are_sent(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publisher.publish(TEXTS)

    def no_room(*_: object) -> None:
        raise CitadelError("There is no room.")

    with monkeypatch.context() as patched:
        patched.setattr(building_module, "publish", no_room)
        with pytest.raises(CitadelError, match="no room"):
            publisher.publish(TEXTS | ADDED)
    publisher.assert_serves(first)
    assert publisher.tables() == {
        (named(first), "passages"): 41,
        (named(first), "sentences"): 82,
    }
    second = publisher.publish(TEXTS | ADDED | LATER)
    publisher.assert_serves(second)
    assert publisher.tables() == {
        (named(first), "passages"): 43,
        (named(first), "sentences"): 86,
    }


@pytest.mark.parametrize("file", ["manifest.json", "sentences"])
def test_nothing_is_dropped_that_a_damaged_snapshot_may_need(
    publisher: Publisher, server_store: Any, file: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = publisher.publish(TEXTS)
    path = (
        publisher.folder
        / first
        / (file if file == "manifest.json" else f"{file}.{server_store.name}")
    )
    whole = path.read_bytes()
    flip(path)
    with caplog.at_level(logging.WARNING):
        second = publisher.publish(TEXTS | ADDED)
    assert f"Vectors of removed snapshots are left over. {path} is damaged" in caplog.text
    assert {founder for founder, _ in publisher.tables()} == {named(first), named(second)}
    path.write_bytes(whole)
    with build_lock(publisher.folder):
        rollback(publisher.folder, first)
    publisher.assert_serves(first)
