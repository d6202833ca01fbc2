"""The bundled article answers as well when it comes as a saved page or as a printed PDF."""

from pathlib import Path

import pytest

from evaluation.datasets import BUNDLED_QUESTIONS, read_dataset
from evaluation.gate import measured
from evaluation.running import ask_all
from evaluation.scoring import score
from index.building import BUNDLED_SOURCES, index_articles
from index.collection import read_articles
from index.encoder import Encoder
from index.reading.files import read_article
from qa.answering import Answerer
from tests.renderings import as_html, as_pdf

pytestmark = [pytest.mark.torture, pytest.mark.timeout(3600)]

POINTS = 0.02


def test_formats_answer_alike(tmp_path: Path, encoder: Encoder) -> None:
    bundled = read_article(BUNDLED_SOURCES / "enab-baladi-end-of-aleppo.md")
    for name in ("md", "html", "pdf"):
        (tmp_path / name).mkdir()
    (tmp_path / "md" / "aleppo.md").write_text(bundled.text, "utf-8")
    (tmp_path / "html" / "aleppo.html").write_text(as_html(bundled), "utf-8")
    as_pdf(bundled, tmp_path / "pdf" / "aleppo.pdf")
    markdown, *others = (quality(tmp_path / name, encoder) for name in ("md", "html", "pdf"))
    for other in others:
        assert abs(other - markdown) <= POINTS


def quality(folder: Path, encoder: Encoder) -> float:
    """hit@1 on the development questions."""
    dataset = read_dataset(BUNDLED_QUESTIONS)
    articles = read_articles(folder)
    index = index_articles(folder.name, articles, encoder, lambda _done, _total: None)
    asked = ask_all(Answerer(index), dataset.questions, lambda _done, _total: None)
    result, _, _ = score(dataset, articles, asked, folder.name)
    assert result.about.misquoted == 0
    return measured(result)["hit@1"].value
