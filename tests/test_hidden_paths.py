"""What is said over the network names no folder of the server."""

from pathlib import Path

import pytest

from citadel.index.snapshots.snapshots import command
from citadel.qa.service.hidden_paths import without_paths

SOURCES, INDEX = Path("/srv/news room/sources"), Path("/srv/news room/sources/.index")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            f"There is no file a.md in {SOURCES}.",
            "There is no file a.md in the folder of the articles.",
        ),
        (f"{SOURCES}/letters/a.md can't be removed.", "letters/a.md can't be removed."),
        (f"{INDEX}/audit.jsonl can't be written.", "audit.jsonl can't be written."),
        (f"A build runs in {INDEX}; wait.", "A build runs in the folder of the index; wait."),
        (f"Run {command('build', INDEX)}.", "Run “python -m index build”."),
        (f"It is in {SOURCES}2.", f"It is in {SOURCES}2."),
    ],
)
def test_folders_are_called_what_they_are_for(said: str, told: str) -> None:
    assert without_paths(said, SOURCES, INDEX) == told


def test_a_folder_by_a_link_or_from_here_is_known_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    link, index_dir = Path("link"), Path("index")
    said = f"{tmp_path}/real/a.md, {tmp_path}/link, link and {tmp_path}/index."
    assert without_paths(said, link, index_dir) == (
        "a.md, the folder of the articles, link and the folder of the index."
    )
