"""Names that stand for no folder: an empty one, as of a variable that is not set, or a file's."""

from pathlib import Path

import pytest

from citadel import Citadel
from citadel.evaluation.cli import main as evaluation_main
from citadel.index.cli.commands import main as index_main
from citadel.index.corpus.source_folder import add_sources
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.qa.cli.commands import main as qa_main
from tests.command_line import Outcome, Run, call, index_caller, open_no_index, refused

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


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail what loads a model, or converts one, before it found a misspelt name."""

    def refuse(*_: object) -> None:
        pytest.fail("a model was loaded")

    for module in ("qa.cli.opening.load_stages", "index.cli.building.prepare_network"):
        monkeypatch.setattr(f"citadel.{module}", refuse)
    for module in ("index.encoders.backends", "index.cli.building", "evaluation.cli"):
        monkeypatch.setattr(f"citadel.{module}.encoder_loader", lambda *_: refuse)
    monkeypatch.setattr("citadel.evaluation.cli.load_stages", refuse)


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("citadel", ["ask", "Who leads it?"]),
        ("citadel", ["mentions", "Ada"]),
        ("citadel", ["serve"]),
        ("citadel", ["mcp"]),
        ("citadel-index", ["build"]),
        ("citadel-evaluate", ["run"]),
    ],
)
def test_a_folder_that_is_not_there_waits_for_no_model(
    program: str,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mains = {"citadel": qa_main, "citadel-index": index_main, "citadel-evaluate": evaluation_main}
    gone = tmp_path / "gone"
    named = ["--sources", str(gone), "--index-dir", str(tmp_path / "index")]
    assert call(mains[program], [*arguments, *named], monkeypatch, capsys) == Outcome(
        1, "", f"{program}: There is no folder of sources at {gone}; name one with --sources.\n"
    )


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    ("program", "arguments"),
    [("citadel", ["ask", "Who?"]), ("citadel", ["mcp"]), ("citadel-index", ["build"])],
)
def test_a_misspelt_store_waits_for_no_model(
    program: str,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mains = {"citadel": qa_main, "citadel-index": index_main}
    where = ["--sources", str(tmp_path), "--index-dir", str(tmp_path / "index")]
    misspelt = [*arguments, *where, "--store", "fais"]
    assert call(mains[program], misspelt, monkeypatch, capsys) == Outcome(
        1,
        "",
        f"{program}: There is no store 'fais'; choose one of faiss, milvus, postgres.\n",
    )
