import pytest

from citadel.index.corpus.decoding import Decoded, decode
from citadel.index.errors import CitadelError

ARABIC = (
    "تعبر العبّارة النهر كل نصف ساعة ابتداء من السابعة صباحا حتى حلول المساء، وقد قال رئيس البلدية "
    "إن الجسر الجديد سيفتح قبل بداية العام الدراسي. "
)
RUSSIAN = "Паром пересекает реку каждые полчаса с семи утра до позднего вечера, кроме воскресенья. "
FRENCH = "Le bac traverse la rivière toutes les demi-heures, même l’été, d’après la société. "


@pytest.mark.parametrize(
    ("data", "declared", "decoded"),
    [
        (ARABIC.encode(), "", Decoded(ARABIC)),
        (b"\xef\xbb\xbfa\r\nb\rc", "", Decoded("a\nb\nc")),
        (ARABIC.encode("utf-16"), "", Decoded(ARABIC, ("read as utf-16, not UTF-8",))),
        (ARABIC.encode("utf-32"), "", Decoded(ARABIC, ("read as utf-32, not UTF-8",))),
        (
            ARABIC.encode("cp1256"),
            "windows-1256",
            Decoded(ARABIC, ("read as cp1256, not UTF-8",)),
        ),
        (
            FRENCH.encode("cp1252"),
            "ISO-8859-1",
            Decoded(FRENCH, ("read as cp1252, not UTF-8",)),
        ),
        (ARABIC.encode(), "windows-1256", Decoded(ARABIC)),
        (ARABIC.encode("cp1256"), "", Decoded(ARABIC, ("read as cp1256, not UTF-8",))),
        (RUSSIAN.encode("cp1251"), "", Decoded(RUSSIAN, ("read as cp1251, not UTF-8",))),
        (
            b"\xef\xbb\xbfone\ncaf\xe9 three",
            "",
            Decoded(
                "one\ncaf\ufffd three",
                ("1 place is not UTF-8 and shown as \ufffd, the first in line 2",),
            ),
        ),
    ],
    ids=[
        "utf-8",
        "byte order mark",
        "utf-16",
        "utf-32",
        "declared",
        "declared as browsers mean it",
        "wrongly declared",
        "arabic recognised",
        "russian recognised",
        "damaged",
    ],
)
def test_encodings(data: bytes, declared: str, decoded: Decoded) -> None:
    assert decode(data, "a.txt", declared) == decoded


@pytest.mark.parametrize("declared", ["klingon", "rot13", "zlib", "\0", "idna"])
def test_a_declaration_that_is_none(declared: str) -> None:
    assert decode(FRENCH.encode(), "a.txt", declared) == Decoded(FRENCH)
    assert decode(ARABIC.encode("utf-16"), "a.txt", declared).text == ARABIC


def test_what_is_no_text() -> None:
    with pytest.raises(CitadelError) as caught:
        decode(bytes(range(256)) * 20, "a.txt")
    assert str(caught.value) == "a.txt is in no encoding that is known; save it as UTF-8 text."
