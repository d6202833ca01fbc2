"""Words are matched by their letters, and scripts distinguished, where vectors say nothing."""

import numpy as np
import pytest

from citadel.index.corpus.languages import main_script
from citadel.index.retrieval.features import word_matches, word_weights


def test_word_matches() -> None:
    terms = ("حصار", "مدين", "1990", "bridge")
    sentence_terms = np.array([0, 1, 2, 3], dtype=np.int32)
    firsts = np.array([0, 2, 2], dtype=np.int64)
    found = word_matches(("حصار", "مدينه", "bride", "x"), terms, sentence_terms, firsts)
    expected = [
        [1.0, 8 / 9, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 10 / 11, 0.0],
    ]
    assert np.array_equal(found, np.array(expected, dtype=np.float32))
    assert found.dtype == np.float32


def test_nothing_to_match() -> None:
    empty = np.zeros(0, dtype=np.int32)
    assert word_matches(("x",), ("x",), empty, np.zeros(2, dtype=np.int64)).tolist() == [[0], [0]]
    assert word_matches((), ("x",), empty, np.zeros(1, dtype=np.int64)).shape == (1, 0)


def test_word_weights() -> None:
    assert word_weights([4.0, 1.0, 1.0]).tolist() == [0.5, 0.25, 0.25]
    assert word_weights([]).tolist() == []


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("When did it begin?", "Latin letters"),
        ("متى بدأ الحصار في Aleppo؟", "Arabic"),
        ("Когда началась осада?", "Cyrillic letters"),
        ("包围什么时候开始?", "Chinese characters"),
        ("포위는 언제 시작되었나?", "Korean"),
        ("ተጀመረ", "another script"),
        ("1990? 👍", "Latin letters"),
    ],
)
def test_main_script(text: str, script: str) -> None:
    assert main_script(text) == script
