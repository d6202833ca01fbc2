"""Makes one site of all documents of the repository, wherever in it they stand.

MkDocs knows the folder docs/ only. This adds the other documents and every file that a document
links to, and turns links between places in the repository into links between pages. A link that
leads nowhere stays as it is, so that a strict build names it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_DOCS = "docs/"
_README, _HOME = "README.md", "index.md"

_DOCUMENTS = (
    _README,
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "evaluation/README.md",
    "evaluation/newsroom/README.md",
    "evaluation/misleading/README.md",
    "evaluation/unseen/README.md",
    "evaluation/languages/README.md",
    "source_texts/SOURCES.md",
)
"""Those outside of docs/, by their paths in the repository."""

_LINK = re.compile(r"(?<=\]\()(?P<path>[^)\s#:]+)(?=(?:#[^)\s]*)?\))")
"""A link, or a picture, within the repository: where it leads to, without a fragment."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the documents outside of docs/, and what any document links to."""
    root = _root(config)
    waiting = [*_DOCUMENTS, *(f"{_DOCS}{page.src_uri}" for page in files.documentation_pages())]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        if not (root / path).is_file():
            continue
        if files.get_file_from_path(_in_site(path)) is None:
            files.append(File.generated(config, _in_site(path), abs_src_path=str(root / path)))
        if path.endswith(".md"):
            linked = set(_targets((root / path).read_text("utf-8"), path)) - seen
            waiting += sorted(linked)
            seen |= linked
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: Files) -> str:
    """Let links lead to where the pages and files are in the site."""
    root, here = _root(config), page.file.src_uri
    place = _in_repository(here, root)

    def moved(link: re.Match[str]) -> str:
        target = _target(link["path"], place)
        if not (root / target).is_file():
            return link["path"]
        return posixpath.relpath(_in_site(target), posixpath.dirname(here))

    return _LINK.sub(moved, markdown)


def _root(config: MkDocsConfig) -> Path:
    return Path(config.docs_dir).parent


def _targets(markdown: str, path: str) -> Iterator[str]:
    return (_target(link["path"], path) for link in _LINK.finditer(markdown))


def _target(link: str, path: str) -> str:
    """Return the path in the repository that a link in a document leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), link))


def _in_site(path: str) -> str:
    """Return where a file of the repository is among the sources of the site."""
    return _HOME if path == _README else path.removeprefix(_DOCS)


def _in_repository(source: str, root: Path) -> str:
    """Return the path in the repository of a source of the site."""
    if source == _HOME:
        return _README
    return f"{_DOCS}{source}" if (root / _DOCS / source).is_file() else source
