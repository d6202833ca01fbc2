"""Keeps the files of the articles as they were when they were read, to be handed out as such."""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from citadel.index.corpus.articles import Article
from citadel.index.corpus.formats.page_pictures import PagePicture
from citadel.index.corpus.sandbox.opening import read_beneath
from citadel.index.corpus.sandbox.processes import picture_of_page
from citadel.index.corpus.source_files import list_source_files
from citadel.index.disk import write_file
from citadel.index.errors import CitadelError
from citadel.qa.service.live_index import ServedIndex

_log = logging.getLogger(__name__)

_PARTIAL = ".partial"
_OURS = re.compile(r"[0-9a-f]{64}(?:\.partial)?")
_NAMED = 3
"""How many articles whose files have changed are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file as an article was read from it.

    Attributes:
        path: Where it is kept.
        name: Its own name, without folders.
        article: What was read from it; of several articles one.

    """

    path: Path
    name: str
    article: Article

    def runs_on_at(self, start: int, end: int) -> int | None:
        """Return where a quote that runs over two pages goes on; None for one that does not."""
        number = self.article.page_at(start)
        following = self.article.pages[number : number + 1] if number is not None else ()
        return following[0] if following and following[0] < end else None

    def picture(self, start: int, end: int) -> tuple[PagePicture, int | str]:
        """Return the page on which a quote begins, and what that page is called.

        It is drawn by a process of its own, within limits. Of a quote that goes on on the next
        page, what stands on this one is marked.

        Args:
            start: Where the quote begins in the stored text, in code points.
            end: One past its last code point.

        Raises:
            CitadelError: The file has no pages, or can't be drawn.

        """
        article = self.article
        number = article.page_at(start)
        if number is None or PurePosixPath(self.name).suffix.lower() != ".pdf":
            raise CitadelError(f"{self.name} has no printed pages; download it instead.")
        following = article.pages[number : number + 1]
        quote = article.text[start : min([end, *following])]
        picture = picture_of_page(self.path.parent, self.path.name, self.name, number, quote)
        return picture, article.page_label(number)


class Originals:
    """The files of the articles that are served, by their SHA-256, in a folder next to the index.

    A file that has changed since it was read is not kept: it is not what is quoted from. What no
    article that can be read was made from is deleted.
    """

    def __init__(self, folder: Path, sources: Callable[[], Path]) -> None:
        """Keep files in a folder.

        Args:
            folder: Where to; it is made where it is missing.
            sources: Returns the folder that the articles are read from.

        """
        self._folder = folder
        self._sources = sources
        self._kept: Mapping[str, Original] = {}

    def of(self, sha256: str) -> Original | None:
        """Return the file with a SHA-256, in hexadecimal; None where it is not kept."""
        return self._kept.get(sha256)

    def keep(self, served: ServedIndex) -> None:
        """Keep the files of what is served, and of what was before as long as that can be read.

        Where the disk refuses, a warning says so, and no file is handed out that is not there.
        """
        articles = [
            article
            for each in (served.articles, *served.former)
            for article in each.all
            if article.file_sha256
        ]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._delete_others({article.file_sha256 for article in articles})
            self._copy(articles)
        except (OSError, CitadelError) as error:
            _log.warning("Some originals are not kept in %s: %s", self._folder, error)
        self._kept = {
            article.file_sha256: Original(path, PurePosixPath(file_of(article)).name, article)
            for article in articles
            if (path := self._folder / article.file_sha256).is_file()
        }

    def _delete_others(self, wanted: set[str]) -> None:
        for path in self._folder.iterdir():
            if _OURS.fullmatch(path.name) and path.name not in wanted:
                path.unlink()

    def _copy(self, articles: list[Article]) -> None:
        missing = {
            article.file_sha256: article
            for article in articles
            if not (self._folder / article.file_sha256).exists()
        }
        if not missing:
            return
        root = self._sources()
        names = {
            unicodedata.normalize("NFC", each.name): each.name
            for each in list_source_files(root).requests
        }
        changed = [
            article.source
            for sha256, article in missing.items()
            if not self._copied(root, names.get(file_of(article), ""), sha256)
        ]
        if changed:
            named = ", ".join(changed[:_NAMED])
            more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
            _log.warning(
                "The originals of %s%s are not kept: the files have changed since they were read.",
                named,
                more,
            )

    def _copied(self, root: Path, name: str, sha256: str) -> bool:
        """Copy a file if it is still the one that was read; return whether it is."""
        try:
            data = read_beneath(root, name) if name else b""
        except CitadelError:
            return False  # Gone, or no file any more: not what was read.
        if hashlib.sha256(data).hexdigest() != sha256:
            return False
        partial = self._folder / f"{sha256}{_PARTIAL}"
        partial.unlink(missing_ok=True)
        write_file(partial, lambda sink: sink.write(data))
        partial.replace(self._folder / sha256)
        return True


def file_of(article: Article) -> str:
    """Return the path of the file that an article stands in, below the sources folder."""
    return article.source.partition("#")[0]
