"""Writes known texts in formats that are text themselves, as several programs write them."""

from __future__ import annotations

import csv
import io
import json
import quopri
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from html import escape
from textwrap import wrap

from citadel.evaluation.benchmarks.files.compound_files import Folder, compound, fixed, prop
from citadel.evaluation.benchmarks.files.compound_files import text as text_property
from citadel.evaluation.benchmarks.files.truth import NOTE, Look, Piece, TrueBlock, Truth

_WRAPPED = 72


def plain(block: TrueBlock) -> str:
    """Return a block without looks."""
    return " ".join("".join(p.text for p in each.pieces) for each in block.sentences)


def markdown(truth: Truth) -> bytes:
    """Markdown with front matter, a paragraph a line."""
    return f"---\ntitle: {json.dumps(truth.title)}\n---\n\n{_marked(truth, str)}".encode()


def wrapped_markdown(truth: Truth) -> bytes:
    """Markdown without front matter, hard-wrapped."""
    return f"# {truth.title}\n\n{_marked(truth, _fill)}".encode()


def _fill(text: str) -> str:
    return "\n".join(wrap(text, _WRAPPED, break_long_words=False, break_on_hyphens=False))


def _marked(truth: Truth, shape: Callable[[str], str]) -> str:
    marks = {Look.BOLD: "**{}**", Look.STRUCK: "~~{}~~"}
    pieces = [
        f"## {plain(block)}"
        if block.heading
        else shape(_joined(block, lambda p: marks.get(p.look, "{}").format(p.text)))
        for block in truth.blocks
    ]
    if truth.table is not None:
        rows = [truth.table.headings, tuple("---" for _ in truth.table.headings), *truth.table.rows]
        pieces.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return "\n\n".join(pieces) + "\n"


def _joined(block: TrueBlock, write: Callable[[Piece], str]) -> str:
    return " ".join("".join(map(write, each.pieces)) for each in block.sentences)


def text(truth: Truth) -> bytes:
    """Text with a byte order mark and the line ends of Windows."""
    lines = "\n\n".join([truth.title, *(plain(block) for block in truth.blocks)])
    return b"\xef\xbb\xbf" + f"{lines}\n".replace("\n", "\r\n").encode()


def western_text(truth: Truth) -> bytes:
    """Text in Windows-1252."""
    lines = "\n\n".join([truth.title, *(plain(block) for block in truth.blocks)])
    return f"{lines}\n".encode("cp1252")


def json_lines(truth: Truth) -> bytes:
    """An article a line."""
    text = "\n\n".join(plain(block) for block in truth.blocks)
    return (json.dumps({"_id": "1", "title": truth.title, "text": text}) + "\n").encode()


_TAGS = {
    Look.BOLD: "<b>{}</b>",
    Look.MARK: "<sup><a href='#n'>{}</a></sup>",
    Look.POWER: "<sup>{}</sup>",
    Look.STRUCK: "<s>{}</s>",
    Look.HIDDEN: "<span style='display:none'>{}</span>",
}


def html_body(truth: Truth, tag: str = "p") -> str:
    """Return the blocks of a text as HTML."""
    pieces = [
        f"<h2>{escape(plain(block))}</h2>"
        if block.heading
        else f"<{tag}>{_joined(block, _tagged)}</{tag}>"
        for block in truth.blocks
    ]
    if truth.table is not None:
        heads = "".join(f"<th>{escape(name)}</th>" for name in truth.table.headings)
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>"
            for row in truth.table.rows
        )
        pieces.append(f"<table><tr>{heads}</tr>{rows}</table>")
    return "\n".join(pieces)


def _tagged(piece: Piece) -> str:
    return _TAGS.get(piece.look, "{}").format(escape(piece.text))


_MENU = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "World", "Sport"))
_FOOT = (
    "<footer><p>© All rights reserved. <a href='/s'>Subscribe to our newsletter</a></p></footer>"
)


def page(truth: Truth) -> bytes:
    """A page of a newspaper."""
    title = escape(truth.title)
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title></head>"
        f"<body><header><nav><ul>{_MENU}</ul></nav></header><main><article><h1>{title}</h1>"
        f"{html_body(truth)}</article></main>{_FOOT}</body></html>"
    ).encode()


def page_of_divisions(truth: Truth) -> bytes:
    """A page without any element that says what it is for."""
    title = escape(truth.title)
    return (
        f"<html><head><title>{title}</title><meta charset='utf-8'></head><body><div class='menu'>"
        f"<ul>{_MENU}</ul></div><div class='content'><h1>{title}</h1>{html_body(truth)}</div>"
        f"<div class='footer'>{_FOOT}</div></body></html>"
    ).encode()


def archived_page(truth: Truth) -> bytes:
    """A page as Chromium saves it in one file."""
    body = quopri.encodestring(page(truth)).decode("ascii")
    return (
        "From: <Saved by Blink>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\n\n'
        f"--b\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n{body}\n"
        "--b--\n"
    ).encode()


