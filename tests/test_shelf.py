from collections.abc import Callable
from pathlib import Path

import pytest

from citadel.index.corpus.formats.registry import FORMATS
from citadel.index.corpus.source_folder import (
    Added,
    add_sources,
    put_away,
    remove_sources,
    take_back,
)
from citadel.index.errors import CitadelError


def write(folder: Path, name: str, text: str = "Some text.") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    write(folder, "old.md", "Old text.")
    return folder


def test_files_folders_and_patterns_are_copied(tmp_path: Path, sources: Path) -> None:
    outside = tmp_path / "outside"
    write(outside, "a.md", "A.")
    write(outside, "a.md.yaml", "title: A")
    write(outside, "letters/b.txt", "B\n\nLetter.")
    write(outside, "letters/more/c.md", "C.")
    write(outside, "letters/.hidden.md")
    write(outside, "letters/picture.png")
    write(outside, "d1.md", "One.")
    write(outside, "d2.md", "Two.")
    paths = [str(outside / name) for name in ("a.md", "letters", "d?.md")]
    assert add_sources(paths, sources, replace=False) == Added(
        names=("a.md", "d1.md", "d2.md", "letters/b.txt", "letters/more/c.md"),
        present=(),
        failures=(),
    )
    assert tree(sources) == {
        "a.md": "A.",
        "a.md.yaml": "title: A",
        "d1.md": "One.",
        "d2.md": "Two.",
        "letters/b.txt": "B\n\nLetter.",
        "letters/more/c.md": "C.",
        "old.md": "Old text.",
    }


def test_what_can_not_be_read_is_not_copied(tmp_path: Path, sources: Path) -> None:
    paths = [
        write(tmp_path, "empty.md", ""),
        write(tmp_path, "table.xls"),
        write(tmp_path, "good.md", "Good."),
    ]
    added = add_sources([str(path) for path in paths], sources, replace=False)
    assert (added.names, added.present) == (("good.md",), ())
    unknown, empty = added.failures
    assert unknown.startswith(f"{tmp_path / 'table.xls'} is in no format that is read (.md, ")
    assert empty == "empty.md is empty; write the article into it or remove it."
    assert tree(sources) == {"good.md": "Good.", "old.md": "Old text."}


def test_a_name_that_is_taken(tmp_path: Path, sources: Path) -> None:
    path = write(tmp_path, "old.md", "New text.")
    assert add_sources([str(path)], sources, replace=False) == Added(
        (),
        (),
        (
            f"There is another old.md in {sources}; rename {path}, or "
            "give --replace to put it in the other one's place.",
        ),
    )
    assert tree(sources) == {"old.md": "Old text."}
    assert add_sources([str(path)], sources, replace=True) == Added(("old.md",), (), ())
    assert tree(sources) == {"old.md": "New text."}
    assert add_sources([str(path)], sources, replace=False) == Added((), ("old.md",), ())


def test_new_metadata_alone_are_a_change(tmp_path: Path, sources: Path) -> None:
    path = write(tmp_path, "old.md", "Old text.")
    write(tmp_path, "old.md.yaml", "title: Old")
    assert add_sources([str(path)], sources, replace=True).names == ("old.md",)
    assert tree(sources) == {"old.md": "Old text.", "old.md.yaml": "title: Old"}


@pytest.mark.parametrize("name", ["gone.md", "gone/*.md", f"{'n' * 300}.md"])
def test_nothing_to_add(tmp_path: Path, sources: Path, name: str) -> None:
    with pytest.raises(CitadelError) as caught:
        add_sources([str(tmp_path / name)], sources, replace=False)
    assert str(caught.value) == (
        f"There is nothing at {tmp_path / name}; name files or folders to add."
    )


