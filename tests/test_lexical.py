import math

import bm25s
import numpy as np
import pytest

from citadel.index.retrieval.lexical import (
    BM25,
    Vocabulary,
    best_scored,
    content_words,
    fold,
    stop_words,
    words,
)
from citadel.index.retrieval.postings import Postings
from tests.small_index import vocabulary_of

TEXTS = ["The ferry crosses. Ferries cross!", "A bridge, the bridges", "the flood"]


def vocabulary() -> Vocabulary:
    return vocabulary_of(TEXTS)


def test_words_tell_their_places() -> None:
    text = "The 🌊 ferry’s (Jaish-Halab’s) “boats”, 7500"
    found = words(text, "en")
    assert [word.surface for word in found] == [
        "The",
        "ferry’s",
        "Jaish",
        "Halab’s",
        "boats",
        "7500",
    ]
    assert [text[word.start : word.end] for word in found] == [word.surface for word in found]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("besieged", "BESIEGING", "en"),
        ("Halab's", "halab", "en"),
        ("Zaïm", "zaim", "en"),
        ("Jabhat", "jabhat", "tlh"),
        ("أحمد", "احمد", "ar"),
        ("مدينة", "مدينه", "en"),
        ("زُهَيرُ", "زهير", "ar"),
        ("كَيّالي", "كيالي", "ar"),
        ("حـــلب", "حلب", "ar"),
        ("ﺣﻠﺐ", "حلب", "en"),
        ("می\u200cخواهم", "میخواهم", "fa"),
        ("Gri\u00adgo\u200bri", "Grigori", "en"),
        ("Zoe\u0308\u0301", "Zoë", "en"),
        ("Zae\u0301tari", "zaétari", "en"),
        ("Zaʿtari", "Za'tari", "en"),
        ("हि\u200dन्दी", "हिन्दी", "hi"),
    ],
)
def test_forms_of_one_word_have_one_term(one: str, other: str, language: str) -> None:
    assert words(one, language)[0].term == words(other, language)[0].term


@pytest.mark.parametrize(
    "word",
    [
        "حَلَب",
        "حـلـب",
        "Gri\u00adgo\u00adri",
        "Gri\u200bgo\u200cri",
        "Zoe\u0308",
        "हिन्दी",
        "می\u200cخواهم",
    ],
)
def test_no_mark_cuts_a_word(word: str) -> None:
    text = f"({word}) {word}, {word}’s"
    assert [found.surface for found in words(text, "en")] == [word, word, f"{word}’s"]


def test_a_space_without_width_parts_words_of_scripts_without_spaces() -> None:
    assert [found.surface for found in words("ភាសា\u200bខ្មែរ", "km")] == ["ភាសា", "ខ្មែរ"]


def test_fold() -> None:
    assert [fold(word) for word in ("Ahrar’s", "D’Été", "STRASSE", "Straße")] == [
        "ahrar",
        "dete",
        "strasse",
        "strasse",
    ]


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("When did the ferry cross?", ["ferry", "cross"]),
        ("What’s the AUTHOR’s name?", ["AUTHOR’s"]),
        ("WHO doesn’t LEAD?", ["LEAD"]),
        ("The 17 of them", ["17"]),
        ("متى بدأ الحصار؟", ["بدأ", "الحصار"]),
        ("Who is he?", ["Who", "is", "he"]),
        ("?", []),
    ],
)
def test_content_words(question: str, content: list[str]) -> None:
    assert [word.surface for word in content_words(words(question, "en"))] == content


def test_stop_words_are_folded() -> None:
    assert {fold(word) for word in stop_words()} == stop_words()
    assert {"the", "which", "isnt"} < stop_words()
    assert stop_words().isdisjoint({"siege", "war", "people", ""})


def test_a_vocabulary_counts_passages_and_keeps_the_usual_form() -> None:
    found = vocabulary()
    number = found.id_of("ferri")
    assert number is not None
    assert (found.terms[number], found.forms[number]) == ("ferri", "Ferries")
    assert found.passage_counts[number] == 1
    the = found.id_of("the")
    assert the is not None
    assert (found.passage_counts[the], found.forms[the], found.passages) == (3, "the", 3)
    assert found.id_of("submarin") is None


