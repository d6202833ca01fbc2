"""Reads documents of word processors in the form of Office Open XML, with python-docx."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph

from citadel.index.corpus.decoding import notes_on_removed
from citadel.index.corpus.formats.document import FileContents, Part, compose
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import BlockKind
from citadel.index.corpus.metadata import plausible_metadata
from citadel.index.errors import CitadelError

_UNPACKED_BYTES = 300_000_000
_HEADING = re.compile(r"heading|title$|^subtitle", re.IGNORECASE)
_LIST = re.compile(r"list", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\u00a0]+")
_TEXT_NODES = (
    ".//*[self::w:t or self::w:br or self::w:noBreakHyphen or (self::w:tab and parent::w:r)]"
    "[not(ancestor::w:txbxContent)]"
)
_NOT_READ = {
    "footnotes": "footnotes are not read",
    "endnotes": "endnotes are not read",
    "comments": "comments are not read",
}


def read_docx(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read headings, paragraphs, lists and tables; of tracked changes the text as changed.

    Raises:
        CitadelError: It is no such document, or unpacks to more than is read.

    """
    document = _open(data, source)
    parts = list(_parts(document))
    text = "\n".join(part.text for part in parts)
    properties = document.core_properties
    titles = (p.text for p in document.paragraphs if _style(p) == "Title")
    told = plausible_metadata(
        {"title": next(titles, "") or properties.title or _first_heading(parts)}
    )
    notes = [*notes_on_removed(text), *_not_read(document)]
    language = {"language": detect_language(text, properties.language[:2].lower())}
    return FileContents((compose({**language, **told, **known}, parts, notes),))


def _open(data: bytes, source: str) -> Document:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _UNPACKED_BYTES:
            raise CitadelError(
                f"{source} unpacks to {size / 1e6:,.0f} MB, and {_UNPACKED_BYTES / 1e6:.0f} MB are "
                "read at most; save it without pictures."
            )
        return docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise CitadelError(
            f"{source} can't be opened as a Word document ({error}); save it again as .docx."
        ) from error


def _parts(document: Document) -> Iterator[Part]:
    """Yield the parts of a document; the items of a list together."""
    items: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph) and _is_item(block):
            items.append(f"- {_text(block)}")
            continue
        if items:
            yield Part(BlockKind.PARAGRAPH, "\n".join(items))
            items = []
        if isinstance(block, Table):
            yield Part(BlockKind.PARAGRAPH, "\n".join(_rows(block)))
        else:
            heading = _HEADING.search(_style(block)) is not None
            yield Part(BlockKind.HEADING if heading else BlockKind.PARAGRAPH, _text(block))
    if items:
        yield Part(BlockKind.PARAGRAPH, "\n".join(items))


def _rows(table: Table) -> Iterator[str]:
    """Yield the rows of a table as Markdown writes them; merged cells once."""
    for row in table.rows:
        cells = [" ".join(_text(p) for p in cell.paragraphs).strip() for cell in row.cells]
        if any(cells):
            yield f"| {' | '.join(cells)} |"


def _text(paragraph: Paragraph) -> str:
    """Return the text that a reader of the accepted document sees: runs, links, insertions."""
    pieces: list[str] = []
    for node in paragraph._p.xpath(_TEXT_NODES):
        name = node.tag.rpartition("}")[2]
        pieces.append({"tab": " ", "br": "\n", "noBreakHyphen": "-"}.get(name) or node.text or "")
    return _SPACES.sub(" ", "".join(pieces)).strip()


def _style(paragraph: Paragraph) -> str:
    style = paragraph.style
    return style.name or "" if style is not None else ""


def _is_item(paragraph: Paragraph) -> bool:
    return bool(paragraph._p.xpath("./w:pPr/w:numPr")) or (
        _LIST.search(_style(paragraph)) is not None
    )


def _first_heading(parts: list[Part]) -> str:
    return next((part.text for part in parts if part.kind is BlockKind.HEADING), "")


def _not_read(document: Document) -> Iterator[str]:
    """Tell what the document has beside its text."""
    for relation in document.part.rels.values():
        note = _NOT_READ.get(relation.reltype.rpartition("/")[2])
        if note is not None:
            yield note
    if document.element.body.xpath(".//w:txbxContent"):
        yield "text boxes are not read"
