"""Messages in the form of mail (RFC 5322, MIME): their headers, and the parts they are made of."""

from __future__ import annotations

import email
import email.header
import email.policy
import email.utils
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.message import Message

from citadel.index.errors import CitadelError

_DEEPEST = 20
_HEADER_LINE = re.compile(rb"\s*(?:From \S|[A-Za-z][A-Za-z0-9-]*:)")


def parse_message(data: bytes, source: str) -> Message:
    """Parse a message.

    Raises:
        CitadelError: It does not begin with headers, or is nested too deeply.

    """
    if not _HEADER_LINE.match(data):
        raise CitadelError(f"{source} does not begin with the headers of a mail; save it again.")
    try:
        message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    except RecursionError as error:
        raise _too_deep(source) from error
    if any(depth > _DEEPEST for depth, _ in _walk(message, 0)):
        raise _too_deep(source)
    return message


def parts_of(message: Message) -> Iterator[Message]:
    """Yield the parts of a message that hold no others, in order."""
    return (part for _, part in _walk(message, 0) if not part.is_multipart())


def content_of(part: Message) -> bytes:
    """Return the bytes of a part that holds no others."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def header(message: Message, name: str) -> str:
    """Return a header in one line of plain text, "" where there is none.

    Encoded words are decoded; bytes that stand there unencoded are read as UTF-8, else as
    Windows-1252.
    """
    for key, value in message.raw_items():
        if key.casefold() == name.casefold():
            return " ".join(_decoded(str(value)).split())
    return ""


def written_on(message: Message) -> str:
    """Return the day in the zone of the writer, as “2016-12-05”; "" where none is given."""
    try:
        return email.utils.parsedate_to_datetime(header(message, "Date")).date().isoformat()
    except (ValueError, TypeError):
        return ""


def addresses(written: str) -> str:
    """Return the names of people in a header, or their addresses where they have none."""
    found = email.utils.getaddresses([written])
    return ", ".join(name or address for name, address in found if name or address) or written


def _walk(message: Message, depth: int) -> Iterator[tuple[int, Message]]:
    yield depth, message
    if depth > _DEEPEST or not message.is_multipart():
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _walk(part, depth + 1)


def _too_deep(source: str) -> CitadelError:
    return CitadelError(
        f"{source} holds mails within mails, more than {_DEEPEST} deep; save the one that matters."
    )


def _decoded(raw: str) -> str:
    data = raw.encode("utf-8", "surrogateescape")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    try:
        found = email.header.decode_header(text)
    except HeaderParseError:
        return text
    return "".join(map(_word, *zip(*found, strict=True))) if found else text


def _word(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    try:
        return piece.decode(charset or "ascii", "replace")
    except LookupError:
        return piece.decode("utf-8", "replace")
