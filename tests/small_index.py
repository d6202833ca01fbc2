"""A small index on disk: its sources, and what tests look at and change in its folder."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citadel.index.build.build import index_articles
from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.retrieval.lexical import Vocabulary, words
from citadel.index.retrieval.passage_index import PassageIndex
from tests.fake_encoder import FakeEncoder

FERRY = """\
---
title: The Ferry
---
The ferry crosses the river. It takes 🌊 ten minutes.

## Why

The flood carried the bridge away.
"""
BRIDGE = "The bridge\n\nThe council will rebuild the bridge.\n\nWork begins in May.\n"


def articles_of(folder: Path, **texts: str) -> tuple[Article, ...]:
    """Articles of the given texts, whose files are written into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return read_articles(folder)


def write_two_articles(folder: Path) -> Path:
    """Write the shortest sources that the program of the index is given; return their folder."""
    folder.mkdir()
    (folder / "ferry.md").write_text("# The ferry\n\nIt crosses. It takes time.\n", "utf-8")
    (folder / "bridge.txt").write_text("The bridge\n\nIt was lost.\n", "utf-8")
    return folder


def vocabulary_of(texts: Sequence[str]) -> Vocabulary:
    """The vocabulary of English passages."""
    found = [words(text, "en") for text in texts]
    forms = sorted({(word.surface, word.term) for each in found for word in each})
    surfaces, terms = zip(*forms, strict=True)
    numbers = [forms.index((word.surface, word.term)) for each in found for word in each]
    inside = [{word.term for word in each} for each in found]
    counts = [sum(term in each for each in inside) for term in sorted(set(terms))]
    return Vocabulary.count(
        surfaces,
        terms,
        np.bincount(numbers, minlength=len(surfaces)),
        np.array(counts),
        len(texts),
    )


def cheap_index(snapshot: str, articles: Sequence[Article]) -> PassageIndex:
    """An index whose model costs nothing."""
    return indexed_by(FakeEncoder(), snapshot, articles)


def indexed_by(encoder: Encoder, snapshot: str, articles: Sequence[Article]) -> PassageIndex:
    """An index of a model, made in silence."""
    return index_articles(snapshot, articles, encoder, lambda _done, _total: None)


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
    snapshot = folder / "gen-1"
    manifest = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    for name in manifest["files"]:
        data = (snapshot / name).read_bytes()
        manifest["files"][name] = {"size": len(data), "sha256": sha256(data)}
    change(manifest)
    data = json.dumps(manifest).encode()
    (snapshot / "manifest.json").write_bytes(data)
    (snapshot / "manifest.sha256").write_text(f"{sha256(data)}  manifest.json\n")
    (folder / "CURRENT").write_text(f"gen-1 {sha256(data)}\n")


def flip(path: Path) -> None:
    """Change one bit of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def mend(folder: Path, sources: str = "") -> str:
    """What a message says to do about a damaged index."""
    named = f"--sources {sources} " if sources else ""
    return f"run “python -m index build {named}--index-dir {folder}” to build it again."


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def refusal(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(CitadelError) as caught:
        call(*arguments)
    return str(caught.value)
