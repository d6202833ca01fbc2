"""Names that stand for no folder: an empty one, as of a variable that is not set, or a file's."""

from pathlib import Path

import pytest

from citadel import Citadel
from citadel.index.corpus.source_folder import add_sources
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from tests.command_line import Outcome, Run, index_caller, open_no_index, refused

EMPTY = "The name of a file or folder is empty; give one, such as “.” for the current folder."


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which nobody names, and in which nothing may appear."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("option", ["--index-dir", "--sources"])
@pytest.mark.parametrize("name", ["", " "])
def test_neither_program_takes_it_for_the_current_folder(
    ask: Run,
    encoder: Encoder,
    elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    name: str,
) -> None:
    open_no_index(monkeypatch)
    index = index_caller(monkeypatch, capsys, encoder)
    assert ask("Who leads it?", option, name) == refused(EMPTY)
    assert index("build", option, name) == Outcome(1, "", f"citadel-index: {EMPTY}\n")
    assert list(elsewhere.iterdir()) == []


@pytest.mark.usefixtures("elsewhere")
def test_it_is_nothing_to_add(tmp_path: Path) -> None:
    with pytest.raises(CitadelError) as caught:
        add_sources([""], tmp_path / "sources", replace=False)
    assert str(caught.value) == EMPTY
    assert not (tmp_path / "sources").exists()


def test_the_library_opens_no_such_collection(elsewhere: Path, tmp_path: Path) -> None:
    (elsewhere / "ferry.md").write_text("The ferry sank.")
    with pytest.raises(CitadelError) as caught:
        Citadel.open("")
    assert str(caught.value) == EMPTY
    with pytest.raises(CitadelError) as caught:
        Citadel.open(tmp_path, index_dir="")
    assert str(caught.value) == EMPTY
    assert [path.name for path in elsewhere.iterdir()] == ["ferry.md"]


def test_an_index_is_kept_in_no_file(
    ask: Run,
    encoder: Encoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_no_index(monkeypatch)
    index = index_caller(monkeypatch, capsys, encoder)
    file = tmp_path / "index"
    file.write_text("Notes of mine.")
    message = f"{file} is a file; name a folder."
    assert ask("Who leads it?", "--index-dir", file) == refused(message)
    assert index("build", "--index-dir", file) == Outcome(1, "", f"citadel-index: {message}\n")
    with pytest.raises(CitadelError) as caught:
        Citadel.open(tmp_path, index_dir=file)
    assert str(caught.value) == message
    assert file.read_text() == "Notes of mine."
