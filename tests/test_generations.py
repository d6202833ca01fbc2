import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.pointer import Pointer, default_index_dir
from citadel.index.snapshots.publishing import publish
from citadel.index.snapshots.snapshots import (
    command,
    current_name,
    has_index,
    manifests,
    read_manifest,
    read_pointer,
    snapshot_names,
)
from tests.small_index import articles_of, cheap_index, mend, refusal, sha256


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return cheap_index("gen-1", articles_of(tmp_path_factory.mktemp("sources"), a="A ferry.\n"))


@pytest.fixture
def folder(tmp_path: Path, index: PassageIndex) -> Path:
    """A folder in which an index is published."""
    publish(index, tmp_path)
    return tmp_path


def test_what_there_is(folder: Path, index: PassageIndex) -> None:
    older = read_manifest(folder)
    newer = publish(replace(index, snapshot="gen-0"), folder)
    (folder / "gen-7.partial").mkdir()
    (folder / "gen-notes").write_text("mine")
    assert snapshot_names(folder) == ("gen-0", "gen-1")
    assert manifests(folder) == (newer, older)
    assert read_manifest(folder) == newer == read_manifest(folder, "gen-0")
    assert read_manifest(folder, "gen-1") == older
    manifest = (folder / "gen-0" / "manifest.json").read_bytes()
    assert read_pointer(folder) == Pointer("gen-0", sha256(manifest))
    assert current_name(folder) == "gen-0"


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "gen-1\n",
        f"gen-1 {'0' * 64}",
        f"gen-1 {'0' * 63}\n",
        f"../gen-1 {'0' * 64}\n",
        f"gen-1/../gen-1 {'0' * 64}\n",
        f"gen-1 {'0' * 64}\ngen-2 {'0' * 64}\n",
    ],
)
def test_a_damaged_pointer(folder: Path, pointer: str) -> None:
    (folder / "CURRENT").write_text(pointer)
    assert refusal(read_manifest, folder) == f"{folder / 'CURRENT'} is damaged; {mend(folder)}"
    assert current_name(folder) is None


def test_a_missing_pointer(folder: Path) -> None:
    (folder / "CURRENT").unlink()
    assert has_index(folder)
    assert refusal(read_manifest, folder) == (
        f"{folder / 'CURRENT'} can't be read (No such file or directory); {mend(folder)}"
    )


def test_a_pointer_to_what_is_not_there(folder: Path) -> None:
    (folder / "CURRENT").write_text(f"gen-7 {'0' * 64}\n")
    assert refusal(read_manifest, folder) == (
        f"The snapshot gen-7 is not in {folder}; {mend(folder)}"
    )


def test_a_pointer_to_another_manifest(folder: Path) -> None:
    (folder / "CURRENT").write_text(f"gen-1 {'0' * 64}\n")
    assert refusal(read_manifest, folder) == (
        f"{folder / 'gen-1' / 'manifest.json'} is not the manifest that CURRENT names; "
        f"{mend(folder)}"
    )


def swap_seals(folder: Path) -> str:
    (folder / "gen-1" / "manifest.sha256").write_bytes(
        (folder / "gen-2" / "manifest.sha256").read_bytes()
    )
    return "is damaged: its SHA-256 is not that in manifest.sha256"


def swap_manifests(folder: Path) -> str:
    for name in ("manifest.json", "manifest.sha256"):
        shutil.copy(folder / "gen-2" / name, folder / "gen-1" / name)
    return "is that of gen-2"


@pytest.mark.parametrize("swap", [swap_seals, swap_manifests])
def test_files_of_another_snapshot(
    folder: Path, index: PassageIndex, swap: Callable[[Path], str]
) -> None:
    publish(replace(index, snapshot="gen-2"), folder)
    what = swap(folder)
    path = folder / "gen-1" / "manifest.json"
    assert refusal(read_manifest, folder, "gen-1") == f"{path} {what}; {mend(folder)}"
    assert [manifest.snapshot for manifest in manifests(folder)] == ["gen-2"]


def test_no_index(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert not has_index(folder)
    assert refusal(read_manifest, folder) == (
        f"There is no index in {folder}; "
        f"run “python -m index build --sources FOLDER --index-dir {folder}” to build one."
    )


def test_a_message_names_the_sources_of_the_index(tmp_path: Path, index: PassageIndex) -> None:
    publish(index, tmp_path, sources="my articles")
    (tmp_path / "CURRENT").write_text("")
    assert refusal(read_manifest, tmp_path) == (
        f"{tmp_path / 'CURRENT'} is damaged; run “python -m index build --sources 'my articles' "
        f"--index-dir {tmp_path}” to build it again."
    )


def test_a_command_names_what_differs_from_the_default(tmp_path: Path) -> None:
    assert command("verify", default_index_dir()) == "“python -m index verify”"
    assert command("verify", tmp_path) == f"“python -m index verify --index-dir {tmp_path}”"
