"""Articles answer as well when they come as saved pages or as printed PDFs as in Markdown.

The bundled article with its development questions; with ``--held-out squad2-dev.json`` eight
articles of such a file, too.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from citadel.evaluation.data.datasets import BUNDLED_QUESTIONS, read_dataset
from citadel.evaluation.data.questions import Dataset, Evidence, Question
from citadel.evaluation.reports.gate import measured
from citadel.evaluation.scoring.running import ask_all
from citadel.evaluation.scoring.scoring import score
from citadel.index.build.build import BUNDLED_SOURCES, index_articles
from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import read_articles
from citadel.index.corpus.passages import split_article
from citadel.index.encoders.encoder import Encoder
from citadel.qa.answer.answering import Answerer
from tests.reading_here import read_article
from tests.renderings import as_booklet, as_crowded_html, as_html, as_pdf, contents

pytestmark = [pytest.mark.torture, pytest.mark.timeout(3600)]

POINTS = 0.02
ARTICLES = 8
QUESTIONS = 200

Count = Callable[[str, dict[str, int]], None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    path = metafunc.config.getoption("--held-out")
    metafunc.parametrize("held_out", [None, *([path] if path else [])], ids=str)


def test_formats_answer_alike(
    tmp_path: Path, encoder: Encoder, held_out: Path | None, count: Count
) -> None:
    dataset, articles = bundled() if held_out is None else drawn(held_out)
    for name in ("md", "html", "crowded", "pdf", "booklet"):
        (tmp_path / name).mkdir()
    for number, article in enumerate(articles):
        text = article.text if held_out is None else as_markdown(article)
        (tmp_path / "md" / f"{number}.md").write_text(text, "utf-8")
        (tmp_path / "html" / f"{number}.html").write_text(as_html(article), "utf-8")
        (tmp_path / "crowded" / f"{number}.html").write_text(as_crowded_html(article), "utf-8")
        as_pdf(article, tmp_path / "pdf" / f"{number}.pdf")
        as_booklet(article, tmp_path / "booklet" / f"{number}.pdf")
    measures = {
        folder.name: quality(folder, dataset, encoder) for folder in sorted(tmp_path.iterdir())
    }
    for folder, values in measures.items():
        thousandths = {f"thousandths {name}": round(1000 * v) for name, v in values.items()}
        count(f"{dataset.name} as {folder}", thousandths)
    for values in measures.values():
        for name, value in values.items():
            assert value >= measures["md"][name] - POINTS, measures


def bundled() -> tuple[Dataset, tuple[Article, ...]]:
    article = read_article(BUNDLED_SOURCES / "enab-baladi-end-of-aleppo.md")
    return read_dataset(BUNDLED_QUESTIONS), (article,)


def drawn(path: Path) -> tuple[Dataset, tuple[Article, ...]]:
    """Some articles of a file, and questions about them whose answering sentence is known."""
    whole = read_dataset(path)
    articles = {article.source: article for article in whole.articles[:ARTICLES]}
    questions = [
        question
        for question in whole.questions
        if question.answerable and question.evidence[0].places[0].source in articles
    ]
    chosen = islice(questions, 0, None, max(len(questions) // QUESTIONS, 1))
    told = tuple(with_sentence(question, articles) for question in chosen)
    return replace(whole, questions=told, articles=()), tuple(articles.values())


def with_sentence(question: Question, articles: dict[str, Article]) -> Question:
    """Give the answering sentence as the evidence, to be found in whatever format."""
    place = question.evidence[0].places[0]
    article = articles[place.source]
    sentence = next(
        passage.quote(span)
        for passage in split_article(article)
        for span in passage.sentences
        if span.start <= place.start < span.end
    )
    return replace(question, evidence=(Evidence(" ".join(sentence.split())),))


def as_markdown(article: Article) -> str:
    return "\n\n".join([f"# {article.title}", *(text for _, text in contents(article))])


def quality(folder: Path, dataset: Dataset, encoder: Encoder) -> dict[str, float]:
    """The share of questions whose first passage, and whose first quote, answer."""
    articles = read_articles(folder)
    index = index_articles(folder.name, articles, encoder, lambda _done, _total: None)
    asked = ask_all(Answerer(index), dataset.questions, lambda _done, _total: None)
    result, _, _ = score(dataset, articles, asked, folder.name)
    assert result.about.misquoted == 0
    values = measured(result)
    return {name: values[name].value for name in ("hit@1", "sentence@1")}
