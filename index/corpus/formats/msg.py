"""Reads mails as Outlook saves them, as those of other programs are read.

Such a file is a compound file, in which each property is a stream that has the property's number
for a name (MS-OXMSG). Only those that are needed are opened. The only module that imports olefile.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.message import Message

from olefile import OleFileIO, isOleFile

from citadel.index.corpus.decoding import decode
from citadel.index.corpus.formats.document import Document, FileContents, Part
from citadel.index.corpus.formats.html import declared_encoding
from citadel.index.corpus.formats.html_whole import whole_text
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.mail_message import addresses, header, parse_message, written_on
from citadel.index.corpus.formats.mail_text import mail_document, mail_parts
from citadel.index.errors import CitadelError

_CLASS, _SUBJECT, _SENT, _HEADERS = 0x001A, 0x0037, 0x0039, 0x007D
_SENDER, _CC, _TO = 0x0C1A, 0x0E03, 0x0E04
_BODY, _RICH_TEXT, _HTML = 0x1000, 0x1009, 0x1013
_FILE_NAMES = (0x3707, 0x3704, 0x3001)
"""Of an attachment: its long name, its short one, and the one shown."""

_CODE_PAGE = 0x3FFD
_UTF_16, _IN_CODE_PAGE, _BYTES = 0x001F, 0x001E, 0x0102
"""What a property may hold: a text in one of two encodings, or bytes."""

_INTEGER, _TIME = 0x0003, 0x0040
_HEAD_OF_PROPERTIES = 32
_ROW_OF_PROPERTIES = struct.Struct("<HHI8s")
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_TICKS = 10_000_000
"""In a second."""

_DAMAGED = "the file is damaged, and some of the mail may be missing; save it again"

_BROKEN = (OSError, struct.error, ValueError, KeyError, IndexError, OverflowError, RecursionError)
"""What olefile raises for compound files that are none."""


def read_msg(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read a mail: subject, sender and date as its metadata, then recipients and text.

    Of a text that comes as HTML and as plain text the HTML is read.

    Raises:
        CitadelError: It is no such mail, is encrypted, or has no text.

    """
    try:
        if not isOleFile(data=data):
            raise CitadelError(f"{source} is no mail of Outlook; save it again.")
        with OleFileIO(data) as file:
            mail = _Mail(file, source)
            return FileContents((mail.document(known),))
    except _BROKEN as error:
        raise CitadelError(
            f"{source} is a broken mail of Outlook ({type(error).__name__}); save it again."
        ) from error


class _Mail:
    """The properties of one mail."""

    def __init__(self, file: OleFileIO, source: str) -> None:
        self._file = file
        self._source = source
        self._rows = dict(self._fixed())
        page = self._rows.get((_CODE_PAGE, _INTEGER), b"")
        self._encoding = f"cp{int.from_bytes(page[:4], 'little')}" if any(page) else ""

    def document(self, known: Mapping[str, str]) -> Document:
        """Return the mail as an article."""
        headers = self._headers()
        left_out = LeftOut()
        parts, notes = self._body(left_out)
        if not parts:
            raise CitadelError(f"{self._source} {self._why_empty()} save its text as .txt.")
        recipients = {
            name: header(headers, name) or self._text(shown)
            for name, shown in (("To", _TO), ("Cc", _CC))
        }
        about = {
            "title": self._text(_SUBJECT),
            "author": addresses(header(headers, "From")) or self._text(_SENDER),
            "date": written_on(headers) or self._sent(),
        }
        for name in self._attachments():
            left_out.add("attachments are not read", name)
        # What olefile found wrong while it read what is there.
        if self._file.parsing_issues:
            left_out.add_unread(_DAMAGED)
        return mail_document(about, recipients, parts, notes, left_out, known)

    def _headers(self) -> Message:
        """Return the headers with which it was sent; none for a draft."""
        written = self._text(_HEADERS)
        return parse_message(written.encode(), self._source) if written else Message()

    def _body(self, left_out: LeftOut) -> tuple[list[Part], list[str]]:
        html = self._stream(_HTML, _BYTES)
        if html.strip():
            decoded = decode(html, self._source, declared_encoding(html) or self._encoding)
            parts, notes = whole_text(decoded.text, self._source, left_out)
            return parts, [*decoded.notes, *notes]
        text = self._text(_HTML)
        if text.strip():
            return whole_text(text, self._source, left_out)
        return list(mail_parts(self._text(_BODY).replace("\r\n", "\n"))), []

    def _why_empty(self) -> str:
        if "SMIME" in self._text(_CLASS).upper():
            return "is encrypted; decrypt it and"
        if self._stream(_RICH_TEXT, _BYTES):
            return "has its text as Rich Text only, which is not read from mails;"
        return "has no text;"

    def _sent(self) -> str:
        """Return the day in UTC on which it was sent, or ""."""
        ticks = int.from_bytes(self._rows.get((_SENT, _TIME), b""), "little")
        return (_EPOCH + timedelta(seconds=ticks // _TICKS)).date().isoformat() if ticks else ""

    def _attachments(self) -> Iterator[str]:
        folders = {path[0] for path in self._file.listdir() if path[0].startswith("__attach")}
        for folder in sorted(folders):
            names = (self._text(name, f"{folder}/") for name in _FILE_NAMES)
            yield next(filter(None, names), "one without a name")

    def _text(self, number: int, folder: str = "") -> str:
        wide = self._stream(number, _UTF_16, folder)
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._stream(number, _IN_CODE_PAGE, folder).rstrip(b"\0")
        return decode(narrow, self._source, self._encoding).text if narrow else ""

    def _stream(self, number: int, kind: int, folder: str = "") -> bytes:
        path = f"{folder}__substg1.0_{number:04X}{kind:04X}"
        return bytes(self._file.openstream(path).read()) if self._file.exists(path) else b""

    def _fixed(self) -> Iterator[tuple[tuple[int, int], bytes]]:
        """Yield the numbers, kinds and values of the properties that have no streams."""
        rows = self._file.openstream("__properties_version1.0").read()[_HEAD_OF_PROPERTIES:]
        whole = len(rows) - len(rows) % _ROW_OF_PROPERTIES.size
        for kind, number, _, value in _ROW_OF_PROPERTIES.iter_unpack(rows[:whole]):
            yield (number, kind), value
