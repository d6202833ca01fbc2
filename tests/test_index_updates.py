"""Updating an index from the command line: build, build --full, build --watch and diff."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from citadel.index.build.build import build_index
from citadel.index.cli.commands import main
from citadel.index.corpus.corpus import read_articles
from citadel.index.corpus.sandbox.files import ParsedFile
from citadel.index.corpus.sandbox.processes import Request, read_files
from citadel.index.errors import CitadelError
from citadel.index.snapshots.snapshots import manifests, read_manifest
from tests.command_line import Outcome, call, load_no_model
from tests.fake_encoder import FakeEncoder
from tests.test_assembly import ARTICLES, ignore, write

Run = Callable[..., Outcome]

READ = "Read 4 articles of 7 paragraphs from 4 files (en).\n"


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    write(tmp_path / "sources", ARTICLES)
    return tmp_path / "sources"


@pytest.fixture
def folder(tmp_path: Path, sources: Path) -> Path:
    build_index(read_articles(sources), tmp_path / "index", FakeEncoder(), ignore)
    return tmp_path / "index"


@pytest.fixture
def index(
    folder: Path,
    sources: Path,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Calls a command on the folder and the sources, with a model that costs nothing."""
    load_no_model(monkeypatch, encoder)
    where = ["--index-dir", str(folder), "--sources", str(sources)]
    return lambda *arguments: call(main, [*arguments, *where], monkeypatch, capsys)


def test_nothing_is_published_when_nothing_changed(
    index: Run, folder: Path, encoder: FakeEncoder
) -> None:
    before = read_manifest(folder)
    outcome = index("build")
    assert (outcome.status, outcome.stderr) == (
        0,
        f"{READ}Nothing changed: {before.snapshot} stays the current index.\n",
    )
    assert outcome.stdout.startswith(f"snapshot       {before.snapshot}\n")
    assert (read_manifest(folder), encoder.encoded) == (before, [])


def test_fewer_snapshots_are_kept_when_told_though_nothing_changed(
    index: Run, folder: Path, sources: Path
) -> None:
    for number in range(3):
        (sources / "well.md").write_text(f"# The well\n\nIt has {number} buckets.\n")
        index("build", "--keep", "5")
    before = [manifest.snapshot for manifest in manifests(folder)]
    assert len(before) == 4
    outcome = index("build", "--keep", "2")
    assert outcome.stderr.endswith(f"Nothing changed: {before[0]} stays the current index.\n")
    assert [manifest.snapshot for manifest in manifests(folder)] == before[:3]


def test_only_changed_files_are_read_again(
    index: Run, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def read(root: Path, requests: Sequence[Request]) -> Iterator[ParsedFile | CitadelError]:
        asked.append([request.name for request in requests])
        return read_files(root, requests)

    monkeypatch.setattr("citadel.index.corpus.corpus.read_files", read)
    (sources / "ferry.md").write_text("# The ferry\n\nIt sank.\n")
    index("build")
    (sources / "mill.md").write_text("# The mill\n\nIt burned.\n")
    (sources / "tower.md.yaml").write_text("publisher: The Tower Post\n")
    index("build")
    index("build")
    index("build", "--full")
    names = ["bridge.md", "ferry.md", "mill.md", "tower.md"]
    assert asked == [names, ["mill.md", "tower.md"], [], names]


def test_everything_is_embedded_anew_when_told(
    index: Run, folder: Path, encoder: FakeEncoder
) -> None:
    before = read_manifest(folder)
    outcome = index("build", "--full")
    after = read_manifest(folder)
    assert after.snapshot != before.snapshot
    assert outcome.stderr == f"{READ}{after.snapshot} is the current index.\n"
    assert [len(texts) for texts in encoder.encoded] == [14]


def test_diff(index: Run, sources: Path, folder: Path) -> None:
    before = read_manifest(folder)
    assert index("diff") == Outcome(0, "A build would change nothing.\n", "")
    (sources / "mill.md").unlink()
    assert index("diff") == Outcome(
        0,
        "1 article would be dropped: mill.md.\n"
        "0 passages would be embedded, 5 taken over, 2 dropped.\n",
        "",
    )
    assert read_manifest(folder) == before


def watching(monkeypatch: pytest.MonkeyPatch, *changes: Callable[[], object]) -> None:
    """Let the watch see some changes, one after another, and then Ctrl-C."""

    def repeat(_folder: Path, do: Callable[[], None]) -> None:
        do()
        for change in changes:
            change()
            do()
        raise KeyboardInterrupt

    monkeypatch.setattr("citadel.index.cli.building.repeat_on_change", repeat)


def test_a_watch_follows_the_sources(
    index: Run, sources: Path, folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_manifest(folder).snapshot
    snapshots: list[str] = []

    def add() -> None:
        (sources / "well.md").write_text("# The well\n\nIt is deep.\n")

    def spoil() -> None:
        snapshots.append(read_manifest(folder).snapshot)
        (sources / "well.md").write_text(" ")

    def mend() -> None:
        snapshots.append(read_manifest(folder).snapshot)
        (sources / "well.md").write_text("# The well\n\nIt is dry.\n")

    watching(monkeypatch, add, spoil, mend)
    outcome = index("build", "--watch")
    grown, spoilt = snapshots
    after = read_manifest(folder).snapshot
    assert before != grown == spoilt != after
    read_five = "Read 5 articles of 8 paragraphs from 5 files (en).\n"
    assert outcome.stderr.splitlines(keepends=True)[:6] == [
        READ,
        f"Nothing changed: {before} stays the current index.\n",
        read_five,
        f"{grown} is the current index.\n",
        "The index stays as it is until well.md can be read or is gone.\n",
        read_five,
    ]
    assert encoder.encoded == [["It is deep."], ["It is dry."]]
    assert outcome.status == 130


def test_a_watch_goes_on_when_nothing_can_be_read(
    index: Run, sources: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_manifest(folder)

    def empty() -> None:
        for path in sources.iterdir():
            path.unlink()

    watching(monkeypatch, empty)
    assert index("build", "--watch").status == 130
    assert read_manifest(folder) == before


def test_a_watch_ends_with_its_folder(
    index: Run, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def remove() -> None:
        for path in sources.iterdir():
            path.unlink()
        sources.rmdir()

    watching(monkeypatch, remove)
    outcome = index("build", "--watch")
    assert outcome.status == 1
    assert outcome.stderr.splitlines()[-1] == (
        f"citadel-index: There is no folder of sources at {sources}; name one with --sources."
    )
