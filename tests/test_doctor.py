"""What is looked at before a server starts, and what is said of it."""

import re
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_entries import Doer, Happening
from citadel.index.snapshots.audit_log import log
from citadel.index.snapshots.publishing import publish
from citadel.index.snapshots.snapshots import read_manifest
from citadel.index.stores.faiss_store import FAISS
from citadel.qa.answer.calibration import CALIBRATION, write_calibration
from citadel.qa.cli.commands import main
from citadel.qa.cli.doctor import Finding, examine
from tests.calibrating import CALIBRATED, damaged_calibration
from tests.command_line import call
from tests.conftest import free_port
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, cheap_index, flip, mend, sha256

LATER = datetime(2100, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index that is well."""
    folder = tmp_path / "index"
    publish(cheap_index("gen-1", articles_of(tmp_path / "sources", a="One ferry.\n")), folder)
    return folder


def examined(folder: Path, port: int, now: datetime = LATER) -> dict[str, Finding]:
    found = examine(folder, "127.0.0.1", port, lambda _model: FakeEncoder(), FAISS, lambda: now)
    return {finding.subject: finding for finding in found}


def amiss(found: dict[str, Finding]) -> dict[str, str]:
    return {name: finding.told for name, finding in found.items() if not finding.is_well}


def test_what_is_well(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    port = free_port()
    found = examined(folder, port)
    files = len(read_manifest(folder).files)
    disk = found.pop("disk")
    assert disk.is_well
    assert re.fullmatch(
        rf"[\d.]+ GB are free at {re.escape(str(folder))}; the next build needs 0\.2 GB", disk.told
    )
    assert [str(finding) for finding in found.values()] == [
        f"ok  permissions: {folder} can be read and written",
        f"ok  files: {files} of gen-1, none damaged",
        "ok  model: fake, computed by none",
        "ok  index: gen-1 answers; articles: 1",
        "ok  scanned pages: not read; to have text recognised in pictures, install Tesseract, on "
        "Debian with “apt install tesseract-ocr tesseract-ocr-ara”",
        f"ok  port: 127.0.0.1, port {port}, is free",
        "ok  clock: 2100-01-02 03:04 UTC",
    ]
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert examined(folder, port)["scanned pages"].told == f"their text is recognised by {program}"


def test_a_calibration_is_named(folder: Path) -> None:
    write_calibration(folder, CALIBRATED)
    calibration = examined(folder, free_port())["calibration"]
    assert str(calibration) == "ok  calibration: made of 40 questions, and used without the reader"
    write_calibration(folder, replace(CALIBRATED, reader=True))
    calibration = examined(folder, free_port())["calibration"]
    assert calibration.told == "made of 40 questions, and used with the reader"
    write_calibration(folder, replace(CALIBRATED, model_sha256="d" * 64))
    calibration = examined(folder, free_port())["calibration"]
    assert calibration.told == "made with another model, and not used"
    (folder / CALIBRATION).write_text("{}", "utf-8")
    assert amiss(examined(folder, free_port())) == {"calibration": damaged_calibration(folder)}


def test_an_audit_log_is_checked(folder: Path) -> None:
    log(folder, "", "gen-1", [Happening(Doer("ann", "account", "add"), "added", "a.md", "")])
    path = folder / "audit.jsonl"
    line = path.read_bytes()
    found = examined(folder, free_port())["audit log"]
    assert str(found) == (
        "ok  audit log: 1 line, each as it was written; the SHA-256 of the last is "
        f"{sha256(line[:-1])}."
    )
    path.write_bytes(line.replace(b"ann", b"bob"))
    assert amiss(examined(folder, free_port())) == {
        "audit log": f"{path}, line 1, is not as it was written; compare it with a copy of the log."
    }


def test_an_index_that_is_missing(tmp_path: Path) -> None:
    found = amiss(examined(tmp_path / "none" / "index", free_port()))
    assert found == {
        "index": f"there is none in {tmp_path / 'none' / 'index'}; run "
        f"“python -m index build --index-dir {tmp_path / 'none' / 'index'}”"
    }


def test_a_damaged_index(folder: Path) -> None:
    path = folder / "gen-1" / next(iter(read_manifest(folder).files))
    flip(path)
    told = f"{path} is damaged: its SHA-256 is not the manifest's; {mend(folder)}"
    assert amiss(examined(folder, free_port()))["files"] == told


def test_a_disk_that_is_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=100_000_000))
    assert amiss(examined(folder, free_port())) == {
        "disk": f"0.1 GB are free at {folder}, and the next build needs 0.2 GB; make room, or "
        "choose another folder with --index-dir."
    }


@pytest.mark.parametrize(
    ("right", "told"),
    [
        (4, "{} can't be read; give this user the right to, or be another."),
        (
            2,
            "{} can't be written, so nothing can be built or added, and a converted model can't be "
            "kept; give this user the right to, or serve an index that is complete.",
        ),
    ],
)
def test_rights_that_are_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, right: int, told: str
) -> None:
    # Root, as whom tests may run, has every right.
    monkeypatch.setattr("os.access", lambda _path, asked: not asked & right)
    assert amiss(examined(folder, free_port()))["permissions"] == told.format(folder)


def test_a_model_that_is_missing(folder: Path) -> None:
    def none(_model: str) -> FakeEncoder:
        raise CitadelError("There is no model; fetch it.")

    found = examine(folder, "127.0.0.1", free_port(), none, FAISS)
    assert [finding.told for finding in found if not finding.is_well] == (
        ["There is no model; fetch it."] * 2
    )


def test_a_port_that_is_taken(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert amiss(examined(folder, port)) == {
            "port": f"Port {port} is in use; choose another one with --port."
        }


def test_a_clock_that_is_wrong(folder: Path) -> None:
    built = read_manifest(folder).built_at
    assert amiss(examined(folder, free_port(), datetime(1970, 1, 1, tzinfo=UTC))) == {
        "clock": f"It says 1970-01-01 00:00 UTC, before the index was built ({built}); set it, for "
        "instance with “timedatectl set-ntp true”."
    }


@pytest.mark.parametrize(("damage", "status"), [(lambda _path: None, 0), (flip, 1)])
def test_the_command_ends_with_what_it_found(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[Path], None],
    status: int,
) -> None:
    monkeypatch.setattr(
        "citadel.index.encoders.backends.encoder_loader",
        lambda *_: lambda _model: FakeEncoder(),
    )
    damage(folder / "gen-1" / next(iter(read_manifest(folder).files)))
    arguments = ["doctor", "--index-dir", str(folder), "--port", str(free_port())]
    outcome = call(main, arguments, monkeypatch, capsys)
    assert (outcome.status, outcome.stderr) == (status, "")
    assert [line[:3] for line in outcome.stdout.splitlines()].count("bad") == (2 if status else 0)
