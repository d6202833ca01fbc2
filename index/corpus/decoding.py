"""Text from bytes: UTF-8 if it is that, else the encoding that it is recognised as."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import charset_normalizer

from citadel.index.corpus.latin_encodings import latin_encoding
from citadel.index.errors import CitadelError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LATIN_1 = frozenset({"iso8859-1", "ascii"})
"""Pages that claim to be in these are in Windows-1252, as browsers know (WHATWG Encoding)."""

_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_ONLY_UTF8 = re.compile(rb"[\xc2-\xc5][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
"""“é” or “’” in UTF-8; read as Windows-1252, the same bytes are “Ã©” and “â€™”."""

_STRAYS_OF_ONE = 8
"""How many bytes that are not UTF-8 a text may have for each place that is nothing else."""

_WORDS = {
    "big5": "Traditional Chinese (Big5)",
    "cp1250": "Central European text (Windows-1250)",
    "cp1251": "Cyrillic text (Windows-1251)",
    "cp1252": "Western European text (Windows-1252)",
    "cp1253": "Greek text (Windows-1253)",
    "cp1254": "Turkish text (Windows-1254)",
    "cp1255": "Hebrew text (Windows-1255)",
    "cp1256": "Arabic text (Windows-1256)",
    "cp1257": "Baltic text (Windows-1257)",
    "cp1258": "Vietnamese text (Windows-1258)",
    "cp850": "Western European text (DOS, 850)",
    "cp852": "Central European text (DOS, 852)",
    "cp866": "Cyrillic text (DOS, 866)",
    "cp932": "Japanese text (Windows-932)",
    "cp949": "Korean text (Windows-949)",
    "euc_jp": "Japanese text (EUC-JP)",
    "euc_kr": "Korean text (EUC-KR)",
    "gb18030": "Simplified Chinese text (GB 18030)",
    "gb2312": "Simplified Chinese text (GB 2312)",
    "gbk": "Simplified Chinese text (GBK)",
    "iso8859-2": "Central European text (ISO 8859-2)",
    "iso8859-3": "South European text (ISO 8859-3)",
    "iso8859-5": "Cyrillic text (ISO 8859-5)",
    "iso8859-6": "Arabic text (ISO 8859-6)",
    "iso8859-7": "Greek text (ISO 8859-7)",
    "iso8859-8": "Hebrew text (ISO 8859-8)",
    "iso8859-9": "Turkish text (ISO 8859-9)",
    "iso8859-15": "Western European text (ISO 8859-15)",
    "koi8-r": "Russian text (KOI8-R)",
    "koi8-u": "Ukrainian text (KOI8-U)",
    "mac-roman": "Western European text (Macintosh)",
    "shift_jis": "Japanese text (Shift JIS)",
    "utf-16": "Unicode text (UTF-16)",
    "utf-32": "Unicode text (UTF-32)",
}

_SAMPLE = 200_000
"""How many bytes are enough to recognise an encoding."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what had to be guessed or replaced to get it.

    Attributes:
        text: Without a byte order mark; with a line feed for every line break.
        notes: A phrase for each thing that its reader should know.

    """

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, source: str, declared: str = "") -> Decoded:
    """Decode a file: strictly as UTF-8 first, as it is declared next, as it is recognised last.

    Args:
        data: The file's content.
        source: The name of the file, for messages.
        declared: The encoding that the file itself claims to have, or "".

    Raises:
        CitadelError: It is no text in any encoding that is known.

    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    for encoding in (marked, "utf-8", _meant(declared)):
        text = _strictly(data, encoding)
        if text is not None:
            return _decoded(text, encoding)
    if marked == "utf-8" or _is_mostly_utf8(data):
        line = data[: _first_error(data)].count(b"\n") + 1
        text = data.decode("utf-8", errors="replace")
        count = text.count("\ufffd")
        places = "1 place is" if count == 1 else f"{count} places are"
        note = f"{places} not UTF-8 and shown as \ufffd, the first in line {line}"
        return _decoded(text, "utf-8", note)
    for encoding in _recognised(data[:_SAMPLE]):
        text = _strictly(data, encoding)
        if text is not None:
            note = f"taken for {_in_words(encoding)}, as it is not UTF-8; save it as UTF-8 if "
            return _decoded(text, encoding, note + "letters of it are wrong")
    raise CitadelError(f"{source} is in no encoding that is known; save it as UTF-8 text.")


