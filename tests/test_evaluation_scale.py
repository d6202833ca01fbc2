"""Drawn collections are as large as asked for, near the real one, and searched like it."""

from pathlib import Path

import numpy as np
import pytest

from citadel.evaluation.benchmarks.scale import Growth, markdown_growth
from citadel.evaluation.benchmarks.synthetic import Seed, draw_vectors, drawn_index, token_bytes
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search
from citadel.index.stores.faiss_store import VectorIndex
from citadel.index.stores.recall import EXACT, SearchQuality


@pytest.fixture(scope="module")
def seed(passage_index: PassageIndex) -> Seed:
    return Seed.of(passage_index)


def test_drawn_vectors(seed: Seed, tmp_path: Path) -> None:
    rows = np.arange(500) % len(seed.sentences)
    drawn = draw_vectors(seed.sentences, rows, tmp_path / "drawn.npy")
    assert (drawn.shape, drawn.dtype.name) == ((500, 384), "float32")
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-5)
    assert len(np.unique(drawn, axis=0)) == 500
    to_own = np.einsum("ij,ij->i", drawn, seed.sentences[rows])
    assert np.median(to_own) > np.median(seed.sentences @ seed.sentences.T) + 0.2
    again = draw_vectors(seed.sentences, rows, tmp_path / "again.npy")
    np.testing.assert_array_equal(again, drawn)


def test_a_drawn_collection(seed: Seed, tmp_path: Path) -> None:
    real = seed.index
    size = 2 * len(real.passages) + 3
    rows = seed.sentence_rows(size)
    sentences = 2 * len(seed.sentences) + int(real.sentences.first[3])
    assert len(rows) == sentences
    passages = draw_vectors(
        seed.passages, np.arange(size) % len(real.passages), tmp_path / "passages.npy"
    )
    index = drawn_index(
        seed,
        size,
        VectorIndex.build(passages),
        VectorIndex.build(draw_vectors(seed.sentences, rows, tmp_path / "sentences.npy")),
    )
    number = len(real.passages) + 2
    assert index.passages[number] == real.passages[2]
    assert index.sentences.terms_of_passage(number) == real.sentences.terms_of_passage(2)
    assert index.sentences.first[-1] == sentences
    question = Query("Who leads Jaish Halab?")
    best = search(real, question, 1).hits[0].passage
    assert search(index, question, 1).hits[0].passage == best
    tokens = real.token_vectors
    assert token_bytes(seed, 2 * len(real.passages)) == 2 * len(tokens) * (384 + 4)


def test_growth_in_a_table() -> None:
    lists = SearchQuality("IVF2048,SQ8", 32, 0.991, 0.9825, 256, 0.00131, 0.9984)
    growth = Growth(
        passages=1_000_000,
        sentences=5_600_000,
        embedding=36_000.0,
        indexing=600.0,
        words=90.0,
        peak=2_500_000_000,
        vectors=2_640_000_000,
        tokens=65_900_000,
        quality=(EXACT, lists),
        searches=(8.0, 10.0, 30.0),
        processor=(4.0, 5.0, 15.0),
    )
    assert markdown_growth([growth]) == (
        "|  | 1,000,000 passages |\n"
        "| --- | ---: |\n"
        "| sentences | 5,600,000 |\n"
        "| embedding, extrapolated | 10.0 h |\n"
        "| indexing the vectors | 10 min |\n"
        "| memory for that, at its peak | 2.50 GB |\n"
        "| indexing the words | 90.0 s |\n"
        "| vector indexes, memory and disk | 2.64 GB |\n"
        "| token vectors, on the disk, computed | 65.9 MB |\n"
        "| index of passages; of sentences | Flat; IVF2048,SQ8 |\n"
        "| lists searched | all; 32 |\n"
        "| recall@10 of own vectors | 1.000; 0.991 |\n"
        "| recall@10 of mixtures | 1.000; 0.983 |\n"
        "| of those, among the 50 proposed | 1.000; 0.998 |\n"
        "| greatest error of a score seen | 0.0000; 0.0013 |\n"
        "| search, p50 | 10.0 ms |\n"
        "| search, p99 | 29.6 ms |\n"
        "| its processor time, p50 | 5.0 ms |\n"
        "| its processor time, p99 | 14.8 ms |"
    )
