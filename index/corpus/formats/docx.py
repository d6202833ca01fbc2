"""Reads documents of word processors in the form of Office Open XML, with python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from lxml import etree

from citadel.index.corpus.formats.archives import check_size
from citadel.index.corpus.formats.document import FileContents, Part, contents_of
from citadel.index.corpus.formats.docx_blocks import WordWalk
from citadel.index.corpus.formats.docx_elements import Style, W, read_styles
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.story import first_heading, notes_under
from citadel.index.corpus.metadata import plausible_metadata
from citadel.index.errors import CitadelError

_NOT_READ = {
    "comments": "comments are not read",
    "chart": "a chart is not read",
    "diagramData": "a diagram is not read",
}
_NOTES = {"footnote": "Footnotes", "endnote": "Endnotes"}


def read_docx(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read headings, paragraphs, lists, tables and notes; of tracked changes the text as changed.

    Raises:
        CitadelError: It is no such document, or unpacks to more than is read.

    """
    document = _open(data, source)
    left_out = LeftOut()
    walk = WordWalk(_styles(document), left_out)
    story = list(walk.parts(document.element.body))
    parts = [*story, *_notes(document, walk)]
    properties = document.core_properties
    titles = (p.text for p in document.paragraphs if p.style and p.style.name == "Title")
    told = plausible_metadata(
        {"title": next(titles, "") or properties.title or first_heading(story)}
    )
    _leave_out_margins(document, left_out)
    notes = [*_not_read(document), *left_out.notes()]
    return contents_of(parts, {**told, **known}, notes, properties.language[:2].lower())


def _open(data: bytes, source: str) -> Document:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_size(archive, source)
        return docx.Document(io.BytesIO(data))
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
    ) as error:
        why = " ".join(str(error).split())
        raise CitadelError(
            f"{source} can't be opened as a Word document ({why}); save it again as .docx."
        ) from error


def _styles(document: Document) -> dict[str, Style]:
    return read_styles(document.part._styles_part.element)


def _related(document: Document) -> Iterator[tuple[str, etree._Element]]:
    """Yield the kinds and the contents of the XML that belongs to a document."""
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if relation.is_external or kind not in ("footnotes", "endnotes", "header", "footer"):
            continue
        part = relation.target_part
        root = getattr(part, "element", None)
        if root is None:
            try:
                root = parse_xml(part.blob)
            except etree.XMLSyntaxError:
                continue
        yield kind, root


def _notes(document: Document, walk: WordWalk) -> list[Part]:
    """Read the footnotes and endnotes that the text refers to, under a heading at its end."""
    parts: list[Part] = []
    stories = dict(_related(document))
    for kind, heading in _NOTES.items():
        story = stories.get(f"{kind}s")
        if story is None:
            continue
        by_number = {note.get(f"{W}id", ""): note for note in story.iter(f"{W}{kind}")}
        texts = [
            walk.line(by_number[number])
            for each, number in list(walk.notes)
            if each == kind and number in by_number
        ]
        parts += notes_under(heading, texts, walk.left_out)
    return parts


def _leave_out_margins(document: Document, left_out: LeftOut) -> None:
    """Name what stands in the heads and feet of the pages."""
    for kind, root in _related(document):
        if kind in ("header", "footer"):
            name = "head" if kind == "header" else "foot"
            walk = WordWalk(_styles(document), LeftOut())
            left_out.add(f"{name} of the pages left out", walk.line(root))


def _not_read(document: Document) -> Iterable[str]:
    """Report what the document has besides its text."""
    kinds = (relation.reltype.rpartition("/")[2] for relation in document.part.rels.values())
    return dict.fromkeys(_NOT_READ[kind] for kind in kinds if kind in _NOT_READ)
