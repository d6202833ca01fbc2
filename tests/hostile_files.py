"""Files that nobody should be able to harm a build with: broken, huge, deep, disguised."""

import io
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
from fpdf import FPDF

from tests.hostile_mails import hostile_mails, mail

PROSE = (
    "The ferry crosses the river every half hour, from seven in the morning, and it takes "
    "ten minutes to reach the other side. "
)
ARABIC = "تعبر العبّارة النهر كل نصف ساعة ابتداء من السابعة صباحا حتى حلول المساء. "

FORMATS = (
    "md", "txt", "html", "pdf", "docx", "jsonl",
    "csv", "xlsx", "srt", "vtt", "eml", "msg", "mhtml", "epub", "odt", "rtf",
)  # fmt: skip
GOOD = tuple(f"good.{suffix}" for suffix in FORMATS)


def write_good_files(folder: Path) -> None:
    """One file of each format, to be read among whatever the others are."""
    for name in GOOD:
        (folder / name).write_bytes(whole(name.rpartition(".")[2], name))


def write_hostile_files(folder: Path, mutations: int) -> None:
    """Files made by hand, and so many spoilt copies of a good file of each format."""
    for name, data in [*_broken(), *_disguised(), *_too_much(), *hostile_mails()]:
        (folder / name).write_bytes(data)
    _write_what_is_no_file(folder)
    for suffix in FORMATS:
        data = whole(suffix, "spoilt")
        for seed in range(mutations):
            (folder / f"spoilt-{seed}.{suffix}").write_bytes(_spoilt(data, random.Random(seed)))


def write_costly_files(folder: Path) -> None:
    """Files that take a reader to its limits, and so take their time."""
    for name, data in _costly():
        (folder / name).write_bytes(data)


def whole(suffix: str, about: str) -> bytes:
    """A good file of a format, whose words no other one has."""
    title, text = f"About {about}", f"{PROSE}This is told about {about}."
    page = (
        f"<html><head><title>{title}</title></head><body><nav>Home</nav><article>"
        f"<h1>{title}</h1><p>{text}</p><p>{PROSE} Again.</p></article></body></html>"
    )
    said = f"00:00:01.000 --> 00:00:09.000\n{text}\n"
    written = {
        "csv": f"Place,Told\n{title},{text}\n",
        "eml": f"Subject: {title}\n\n{text}\n",
        "html": page,
        "jsonl": f'{{"_id": "1", "title": "{title}", "text": "{text}"}}\n',
        "md": f"---\ntitle: {title}\n---\n\n{text}\n\n| a | b |\n|---|---|\n| c | d |\n",
        "mhtml": f"Content-Type: text/html; charset=utf-8\n\n{page}",
        "rtf": f"{{\\rtf1\\ansi\\pard {title}\\par {text}\\par}}",
        "srt": said,
        "txt": f"{title}\n\n{text}\n",
        "vtt": f"WEBVTT\n\n{said}",
    }
    if suffix in written:
        return written[suffix].encode()
    if suffix == "msg":
        return mail(title, text)
    if suffix == "pdf":
        return _pdf(text)
    return _docx(title, text) if suffix == "docx" else _archive(_office(suffix, text))


def _pdf(text: str) -> bytes:
    pdf = FPDF()
    pdf.set_font("Helvetica", "", 12)
    pdf.add_page()
    pdf.multi_cell(0, 6, f"{text}\n\n{PROSE} Again.")
    return bytes(pdf.output())


def _docx(title: str, text: str) -> bytes:
    file = io.BytesIO()
    document = docx.Document()
    document.add_heading(title, 0)
    document.add_paragraph(text)
    document.save(file)
    return file.getvalue()


