"""The articles in other languages that come with the evaluation, and the questions about them."""

from collections import Counter

import pytest

from citadel.evaluation.data.datasets import NEWSROOM, read_dataset
from citadel.evaluation.data.questions import Dataset
from citadel.evaluation.scoring.judging import Judge
from citadel.index.corpus.languages import detect_language, question_language
from citadel.index.corpus.sentences import sentence_spans

LANGUAGES = {"arabic": "ar", "chinese": "zh", "turkish": "tr"}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return read_dataset(NEWSROOM.with_name("languages"))


def test_there_are_fourteen_questions_about_each_article(dataset: Dataset) -> None:
    assert Counter(question.kind for question in dataset.questions) == {
        kind: count
        for language in LANGUAGES
        for kind, count in (
            (f"{language}-in-{language}", 10),
            (f"{language}-in-english", 2),
            (f"unanswerable-{language}", 2),
        )
    }
    assert Counter(question.article for question in dataset.questions) == dict.fromkeys(
        (article.source for article in dataset.articles), 14
    )


def test_articles_are_known_by_their_language(dataset: Dataset) -> None:
    assert sorted(article.language for article in dataset.articles) == ["ar", "tr", "zh"]
    for article in dataset.articles:
        assert detect_language(article.text) == article.language


def test_questions_are_known_by_their_language(dataset: Dataset) -> None:
    for question in dataset.questions:
        asked_in = question.kind.removeprefix("unanswerable-").rpartition("-")[2]
        # Chinese is known by its letters, and no other language is distinguished from it.
        expected = {"arabic": "ar", "turkish": "tr", "chinese": "", "english": "en"}[asked_in]
        assert question_language(question.text) == expected, question.text


def test_each_piece_of_evidence_is_one_sentence_of_its_article(dataset: Dataset) -> None:
    sentences = {
        (article.source, article.text[span.start : span.end])
        for article in dataset.articles
        for block in article.blocks
        for span in sentence_spans(article.text, block.span.start, block.span.end, article.language)
    }
    for question in Judge(dataset.articles, dataset.questions).questions:
        for piece in question.evidence:
            assert {place.source for place in piece.places} == {question.article}
            assert (question.article, piece.text) in sentences, piece.text
