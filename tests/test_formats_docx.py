import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from citadel.index.corpus.formats.document import Document, FileContents
from citadel.index.corpus.formats.docx import read_docx
from citadel.index.corpus.layout import BlockKind
from citadel.index.errors import CitadelError


def saved(document: Word) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def read(document: Word) -> Document:
    contents: FileContents = read_docx(saved(document), "ferry.docx", {})
    [found] = contents.documents
    return found


def blocks(document: Document) -> list[tuple[str, str]]:
    kinds = {BlockKind.HEADING: "h", BlockKind.PARAGRAPH: "p"}
    return [(kinds[b.kind], b.span.of(document.text)) for b in document.layout.blocks]


@pytest.fixture
def word() -> Word:
    document = docx.Document()
    document.core_properties.title = ""
    return document


def test_headings_paragraphs_lists_and_tables(word: Word) -> None:
    word.add_heading("The Ferry", 0)
    word.add_paragraph("It crosses\u00a0the river.")
    word.add_heading("Why", 2)
    paragraph = word.add_paragraph("Because ")
    paragraph.add_run("of").bold = True
    paragraph.add_run(" the\tflood.")
    for item in ("a boat", "a raft"):
        word.add_paragraph(item, style="List Bullet")
    word.add_paragraph("")
    table = word.add_table(2, 2)
    for cell, text in zip(table._cells, ("Year", "Trips", "1999", "12"), strict=True):
        cell.text = text
    word.add_paragraph("a last one", style="List Number")
    document = read(word)
    assert blocks(document) == [
        ("p", "It crosses the river."),
        ("h", "Why"),
        ("p", "Because of the flood."),
        ("p", "- a boat\n- a raft"),
        ("p", "| Year | Trips |\n| 1999 | 12 |"),
        ("p", "- a last one"),
    ]
    assert document.layout.metadata == {"title": "The Ferry", "language": "en"}
    assert document.notes == ()


def test_tracked_changes_are_read_as_changed(word: Word) -> None:
    paragraph = word.add_paragraph("The ferry ")
    for xml in (
        '<w:del {} w:id="1" w:author="a"><w:r><w:delText>sinks</w:delText></w:r></w:del>',
        '<w:ins {} w:id="2" w:author="a"><w:r><w:t>crosses</w:t></w:r></w:ins>',
    ):
        paragraph._p.append(parse_xml(xml.format(nsdecls("w"))))
    assert blocks(read(word)) == [("p", "The ferry crosses")]


def test_what_is_not_read_is_told(word: Word) -> None:
    word.add_paragraph("The ferry crosses.")
    word.add_comment(word.paragraphs[0].runs, text="Does it?")
    assert read(word).notes == ("comments are not read",)


def broken(_: bytes) -> tuple[bytes, str]:
    return b"PK\x03\x04", "can't be opened as a Word document (File is not a zip file); save it"


def cut(data: bytes) -> tuple[bytes, str]:
    return data[:4000], "can't be opened as a Word document (File is not a zip file); save it"


def another_archive(_: bytes) -> tuple[bytes, str]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "text")
    return file.getvalue(), "can't be opened as a Word document ("


def a_bomb(data: bytes) -> tuple[bytes, str]:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.bin", bytes(310_000_000))
    return file.getvalue(), "unpacks to 311 MB, and 300 MB are read at most; save it"


@pytest.mark.parametrize("spoil", [broken, cut, another_archive, a_bomb])
def test_what_is_no_document(word: Word, spoil: Callable[[bytes], tuple[bytes, str]]) -> None:
    data, message = spoil(saved(word))
    with pytest.raises(CitadelError) as caught:
        read_docx(data, "ferry.docx", {})
    assert str(caught.value).startswith(f"ferry.docx {message}")
