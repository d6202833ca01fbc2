from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.corpus.sentences import sentence_spans


def sentences(text: str, language: str = "en") -> list[str]:
    return [span.of(text) for span in sentence_spans(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        (
            "Dr. Adams met the U.N. envoy at 7.30 p.m. on 2 Dec. 2016. He left.",
            ["Dr. Adams met the U.N. envoy at 7.30 p.m. on 2 Dec. 2016.", "He left."],
        ),
        (
            "He said, “We lost. We tried. We failed.” Then he left.",
            ["He said, “We lost.", "We tried.", "We failed.”", "Then he left."],
        ),
        ('It ended. "We lost." He left.', ["It ended.", '"We lost."', "He left."]),
        ("It ended. “We lost.”", ["It ended.", "“We lost.”"]),
        ("“Is it?” he asked. “It is!” she said.", ["“Is it?” he asked.", "“It is!” she said."]),
        ("One line\nand the next. Two.", ["One line\nand the next.", "Two."]),
        ("The list:\n\n- a boat\n- a bridge\n\nEnd.", ["The list:", "a boat", "a bridge", "End."]),
        ("1. first\n2) second\n• third", ["first", "second", "third"]),
        ("ب. هل عاد؟ نعم، عاد!", ["ب.", "هل عاد؟", "نعم، عاد!"]),
        ("他来了。他走了。", ["他来了。", "他走了。"]),
        ("灯用煤油点着。1991年装上了太阳能板。", ["灯用煤油点着。", "1991年装上了太阳能板。"]),
        ("价格是3.5元！２个人来了。", ["价格是3.5元！", "２个人来了。"]),
        ("（见第3页。）下一句。", ["（见第3页。）", "下一句。"]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "ar",
            [
                "قال الرئيس: «لن نغادر المدينة.»",
                "ثم خرج.",
                "وصل د. أحمد إلى حلب في 5.5.2016.",
                "أعلن أ. محمد، مدير م.ت.ف. في دمشق، أن ص. 12 خاطئة؛ ولم يعلق.",
                "هل عاد؟",
                "لا.",
            ],
        ),
        (
            "de",
            [
                "Am 5. Dezember 2016 sagte Dr. Müller, z. B. in Aleppo seien ca. 50.000 Menschen.",
                "Siehe S. 12 ff. und Abb. 3 der Bahnhofstr. 12, d. h. im Zentrum.",
                "„Wir gehen.“",
                "Dann ging er.",
            ],
        ),
        (
            "fr",
            [
                "M. Dupont a rencontré Mme Durand à 14 h. 30.",
                "Selon l’art. 5 de la loi, p. ex. en cas de guerre, ils sont protégés.",
                "« Nous partons. »",
                "Mgr. Laham, cf. p. 12, arriva le 1er déc. 2016.",
                "C’est fini !",
            ],
        ),
        ("es", ["El Sr. García llegó a las 5 p.m. a casa.", "La Dra. López, pág. 12, lo niega."]),
        ("ru", ["В 2016 г. в г. Алеппо жили ок. 250 тыс. человек.", "Конец."]),
        ("tr", ["Dr. Ahmet 5. gün geldi.", "T.C. Cumhurbaşkanı vb. kişiler oradaydı."]),
        ("tr", ["M.Ö. 300’de kuruldu.", "Çınar Mah. No. 5’te oturuyor.", "Uzm. Dr. Işık geldi."]),
        ("fa", ["او گفت: «می‌رویم.»", "سپس رفت.", "آیا بازگشت؟", "نه."]),
        ("ur", ["وہ آیا۔", "کیا وہ واپس آیا؟", "نہیں۔"]),
        (
            "en",
            ["Approx. 5,000 people fled (see p. 12).", "Is it no. 5?", "It is a no.", "They left."],
        ),
    ],
)
def test_abbreviations_and_marks_of_a_language(language: str, expected: list[str]) -> None:
    assert sentences(" ".join(expected), language) == expected


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("| Year | Trips |\n| 1999 | No. 2. A |", ["| Year | Trips |", "| 1999 | No. 2. A |"]),
        ("| a | b |\n| --- | :-: |\n| c | d |", ["| a | b |", "| c | d |"]),
    ],
    ids=["extracted", "Markdown"],
)
def test_each_row_of_a_table_is_a_sentence(table: str, rows: list[str]) -> None:
    assert sentences(table) == rows


