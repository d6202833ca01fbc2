"""The words and signs of RTF (version 1.9.1), and the encodings that its fonts are in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,40})(?P<number>-?\d{1,10})?[ ]?"
    rb"|\\'(?P<hex>[0-9A-Fa-f]{2})"
    rb"|\\(?P<sign>[^A-Za-z])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+|\\",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    r"""One piece of a file.

    Attributes:
        word: A control word, or the sign of a control symbol; "" for text.
        number: The number behind a control word; None without.
        data: The bytes of text; those of “\'e9” are one byte.

    """

    word: str
    number: int | None = None
    data: bytes = b""


def tokens(data: bytes) -> Iterator[Token]:
    r"""Yield the pieces of a file; “{” and “}” are words, what “\bin” announces is skipped."""
    place = 0
    while place < len(data):
        match = _TOKEN.match(data, place)
        if match is None:
            return
        place = match.end()
        if match["word"] is not None:
            word = match["word"].decode("ascii")
            number = int(match["number"]) if match["number"] else None
            if word == "bin":
                place += max(number or 0, 0)
            else:
                yield Token(word, number)
        elif match["hex"] is not None:
            yield Token("", None, bytes([int(match["hex"], 16)]))
        elif match["sign"] is not None:
            sign = match["sign"]
            yield Token("", None, sign) if sign in b"\\{}" else Token(sign.decode("latin-1"))
        elif match["brace"] is not None:
            yield Token(match["brace"].decode("ascii"))
        elif match["text"] is not None:
            yield Token("", None, match["text"])


CHARACTERS = {
    "line": "\n", "lbr": "\n", "tab": " ", "emspace": " ", "enspace": " ", "qmspace": " ",
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "~": " ", "_": "-",
    "\n": "\n", "\r": "\n", "\t": " ", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
"""What stands for a character."""

CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""The encodings of fonts, by the numbers of Windows; the others are in that of the document."""

SYMBOL_FONT = 2
"""The number of fonts whose letters are signs that mean nothing outside them."""

DOCUMENT_ENCODINGS = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}

SKIPPED = frozenset(
    {"pict", "nonshppict", "objdata", "objclass", "fldinst", "colortbl", "listtable", "xe", "tc",
     "tcn", "rxe", "bkmkstart", "bkmkend", "atnid", "atnauthor", "atndate", "atnref", "filetbl",
     "revtbl", "rsidtbl", "template", "operator", "author", "creatim", "keywords", "subject",
     "doccomm", "company", "manager", "category", "hlinkbase", "comment", "pn", "sp", "sn", "sv",
     "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "private", "do", "falt",
     "panose", "shprslt", "upr"}
)  # fmt: skip
"""Destinations whose text is none of the document's."""

MARGINS = {"header": "head", "footer": "foot"}
"""What the names of the destinations begin with that stand at the edges of pages."""