def plain_mail(truth: Truth) -> bytes:
    """A mail in plain text, hard-wrapped."""
    message = _message(truth)
    message.set_content("\n\n".join(_fill(plain(block)) for block in truth.blocks))
    return bytes(message)


def html_mail(truth: Truth) -> bytes:
    """A mail in plain text and in HTML, with an attachment."""
    message = _message(truth)
    message.set_content("\n\n".join(plain(block) for block in truth.blocks))
    message.add_alternative(f"<html><body>{html_body(truth, 'div')}</body></html>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    return bytes(message)


def _message(truth: Truth) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = truth.title, "Desk <desk@herald.example>"
    return message


def outlook_mail(truth: Truth) -> bytes:
    """A mail in plain text, as Outlook saves it."""
    body = "\r\n\r\n".join(plain(block) for block in truth.blocks)
    return compound({**_outlook(truth), **text_property(0x1000, body)})


def outlook_html_mail(truth: Truth) -> bytes:
    """A mail in HTML, as Outlook saves it."""
    html = f"<html><meta charset='utf-8'><body>{html_body(truth)}</body></html>"
    return compound({**_outlook(truth), prop(0x1013, 0x0102): html.encode()})


def _outlook(truth: Truth) -> Folder:
    fields = {0x0037: truth.title, 0x0C1A: "Desk"}
    return {"__properties_version1.0": fixed()} | {
        name: value
        for number, words in fields.items()
        for name, value in text_property(number, words).items()
    }


def rows_of(truth: Truth) -> Iterator[tuple[str, ...]]:
    """Yield the table, or the sentences as rows of one: number, kind, sentence."""
    yield "Number", "Kind", "Sentence"
    for number, sentence in enumerate(truth.sentences(), start=1):
        yield str(number), ("odd", "even")[number % 2], "".join(p.text for p in sentence.pieces)


def _table(truth: Truth, delimiter: str, encoding: str) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows_of(truth))
    return file.getvalue().encode(encoding)


def comma_table(truth: Truth) -> bytes:
    """A table with commas."""
    return _table(truth, ",", "utf-8")


def semicolon_table(truth: Truth) -> bytes:
    """A table with semicolons, as Excel writes it in Europe."""
    return _table(truth, ";", "utf-8-sig")


def tab_table(truth: Truth) -> bytes:
    """A table with tabs, in UTF-16, as Excel writes Unicode text."""
    return _table(truth, "\t", "utf-16")


def _cues(truth: Truth, comma: str) -> Iterator[str]:
    second = 0
    for block in truth.blocks:
        for line in wrap(plain(block), 42, break_long_words=False, break_on_hyphens=False):
            start, end = (f"00:{s // 60:02}:{s % 60:02}{comma}" for s in (second, second + 2))
            yield f"{start}000 --> {end}000\n{line}\n"
            second += 2
        second += 6


def subrip(truth: Truth) -> bytes:
    """Subtitles of SubRip."""
    cues = (f"{number}\n{cue}" for number, cue in enumerate(_cues(truth, ","), start=1))
    return "\n".join(cues).encode()


def webvtt(truth: Truth) -> bytes:
    """Subtitles of the web."""
    cues = (escape(cue, quote=False).replace("--&gt;", "-->") for cue in _cues(truth, "."))
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def _rtf(text: str) -> str:
    return "".join(
        f"\\{char}" if char in "\\{}" else char if char.isascii() else
        "".join(f"\\u{int.from_bytes(unit, 'little', signed=True)}?" for unit in _units(char))
        for char in text
    )  # fmt: skip


def _units(char: str) -> Iterator[bytes]:
    data = char.encode("utf-16-le")
    return (data[place : place + 2] for place in range(0, len(data), 2))


_RTF_LOOKS = {
    Look.BOLD: r"{\b %s}",
    Look.MARK: rf"{{\super\chftn{{\footnote\pard\plain{{\super\chftn}} {NOTE}}}}}",
    Look.POWER: r"{\super %s}",
    Look.STRUCK: r"{\strike %s}",
    Look.HIDDEN: r"{\v %s}",
}


def rich_text(truth: Truth) -> bytes:
    """Rich Text as Word writes it."""
    pieces = [r"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Times;}}{\stylesheet{\s1 heading 1;}}"]
    for block in truth.blocks:
        style = r"\s1" if block.heading else ""
        pieces.append(rf"\pard\plain{style} {_joined(block, _rtf_piece)}\par")
    if truth.table is not None:
        for row in (truth.table.headings, *truth.table.rows):
            edges = "".join(rf"\cellx{2000 * n}" for n in range(1, len(row) + 1))
            cells = "".join(rf"{_rtf(cell)}\cell " for cell in row)
            pieces.append(rf"\trowd{edges}\pard\intbl {cells}\row")
    return ("\r\n".join(pieces) + "}").encode("ascii")


def _rtf_piece(piece: Piece) -> str:
    return _RTF_LOOKS.get(piece.look, "%s").replace("%s", _rtf(piece.text))