def _office(suffix: str, text: str) -> dict[str, bytes]:
    """The files of the smallest archive of a format that holds a text."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    relations = (
        '<Relationships><Relationship Id="r1" Target="{}" Type="x/{}"/></Relationships>'.format
    )
    files = {
        "odt": {
            "content.xml": f'<a xmlns:o="{names}office:1.0" xmlns:t="{names}text:1.0"><o:body>'
            f"<o:text><t:p>{text}</t:p></o:text></o:body></a>"
        },
        "epub": {
            "META-INF/container.xml": '<container><rootfile full-path="a.opf"/></container>',
            "a.opf": '<package><item id="c" href="c.html" media-type="text/html"/>'
            '<itemref idref="c"/></package>',
            "c.html": f"<p>{text}</p>",
        },
        "xlsx": {
            "_rels/.rels": relations("w.xml", "officeDocument"),
            "w.xml": "<workbook xmlns:r='x'><sheets><sheet name='A' r:id='r1'/></sheets>"
            "</workbook>",
            "_rels/w.xml.rels": relations("s.xml", "worksheet"),
            "s.xml": '<worksheet><sheetData><row><c t="inlineStr"><is><t>'
            f"{text}</t></is></c></row></sheetData></worksheet>",
        },
    }
    return {name: data.encode() for name, data in files[suffix].items()}


def _spoilt(data: bytes, chance: random.Random) -> bytes:
    """The data cut, with bits flipped, with garbage put in, or with pieces repeated."""
    spoilt = bytearray(data)
    place = chance.randrange(len(spoilt))
    match chance.randrange(4):
        case 0:
            return bytes(spoilt[:place])
        case 1:
            for _ in range(chance.randint(1, 30)):
                spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
        case 2:
            spoilt[place:place] = chance.randbytes(chance.randint(1, 200))
        case 3:
            piece = spoilt[place : place + chance.randint(1, 400)]
            spoilt[place:place] = piece * chance.randint(2, 50)
    return bytes(spoilt)


def _broken() -> Iterator[tuple[str, bytes]]:
    for suffix in FORMATS:
        yield f"empty.{suffix}", b""
        yield f"white.{suffix}", b" \n\t\n"
        yield f"nul.{suffix}", bytes(10_000)
        yield f"noise.{suffix}", random.Random(suffix).randbytes(20_000)
        yield f"half.{suffix}", whole(suffix, "half")[: len(whole(suffix, "half")) // 2]
    scan = FPDF()
    scan.add_page()
    scan.rect(10, 10, 50, 50, style="F")
    yield "scan.pdf", bytes(scan.output())
    yield (
        "looped.pdf",
        (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>endobj\n"
            b"trailer<</Root 1 0 R>>\n%%EOF"
        ),
    )
    yield "front.md", b"---\n" + b"a: &a [x]\n" + b"b: [*a, *a]\n" * 1000 + b"---\nText.\n"
    yield "open.md", b"---\ntitle: never closed\n" * 1000
    yield "numbers.jsonl", b'{"_id": 1e999, "text": 7}\n[[[[[[\n"text"\nnull\n'
    yield "deep.jsonl", b'{"a":' * 100_000
    yield "surrogate.jsonl", b'{"_id": "\\ud800", "text": "Half \\udc00 a character."}\n'


def _disguised() -> Iterator[tuple[str, bytes]]:
    yield "controls.txt", f"A title\n\n{PROSE}\x1b[2J\x07 end.\n".encode()
    yield "directions.txt", f"A title\n\n{PROSE}\u202etxet\u202c direction.\n".encode()
    yield "utf16.txt", f"A title\n\n{PROSE} in UTF-16.\n".encode("utf-16")
    yield "arabic.txt", f"عنوان\n\n{ARABIC * 3}\n".encode("cp1256")
    yield "arabic.html", f'<meta charset="utf-8"><p>{ARABIC * 3}</p>'.encode("cp1256")
    yield "damaged.md", f"# A title\n\n{PROSE}é é é".encode() + b"\xff damaged.\n"
    yield "page.pdf", b"<html><body><p>No PDF.</p></body></html>"
    yield "pdf.html", whole("pdf", "pdf.html")
    yield "zip.docx", _archive({"a.txt": b"No document."})
    yield (
        "script.html",
        (
            f"<title><script>alert(1)</script></title><p>{PROSE}<img src=x onerror=alert(1)></p>"
        ).encode(),
    )
    yield (
        "entities.docx",
        _archive(
            {
                "[Content_Types].xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
                + b"".join(
                    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode()
                    for n in range(9)
                )
                + b"]><Types>&j;</Types>"
            }
        ),
    )


def _entities() -> bytes:
    """A document of XML in which a letter stands for a billion others."""
    declared = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return f'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">{declared}]><a>&j;</a>'.encode()


def _too_much() -> Iterator[tuple[str, bytes]]:
    for suffix, part in (("xlsx", "s.xml"), ("epub", "a.opf"), ("odt", "content.xml")):
        files = _office(suffix, PROSE)
        yield f"bomb.{suffix}", _archive({part: bytes(400_000_000)})
        yield f"entities.{suffix}", _archive(files | {part: _entities()})
        yield f"deep.{suffix}", _archive(files | {part: b"<a>" * 100_000})
        yield f"many.{suffix}", _archive({f"{n}.xml": b"" for n in range(20_001)})
        outside = {"../../../../tmp/outside.html": PROSE.encode(), "/etc/passwd": PROSE.encode()}
        yield f"outside.{suffix}", _archive(outside | files)
    out = _office("epub", PROSE)["a.opf"].replace(b"c.html", b"../../../../../../etc/hostname")
    yield "up.epub", _archive(_office("epub", PROSE) | {"a.opf": out})
    yield "cell.csv", b"a,b\n" + b"c" * 200_000 + b",d\n"
    yield "cells.csv", b"," * 1_000_000 + b"\n" + PROSE.encode()
    yield "quote.csv", b'a,b\n"' + PROSE.encode() * 2000
    yield "deep.rtf", b"{\\rtf1" + b"{" * 100_000
    yield "bin.rtf", b"{\\rtf1\\bin9999999999 " + PROSE.encode()
    yield "deep.eml", b"Content-Type: message/rfc822\n\n" * 10_000
    yield "parts.eml", (
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" + PROSE.encode()
        + b"\n--a\nContent-Type: application/pdf\n\na" * 20_000
    )  # fmt: skip
    yield "times.srt", b"00:00:01,000 --> 00:00:02,000\n\n" * 50_000
    yield "deep.html", b"<div>" * 200_000 + PROSE.encode()
    yield "tables.html", b"<table><tr><td>" * 2000 + PROSE.encode()
    yield "deeper.html", b"<ul><li>" * 3000 + PROSE.encode() * 3
    yield "fonts.html", b"<b><i><font><a>" * 5000 + PROSE.encode()
    yield "attributes.html", b"<p " + b'a="b" ' * 500_000 + b">" + PROSE.encode() + b"</p>"
    yield "deep.md", b"> " * 5000 + b"text\n"
    yield "stars.md", b"*" * 100_000 + b"a" + b"_" * 100_000
    yield "brackets.md", b"[" * 50_000 + b"](" * 50_000
    yield "bomb.docx", _archive({"[Content_Types].xml": bytes(400_000_000)})


def _costly() -> Iterator[tuple[str, bytes]]:
    yield "unclosed.html", b"<" * 1_000_000
    yield "words.txt", b"A title\n\n" + b"word " * 1_100_000
    yield "line.txt", b"A title\n\n" + b"a" * 3_000_000
    yield "lines.txt", b"a\n\n" * 500_000
    yield "bombs.docx", _with(whole("docx", "bombs"), "word/document.xml", b"<a>" * 80_000_000)
    yield "wide.docx", _with(whole("docx", "wide"), "word/document.xml", b" " * 290_000_000)
    yield "full.jsonl", b'{"_id": "1", "text": "' + b"word " * 9_000_000 + b'"}\n'


def _with(archive: bytes, name: str, data: bytes) -> bytes:
    """A copy of an archive in which one file has other contents."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return _archive({each: old.read(each) for each in old.namelist()} | {name: data})


def _archive(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def _write_what_is_no_file(folder: Path) -> None:
    (folder / "out.md").symlink_to("/etc/hostname")
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "up.html").symlink_to("../../../../etc/passwd")
    (folder / "everything").symlink_to("/")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "folder.pdf").mkdir()
    os.mkfifo(folder / "pipe.md")
    os.mkfifo(folder / "pipe.pdf")
    for name in ("large.txt", "large.pdf", "large.html"):
        with (folder / name).open("wb") as file:
            file.truncate(50_000_001)
    (folder / "name\u202egpj.md").write_bytes(PROSE.encode())
    Path(os.fsdecode(os.fsencode(folder) + b"/name\xff.md")).write_bytes(PROSE.encode())
