"""An audit log, as it is read and written by hand."""

import json
import os
import pwd
from pathlib import Path
from typing import Any

from citadel.index.snapshots.audit_entries import Doer
from tests.small_index import sha256

WHEN = "2026-11-29T16:40:00Z"
ANN = Doer("ann", "account", "add")
ME = pwd.getpwuid(os.getuid()).pw_name


def lines(folder: Path) -> list[bytes]:
    return (folder / "audit.jsonl").read_bytes().splitlines(keepends=True)


def write(folder: Path, *wanted: bytes) -> None:
    (folder / "audit.jsonl").write_bytes(b"".join(wanted))


def records(folder: Path) -> list[dict[str, Any]]:
    """The lines, without their checksums."""
    found = [json.loads(line) for line in lines(folder)]
    for record in found:
        del record["before"], record["sha256_of_this"]
    return found


def line_of(doer: Doer, change: str, article: str, text: str, snapshot: str) -> dict[str, Any]:
    return {
        "when": WHEN,
        "who": doer.who,
        "known_by": doer.known_by,
        "what": doer.what,
        "change": change,
        "article": article,
        "sha256": sha256(text.encode()) if text else "",
        "snapshot": snapshot,
    }


def mine(what: str) -> Doer:
    return Doer(ME, "system", what)
