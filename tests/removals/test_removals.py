"""Removing articles and restoring them: what is done, what is refused, and that nothing is lost."""

import multiprocessing
import os
from errno import ENOSPC
from pathlib import Path

import pytest

from citadel.index.build.update import update
from citadel.index.corpus.removed_files import remove_file, restore_file
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots import audit_log
from citadel.index.snapshots.audit_log import check_log, read_log
from citadel.index.snapshots.loading import load_parses
from citadel.index.snapshots.publishing import build_lock
from citadel.index.stores.faiss_store import FAISS
from citadel.qa.service import rebuilding, removals
from tests.accounts_place import NewsroomPlace
from tests.fake_encoder import FakeEncoder
from tests.removals.articles import ANN, FERRY, MILL, RAFT, refused, told
from tests.small_index import contents
from tests.visitor import problem


def test_an_article_is_removed_kept_and_restored(place: NewsroomPlace) -> None:
    files = contents(place.sources)
    begun = place.ask("DELETE", "/api/articles/mill.md")
    assert told(begun, "what", "name", "detail", "index") == ("remove", "mill.md", "", "")
    removed = place.remove("mill.md")
    assert removed["detail"] == (
        "There is no file mill.md among the articles; look at their list again."
    )
    assert place.served == ["ferry.md"]
    without = place.live_index.current.articles.snapshot
    assert place.ask("GET", f"/api/changes/{begun['id']}") == {
        **begun,
        "stage": "done",
        "index": without,
    }
    assert contents(place.sources) == {
        "ferry.md": FERRY.encode(),
        ".removed/mill.md": MILL.encode(),
        ".removed/mill.md.yaml": b"author: Anna Lind\n",
    }
    assert place.ask("GET", "/api/removed") == {"removed": [{"kept": "mill.md", "name": "mill.md"}]}
    restored = place.restore("mill.md")
    assert told(restored, "what", "name", "stage", "detail", "index") == (
        "restore",
        "mill.md",
        "done",
        "",
        place.live_index.current.articles.snapshot,
    )
    assert place.served == ["ferry.md", "mill.md"]
    assert place.live_index.current.articles.all[1].author == "Anna Lind"
    assert contents(place.sources) == files
    assert place.ask("GET", "/api/removed") == {"removed": []}


@pytest.mark.parametrize("name", ["*.md", "../mill.md", ".removed/x.md", "mill", "mill.md.yaml"])
def test_what_is_no_article_is_not_removed(place: NewsroomPlace, name: str) -> None:
    (place.sources.parent / "mill.md").write_text(MILL)
    path = name.replace("..", "%2E%2E")
    assert refused(place, path) == (
        f"There is no file {name} among the articles; look at their list again."
    )
    assert (place.sources.parent / "mill.md").exists()


def test_the_last_article_and_one_of_several_of_a_file_stay(place: NewsroomPlace) -> None:
    (place.sources / "notes.jsonl").write_text('{"_id": "1", "text": "A raft."}\n')
    assert refused(place, "notes.jsonl%231") == (
        "notes.jsonl#1 is one of the articles in notes.jsonl; take it out there, or remove "
        "notes.jsonl."
    )
    assert place.remove("notes.jsonl")["stage"] == "done"
    assert place.remove("mill.md")["stage"] == "done"
    assert refused(place, "ferry.md") == (
        "ferry.md is the only article; add another one before you remove the last."
    )