def _recognised(data: bytes) -> Iterator[str]:
    """Yield the encodings that a text seems to be in, the likeliest first.

    charset-normalizer can't distinguish the encodings of Latin letters where few of
    their bytes are beyond ASCII.
    """
    yield latin_encoding(data)
    best = charset_normalizer.from_bytes(data).best()
    if best is not None:
        yield best.encoding


def _in_words(encoding: str) -> str:
    name = codecs.lookup(encoding).name
    return _WORDS.get(name, f"text in {name}")


def _meant(declared: str) -> str:
    """Return the encoding that a page means by a name; "" for a name of none."""
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return ""
    return "cp1252" if name in _LATIN_1 else name


def _strictly(data: bytes, encoding: str) -> str | None:
    """Decode without replacing anything; None when that is not possible."""
    if not encoding:
        return None
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _first_error(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(data)


def _is_mostly_utf8(data: bytes) -> bool:
    """Distinguish UTF-8 with some damaged bytes from another encoding, in which none is right."""
    text = data.decode("utf-8", errors="replace")
    replaced = text.count("\ufffd")
    if len(_MULTIBYTE.findall(data)) > replaced:
        return True
    # A word of another script would be several such bytes in a row.
    alone = "\ufffd\ufffd" not in text
    return alone and len(_ONLY_UTF8.findall(data)) * _STRAYS_OF_ONE >= replaced


def _decoded(text: str, encoding: str, note: str = "") -> Decoded:
    notes = [note] if note else []
    if not note and codecs.lookup(encoding).name != "utf-8":
        notes.append(f"read as {_in_words(encoding)}, not UTF-8")
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(plain, tuple(notes))


_CONTROLS = re.compile(r"[\0-\x08\x0b-\x1f\x7f-\x9f]")
"""NUL, the other C0 controls, DEL and C1. Tab and line feed are text."""

_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Unicode's Bidi_Control: they can make a quote read other than it is stored."""

_SOFT_HYPHENS = re.compile(r"\xad(?:[ \t]*\n[ \t]*(?=[^\W\d_]))?")
"""Where a word may be broken at the end of a line; where it was, it is whole again."""

_NO_WIDTH = re.compile(
    "[\u034f\u180e\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
    "|(?:(?<=[\\0-\u052f])|(?<![\\s\\S]))[\u200c\u200d]"
    "|(?:(?<=[\\0-\u06ff])|(?<![\\s\\S]))\u200b"
)
"""What has no width. Joiners stay behind letters of the scripts that are spelt with them, spaces
without width where they separate words."""

_SURROGATES = re.compile(r"[\ud800-\udfff]")
"""Halves of characters, which JSON and YAML can escape and nothing can write."""

_INVISIBLE = re.compile(
    "|".join(
        kind.pattern for kind in (_CONTROLS, _DIRECTIONS, _SOFT_HYPHENS, _NO_WIDTH, _SURROGATES)
    )
)

_GRAPHEME_JOINER = "\u034f"

_BINARY_SHARE = 0.02
"""Text with more control characters than that is none."""


def visible(text: str) -> str:
    """Return a text without its invisible characters.

    These are control characters, direction marks, soft hyphens, characters without width, and
    halves of characters. Zero-width joiners and non-joiners stay: Persian, Kurdish and Indic
    words are spelt with them.
    """
    # Of all these only one counts as printable, and most texts have none.
    if text.isprintable() and _GRAPHEME_JOINER not in text:
        return text
    return _INVISIBLE.sub("", text)


def is_binary(text: str) -> bool:
    """Distinguish decoded data that is no text from a text with some stray controls."""
    return _count(_CONTROLS, text) > _BINARY_SHARE * len(text)


def notes_on_removed(text: str) -> Iterator[str]:
    """Report what ``visible`` takes out of a text, a phrase for each kind."""
    for kind, one, several in (
        (_CONTROLS, "control character", "control characters"),
        (_DIRECTIONS, "direction mark", "direction marks"),
        (_SOFT_HYPHENS, "soft hyphen", "soft hyphens"),
        (_NO_WIDTH, "character without width", "characters without width"),
    ):
        count = _count(kind, text)
        if count:
            yield f"{count} invisible {one if count == 1 else several} taken out"


def _count(kind: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in kind.finditer(text))
