"""A small index on disk: its sources, and what tests look at and change in its folder."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import CitadelError

REBUILD = "run “python -m index build” to build it again"

FERRY = """\
---
title: The Ferry
---
The ferry crosses the river. It takes 🌊 ten minutes.

## Why

The flood carried the bridge away.
"""
BRIDGE = "The bridge\n\nThe council will rebuild the bridge.\n\nWork begins in May.\n"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def reseal(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest, and let it and CURRENT agree with all files as they are."""
    generation = folder / "gen-1"
    manifest = json.loads((generation / "manifest.json").read_text("utf-8"))
    for name in manifest["files"]:
        data = (generation / name).read_bytes()
        manifest["files"][name] = {"size": len(data), "sha256": sha256(data)}
    change(manifest)
    data = json.dumps(manifest).encode()
    (generation / "manifest.json").write_bytes(data)
    (folder / "CURRENT").write_text(f"gen-1 {sha256(data)}\n")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def refusal(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(CitadelError) as caught:
        call(*arguments)
    return str(caught.value)
