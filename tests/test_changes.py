from pathlib import Path

import pytest

from citadel.index.build.build import build_index
from citadel.index.build.diff import Changes, change_lines, changes, unchanged, unreadable_sources
from citadel.index.build.incremental import load_earlier
from citadel.index.corpus.corpus import read_corpus
from citadel.index.snapshots.snapshots import read_manifest
from tests.fake_encoder import FakeEncoder
from tests.test_assembly import ARTICLES, ignore, write

NOTHING = Changes((), (), (), (), embedded=0, taken_over=7, lost=0)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    write(tmp_path / "sources", ARTICLES)
    return tmp_path / "sources"


@pytest.fixture
def index_dir(tmp_path: Path, sources: Path) -> Path:
    build_index(read_corpus(sources).articles, tmp_path / "index", FakeEncoder(), ignore)
    return tmp_path / "index"


def test_nothing_changed(sources: Path, index_dir: Path) -> None:
    articles = read_corpus(sources).articles
    found = changes(articles, index_dir, FakeEncoder())
    assert changes(articles, index_dir, FakeEncoder(), load_earlier(index_dir)) == found
    assert found == NOTHING
    assert list(change_lines(found)) == ["A build would change nothing."]
    assert unchanged(articles, index_dir, FakeEncoder()) == read_manifest(index_dir)


def test_articles_that_changed(sources: Path, index_dir: Path) -> None:
    # One passage of the ferry stays, and so does the one that the tower shares with it.
    (sources / "ferry.md").write_text("# The ferry\n\nIt sank.\n\nTickets are dear.\n")
    (sources / "mill.md").unlink()
    (sources / "well.md").write_text("# The well\n\nIt is deep.\n\nThe flood took it.\n")
    articles = read_corpus(sources).articles
    found = changes(articles, index_dir, FakeEncoder())
    assert changes(articles, index_dir, FakeEncoder(), load_earlier(index_dir)) == found
    assert found == Changes((), ("well.md",), ("ferry.md",), ("mill.md",), 3, 4, 3)
    assert list(change_lines(found)) == [
        "1 article would be added: well.md.",
        "1 article would be changed: ferry.md.",
        "1 article would be dropped: mill.md.",
        "3 passages would be embedded, 4 taken over, 3 dropped.",
    ]
    assert unchanged(articles, index_dir, FakeEncoder()) is None


def test_what_diff_reports_is_what_a_build_does(sources: Path, index_dir: Path) -> None:
    (sources / "well.md").write_text("# The well\n\nIt is deep.\n\nTickets are dear.\n")
    articles = read_corpus(sources).articles
    assert changes(articles, index_dir, FakeEncoder()).embedded == 1
    encoder = FakeEncoder()
    build_index(articles, index_dir, encoder, ignore)
    assert encoder.encoded == [["It is deep."]]


@pytest.mark.parametrize(
    ("encoder", "reason", "embedded"),
    [
        (FakeEncoder(name="other"), "The model would be other instead of fake.", 0),
        (
            FakeEncoder(name="other", fingerprint="e" * 64),
            "The model would be other instead of fake.",
            7,
        ),
        (
            FakeEncoder(fingerprint="e" * 64),
            "The model fake has other weights or settings than it had.",
            7,
        ),
    ],
)
def test_another_model(
    sources: Path, index_dir: Path, encoder: FakeEncoder, reason: str, embedded: int
) -> None:
    articles = read_corpus(sources).articles
    found = changes(articles, index_dir, encoder)
    assert found == Changes((reason,), (), (), (), embedded, 7 - embedded, 0)
    assert list(change_lines(found)) == [
        reason,
        f"{embedded} passages would be embedded, {7 - embedded} taken over, 0 dropped.",
    ]
    assert unchanged(articles, index_dir, encoder) is None


def test_no_index_yet(sources: Path, tmp_path: Path) -> None:
    found = changes(read_corpus(sources).articles, tmp_path / "none", FakeEncoder())
    assert (found.added, found.embedded, found.lost) == (tuple(ARTICLES), 7, 0)
    assert [reason.partition(";")[0] for reason in found.reasons] == [
        f"There is no index in {tmp_path / 'none'}"
    ]


def test_a_damaged_index_is_not_the_same(sources: Path, index_dir: Path) -> None:
    articles = read_corpus(sources).articles
    folder = index_dir / read_manifest(index_dir).snapshot
    (folder / "passages.faiss").write_bytes(b"")
    assert unchanged(articles, index_dir, FakeEncoder()) is None
    (folder / "articles.json").write_bytes(b"")
    found = changes(articles, index_dir, FakeEncoder())
    assert [reason.partition(";")[0] for reason in found.reasons] == [
        f"{folder / 'articles.json'} is damaged: its SHA-256 is not the manifest's"
    ]
    assert (found.added, found.embedded, found.taken_over) == (tuple(ARTICLES), 0, 7)


def test_many_articles_are_counted() -> None:
    names = tuple(f"{number}.md" for number in range(12))
    assert next(change_lines(Changes((), names, (), (), 12, 0, 0))) == (
        "12 articles would be added: 0.md, 1.md, 2.md, 3.md, 4.md, 5.md, 6.md, 7.md, 8.md, 9.md "
        "and 2 more."
    )


def test_files_of_the_index_that_can_not_be_read(
    sources: Path, index_dir: Path, tmp_path: Path
) -> None:
    (sources / "mill.md").write_text("")
    (sources / "never.md").write_text("")
    corpus = read_corpus(sources)
    assert unreadable_sources(corpus, index_dir) == ("mill.md",)
    assert unreadable_sources(corpus, tmp_path / "none") == ()