@pytest.mark.parametrize("language", ["en", "ar", "tlh", ""])
def test_any_language_is_cut(language: str) -> None:
    assert sentences("One is here. Two is there.", language) == ["One is here.", "Two is there."]


def test_offsets_count_from_the_start_of_the_text() -> None:
    text = "Before. 🌊 One. Two. After."
    found = sentence_spans(text, 8, 19, "en")
    assert [(span.start, span.end, span.of(text)) for span in found] == [
        (8, 14, "🌊 One."),
        (15, 19, "Two."),
    ]


def test_white_space_has_no_sentence() -> None:
    assert sentence_spans("a. \n\t b.", 2, 6, "en") == ()


PIECES = [
    "A",
    "b",
    "z",
    ".",
    "!",
    "?",
    " ",
    "“",
    "”",
    '"',
    "‘",
    "(",
    ")",
    "…",
    "é",
    "م",
    "🌊",
    "\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_each_character_falls_into_one_sentence(text: str) -> None:
    spans = sentence_spans(text, 0, len(text), "en")
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert [span.of(text) for span in spans] == [span.of(text).strip() for span in spans]
    quoted = "".join(span.of(text) for span in spans)
    assert "".join(quoted.split()) == "".join(text.split())


@pytest.mark.parametrize(
    "expected",
    [
        ["**The siege began in May.**", "*The bridge fell.*", "The mill burned down."],
        ["It rained.**", "__It snowed.__", "“*We lost.*”", "He left."],
        ["*Who came?*", "**Nobody!**", "So it was."],
        ["**بدأ الحصار.**", "هرب المجلس."],
        ["Rana wrote (in a letter.)", "The letter was lost."],
        ["Nobody came.", "[It was late.]", "He left (at last.)"],
        ["He left (it was late) by train.", "(Nobody saw it.)", "They slept."],
        ["He asked (in vain?) and left.", "Then he slept."],
        ["It fell.¹", "It rose.²³", "The end."],
        ["Yan et al. [2004] counted 400 houses.", "Smith et al. (2001a) did not."],
        ["So say Smith et al.", "The war ended."],
        ["The train left at 5 p.m. Monday.", "It came at 7 a.m. GMT.", "He slept."],
        ["It left at 5 p.m. May 3 from Osk.", "It left at 5 p.m. Damascus time.", "He slept."],
        ["It left at 5 p.m.", "May he come?", "It came at 7 a.m.", "The end."],
        ["Pte. Omar Zein and Maj.-Gen. Ali Fares were hurt.", "Lt.-Col. Odeh was not."],
        ["Brig. Adib Aqel, Cpl. Lum and Insp. Zein met Gov. Marro.", "They left."],
    ],
)
def test_what_closes_a_sentence_stays_with_it(expected: list[str]) -> None:
    text = " ".join(expected)
    language = "ar" if "الحصار" in text else "en"
    assert sentences(text, language) == expected


LONG = "the army of the valley took house after house, "


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("word " * 120, [120]),
        ("word " * 300, [120, 120, 60]),
        (LONG * 20, [117, 63]),
        (f"{LONG * 8}so; {LONG * 8}", [73, 72]),
        ("| a long cell " * 50, [120, 80]),
    ],
    ids=["as long as may be", "nothing but words", "commas", "a semicolon", "cells"],
)
def test_no_sentence_is_longer_than_120_words(text: str, lengths: list[int]) -> None:
    found = sentences(text)
    assert [len(sentence.split()) for sentence in found] == lengths
    assert " ".join(" ".join(found).split()) == " ".join(text.split())


def test_a_text_without_spaces_is_cut_too() -> None:
    text = "他来了，" * 500
    found = sentences(text, "zh")
    assert [len(sentence) for sentence in found] == [1200, 800]
    assert "".join(found) == text


def test_a_sentence_may_end_in_may() -> None:
    text = "The rain began in May. Forty people left in May. 2016 was dry."
    spans = sentence_spans(text, 0, len(text), "en")
    assert [span.of(text) for span in spans] == [
        "The rain began in May.",
        "Forty people left in May.",
        "2016 was dry.",
    ]
