import pytest

from citadel.index.corpus.decoding import Decoded, decode
from citadel.index.errors import CitadelError

ARABIC = (
    "تعبر العبّارة النهر كل نصف ساعة ابتداء من السابعة صباحا حتى حلول المساء، وقد قال رئيس البلدية "
    "إن الجسر الجديد سيفتح قبل بداية العام الدراسي. "
)
RUSSIAN = "Паром пересекает реку каждые полчаса с семи утра до позднего вечера, кроме воскресенья. "
FRENCH = "Le bac traverse la rivière toutes les demi-heures, même l’été, d’après la société. "


def taken(text: str, encoding: str) -> Decoded:
    return Decoded(
        text,
        (f"taken for {encoding}, as it is not UTF-8; save it as UTF-8 if letters of it are wrong",),
    )


@pytest.mark.parametrize(
    ("data", "declared", "decoded"),
    [
        (ARABIC.encode(), "", Decoded(ARABIC)),
        (b"\xef\xbb\xbfa\r\nb\rc", "", Decoded("a\nb\nc")),
        (
            ARABIC.encode("utf-16"),
            "",
            Decoded(ARABIC, ("read as Unicode text (UTF-16), not UTF-8",)),
        ),
        (
            ARABIC.encode("utf-32"),
            "",
            Decoded(ARABIC, ("read as Unicode text (UTF-32), not UTF-8",)),
        ),
        (
            ARABIC.encode("cp1256"),
            "windows-1256",
            Decoded(ARABIC, ("read as Arabic text (Windows-1256), not UTF-8",)),
        ),
        (
            FRENCH.encode("cp1252"),
            "ISO-8859-1",
            Decoded(FRENCH, ("read as Western European text (Windows-1252), not UTF-8",)),
        ),
        (ARABIC.encode(), "windows-1256", Decoded(ARABIC)),
        (ARABIC.encode("cp1256"), "", taken(ARABIC, "Arabic text (Windows-1256)")),
        (RUSSIAN.encode("cp1251"), "", taken(RUSSIAN, "Cyrillic text (Windows-1251)")),
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


CAFE = (
    "The café of Mern – “the old one” – opened in 1931 beside the mill. Its owner was José Nuñez, "
    "who had come from the coast with two brothers."
)
GERMAN = "Die Straße über den Fluß führt zur Mühle, die Jürgen Groß im Jahr 1931 gegründet hat. "
CZECH = (
    "Přívoz jezdí přes řeku každou půlhodinu od sedmi hodin ráno až do pozdního večera, kromě "
    "neděle a svátků, řekl starosta obce."
)
POLISH = "Prom pływa przez rzekę co pół godziny, od siódmej rano aż do późnego wieczora. "
TURKISH = (
    "Vapur nehrin karşısına sabah yediden akşamın geç saatlerine kadar yarım saatte bir gider, "
    "ama pazar günleri çalışmaz."
)


@pytest.mark.parametrize(
    ("text", "codec", "words"),
    [
        (CAFE, "cp1252", "Western European text (Windows-1252)"),
        ("José Nuñez closed it.", "cp1252", "Western European text (Windows-1252)"),
        (FRENCH, "cp1252", "Western European text (Windows-1252)"),
        (GERMAN, "cp1252", "Western European text (Windows-1252)"),
        (CAFE, "mac_roman", "Western European text (Macintosh)"),
        ("The café of José Nuñez opened.", "cp850", "Western European text (DOS, 850)"),
        (CZECH, "cp1250", "Central European text (Windows-1250)"),
        (CZECH, "iso8859-2", "Central European text (ISO 8859-2)"),
        (POLISH, "cp1250", "Central European text (Windows-1250)"),
        (TURKISH, "cp1254", "Turkish text (Windows-1254)"),
        (ARABIC, "iso8859-6", "Arabic text (ISO 8859-6)"),
        (RUSSIAN, "koi8-r", "Russian text (KOI8-R)"),
    ],
)
def test_an_encoding_is_recognised_by_the_words_that_it_makes(
    text: str, codec: str, words: str
) -> None:
    assert decode(text.encode(codec), "a.txt") == taken(text, words)


def test_stray_bytes_of_another_encoding_cost_these_bytes_only() -> None:
    data = "The café of Mern was opened by ".encode() + "José and René.".encode("cp1252")
    assert decode(data, "a.txt") == Decoded(
        "The café of Mern was opened by Jos\ufffd and Ren\ufffd.",
        ("2 places are not UTF-8 and shown as \ufffd, the first in line 1",),
    )
