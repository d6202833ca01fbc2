"""Reads mails as mail programs save them: the headers as metadata, the text, names of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message

from citadel.index.corpus.decoding import decode
from citadel.index.corpus.formats.document import FileContents, Part
from citadel.index.corpus.formats.html import declared_encoding
from citadel.index.corpus.formats.html_whole import whole_text
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.mail_message import (
    addresses,
    content_of,
    header,
    parse_message,
    written_on,
)
from citadel.index.corpus.formats.mail_text import mail_document, mail_parts
from citadel.index.errors import CitadelError

_ENCRYPTED = (
    "multipart/encrypted",
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
    "application/pgp-encrypted",
)
_NOT_READ = "attachments are not read"


def read_eml(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read a mail: subject, sender and date as its metadata, then recipients and text.

    Of a text that comes as HTML and as plain text the HTML is read.

    Raises:
        CitadelError: It is no mail, is encrypted, or has no text.

    """
    message = parse_message(data, source)
    left_out = LeftOut()
    bodies = _bodies(message, left_out)
    parts: list[Part] = []
    notes: list[str] = []
    for body in bodies:
        found, told = _text(body, source, left_out)
        parts += found
        notes += told
    if not parts:
        encrypted = any(part.get_content_type() in _ENCRYPTED for part in message.walk())
        why = "is encrypted; decrypt it and" if encrypted else "has no text;"
        raise CitadelError(f"{source} {why} save its text as .txt.")
    about = {
        "title": header(message, "Subject"),
        "author": addresses(header(message, "From")),
        "date": written_on(message),
    }
    recipients = {name: header(message, name) for name in ("To", "Cc")}
    return FileContents((mail_document(about, recipients, parts, notes, left_out, known),))


def _bodies(part: Message, left_out: LeftOut) -> list[Message]:
    """Return the parts of a mail that are its text; remember the others as attachments."""
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment" or kind == "message/rfc822":
        left_out.add(_NOT_READ, _attachment_name(part))
        return []
    if part.is_multipart():
        inside = [each for each in part.get_payload() if isinstance(each, Message)]
        if kind == "multipart/alternative":
            return _best(inside, left_out)
        return [body for each in inside for body in _bodies(each, left_out)]
    if kind in ("text/plain", "text/html"):
        return [part]
    left_out.add(_NOT_READ, _attachment_name(part))
    return []


def _best(versions: list[Message], left_out: LeftOut) -> list[Message]:
    """Return the richest version of a text that can be read, which is the last one."""
    for version in reversed(versions):
        found = _bodies(version, LeftOut())
        if found:
            return _bodies(version, left_out)
    return []


def _attachment_name(part: Message) -> str:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            return f"the mail {header(inner[0], 'Subject') or 'without a subject'}"
    return part.get_filename() or part.get_content_type()


def _text(body: Message, source: str, left_out: LeftOut) -> tuple[list[Part], list[str]]:
    content = content_of(body)
    if not content.strip():
        return [], []
    charset = body.get_content_charset("")
    if body.get_content_type() == "text/html":
        decoded = decode(content, source, charset or declared_encoding(content))
        parts, notes = whole_text(decoded.text, source, left_out)
        return parts, [*decoded.notes, *notes]
    decoded = decode(content, source, charset)
    return list(mail_parts(decoded.text)), list(decoded.notes)
