from pathlib import Path

import pytest

from tests.browser import chromium_path, require_chromium


@pytest.fixture
def empty_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A PATH with nothing on it, and no say from the environment."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def program(path: Path) -> str:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_finds_chromium_on_the_path(empty_path: Path) -> None:
    chrome = program(empty_path / "google-chrome")
    assert chromium_path() == chrome
    chromium = program(empty_path / "chromium")
    assert chromium_path() == require_chromium() == chromium


def test_the_environment_chooses_alone(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(empty_path / "chromium")
    monkeypatch.setenv("CHROMIUM", program(empty_path / "my-own-build"))
    assert chromium_path() == str(empty_path / "my-own-build")
    monkeypatch.setenv("CHROMIUM", str(empty_path / "missing"))
    assert chromium_path() is None


@pytest.mark.usefixtures("empty_path")
def test_without_chromium_a_test_is_skipped() -> None:
    with pytest.raises(pytest.skip.Exception):
        require_chromium()


@pytest.mark.usefixtures("empty_path")
def test_without_chromium_a_test_fails_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception):
        require_chromium()
