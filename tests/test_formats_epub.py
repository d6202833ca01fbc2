import pytest

from citadel.index.errors import CitadelError
from tests.formats import blocks, read, zipped

PROSE = "The ferry crosses the river every half hour, from seven in the morning."
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
METADATA = (
    "<dc:title>The Ferry</dc:title><dc:creator>Rana Özil</dc:creator><dc:creator>Omar</dc:creator>"
    "<dc:publisher>The Herald</dc:publisher><dc:date>2016-12-05T00:00:00Z</dc:date>"
    "<dc:language>en-GB</dc:language><dc:source>https://ferry.example/1</dc:source>"
)


def chapter(body: str, head: str = "<title/><script src='a.js'/>") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head><body>{body}</body></html>'
    )


def book(*chapters: str, metadata: str = METADATA, spine: str = "", **more: str | bytes) -> bytes:
    names = [f"c{n}.xhtml" for n in range(1, len(chapters) + 1)]
    items = "".join(
        f'<item id="{name}" href="text/{name}" media-type="application/xhtml+xml"/>'
        for name in names
    )
    order = spine or "".join(f'<itemref idref="{name}"/>' for name in names)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}"
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        f"</manifest><spine>{order}</spine></package>"
    )
    texts = {f"OEBPS/text/{name}": text for name, text in zip(names, chapters, strict=True)}
    return zipped({"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package, **texts, **more})


def test_chapters_are_read_in_their_order_with_what_the_book_says() -> None:
    data = book(
        chapter(f'<section><h1>Why</h1><a id="p1"/><p>{PROSE}</p></section>'),
        chapter(f"<h1>How</h1><aside><p>{PROSE} It drifts.</p></aside><ul><li>a boat</li></ul>"),
        spine='<itemref idref="c2.xhtml"/><itemref idref="c1.xhtml"/>',
    )
    document = read(data, "ferry.epub")
    assert document.text == (
        "title: The Ferry\nauthor: Rana Özil, Omar\npublisher: The Herald\ndate: 2016-12-05\n"
        "language: en\nurl: https://ferry.example/1\n\n"
        f"How\n\n{PROSE} It drifts.\n\n- a boat\n\nWhy\n\n{PROSE}\n"
    )
    assert document.notes == ()


NAV = chapter(
    '<nav><ol><li><a href="text/c1.xhtml">The <i>Flood</i></a></li>'
    '<li><a href="text/c2.xhtml#a">A part</a></li></ol></nav>'
)
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>The Flood'
    '</text></navLabel><content src="text/c1.xhtml"/></navPoint></navMap></ncx>'
)


@pytest.mark.parametrize("contents", [{"OEBPS/nav.xhtml": NAV}, {"OEBPS/toc.ncx": NCX}])
def test_a_chapter_without_a_heading_has_that_of_the_contents(contents: dict[str, str]) -> None:
    spine = '<itemref idref="nav"/><itemref idref="c1.xhtml"/><itemref idref="c2.xhtml"/>'
    data = book(chapter(f"<p>{PROSE}</p>"), chapter("<p>No more.</p>"), spine=spine, **contents)
    document = read(data, "ferry.epub")
    assert blocks(document) == [("h", "The Flood"), ("p", PROSE), ("p", "No more.")]


def test_what_stands_outside_the_text_comes_last_and_what_is_missing_is_reported() -> None:
    data = book(
        chapter("<p>Notes.</p>"),
        chapter(f"<p>{PROSE} <sup>1</sup></p><p hidden='hidden'>x</p><p><![CDATA[a < b]]></p>"),
        chapter("<p>Gone.</p>"),
        spine='<itemref idref="c1.xhtml" linear="no"/><itemref idref="c2.xhtml"/>'
        '<itemref idref="nav"/><itemref idref="c9.xhtml"/>',
    )
    document = read(data, "ferry.epub")
    assert blocks(document) == [("p", f"{PROSE} [1]"), ("p", "a < b"), ("p", "Notes.")]
    assert document.notes == (
        "raised text set apart: “morning.[1]”",
        "hidden text left out: “x”",
        "chapters that are missing in the file: “OEBPS/nav.xhtml”",
    )


CSS = ".a { top: -0.33em; position: relative } .b { text-decoration: line-through } /* < & */"


def test_styles_stand_in_a_file_of_their_own() -> None:
    text = "<p>It covers 30 km<span class='a'>2</span>.<span class='b'> No.</span> Yes.</p>"
    head = "<link rel='stylesheet' href='../a%20b.css'/><link href='../../../c.css'/>"
    document = read(book(chapter(text, head), **{"OEBPS/a b.css": CSS}), "a.epub")
    assert blocks(document) == [("p", "It covers 30 km². Yes.")]
    assert document.notes == ("struck text left out: “No.”",)


def locked(name: str) -> dict[str, str]:
    return {
        "META-INF/encryption.xml": "<encryption><EncryptedData><CipherData>"
        f'<CipherReference URI="{name}"/></CipherData></EncryptedData></encryption>'
    }


def test_fonts_may_be_locked_but_no_chapter() -> None:
    text = chapter(f"<p>{PROSE}</p>")
    assert blocks(read(book(text, **locked("OEBPS/a.otf")), "a.epub")) == [("p", PROSE)]
    with pytest.raises(CitadelError) as caught:
        read(book(text, **locked("OEBPS/text/c1.xhtml")), "a.epub")
    assert str(caught.value) == (
        "a.epub is protected against copying (DRM); take a copy without protection."
    )


def leading(path: str) -> bytes:
    """A book whose only chapter is outside its archive."""
    return zipped(
        {
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": f"<package><item id='a' href='{path}' "
            "media-type='text/html'/><itemref idref='a'/></package>",
        }
    )


NO_BOOK = "can't be opened as an EPUB (it does not say what it is made of); save it again."
NO_CHAPTER = "can't be opened as an EPUB (it has no chapter with text); save it again."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "can't be opened as an EPUB (File is not a zip file); save it again."),
        (zipped({"mimetype": "application/epub+zip"}), NO_BOOK),
        (zipped({"META-INF/container.xml": "<a full-path='../../etc/passwd'/>"}), NO_BOOK),
        (leading("../../../../etc/hostname"), NO_CHAPTER),
        (leading("/etc/hostname"), NO_CHAPTER),
        (leading("file:///etc/hostname"), NO_CHAPTER),
        (book(chapter("<p> </p>")), NO_CHAPTER),
        (book(chapter("")), NO_CHAPTER),
    ],
)
def test_what_is_no_book(data: bytes, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read(data, "a.epub")
    assert str(caught.value) == f"a.epub {message}"
