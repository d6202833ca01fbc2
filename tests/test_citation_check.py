from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.snapshots.citation_check import Cited, StoredSources, complaints
from citadel.index.snapshots.publishing import publish
from tests.small_index import articles_of, cheap_index, flip, mend, refusal

OLD = "One ferry.\n\nIt takes\nan hour.\n"
NEW = "Two ferries.\n\nIt takes\nan hour.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two snapshots; the first has an article that the second lacks."""
    old = articles_of(tmp_path / "old", a=OLD, b="Gone.\n")
    new = articles_of(tmp_path / "new", a=NEW)
    for snapshot, articles in (("gen-1", old), ("gen-2", new)):
        publish(cheap_index(snapshot, articles), tmp_path / "index")
    return tmp_path / "index"


def cited(text: str, start: int, snapshot: str = "", sha256: str = "") -> Cited:
    return Cited("file, quote 1", "a.md", start, start + len(text), text, sha256, snapshot)


def told(folder: Path, *citations: Cited) -> tuple[str, ...]:
    return complaints(citations, StoredSources.read(folder))


def test_a_quote_stands_in_the_snapshot_that_answered(folder: Path) -> None:
    assert told(folder, cited("One ferry.", 0, "gen-1"), cited("Two ferries.", 0, "gen-2")) == ()
    assert told(folder, replace(cited("Gone.", 0, "gen-1"), source="b.md")) == ()
    assert told(folder, cited("One ferry.", 0, "gen-2")) == (
        "file, quote 1: “One ferry.” does not stand at 0 to 10 of a.md.",
    )


def test_a_quote_stands_in_the_source_of_its_hash(folder: Path) -> None:
    stored = StoredSources.read(folder)
    old = stored.of_snapshot["gen-1"]["a.md"].sha256
    assert told(folder, cited("One ferry.", 0, "gen-long-gone", old)) == ()
    assert told(folder, cited("Two ferries.", 0, "gen-2", old)) == (
        "file, quote 1: “Two ferries.” does not stand at 0 to 12 of a.md.",
    )


def test_of_a_source_that_is_not_kept_the_one_that_is_served_is_looked_at(folder: Path) -> None:
    assert told(folder, cited("Two ferries.", 0, "gen-0", "f" * 64)) == ()
    assert told(folder, cited("One ferry.", 0, "gen-0", "f" * 64)) == (
        "file, quote 1: “One ferry.” does not stand at 0 to 10 of a.md, which was changed since.",
    )
    assert told(folder, replace(cited("Gone.", 0), source="b.md")) == (
        "file, quote 1: there is no source b.md in the index.",
    )


def test_a_transcript_has_each_quote_on_one_line(folder: Path) -> None:
    quote = cited("It takes an hour.", 14)
    assert told(folder, replace(quote, one_line=True)) == ()
    assert told(folder, quote) == (
        "file, quote 1: “It takes an hour.” does not stand at 14 to 31 of a.md.",
    )


@pytest.mark.parametrize(("start", "end"), [(-12, 12), (5, 5), (500, 510), (12, 0)])
def test_places_that_are_none(folder: Path, start: int, end: int) -> None:
    quote = replace(cited("", 0), start=start, end=end)
    assert told(folder, quote) == (
        f"file, quote 1: “” does not stand at {start} to {end} of a.md.",
    )


def test_a_long_quote_is_shortened(folder: Path) -> None:
    assert told(folder, cited("x" * 61, 0)) == (
        f"file, quote 1: “{'x' * 59}…” does not stand at 0 to 61 of a.md.",
    )


def test_damaged_sources_prove_nothing(folder: Path) -> None:
    path = folder / "gen-1" / "articles.json"
    flip(path)
    assert refusal(StoredSources.read, folder) == (
        f"{path} is damaged: its SHA-256 is not the manifest's; {mend(folder)}"
    )
