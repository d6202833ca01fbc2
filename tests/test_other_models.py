"""A model of another vocabulary: what it reads is searched for by vectors, right to left too."""

import pytest

from citadel.index.build.build import build_index
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.backends import load_encoder
from citadel.index.retrieval.lexical import content_words, words
from citadel.index.snapshots.loading import load
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Status
from citadel.qa.page.cards import render_sources
from tests.tiny_models import tiny_model

ARTICLE = """\
---
title: حصار حلب
publisher: صحيفة
date: 2016-12-18
language: ar
---

بدأ الحصار في شهر تموز عندما قطع الجيش الطريق.

افتتح المخبز رجل عجوز من المدينة القديمة؟ باع الخبز للجيران.

تعبر السفينة النهر في الصباح.
"""
QUESTION = "من باع الخبز للجيران؟"
QUOTE = "باع الخبز للجيران."


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """An Arabic article under a model that has its words, published and loaded again."""
    folder = tmp_path_factory.mktemp("arabic")
    (folder / "sources").mkdir()
    (folder / "sources" / "siege.md").write_text(ARTICLE, "utf-8")
    words = f"{ARTICLE} {QUESTION} the when .؟".replace(".", " . ").replace("؟", " ؟ ").split()
    encoder = load_encoder(tiny_model(folder, words))
    index_dir = folder / "index"
    build_index(read_articles(folder / "sources"), index_dir, encoder, lambda _done, _total: None)
    return Answerer(load(index_dir, encoder))


def test_a_question_is_searched_for_by_its_vectors(arabic: Answerer) -> None:
    assert arabic.index.encoder.reads(QUESTION)
    answer = arabic.answer(QUESTION)
    assert answer.notes == ()
    assert answer.hits[0].passage.paragraph == 2
    assert answer.hits[0].sentences[0].span == answer.hits[0].passage.sentences[1]
    assert answer.hits[0].passage.quote(answer.hits[0].sentences[0].span) == QUOTE
    assert answer.status is not Status.SMALL_TALK


def test_the_page_says_the_language_of_what_it_quotes(arabic: Answerer) -> None:
    answer = arabic.answer(QUESTION)
    articles = {article.source: article for article in arabic.index.articles}
    assert 'lang="ar"' in render_sources(answer, articles)


def test_stop_words_are_left_out_in_arabic_too() -> None:
    found = content_words(words("متى باع الخبز إلى هؤلاء في المدينة؟", "ar"))
    assert [word.surface for word in found] == ["باع", "الخبز", "هؤلاء", "المدينة"]


def test_the_default_model_is_told_apart(answerer: Answerer) -> None:
    answer = answerer.answer(QUESTION)
    assert answer.notes[0] == "This search works best in English. You asked in Arabic."
