"""Takes in files that somebody sent: under a harmless name, and read before they are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from citadel.index.corpus.articles import Article
from citadel.index.corpus.decoding import visible
from citadel.index.corpus.duplicates import sketch
from citadel.index.corpus.formats.registry import FORMATS, suffix
from citadel.index.corpus.metadata import FIELDS, check_metadata
from citadel.index.corpus.parse_cache import ParseCache
from citadel.index.corpus.sandbox.opening import FILE_BYTES
from citadel.index.corpus.sandbox.processes import Request, read_files
from citadel.index.corpus.source_files import NOT_ARTICLES, composed, name_key
from citadel.index.corpus.source_folder import copy_article, same_article, sidecar_of
from citadel.index.errors import CitadelError
from citadel.index.wording import message

_NAME_BYTES = 200
"""Of a name in UTF-8; file systems take 255, and other names are made of it."""

_NOT_IN_NAMES = re.compile('[/\\\\:*?"<>|#\t\n\ud800-\udfff]')
"""What can't stand in a name on some system, or in ours: # parts a file from its articles."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, in a folder where nobody else looks.

    Attributes:
        path: Where it is. Its name is the one to keep it under.

    """

    path: Path

    @property
    def name(self) -> str:
        """The name to keep it under."""
        return self.path.name


def article_name(sent: str) -> str:
    """Return the name of a file as it may be kept: no path, and of a format that is read.

    Raises:
        CitadelError: It is none; the message says why.

    """
    name = composed(sent).strip()
    if not name or name.startswith(".") or _NOT_IN_NAMES.search(name) or visible(name) != name:
        raise CitadelError(
            message(
                "The name of the file can't be kept; give it one without / \\ : * ? \" < > | # and "
                "invisible characters, that does not begin with a dot."
            )
        )
    if len(name.encode()) > _NAME_BYTES:
        raise CitadelError(
            message(
                "The name of the file is longer than {bytes} bytes; shorten it.", bytes=_NAME_BYTES
            )
        )
    if suffix(name) not in FORMATS:
        raise CitadelError(
            message(
                "{name} is in no format that is read ({formats}); save it as one of them.",
                name=name,
                formats=", ".join(FORMATS),
            )
        )
    if name.casefold() in NOT_ARTICLES:
        raise CitadelError(
            message(
                "{name} is the name of a file that is no article; give it another one.", name=name
            )
        )
    return name


def receive(folder: Path, name: str, data: bytes, known: Mapping[str, str]) -> Upload:
    """Write a file that was sent, with what is known about it, into a folder of its own.

    Args:
        folder: An empty folder where nobody else looks.
        name: As it was sent.
        data: The file's bytes.
        known: Fields of front matter; empty ones are left out.

    Raises:
        CitadelError: The name or a field is wrong, the file is too large, or there is no room.

    """
    name = article_name(name)
    told = {field: " ".join(visible(known.get(field, "")).split()) for field in FIELDS}
    told = {field: value for field, value in told.items() if value}
    check_metadata(told, name)
    if len(data) > FILE_BYTES:
        raise CitadelError(
            message(
                "{name} is larger than {megabytes} MB; split it or save it without pictures.",
                name=name,
                megabytes=round(FILE_BYTES / 1e6),
            )
        )
    path = folder / name
    try:
        path.write_bytes(data)
        if told:
            sidecar_of(path).write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    except OSError as error:
        raise CitadelError(
            message(
                "{name} can't be kept ({reason}); make room and send it again.",
                name=name,
                reason=error.strerror or str(error),
            )
        ) from error
    return Upload(path)


def keep(
    upload: Upload, sources: Path, articles: Sequence[Article], parse_cache: ParseCache
) -> bool:
    """Read a file that was sent, within limits, and copy it into the sources folder.

    Args:
        upload: The file.
        sources: The sources folder.
        articles: Those that are there, to find what is new.
        parse_cache: What is known of them, so that nothing is sketched again.

    Returns:
        Whether it was copied; where it is not, the folder holds it already, but no index does.

    Raises:
        CitadelError: It is no article, not a new one, or its name is taken; the message says so.

    """
    name = upload.name
    request = Request(name, sidecar=sidecar_of(upload.path).exists())
    (reading,) = read_files(upload.path.parent, [request])
    if isinstance(reading, CitadelError):
        raise reading
    if not reading.articles:
        failure = reading.failures[0]
        raise CitadelError(
            message("{name}, {failure}; mend it and send it again.", name=name, failure=failure)
        )
    indexed = {article.source for article in articles}
    present = same_article(upload.path, sources / name)
    if present and all(article.source in indexed for article in reading.articles):
        raise CitadelError(
            message("{name} is among the articles already, word for word.", name=name)
        )
    if not present:
        _refuse_copies(name, reading.articles, articles, parse_cache)
        taken = _taken(sources, name)
        if taken:
            raise CitadelError(
                message(
                    "There is another {name} among the articles; send this one under another name.",
                    name=taken,
                )
            )
        copy_article(upload.path, sources / name)
    return not present


def give_back(upload: Upload, sources: Path) -> None:
    """Take a file out of the sources folder again; the sender still has it.

    Raises:
        CitadelError: It can't be removed.

    """
    try:
        for path in (sources / upload.name, sidecar_of(sources / upload.name)):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise CitadelError(
            f"{sources / upload.name} can't be removed ({error.strerror or error}); "
            "remove it by hand."
        ) from error


def _refuse_copies(
    name: str, new: Sequence[Article], articles: Sequence[Article], parse_cache: ParseCache
) -> None:
    """Refuse a file that has nothing but the words of articles that are there."""
    own = {article.source for article in new}
    there: dict[bytes, str] = {}
    for article in articles:
        if article.source not in own:
            there.setdefault(parse_cache.sketch(article).words, article.source)
    originals = [there.get(sketch(article).words) for article in new]
    if all(originals):
        original = originals[0] or ""
        raise CitadelError(
            message(
                "{name} has the text of {original}, which is there already.",
                name=name,
                original=original,
            )
        )


def _taken(sources: Path, name: str) -> str:
    """Return the file of the sources folder that has this name for those who ignore case."""
    key = name_key(name)
    return next((path.name for path in sources.iterdir() if name_key(path.name) == key), "")