def test_what_can_not_be_built_goes_back(
    place: NewsroomPlace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> PassageIndex:
        raise CitadelError("There is no room; make some.")

    def broken(*_: object, **__: object) -> PassageIndex:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(rebuilding, "build_index", full)
    assert refused(place, "mill.md") == "There is no room; make some."
    monkeypatch.setattr(rebuilding, "build_index", broken)
    said = refused(place, "mill.md")
    code = caplog.records[-1].getMessage().split("code ")[1].rstrip(".")
    assert said == f"It did not work. Give this code: {code}."
    monkeypatch.undo()
    assert place.remove("mill.md")["stage"] == "done"
    before = contents(place.sources)
    monkeypatch.setattr(rebuilding, "build_index", full)
    assert told(place.restore("mill.md"), "stage", "detail") == (
        "refused",
        "There is no room; make some.",
    )
    assert contents(place.sources) == before


def test_what_was_published_and_could_not_be_logged_stays_as_it_was_published(
    place: NewsroomPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    def articles() -> list[str]:
        return [each.source for each in load_parses(place.index_dir)[0]]

    monkeypatch.setattr(audit_log, "_append", full)
    outcome = place.remove("mill.md")
    assert outcome["stage"] == "refused"
    assert outcome["detail"] == (
        "What was changed is not written to audit.jsonl (No space left on device); make room or "
        "give this user the right to write it, then run “python -m index build”."
    )
    assert articles() == ["ferry.md"]
    assert contents(place.sources) == {
        "ferry.md": FERRY.encode(),
        ".removed/mill.md": MILL.encode(),
        ".removed/mill.md.yaml": b"author: Anna Lind\n",
    }
    assert place.restore("mill.md")["detail"] == outcome["detail"]
    assert articles() == ["ferry.md", "mill.md"]
    assert place.ask("GET", "/api/removed") == {"removed": []}
    assert place.add("raft.md", RAFT)["detail"] == outcome["detail"]
    assert articles() == ["ferry.md", "mill.md", "raft.md"]
    assert (place.sources / "raft.md").read_text() == RAFT
    monkeypatch.undo()
    assert place.remove("mill.md")["stage"] == "done"
    assert place.served == articles() == ["ferry.md", "raft.md"]
    told = [(each.what, each.change, each.article) for each in read_log(place.index_dir) if each]
    assert told[2:] == [("not logged", "", ""), ("remove", "removed", "mill.md")]


def test_what_is_there_again_is_not_restored(place: NewsroomPlace) -> None:
    place.remove("mill.md")
    assert place.add("mill.md", RAFT)["stage"] == "added"
    before = contents(place.sources)
    assert place.restore("mill.md")["detail"] == (
        "There is another mill.md among the articles; remove that one before you restore this one."
    )
    assert place.restore("raft.md")["detail"] == (
        "There is no removed file raft.md; look at their list again."
    )
    assert place.restore("..%2Fmill.md")["detail"] == (
        "There is no removed file ../mill.md; look at their list again."
    )
    assert contents(place.sources) == before
    place.remove("mill.md")
    assert place.add("grinder.md", MILL)["stage"] == "added"
    assert place.restore("mill.md")["detail"] == (
        "mill.md is left out: it has the text of grinder.md, so it stays removed."
    )
    assert place.served == ["ferry.md", "grinder.md"]


def test_a_removed_file_that_is_no_article_any_more_stays_removed(place: NewsroomPlace) -> None:
    place.remove("mill.md")
    (place.sources / ".removed" / "mill.md").write_text("")
    assert place.restore("mill.md")["detail"] == (
        "mill.md gives no article that can be read, so it stays removed."
    )
    assert place.served == ["ferry.md"]


def test_an_article_that_can_not_be_read_is_not_lost(place: NewsroomPlace) -> None:
    assert place.add("raft.md", RAFT)["stage"] == "added"
    (place.sources / "ferry.md").write_text("")
    assert refused(place, "mill.md") == (
        "Nothing can be removed until ferry.md can be read or is gone."
    )
    assert place.remove("ferry.md")["stage"] == "done"


def test_a_build_of_somebody_else_is_waited_for(
    place: NewsroomPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_PAUSE", 0.01)
    with build_lock(place.index_dir):
        begun = place.ask("DELETE", "/api/articles/mill.md")
        detail = ""
        while not detail:
            looked = place.ask("GET", f"/api/changes/{begun['id']}")
            detail = looked["detail"]
        assert told(looked, "stage", "detail") == (
            "waiting",
            "The sources are being read anew; this comes after that.",
        )
    assert place.remove("mill.md")["detail"].startswith("There is no file mill.md")
    assert place.served == ["ferry.md"]


def test_only_so_many_wait_and_a_closed_server_begins_none(
    place: NewsroomPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removals, "_WAITING", 0)
    assert place.ask("DELETE", "/api/articles/mill.md") == problem(
        503,
        "Service Unavailable",
        "Many articles wait to be removed or restored; do so later.",
    )
    monkeypatch.undo()
    place.removals.close()
    assert place.ask("DELETE", "/api/articles/mill.md") == problem(
        503, "Service Unavailable", "Citadel is being stopped; try again soon."
    )
    assert place.ask("GET", "/api/changes/unknown") == problem(
        404,
        "Not Found",
        "Nothing is known of this change any more; look at the list of articles.",
    )


def _die_while_removing(folder: Path, last: str) -> None:
    """Remove an article in a process that dies before some step."""

    def die(*_: object, **__: object) -> None:
        os._exit(9)

    place = NewsroomPlace(folder, ferry=FERRY, mill=MILL)
    (place.sources / "mill.md.yaml").write_text("author: Anna Lind\n")
    step, _, method = last.rpartition(".")
    target = {"rebuilding": rebuilding, "removals": removals}.get(step)
    if target is not None:
        setattr(target, method, die)
    else:
        from citadel.index.build import build  # noqa: PLC0415

        setattr(build, method, die)
    place.removals.remove("mill.md", ANN)
    place.removals._worker.shutdown()
    os._exit(1)


@pytest.mark.parametrize(
    "last", ["removals.remove_file", "rebuilding.read_corpus", "build.publish", "build.record"]
)
def test_nothing_is_lost_by_a_kill(tmp_path: Path, last: str) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_die_while_removing, args=(tmp_path, last)
    )
    process.start()
    process.join()
    assert process.exitcode == 9
    sources, index_dir = tmp_path / "sources", tmp_path / "index"
    kept = contents(sources)
    folder = "" if last == "removals.remove_file" else ".removed/"
    assert kept[f"{folder}mill.md"] == MILL.encode()
    assert kept[f"{folder}mill.md.yaml"] == b"author: Anna Lind\n"
    # The next build ends what was begun, and the log is whole again.
    update(index_dir, sources, FakeEncoder(), FAISS, lambda _a, _b: None)
    assert check_log(index_dir) is not None
    happened = [(each.what, each.change, each.article) for each in read_log(index_dir) if each]
    if folder:
        restore_file(sources, "mill.md")
    assert contents(sources) == {
        "ferry.md": FERRY.encode(),
        "mill.md": MILL.encode(),
        "mill.md.yaml": b"author: Anna Lind\n",
    }
    built = [("build", "added", "ferry.md"), ("build", "added", "mill.md")]
    assert happened == [*built, *_ENDED[last]]


_ENDED = {
    "removals.remove_file": [("build", "changed", "mill.md")],
    "rebuilding.read_corpus": [("build", "removed", "mill.md")],
    "build.publish": [("build", "removed", "mill.md")],
    "build.record": [("not logged", "", "")],
}


@pytest.mark.parametrize("back", [False, True])
def test_a_move_that_is_broken_off_between_file_and_metadata_loses_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, back: bool
) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(name)
    (tmp_path / "b.md.yaml").write_text("author: Anna Lind\n")
    if back:
        remove_file(tmp_path, "b.md")
    real = Path.replace
    moved: list[Path] = []

    def once(self: Path, target: Path) -> Path:
        if moved:
            raise KeyboardInterrupt
        moved.append(target)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", once)
    with pytest.raises(KeyboardInterrupt):
        restore_file(tmp_path, "b.md") if back else remove_file(tmp_path, "b.md")
    monkeypatch.undo()
    restore_file(tmp_path, "b.md")
    assert contents(tmp_path) == {
        "a.md": b"a.md",
        "b.md": b"b.md",
        "b.md.yaml": b"author: Anna Lind\n",
    }