def test_a_folder_without_articles(tmp_path: Path, sources: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    failure = f"{folder} has no file in a format that is read ({', '.join(FORMATS)})."
    assert add_sources([str(folder)], sources, replace=False) == Added((), (), (failure,))
    write(folder, "siege.jpg")
    assert add_sources([str(folder)], sources, replace=False) == Added((), (), (failure,))


def test_the_folder_itself(sources: Path) -> None:
    with pytest.raises(CitadelError) as caught:
        add_sources([str(sources)], sources, replace=False)
    assert str(caught.value) == f"{sources} is the sources folder itself; name other files."


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md")
    with pytest.raises(CitadelError) as caught:
        add_sources([str(path)], path, replace=False)
    assert str(caught.value) == (
        f"{path} can't be copied to {path / 'a.md'} (File exists); check the folder and its rights."
    )


def test_removed_files_are_kept(sources: Path) -> None:
    for text in ("First.", "Second."):
        write(sources, "letters/a.md", text)
        write(sources, "letters/a.md.yaml", "title: A")
        assert remove_sources(["letters/*"], sources) == ("letters/a.md",)
    assert tree(sources) == {
        ".removed/letters/a.removed-2.md": "Second.",
        ".removed/letters/a.removed-2.md.yaml": "title: A",
        ".removed/letters/a.md": "First.",
        ".removed/letters/a.md.yaml": "title: A",
        "old.md": "Old text.",
    }


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        (["new.md", "gone.md"], "There is no file gone.md in {}, see “python -m index list”."),
        (["*.pdf"], "There is no file *.pdf in {}, see “python -m index list”."),
        (
            ["corpus.jsonl#7"],
            "There is no file corpus.jsonl#7 in {}; it is a line of corpus.jsonl, "
            "take it out there.",
        ),
        (["*"], "That would leave no article in {}; add another one before you remove the last."),
    ],
)
def test_what_can_not_be_removed(sources: Path, patterns: list[str], message: str) -> None:
    write(sources, "new.md")
    write(sources, "corpus.jsonl", '{"_id": "7", "text": "Seven."}')
    before = tree(sources)
    with pytest.raises(CitadelError) as caught:
        remove_sources(patterns, sources)
    assert str(caught.value) == message.format(sources)
    assert tree(sources) == before


def test_what_was_removed_last_is_taken_back_with_its_metadata(sources: Path) -> None:
    write(sources, ".removed/a.md", "First.")
    write(sources, ".removed/a.removed-2.md", "Second.")
    write(sources, ".removed/a.removed-2.md.yaml", "title: A")
    assert take_back(sources, "a.md")
    assert not take_back(sources, "b.md")
    assert tree(sources) == {
        ".removed/a.md": "First.",
        "a.md": "Second.",
        "a.md.yaml": "title: A",
        "old.md": "Old text.",
    }


def test_what_was_removed_last_is_found_where_the_first_is_restored(sources: Path) -> None:
    write(sources, ".removed/a.removed-9.md", "Ninth.")
    write(sources, ".removed/a.removed-10.md", "Tenth.")
    write(sources, "a.md", "Eleventh.")
    assert remove_sources(["a.md"], sources) == ("a.md",)
    assert take_back(sources, "a.md")
    assert tree(sources) == {
        ".removed/a.removed-10.md": "Tenth.",
        ".removed/a.removed-9.md": "Ninth.",
        "a.md": "Eleventh.",
        "old.md": "Old text.",
    }


def test_another_article_is_not_taken_back_for_one_of_nearly_its_name(sources: Path) -> None:
    write(sources, ".removed/budget.md", "The budget.")
    write(sources, ".removed/budget.2.md", "Its second part.")
    assert take_back(sources, "budget.md")
    assert tree(sources) == {
        ".removed/budget.2.md": "Its second part.",
        "budget.md": "The budget.",
        "old.md": "Old text.",
    }


def test_nothing_is_put_away_where_what_is_kept_can_not_be_listed(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(sources, "a.md", "Second.")
    write(sources, ".removed/a.md", "First.")
    before = tree(sources)

    def listed(_folder: Path, onerror: Callable[[OSError], None]) -> tuple[()]:
        onerror(PermissionError(13, "Permission denied"))
        return ()

    monkeypatch.setattr("os.walk", listed)
    with pytest.raises(CitadelError) as caught:
        put_away(sources, "a.md")
    assert str(caught.value) == (
        f"{sources / 'a.md'} can't be removed (Permission denied); check the folder and its rights."
    )
    monkeypatch.undo()
    assert tree(sources) == before
