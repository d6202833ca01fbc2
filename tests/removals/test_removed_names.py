"""Removed files come back each by its name, however that is spelled or taken."""

import unicodedata
from pathlib import Path

import pytest

from citadel.index.build.recording import recorded_rollback
from citadel.index.build.rolled_back import Aligned, align_folder
from citadel.index.build.update import update
from citadel.index.corpus.describing import describe
from citadel.index.corpus.removed_files import RemovedFile, list_removed, remove_file, restore_file
from citadel.index.corpus.source_folder import remove_sources, take_back
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.audit_log import read_log
from citadel.index.stores.faiss_store import FAISS
from citadel.qa.service import rebuilding
from tests.accounts_place import NewsroomPlace
from tests.fake_encoder import FakeEncoder
from tests.removals.articles import FERRY, RAFT, refused, told
from tests.small_index import contents, refusal


def test_several_of_one_name_are_kept_and_each_comes_back_by_its_name(tmp_path: Path) -> None:
    for name in ("a", "report"):
        (tmp_path / f"{name}.md").write_text("The first.\n")
    assert remove_file(tmp_path, "report.md") == tmp_path / ".removed" / "report.md"
    (tmp_path / "letters").mkdir()
    (tmp_path / "report.md").write_text("The second.\n")
    (tmp_path / "letters" / "b.3.md").write_text("A letter.\n")
    remove_file(tmp_path, "report.md")
    remove_file(tmp_path, "letters/b.3.md")
    assert list_removed(tmp_path) == (
        RemovedFile("letters/b.3.md", "letters/b.3.md"),
        RemovedFile("report.md", "report.md"),
        RemovedFile("report.removed-2.md", "report.md"),
    )
    assert restore_file(tmp_path, "report.removed-2.md") == "report.md"
    assert (tmp_path / "report.md").read_text() == "The second.\n"
    assert refusal(restore_file, tmp_path, "report.md") == (
        "There is another report.md among the articles; remove that one before you restore this "
        "one."
    )
    assert restore_file(tmp_path, "letters/b.3.md") == "letters/b.3.md"
    assert list_removed(tmp_path / "letters") == ()


COMPOSED, DECOMPOSED = "caf\u00e9.md", "cafe\u0301.md"


def test_a_file_whose_name_is_decomposed_is_corrected_removed_and_restored_as_listed(
    place: NewsroomPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.sources / DECOMPOSED).write_text(RAFT)
    place.add("wood.md", "# The wood\n\nThe wood is dark.\n", "eve")
    assert place.served == [COMPOSED, "ferry.md", "mill.md", "wood.md"]
    describe(place.sources, COMPOSED, {"author": "Anna Lind"})
    with_it = contents(place.sources)
    assert with_it[f"{DECOMPOSED}.yaml"] == b"author: Anna Lind\n"

    def full(*_: object, **__: object) -> PassageIndex:
        raise CitadelError("There is no room; make some.")

    monkeypatch.setattr(rebuilding, "build_index", full)
    assert refused(place, COMPOSED) == "There is no room; make some."
    monkeypatch.undo()
    for spelling in (COMPOSED, DECOMPOSED):
        assert told(place.remove(spelling), "stage", "detail") == ("done", "")
        assert place.served == ["ferry.md", "mill.md", "wood.md"]
        assert place.ask("GET", "/api/removed") == {
            "removed": [{"kept": DECOMPOSED, "name": DECOMPOSED}]
        }
        assert told(place.restore(spelling), "stage", "detail") == ("done", "")
        assert contents(place.sources) == with_it
    happened = [each for each in read_log(place.index_dir) if each and each.article == COMPOSED]
    assert [(each.who, each.what, each.change) for each in happened[1:]] == [
        ("ann", "remove", "removed"),
        ("ann", "restore", "added"),
    ] * 2


