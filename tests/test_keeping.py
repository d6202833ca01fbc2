"""Keeping an index: its backup, its restoration, and what becomes of one of an older version."""

import re
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from citadel.index.build.build import build_index
from citadel.index.cli.commands import main
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoding
from citadel.index.snapshots.loading import load_current, verify
from citadel.index.snapshots.manifest import FORMAT
from citadel.index.snapshots.publishing import publish
from citadel.index.snapshots.snapshots import read_manifest
from citadel.index.stores.faiss_store import FAISS
from tests.command_line import ROOT, call, load_no_model
from tests.fake_encoder import FakeEncoder
from tests.small_index import cheap_index, refusal, reseal
from tests.test_assembly import ARTICLES, ignore, write

HOME = "/var/lib/citadel"


def documented() -> tuple[str, str]:
    """The commands of docs/deploying.md that make a backup and restore it."""
    text = (ROOT / "docs" / "deploying.md").read_text("utf-8")
    found = re.search(r"## Backup and restore\n.*?```bash\n(.*?)\n```", text, re.DOTALL)
    assert found is not None
    backup, restore = found[1].splitlines()
    return backup, restore


class SlowEncoder(FakeEncoder):
    """Says when it begins, and goes on when it is let."""

    def __init__(self, begun: threading.Event, may_go_on: threading.Event) -> None:
        super().__init__()
        self._begun, self._may_go_on = begun, may_go_on

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        self._begun.set()
        self._may_go_on.wait()
        return super().encode_texts(texts, progress)


def test_a_backup_waits_for_a_build_and_is_restored_whole(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    sources, index_dir = home / "index-articles", home / "index"
    few = dict(list(ARTICLES.items())[:2])
    build_index(write(sources, few), index_dir, FakeEncoder(), ignore, sources)
    served = load_current(index_dir, lambda _: FakeEncoder(), FAISS)

    more = write(sources, ARTICLES)
    begun, may_go_on = threading.Event(), threading.Event()
    slow = SlowEncoder(begun, may_go_on)
    building = threading.Thread(
        target=build_index, args=(more, index_dir, slow, ignore, sources), daemon=True
    )
    building.start()
    begun.wait()
    backup, restore = (
        command.replace(HOME, str(place)).replace("citadel.tar.gz", str(tmp_path / "backup.tar.gz"))
        for command, place in zip(documented(), (home, elsewhere), strict=True)
    )
    with subprocess.Popen(["bash", "-c", backup]) as copying:
        with pytest.raises(subprocess.TimeoutExpired):
            copying.wait(0.5)
        may_go_on.set()
        building.join()
        assert copying.wait() == 0
    subprocess.run(["bash", "-c", restore.partition(" && citadel-index")[0]], check=True)

    (newest, _) = verify(elsewhere / "index", lambda _: FakeEncoder())
    assert newest == read_manifest(index_dir)
    restored = load_current(elsewhere / "index", lambda _: FakeEncoder(), FAISS)
    assert [article.title for article in restored.articles] == [
        "The bridge",
        "The ferry",
        "The mill",
        "The tower",
    ]
    assert read_articles(elsewhere / "index-articles") == read_articles(sources)
    assert len(served.articles) == 2


def test_an_index_of_an_older_version_is_built_again_of_its_own_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "sources"
    articles = write(sources, ARTICLES)
    folder = tmp_path / "index"

    publish(cheap_index("gen-1", articles), folder, sources=str(sources))
    reseal(folder, lambda manifest: manifest.update(format=FORMAT - 1, forgotten="by now"))
    assert refusal(load_current, folder, lambda _: FakeEncoder(), FAISS) == (
        f"The index in {folder} has format {FORMAT - 1}, this version of Citadel reads format "
        f"{FORMAT}; run “python -m index build --sources {sources} --index-dir {folder}” to build "
        "it again."
    )
    load_no_model(monkeypatch, FakeEncoder())
    # Even without the folder, which the older index names.
    outcome = call(main, ["build", "--index-dir", str(folder)], monkeypatch, capsys)
    assert outcome.status == 0
    assert outcome.stderr.startswith("Read 4 articles of 7 paragraphs from 4 files (en).\n")
    built = load_current(folder, lambda _: FakeEncoder(), FAISS)
    assert [article.title for article in built.articles] == [each.title for each in articles]
    assert {path.name for path in sources.iterdir()} == set(ARTICLES)
