"""Writes known texts as office documents and books, which are archives of XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html import escape

from citadel.evaluation.benchmarks.files.text_writers import html_body, plain
from citadel.evaluation.benchmarks.files.truth import NOTE, Look, Piece, TrueBlock, Truth

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _zipped(files: Mapping[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


def _relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _types(**parts: str) -> str:
    found = "".join(
        f'<Override PartName="/{name.replace("__", "/")}.xml" ContentType="application/vnd.'
        f'openxmlformats-officedocument.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{found}</Types>'
    )


_WORD_LOOKS = {
    Look.BOLD: "<w:b/>",
    Look.MARK: '<w:rStyle w:val="FootnoteReference"/>',
    Look.POWER: '<w:vertAlign w:val="superscript"/>',
    Look.STRUCK: "<w:strike/>",
    Look.HIDDEN: "<w:vanish/>",
}


def word(truth: Truth) -> bytes:
    """A document as Word writes it, with a footnote for each mark, a run for each word."""
    return _word(truth, split=True)


def word_of_whole_runs(truth: Truth) -> bytes:
    """A document as other programs write it: a run for each piece."""
    return _word(truth, split=False)


def _word(truth: Truth, *, split: bool) -> bytes:
    notes: list[str] = []
    body = "".join(_word_block(block, notes, split=split) for block in truth.blocks)
    if truth.table is not None:
        rows = "".join(
            "<w:tr>" + "".join(f"<w:tc><w:p>{_run(cell)}</w:p></w:tc>" for cell in row) + "</w:tr>"
            for row in (truth.table.headings, *truth.table.rows)
        )
        body += f"<w:tbl>{rows}</w:tbl>"
    names = f'xmlns:w="{_WORD}"'
    footnotes = "".join(
        f'<w:footnote w:id="{n}"><w:p>{_run(note)}</w:p></w:footnote>'
        for n, note in enumerate(notes, start=1)
    )
    style = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    return _zipped(
        {
            "[Content_Types].xml": _types(
                word__document="wordprocessingml.document.main",
                word__styles="wordprocessingml.styles",
                word__footnotes="wordprocessingml.footnotes",
            ),
            "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
            "word/_rels/document.xml.rels": _relations(
                ("styles", "styles.xml"), ("footnotes", "footnotes.xml")
            ),
            "word/document.xml": f"{_XML}<w:document {names}><w:body>{body}<w:sectPr/></w:body>"
            "</w:document>",
            "word/styles.xml": f"{_XML}<w:styles {names}>{style}</w:styles>",
            "word/footnotes.xml": f"{_XML}<w:footnotes {names}>{footnotes}</w:footnotes>",
        }
    )


def _word_block(block: TrueBlock, notes: list[str], *, split: bool) -> str:
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if block.heading else ""
    runs: list[str] = []
    for number, sentence in enumerate(block.sentences):
        runs += [_run(" ")] if number else []
        for piece in sentence.pieces:
            if piece.look is Look.MARK:
                notes.append(NOTE)
                mark = f'<w:footnoteReference w:id="{len(notes)}"/>'
                runs.append(f"<w:r><w:rPr>{_WORD_LOOKS[piece.look]}</w:rPr>{mark}</w:r>")
            else:
                pieces = piece.text.split(" ") if split else [piece.text]
                runs += [
                    _run(f"{' ' if n else ''}{text}", _WORD_LOOKS.get(piece.look, ""))
                    for n, text in enumerate(pieces)
                ]
    return f"<w:p>{style}{''.join(runs)}</w:p>"


def _run(text: str, looks: str = "") -> str:
    return (
        f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">'
        f"{escape(text, quote=False)}</w:t></w:r>"
    )


def open_document(truth: Truth) -> bytes:
    """A text as LibreOffice writes it."""
    names = " ".join(
        f'xmlns:{name}="{_OPEN}:{name}:1.0"' for name in ("office", "style", "text", "table")
    )
    looks = {
        Look.BOLD: 'fo:font-weight="bold"',
        Look.POWER: 'style:text-position="super 58%"',
        Look.STRUCK: 'style:text-line-through-style="solid"',
        Look.HIDDEN: 'text:display="none"',
    }
    styles = "".join(
        f'<style:style style:name="{look.name}" style:family="text"><style:text-properties '
        f"{properties}/></style:style>"
        for look, properties in looks.items()
    )
    body = "".join(map(_open_block, truth.blocks))
    if truth.table is not None:
        rows = "".join(
            "<table:table-row>"
            + "".join(
                f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>"
                for cell in row
            )
            + "</table:table-row>"
            for row in (truth.table.headings, *truth.table.rows)
        )
        body += f"<table:table>{rows}</table:table>"
    return _zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'{_XML}<office:document-content {names} xmlns:fo="{_OPEN}:'
            f'xsl-fo-compatible:1.0"><office:automatic-styles>{styles}</office:automatic-styles>'
            f"<office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        }
    )


def _open_block(block: TrueBlock) -> str:
    if block.heading:
        return f"<text:h text:outline-level='1'>{escape(plain(block))}</text:h>"
    sentences = ("".join(map(_open_piece, each.pieces)) for each in block.sentences)
    return f"<text:p>{' '.join(sentences)}</text:p>"


def _open_piece(piece: Piece) -> str:
    if piece.look is Look.MARK:
        return (
            f"<text:note text:note-class='footnote'><text:note-citation>{piece.text}"
            f"</text:note-citation><text:note-body><text:p>{NOTE}</text:p>"
            "</text:note-body></text:note>"
        )
    text = escape(piece.text)
    if piece.look is Look.PLAIN:
        return text
    return f"<text:span text:style-name='{piece.look.name}'>{text}</text:span>"


def book(truth: Truth) -> bytes:
    """A book of EPUB 3, a chapter for each half of the text."""
    half = len(truth.blocks) // 2
    chapters = {"c1.xhtml": truth.blocks[:half], "c2.xhtml": truth.blocks[half:]}
    items = "".join(
        f"<item id='{name}' href='{name}' media-type='application/xhtml+xml'/>" for name in chapters
    )
    order = "".join(f"<itemref idref='{name}'/>" for name in chapters)
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:"
        "container'><rootfiles><rootfile full-path='OPS/a.opf'/></rootfiles></container>",
        "OPS/a.opf": "<package xmlns='http://www.idpf.org/2007/opf'><metadata "
        f"xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>{escape(truth.title)}</dc:title>"
        f"</metadata><manifest>{items}</manifest><spine>{order}</spine></package>",
    }
    for name, blocks in chapters.items():
        table = truth.table if name == "c2.xhtml" else None
        part = Truth(truth.title, truth.author, truth.date, blocks, table)
        files[f"OPS/{name}"] = (
            f"{_XML}<html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head><body>"
            f"<a id='p1'/>{html_body(part)}</body></html>"
        )
    return _zipped(files)


def workbook(truth: Truth) -> bytes:
    """A workbook with its texts in the cells, as programs other than Excel write it."""
    rows = [truth.table.headings, *truth.table.rows] if truth.table else []
    cells = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
        + "</row>"
        for row in rows
    )
    sheets = f'<sheets><sheet name="Dead" sheetId="1" r:id="rId1" xmlns:r="{_OFFICE}"/></sheets>'
    return _zipped(
        {
            "[Content_Types].xml": _types(
                xl__workbook="spreadsheetml.sheet.main", xl__a="spreadsheetml.worksheet"
            ),
            "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'{_XML}<workbook xmlns="{_SHEET}">{sheets}</workbook>',
            "xl/_rels/workbook.xml.rels": _relations(("worksheet", "a.xml")),
            "xl/a.xml": f'{_XML}<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData>'
            "</worksheet>",
        }
    )
