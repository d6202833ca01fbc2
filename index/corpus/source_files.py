"""Which files of the sources folder are articles, and why the others are not."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from citadel.index.corpus.decoding import visible
from citadel.index.corpus.formats.registry import FORMATS, suffix
from citadel.index.corpus.sandbox.files import SIDECAR
from citadel.index.corpus.sandbox.processes import Request

NOT_ARTICLES = frozenset({"sources.md", "readme.md", "license.md", "examples.yaml"})
"""Files of the folder itself, not of its collection."""

_PAGES = (".html", ".htm", ".xhtml")
_PAGE_PARTS = ("_files", "_file")
"""A browser saves the pictures, scripts and frames of “page.html” in “page_files”."""

_FOLDER_LINK = "is a link, and links are not followed; put the folder itself in its place."


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or folder that is not read.

    Attributes:
        name: Its path below the sources folder.
        why: A phrase that follows the name.
        failed: Whether it is a failure, or as it should be.

    """

    name: str
    why: str
    failed: bool


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The files to read and those that are left out, each in the order of their names."""

    requests: tuple[Request, ...]
    left_out: tuple[LeftOut, ...]

    def on_disk(self) -> dict[str, str]:
        """Return the files' names as the folder spells them, by their composed spelling.

        Articles have composed names, and Macs decompose those of files.
        """
        return {composed(request.name): request.name for request in self.requests}


def composed(name: str) -> str:
    """Return a name as articles have it: “é” is one character, whatever the folder writes."""
    return unicodedata.normalize("NFC", name)


def name_key(name: str) -> str:
    """Return what names have in common that are one where case is ignored, as on Macs."""
    return composed(name).casefold()


def list_source_files(folder: Path) -> SourceFiles:
    """Sort the files below a folder into articles and others.

    Hidden files and the folder's own SOURCES.md, README.md, LICENSE.md and examples.yaml are no
    articles, and not mentioned.
    """
    left_out: list[LeftOut] = []
    names = sorted(_walk(folder, left_out))
    present = frozenset(names)
    seen: dict[str, str] = {}
    requests: list[Request] = []
    for name in names:
        key = name_key(name)
        if PurePosixPath(key).name in NOT_ARTICLES or _is_sidecar(name, present):
            continue
        if visible(name) != name or re.search(r"[\t\n]", name):
            left_out.append(
                LeftOut(
                    ascii(name), "has invisible characters in its name; rename it.", failed=True
                )
            )
        elif suffix(name) not in FORMATS:
            left_out.append(LeftOut(name, f"is left out: {_no_format(name)}.", failed=False))
        elif key in seen:
            left_out.append(
                LeftOut(name, f"has the name of {seen[key]}; rename one of them.", failed=True)
            )
        else:
            seen[key] = name
            requests.append(Request(name, sidecar=name + SIDECAR in present))
    return SourceFiles(tuple(requests), tuple(sorted(left_out, key=lambda file: file.name)))


def _is_sidecar(name: str, present: frozenset[str]) -> bool:
    return name.endswith(SIDECAR) and name.removesuffix(SIDECAR) in present


def _no_format(name: str) -> str:
    if suffix(name) == SIDECAR:
        return f"there is no {PurePosixPath(name).stem} that it could tell about"
    kind = f"{suffix(name)} files" if suffix(name) else "files without an ending"
    return f"{kind} are not read"


def _walk(root: Path, left_out: list[LeftOut]) -> Iterator[str]:
    """Yield the paths of all files below a folder; links to folders are left out."""

    def complain(error: OSError) -> None:
        name = Path(error.filename).relative_to(root).as_posix()
        left_out.append(LeftOut(name, f"can't be read ({error.strerror}).", failed=True))

    for path, folders, files in os.walk(root, onerror=complain):
        below = Path(path).relative_to(root)
        for folder in list(folders):
            name = (below / folder).as_posix()
            if folder.startswith("."):
                folders.remove(folder)
            elif (Path(path) / folder).is_symlink():
                folders.remove(folder)
                left_out.append(LeftOut(name, _FOLDER_LINK, failed=True))
            elif page := _page_of(folder, files):
                folders.remove(folder)
                left_out.append(
                    LeftOut(name, f"is left out: it holds parts of {page}.", failed=False)
                )
        yield from ((below / file).as_posix() for file in files if not file.startswith("."))


def _page_of(folder: str, files: list[str]) -> str | None:
    """Return the saved page that a folder belongs to."""
    for ending in _PAGE_PARTS:
        if folder.endswith(ending):
            stem = folder.removesuffix(ending)
            return next((stem + page for page in _PAGES if stem + page in files), None)
    return None
