"""Reads the articles that may be quoted, each from one file of the sources folder."""

from __future__ import annotations

import logging
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from index.errors import CitadelError
from index.layout import Block, BlockKind, Layout, Span
from index.markdown import parse_markdown
from index.web_text import parse_web_text

_log = logging.getLogger(__name__)

_MARKDOWN = frozenset({".md", ".markdown"})
_PLAIN_TEXT = frozenset({".txt", ".text"})
_NOT_ARTICLES = frozenset({"sources.md", "readme.md", "license.md", "examples.yaml"})
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Article:
    """One source: its stored text, what is known about it, and how the text is laid out.

    Attributes:
        source: The file's name, unique in the collection.
        text: The stored text, in which all offsets count code points: the file decoded from
            UTF-8, without a byte order mark and with a newline for every line break.
        title: As published; the file's name when the text does not say.
        subtitle: The line under or above the title, or "".
        author: Who wrote it, or "".
        publisher: Who published it, or "".
        date: "2016", "2016-12" or "2016-12-05", as exact as is known, or "".
        language: ISO 639-1 code.
        origin: Where the text comes from, or "".
        header: Where the text tells its own title, publisher and date, if it does.
        blocks: Headings and paragraphs in reading order.

    """

    source: str
    text: str
    title: str
    subtitle: str
    author: str
    publisher: str
    date: str
    language: str
    origin: str
    header: Span | None
    blocks: tuple[Block, ...]


def read_articles(folder: Path) -> tuple[Article, ...]:
    """Read every Markdown and plain text file under a folder, in the order of their names.

    Hidden files and the folder's own SOURCES.md, README.md, LICENSE.md and examples.yaml are no
    articles. A file of another form is named in a warning and left out.

    Raises:
        CitadelError: The folder or a file in it can't be read as articles; the message names it.

    """
    if not folder.is_dir():
        raise CitadelError(f"There is no folder of sources at {folder}; name one with --sources.")
    articles = tuple(read_article(path) for path in _article_paths(folder))
    if not articles:
        raise CitadelError(
            f"The sources folder {folder} holds no article; put a .md or .txt file into it."
        )
    return articles


def _article_paths(folder: Path) -> list[Path]:
    seen: dict[str, Path] = {}
    root = folder.resolve()
    for path in sorted(folder.rglob("*"), key=lambda p: (p.name, p)):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or path.is_dir() or path.name.lower() in _NOT_ARTICLES:
            continue
        if path.suffix.lower() not in _MARKDOWN | _PLAIN_TEXT:
            _log.warning("%s is left out: only .md and .txt files are read.", path)
            continue
        if not path.resolve().is_relative_to(root):
            raise CitadelError(
                f"{path} is a link that leads out of the sources folder; "
                "put a copy of the file in its place."
            )
        key = unicodedata.normalize("NFC", path.name).casefold()
        if key in seen:
            raise CitadelError(
                f"Two sources have one name: {seen[key]} and {path}; rename one of them."
            )
        seen[key] = path
    return list(seen.values())


def read_article(path: Path) -> Article:
    """Read one file as an article.

    Raises:
        CitadelError: The file is missing, unreadable, empty, binary, not UTF-8, or its front
            matter is wrong; the message names the file and, where there is one, the place.

    """
    text = _stored_text(path)
    source = unicodedata.normalize("NFC", path.name)
    if path.suffix.lower() in _MARKDOWN:
        layout = parse_markdown(text, source)
    else:
        layout = parse_web_text(text)
    return _article(source, text, layout)


def _stored_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CitadelError(
            f"{path} can't be read ({reason}); check the file and its rights."
        ) from error
    if b"\0" in data:
        raise CitadelError(f"{path} is a binary file, not text; save it as UTF-8 text.")
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CitadelError(
            f"{path}, line {line}: byte {error.start} is not UTF-8; save the file as UTF-8."
        ) from error
    if not text.strip():
        raise CitadelError(f"{path} is empty; write the article into it or remove it.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _article(source: str, text: str, layout: Layout) -> Article:
    metadata = layout.metadata
    if not any(block.kind is BlockKind.PARAGRAPH for block in layout.blocks):
        raise CitadelError(f"{source} has no paragraph to quote from; add the article's text.")
    date = metadata.get("date", "")
    if date and _DATE.fullmatch(date) is None:
        raise CitadelError(
            f"{source}: the date {date!r} is none; write 2016, 2016-12 or 2016-12-05."
        )
    language = metadata.get("language", "en")
    if re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*", language) is None:
        raise CitadelError(
            f"{source}: the language {language!r} is none; write a code such as en or ar."
        )
    return Article(
        source=source,
        text=text,
        title=metadata.get("title", source),
        subtitle=metadata.get("subtitle", ""),
        author=metadata.get("author", ""),
        publisher=metadata.get("publisher", ""),
        date=date,
        language=language.split("-")[0],
        origin=metadata.get("origin", ""),
        header=layout.header,
        blocks=layout.blocks,
    )
