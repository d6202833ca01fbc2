import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.corpus.sandbox.files import ParsedFile
from citadel.index.corpus.sandbox.processes import Request, read_files
from citadel.index.errors import CitadelError
from tests.reading_here import read_article


def read(root: Path, *names: str) -> list[ParsedFile | CitadelError]:
    return list(read_files(root, [Request(name, sidecar=False) for name in names]))


def note(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {path.stem}\n\nA note about {path.stem}.\n", "utf-8")
    return path


def test_files_are_read_in_order(tmp_path: Path) -> None:
    paths = [note(tmp_path / f"{number % 3}" / f"{number}.md") for number in range(40)]
    names = [path.relative_to(tmp_path).as_posix() for path in paths]
    assert read(tmp_path, *names) == [
        ParsedFile((replace(read_article(path), source=name),))
        for path, name in zip(paths, names, strict=True)
    ]


def a_pipe(path: Path) -> str:
    os.mkfifo(path)
    return "is no regular file; put a file in its place."


def a_folder(path: Path) -> str:
    path.mkdir()
    return "is no regular file; put a file in its place."


def a_device(path: Path) -> str:
    path.symlink_to("/dev/zero")
    return "is a link, and links are not followed; put the file itself in its place."


def a_link_that_leads_out(path: Path) -> str:
    path.symlink_to(note(path.parent.parent / "outside.md"))
    return "is a link, and links are not followed; put the file itself in its place."


def a_link_to_nothing(path: Path) -> str:
    path.symlink_to(path.with_name("gone.md"))
    return "is a link, and links are not followed; put the file itself in its place."


def nothing(_: Path) -> str:
    return "can't be read (No such file or directory); check the file and its rights."


def too_much(path: Path) -> str:
    with path.open("wb") as file:
        file.truncate(50_000_001)
    return "is larger than 50 MB; split it or save it without pictures."


@pytest.mark.parametrize(
    "spoil",
    [a_pipe, a_folder, a_device, a_link_that_leads_out, a_link_to_nothing, nothing, too_much],
)
def test_what_is_not_opened(tmp_path: Path, spoil: Callable[[Path], str]) -> None:
    note(tmp_path / "sources" / "b.md")
    message = spoil(tmp_path / "sources" / "a.md")
    error, reading = read(tmp_path / "sources", "a.md", "b.md")
    assert str(error) == f"a.md {message}"
    assert isinstance(reading, ParsedFile)


def test_a_folder_on_the_way_that_is_a_link(tmp_path: Path) -> None:
    note(tmp_path / "outside" / "a.md")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "more").symlink_to(tmp_path / "outside")
    [error] = read(tmp_path / "sources", "more/a.md")
    assert str(error) == (
        "more/a.md is a link, and links are not followed; put the file itself in its place."
    )


def test_a_folder_of_sources_that_is_a_link(tmp_path: Path) -> None:
    note(tmp_path / "real" / "a.md")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert [type(reading) for reading in read(tmp_path / "link", "a.md")] == [ParsedFile]


CHILD = """
import citadel.index.corpus.sandbox.__main__ as child
import citadel.index.corpus.sandbox.files as files

read_file = files.read_file

def read(root, name, *, sidecar):
    if name == "bad.md":
        {trouble}
    return read_file(root, name, sidecar=sidecar)

files.read_file = read
{limits}
child.main()
"""


def use(monkeypatch: pytest.MonkeyPatch, trouble: str, limits: str = "") -> None:
    """Let files be read by a process that has trouble with bad.md."""
    script = CHILD.format(trouble=trouble, limits=limits)
    monkeypatch.setattr(
        "citadel.index.corpus.sandbox.processes._COMMAND", (sys.executable, "-c", script)
    )


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (
            "import time; time.sleep(600)",
            "takes longer than 20 s to read; save it in another format.",
        ),
        (
            "bytearray(1_500_000_000)",
            "takes more than 1 GB of memory to read; split it or save it in another format.",
        ),
        (
            "import os; os.abort()",
            "is broken, its reader failed (SIGABRT); save it in another format.",
        ),
        (
            "raise ValueError('a huge node\\n, line 1')",
            "is broken, its reader failed (ValueError: a huge node); save it in another format.",
        ),
        (
            "raise KeyError('word/document.xml')",
            "is broken, its reader failed (KeyError: 'word/document.xml'); "
            "save it in another format.",
        ),
    ],
    ids=["takes too long", "takes too much memory", "crashes", "two lines", "raises"],
)
def test_a_breakdown_costs_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str, message: str
) -> None:
    use(monkeypatch, trouble, "child.SECONDS = 2")
    for name in ("a.md", "bad.md", "c.md", "d.md"):
        note(tmp_path / name)
    first, error, *others = read(tmp_path, "a.md", "bad.md", "c.md", "d.md")
    assert str(error) == f"bad.md {message}"
    assert [first, *others] == [
        ParsedFile((read_article(tmp_path / name),)) for name in ("a.md", "c.md", "d.md")
    ]


def test_what_a_library_prints_is_no_reply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "print('{}', flush=True)")
    [reading] = read(tmp_path, note(tmp_path / "bad.md").name)
    assert reading == ParsedFile((read_article(tmp_path / "bad.md"),))


def test_a_process_that_needed_much_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, "pass", "child.RETIREMENT_BYTES = 0")
    names = [note(tmp_path / f"{number}.md").name for number in range(3)]
    assert read(tmp_path, *names) == [
        ParsedFile((read_article(tmp_path / name),)) for name in names
    ]
