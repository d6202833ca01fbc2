"""An index that takes over what was embedded before is the one that is built from nothing."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from citadel.index.build.build import build_index, index_articles
from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.token_vectors import TokenVectors
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search
from citadel.index.retrieval.sentence_table import SentenceTable
from citadel.index.snapshots.loading import load, verify
from tests.fake_encoder import FakeEncoder

ARTICLES = {
    "bridge.md": "# The bridge\n\nThe flood took it. Work begins in May: the council pays.\n",
    "ferry.md": "# The ferry\n\nIt crosses the river. It takes ten minutes.\n\nTickets are dear.\n",
    "mill.md": "# The mill\n\nIt grinds corn.\n\nThe miller is old. He has two sons.\n",
    "tower.md": "# The tower\n\nTickets are dear.\n\nIt fell in 1802. Nobody was hurt.\n",
}
QUESTIONS = ("When does work begin?", "Who is old?", "What fell in 1802?", "Is the ferry dear?")


def write(folder: Path, articles: dict[str, str]) -> tuple[Article, ...]:
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in articles.items():
        (folder / name).write_text(text, "utf-8")
    return read_articles(folder)


def ignore(_done: int, _total: int) -> None:
    """Show no progress."""


def tokens_of_passages(index: PassageIndex) -> TokenVectors:
    """The token vectors of all passages, in their order, wherever they stand."""
    ranges = index.sentences.passage_tokens().tolist()
    read = [index.token_vectors.read(first, last) for first, last in ranges]
    return TokenVectors(
        np.concatenate([each.codes for each in read]), np.concatenate([each.steps for each in read])
    )


def vectors(index: PassageIndex) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """All vectors of an index, each as the scores of a unit vector in every dimension."""
    axes = np.eye(index.encoder.dimension, dtype=np.float32)
    return {
        name: np.stack([stored.scores(axis, np.arange(len(stored))) for axis in axes])
        for name, stored in (
            ("passages", index.passage_vectors),
            ("sentences", index.sentence_vectors),
        )
    }


def assert_equal(one: PassageIndex, other: PassageIndex, tolerance: float = 0.0) -> None:
    """Compare all there is; numbers that a model computed within the tolerance."""
    for name in ("articles", "passages", "vocabulary", "spelling"):
        assert getattr(one, name) == getattr(other, name)
    for field in fields(SentenceTable):
        left, right = getattr(one.sentences, field.name), getattr(other.sentences, field.name)
        if field.name == "tokens":
            left, right = np.diff(left), np.diff(right)
        np.testing.assert_array_equal(left, right, strict=True)
    np.testing.assert_array_equal(one.piece_counts, other.piece_counts, strict=True)
    for name, rows in vectors(one).items():
        np.testing.assert_allclose(rows, vectors(other)[name], rtol=0, atol=tolerance)
    left_tokens, right_tokens = tokens_of_passages(one), tokens_of_passages(other)
    np.testing.assert_allclose(left_tokens.steps, right_tokens.steps, rtol=0, atol=tolerance)
    # A number that lies in the middle of two codes may go to either of them.
    apart = np.abs(left_tokens.codes.astype(np.int16) - right_tokens.codes)
    assert apart.max() <= (1 if tolerance else 0)
    for field_name in ("late_best", "late_tenth", "cosine_best", "cosine_tenth"):
        np.testing.assert_allclose(
            getattr(one.background, field_name),
            getattr(other.background, field_name),
            rtol=0,
            atol=tolerance * 1000,
        )
    every_term = range(len(one.vocabulary.terms))
    np.testing.assert_array_equal(one.bm25.scores(every_term), other.bm25.scores(every_term))


CHANGES = {
    "add": ARTICLES | {"well.md": "# The well\n\nIt is deep. It takes ten minutes.\n"},
    "add before all": {"alley.md": "# The alley\n\nIt is dark.\n"} | ARTICLES,
    "change": ARTICLES
    | {"ferry.md": "# The ferry\n\nIt crosses the river. It sank.\n\nTickets!\n"},
    "drop": {name: text for name, text in ARTICLES.items() if name != "mill.md"},
    "rename": {f"new {name}": text for name, text in ARTICLES.items()},
    "nothing": ARTICLES,
    "all": {"well.md": "# The well\n\nIt is deep.\n"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_index_that_grew_is_one_built_from_nothing(tmp_path: Path, change: str) -> None:
    folder, encoder = tmp_path / "index", FakeEncoder()
    build_index(write(tmp_path / "sources", ARTICLES), folder, encoder, ignore)
    articles = write(tmp_path / "sources", CHANGES[change])
    grown = build_index(articles, folder, encoder, ignore)
    verify(folder, lambda _model: encoder)
    scratch = index_articles("scratch", articles, FakeEncoder())
    for index in (grown, load(folder, encoder)):
        assert_equal(index, scratch)
        for question in QUESTIONS:
            found, expected = (search(each, Query(question), 5) for each in (index, scratch))
            assert found == expected


def test_the_real_model_gives_the_same_in_other_company(tmp_path: Path, encoder: Encoder) -> None:
    """A batch of other texts moves the last bits of a vector, and nothing else."""
    folder = tmp_path / "index"
    build_index(write(tmp_path / "sources", ARTICLES), folder, encoder, ignore)
    articles = write(tmp_path / "sources", CHANGES["change"] | CHANGES["add"])
    grown = build_index(articles, folder, encoder, ignore)
    scratch = index_articles("scratch", articles, encoder)
    assert_equal(grown, scratch, tolerance=1e-6)
    for question in QUESTIONS:
        found, expected = (search(each, Query(question), 5) for each in (grown, scratch))
        assert [hit.passage for hit in found.hits] == [hit.passage for hit in expected.hits]
        assert found.quotable == expected.quotable
        np.testing.assert_allclose(
            [hit.score for hit in found.hits], [hit.score for hit in expected.hits], atol=1e-3
        )
