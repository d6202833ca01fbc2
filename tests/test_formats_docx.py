import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as Word
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as OpcPart
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


def with_body(data: bytes, body: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(file, "w") as spoilt:
        for name in archive.namelist():
            is_body = name == "word/document.xml"
            spoilt.writestr(name, body if is_body else archive.read(name))
    return file.getvalue()


def no_xml(data: bytes) -> tuple[bytes, str]:
    return with_body(data, "<a>"), "can't be opened as a Word document (Premature end of data"


def wide(data: bytes) -> tuple[bytes, str]:
    # What the library says of it has two lines; a message has one.
    why = "Resource limit exceeded: Buffer size limit exceeded, try XML_PARSE_HUGE , line 1, column"
    return with_body(data, 11_000_000 * " "), f"can't be opened as a Word document ({why}"


def entities(data: bytes) -> tuple[bytes, str]:
    grown = "".join(f'<!ENTITY a{n} "{12 * f"&a{n - 1};"}">' for n in range(1, 10))
    body = f'<!DOCTYPE a [<!ENTITY a0 "aaaaaaaaaa">{grown}]><a>&a9;</a>'
    return with_body(data, body), "can't be opened as a Word document (Maximum entity"


@pytest.mark.parametrize("spoil", [broken, cut, another_archive, a_bomb, no_xml, entities, wide])
def test_what_is_no_document(word: Word, spoil: Callable[[bytes], tuple[bytes, str]]) -> None:
    data, message = spoil(saved(word))
    with pytest.raises(CitadelError) as caught:
        read_docx(data, "ferry.docx", {})
    assert str(caught.value).startswith(f"ferry.docx {message}")


def put(document: Word, *pieces: str) -> None:
    """Put XML before the properties of the document's last section."""
    for piece in pieces:
        document.element.body.sectPr.addprevious(parse_xml(piece.replace(" >", f" {NAMES}>", 1)))


NAMES = nsdecls("w", "wp", "a", "r") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


THREE_WIDE = "<w:gridSpan w:val='3'/>"
BEGUN = "<w:vMerge w:val='restart'/>"
RAISED = "<w:vertAlign w:val='superscript'/>"


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(text: str, looks: str = "") -> str:
    return f"<w:tc><w:tcPr>{looks}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


@pytest.mark.parametrize(
    ("xml", "expected", "notes"),
    [
        (
            f"<w:sdt ><w:sdtContent><w:p>{run('Rana signed.')}</w:p></w:sdtContent></w:sdt>",
            ["Rana signed."],
            (),
        ),
        (
            f"<w:p ><w:moveFrom w:id='1' w:author='a'>{run('Here. ')}</w:moveFrom>{run('Then. ')}"
            f"<w:moveTo w:id='2' w:author='a'>{run('Here.')}</w:moveTo></w:p>",
            ["Then. Here."],
            (),
        ),
        (
            f"<w:p >{run('It killed 12')}{run('3', RAISED)}{run(' people on the 4')}"
            f"{run('th', RAISED)}</w:p>",
            ["It killed 12[3] people on the 4th"],
            ("raised text set apart: “12[3]”",),
        ),
        (
            f"<w:p >{run('It is old.')}{run(' He resigned.', '<w:vanish/>')}</w:p>",
            ["It is old."],
            ("hidden text left out: “He resigned.”",),
        ),
        (
            f"<w:p >{run('It has ')}{run('five', '<w:strike/>')}{run(' four pillars.')}</w:p>",
            ["It has four pillars."],
            ("struck text left out: “five”",),
        ),
        (
            f"<w:p ><w:del w:id='1' w:author='a'><w:r><w:delText>Never. </w:delText></w:r></w:del>"
            f"{run('Always.')}</w:p>",
            ["Always."],
            ("tracked deletions left out: “Never.”",),
        ),
        (
            f"<w:p ><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
            f"<w:txbxContent><w:p>{run('In a box.')}</w:p></w:txbxContent></wps:txbx></w:drawing>"
            f"</mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p>{run('In a box.')}</w:p>"
            f"</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>{run('Beside.')}"
            "</w:p>",
            ["Beside.", "In a box."],
            (),
        ),
        (
            f"<w:tbl ><w:tr>{cell('District')}{cell('Houses')}{cell('Shops')}</w:tr><w:tr>"
            f"{cell('Marjeh')}<w:sdt><w:sdtContent>{cell('120')}</w:sdtContent></w:sdt>{cell('14')}"
            f"</w:tr><w:tr>{cell('All were checked.', THREE_WIDE)}</w:tr>"
            "</w:tbl>",
            [
                "| District | Houses | Shops |\n| Marjeh | Houses: 120 | Shops: 14 |\n"
                "| All were checked. |"
            ],
            (),
        ),
        (
            f"<w:tbl ><w:tr>{cell('Clinic', BEGUN)}{cell('A')}"
            f"</w:tr><w:tr>{cell('', '<w:vMerge/>')}{cell('B')}</w:tr></w:tbl>",
            ["| Clinic | A |\n| Clinic | B |"],
            (),
        ),
        (
            f"<w:tbl ><w:tr><w:tc><w:p>{run('Staff')}</w:p><w:tbl><w:tr>{cell('Nurse')}"
            f"{cell('Omar Zein')}</w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
            ["Staff", "| Nurse | Omar Zein |"],
            (),
        ),
    ],
    ids=[
        "content control",
        "move",
        "raised",
        "hidden",
        "struck",
        "deleted",
        "text box",
        "cells",
        "merged down",
        "nested table",
    ],
)
def test_what_word_shows_is_read(
    word: Word, xml: str, expected: list[str], notes: tuple[str, ...]
) -> None:
    put(word, xml)
    document = read(word)
    assert [text for _, text in blocks(document)] == expected
    assert document.notes == notes


def test_heads_and_feet_are_named(word: Word) -> None:
    word.add_paragraph("The ferry crosses.")
    word.sections[0].header.paragraphs[0].text = "Ref. No. 44/2018"
    word.sections[0].footer.paragraphs[0].text = "Secret"
    assert read(word).notes == (
        "head of the pages left out: “Ref. No. 44/2018”",
        "foot of the pages left out: “Secret”",
    )


def test_footnotes_are_read_at_the_end(word: Word) -> None:
    paragraph = word.add_paragraph("It killed 12")
    paragraph._p.append(parse_xml(f"<w:r {NAMES}><w:footnoteReference w:id='2'/></w:r>"))
    paragraph.add_run(" people.")
    notes = (
        f"<w:footnotes {NAMES}><w:footnote w:id='0'><w:p/></w:footnote>"
        f"<w:footnote w:id='2'><w:p>{run(' As the office told.')}</w:p></w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = OpcPart(PackURI("/word/footnotes.xml"), kind, notes.encode(), word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document = read(word)
    assert blocks(document) == [
        ("p", "It killed 12 people."),
        ("h", "Footnotes"),
        ("p", "As the office told."),
    ]
    assert document.notes == ("the marks of notes left out, the notes put at the end: “Footnotes”",)