def test_idf_falls_with_the_number_of_passages() -> None:
    found = vocabulary()
    assert [found.idf(term) for term in ("the", "flood", "submarin")] == pytest.approx(
        [math.log(1 + (3 - n + 0.5) / (n + 0.5)) for n in (3, 1, 0)]
    )


def test_columns_of_different_length_are_no_vocabulary() -> None:
    with pytest.raises(ValueError, match="1 different terms, 2 forms and 2 counts"):
        Vocabulary.of(["a", "a"], ["A", "a"], [1, 2], 2)


def bm25(found: Vocabulary) -> BM25:
    ids = [[found.id_of(word.term) for word in words(text, "en")] for text in TEXTS]
    lengths = np.array([len(passage) for passage in ids], dtype=np.int32)
    flat = [number for passage in ids for number in passage]
    return BM25(Postings.count(np.array(flat, dtype=np.int32), lengths, len(found.terms)), lengths)


def test_the_scores_are_those_of_bm25s() -> None:
    generator = np.random.default_rng(5)
    sizes = generator.integers(60, size=200)
    passages = [generator.zipf(1.3, size).clip(1, 40) - 1 for size in sizes]
    flat = np.concatenate(passages).astype(np.int32)
    lengths = np.array([len(passage) for passage in passages], dtype=np.int32)
    made = BM25(Postings.count(flat, lengths, 40), lengths)
    reference = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
    numbered = {str(number): number for number in range(40)}
    reference.index(([each.tolist() for each in passages], numbered), show_progress=False)
    for size in range(1, 200):
        terms = generator.integers(40, size=1 + size % 5).tolist()
        np.testing.assert_array_equal(
            made.scores(terms), reference.get_scores_from_ids(terms), strict=True
        )


def test_bm25_follows_its_formula() -> None:
    found = vocabulary()
    term = found.id_of("bridg")
    assert term is not None
    mean_length = (5 + 4 + 2) / 3
    expected = found.idf("bridg") * 2 / (2 + 1.5 * (0.25 + 0.75 * 4 / mean_length))
    scores = bm25(found).scores([term])
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, [0, expected, 0], rtol=1e-5)


def test_bm25_without_terms() -> None:
    np.testing.assert_array_equal(
        bm25(vocabulary()).scores([]), np.zeros(3, dtype=np.float32), strict=True
    )


@pytest.mark.parametrize(
    ("count", "expected"), [(1, [3]), (2, [1, 3]), (3, [1, 3, 4]), (9, [1, 3, 4])]
)
def test_the_best_scored_have_some_word(count: int, expected: list[int]) -> None:
    scores = np.array([0, 2, 0, 3, 1], dtype=np.float32)
    assert sorted(best_scored(scores, count).tolist()) == expected


@pytest.mark.parametrize("count", [1, 10, 50])
def test_the_best_scored_of_many(count: int) -> None:
    generator = np.random.default_rng(4)
    scores = np.zeros(30_000, dtype=np.float32)
    scored = generator.choice(30_000, 9_000, replace=False)
    scores[scored] = generator.permutation(9_000) + 1
    best = np.argsort(-scores)[:count]
    assert sorted(best_scored(scores, count).tolist()) == sorted(best.tolist())


def test_the_best_scored_when_few_of_many_have_a_score() -> None:
    scores = np.zeros(30_000, dtype=np.float32)
    scores[[7, 29_999]] = 1
    assert best_scored(scores, 50).tolist() == [7, 29_999]


def test_no_best_of_nothing() -> None:
    assert best_scored(np.zeros(3, dtype=np.float32), 2).tolist() == []


def test_postings_of_another_collection_are_refused() -> None:
    with pytest.raises(ValueError, match="the postings are not those of 2 passages"):
        BM25(bm25(vocabulary()).postings, np.array([5, 4], dtype=np.int32))