@pytest.mark.parametrize("spelling", [COMPOSED, DECOMPOSED, "caf\u00e9*"])
def test_a_file_whose_name_is_decomposed_is_removed_and_taken_back_by_any_spelling(
    tmp_path: Path, spelling: str
) -> None:
    filled(tmp_path, "a.md", DECOMPOSED)
    assert remove_sources([spelling], tmp_path) == (DECOMPOSED,)
    assert take_back(tmp_path, COMPOSED)
    assert contents(tmp_path) == {"a.md": b"a.md", DECOMPOSED: DECOMPOSED.encode()}


def test_after_a_rollback_a_file_whose_name_is_decomposed_is_put_away_or_left(
    tmp_path: Path,
) -> None:
    sources, index_dir = tmp_path / "sources", tmp_path / "index"
    sources.mkdir()
    there_before = unicodedata.normalize("NFD", "fähre.md")
    (sources / there_before).write_text(FERRY)

    def build() -> None:
        update(index_dir, sources, FakeEncoder(), FAISS, lambda _a, _b: None)

    build()
    (sources / DECOMPOSED).write_text(RAFT)
    build()
    recorded_rollback(index_dir, None)
    assert align_folder(index_dir, sources) == Aligned(away=(COMPOSED,))
    assert contents(sources) == {
        there_before: FERRY.encode(),
        f".removed/{DECOMPOSED}": RAFT.encode(),
    }


def filled(folder: Path, *names: str) -> Path:
    """A folder of articles, each of which has its own name as its text."""
    for name in names:
        (folder / name).write_text(name)
    return folder


def test_articles_of_nearly_one_name_come_back_each_as_itself(tmp_path: Path) -> None:
    names = ("budget.md", "budget.2016.md", "budget.removed-2.md")
    filled(tmp_path, "a.md", *names)
    for name in names:
        remove_file(tmp_path, name)
    assert list_removed(tmp_path) == (
        RemovedFile("budget.2016.md", "budget.2016.md"),
        RemovedFile("budget.md", "budget.md"),
        RemovedFile("budget.removed-2.removed-2.md", "budget.removed-2.md"),
    )
    for removed in list_removed(tmp_path):
        assert restore_file(tmp_path, removed.kept) == removed.name
    assert contents(tmp_path) == {name: name.encode() for name in ("a.md", *names)}


def test_names_that_differ_in_case_alone_are_all_listed_and_not_restored_at_once(
    tmp_path: Path,
) -> None:
    for name in ("Report.md", "report.md", "REPORT.md"):
        remove_file(filled(tmp_path, "a.md", name), name)
    assert list_removed(tmp_path) == (
        RemovedFile("REPORT.removed-3.md", "REPORT.md"),
        RemovedFile("Report.md", "Report.md"),
        RemovedFile("report.removed-2.md", "report.md"),
    )
    assert restore_file(tmp_path, "report.removed-2.md") == "report.md"
    assert refusal(restore_file, tmp_path, "Report.md") == (
        "There is another report.md among the articles; remove that one before you restore this "
        "one."
    )
    remove_file(tmp_path, "report.md")
    assert contents(tmp_path) == {
        "a.md": b"a.md",
        ".removed/REPORT.removed-3.md": b"REPORT.md",
        ".removed/Report.md": b"Report.md",
        ".removed/report.removed-4.md": b"report.md",
    }


def test_what_earlier_versions_numbered_is_restored_under_the_name_it_is_kept_as(
    tmp_path: Path,
) -> None:
    (tmp_path / ".removed").mkdir()
    filled(tmp_path / ".removed", "report.md", "report.2.md")
    remove_file(filled(tmp_path, "a.md", "report.md"), "report.md")
    assert list_removed(tmp_path) == (
        RemovedFile("report.2.md", "report.2.md"),
        RemovedFile("report.md", "report.md"),
        RemovedFile("report.removed-2.md", "report.md"),
    )
    assert restore_file(tmp_path, "report.2.md") == "report.2.md"
    assert restore_file(tmp_path, "report.md") == "report.md"
    assert contents(tmp_path) == {
        "a.md": b"a.md",
        "report.2.md": b"report.2.md",
        "report.md": b"report.md",
        ".removed/report.removed-2.md": b"report.md",
    }
