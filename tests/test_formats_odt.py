import pytest

from citadel.index.errors import CitadelError
from tests.formats import blocks, read, zipped

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
    }.items()
)
STYLES = """
<style:style style:name="up" style:family="text">
  <style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="high" style:family="text" style:parent-style-name="up"/>
<style:style style:name="gone" style:family="text">
  <style:text-properties text:display="none"/></style:style>
<style:style style:name="struck" style:family="text">
  <style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
"""


def document(text: str, styles: str = "", meta: str = "", manifest: str = "<m/>") -> bytes:
    return zipped(
        {
            "content.xml": f"<office:document-content {NAMES}><office:automatic-styles>{STYLES}"
            f"</office:automatic-styles><office:body><office:text>{text}</office:text>"
            "</office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {NAMES}>{styles}</office:document-styles>",
            "meta.xml": f"<office:document-meta {NAMES}>{meta}</office:document-meta>",
            "META-INF/manifest.xml": manifest,
        }
    )


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def span(style: str, text: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


SPACED = "It  crosses<text:s text:c='3'/>the<text:tab/>river."


def test_headings_paragraphs_and_lists() -> None:
    found = read(
        document(
            '<text:p text:style-name="P1">The Ferry</text:p>'
            f"{p(SPACED)}"
            "<text:h>Why</text:h><text:section>"
            f"{p('Because<text:line-break/>of the flood.')}</text:section>"
            f"<text:list><text:list-item>{p('a boat')}<text:list><text:list-item>{p('of wood')}"
            f"</text:list-item></text:list></text:list-item><text:list-item>{p('a raft')}"
            "</text:list-item></text:list>"
        ),
        "ferry.odt",
    )
    assert found.text == (
        "title: The Ferry\nlanguage: en\n\nThe Ferry\n\nIt crosses the river.\n\nWhy\n\n"
        "Because\nof the flood.\n\n- a boat\n-   of wood\n- a raft\n"
    )
    assert found.notes == ()


@pytest.mark.parametrize(
    ("text", "expected", "notes"),
    [
        (f"12{span('up', '3')} men", "12[3] men", ("raised text set apart: “12[3]”",)),
        (f"30 km{span('high', '2')}", "30 km²", ()),
        (f"It{span('up', '*')} drifts", "It drifts", ("raised marks left out: “*”",)),
        (f"It {span('gone', 'never ')}drifts", "It drifts", ("hidden text left out: “never”",)),
        (f"It {span('struck', 'sinks ')}drifts", "It drifts", ("struck text left out: “sinks”",)),
        (
            f"It {span('struck', span('none', 'sinks '))}drifts",
            "It drifts",
            ("struck text left out: “sinks”",),
        ),
        (
            "It<office:annotation><text:p>Does it?</text:p></office:annotation> drifts",
            "It drifts",
            ("comments are not read",),
        ),
        (
            "<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text>"
            "</text:ruby>字",
            "漢字",
            (),
        ),
        ("a<!-- b -->c <text:a>d</text:a>", "ac d", ()),
    ],
)
def test_what_is_not_plain_text(text: str, expected: str, notes: tuple[str, ...]) -> None:
    found = read(document(p(text)), "a.odt")
    assert blocks(found) == [("p", expected)]
    assert found.notes == notes


def test_notes_stand_at_the_end() -> None:
    note = (
        '<text:note text:note-class="{}"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>{}</text:p></text:note-body></text:note>"
    )
    found = read(
        document(p(f"12{note.format('footnote', 'By HRW.')} men{note.format('endnote', 'End.')}")),
        "a.odt",
    )
    assert blocks(found) == [
        ("p", "12 men"),
        ("h", "Footnotes"),
        ("p", "By HRW."),
        ("h", "Endnotes"),
        ("p", "End."),
    ]
    assert found.notes == (
        "the marks of notes left out, the notes put at the end: “Footnotes”, “Endnotes”",
    )


def cell(text: str, looks: str = "") -> str:
    return f"<table:table-cell {looks}>{p(text)}</table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


ROWS_SPANNED = 'table:number-rows-spanned="2"'
COLUMNS_SPANNED = 'table:number-columns-spanned="2"'
COLUMNS_REPEATED = 'table:number-columns-repeated="2"'
COVERED = "<table:covered-table-cell/>"


def test_tables() -> None:
    found = read(
        document(
            "<table:table><table:table-header-rows>"
            f"{row(cell('Town'), cell('Dead'), cell('Hurt'))}</table:table-header-rows>"
            f"{row(cell('Homs', ROWS_SPANNED), cell('4'), cell('5'))}"
            f"{row(COVERED, cell('6', COLUMNS_REPEATED))}"
            f"{row(cell('Both', COLUMNS_SPANNED), COVERED, cell('7'))}"
            "</table:table>"
            f"<table:table>{row(cell('A frame.'))}</table:table>"
        ),
        "a.odt",
    )
    assert blocks(found) == [
        (
            "p",
            "| Town | Dead | Hurt |\n| Homs | Dead: 4 | Hurt: 5 |\n| Homs | Dead: 6 | Hurt: 6 |\n"
            "| Both | Hurt: 7 |",
        ),
        ("p", "A frame."),
    ]


BOXED = (
    "It <draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame>"
    "drifts<draw:frame><draw:object/></draw:frame>."
)


def test_what_is_left_out_is_told() -> None:
    found = read(
        document(
            "<text:tracked-changes><text:changed-region><text:deletion>"
            f"{p('It sinks.')}</text:deletion></text:changed-region></text:tracked-changes>"
            "<text:table-of-content><text:index-body><text:p>Why 1</text:p></text:index-body>"
            "</text:table-of-content>"
            f'<text:section text:display="none">{p("Secret.")}</text:section>'
            f"{p(BOXED)}",
            styles="<style:master-page><style:header><text:p>The Herald</text:p></style:header>"
            "</style:master-page>",
        ),
        "a.odt",
    )
    assert blocks(found) == [("p", "It drifts."), ("p", "In a box.")]
    assert found.notes == (
        "tracked deletions left out: “It sinks.”",
        "table of contents left out: “Why 1”",
        "hidden text left out: “Secret.”",
        "head of the pages left out: “The Herald”",
        "an object such as a chart or a formula is not read",
    )


def test_the_title_that_is_stated() -> None:
    meta = '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">The Ferry</dc:title>'
    found = read(document(p("It drifts."), meta=meta), "a.odt")
    assert found.layout.metadata == {"title": "The Ferry", "language": "en"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "can't be opened as an OpenDocument text (File is not a zip file); save it again."),
        (
            zipped({"content.xml": "<a/>"}),
            "can't be opened as an OpenDocument text (it holds no text document); save it again.",
        ),
        (
            document("", manifest="<manifest:encryption-data/>"),
            "is locked with a password; save it without one.",
        ),
        (
            zipped({"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "can't be opened as an OpenDocument text (content.xml declares entities, which are not "
            "read); save it again.",
        ),
    ],
)
def test_what_is_no_document(data: bytes, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read(data, "a.odt")
    assert str(caught.value) == f"a.odt {message}"
