"""Invented collections are built, searched and added to as real ones are."""

from itertools import pairwise

import numpy as np
import pytest

from citadel.evaluation.benchmarks.synthetic import (
    PASSAGES,
    DrawingEncoder,
    Seed,
    invented_articles,
)
from citadel.evaluation.benchmarks.updates import Time, Update, markdown_updates, measure_update
from citadel.index.encoders.encoder import Encoder
from citadel.index.retrieval.passage_index import PassageIndex


@pytest.fixture(scope="module")
def seed(passage_index: PassageIndex) -> Seed:
    return Seed.of(passage_index)


def test_invented_articles(seed: Seed) -> None:
    one, two = invented_articles(seed, 2)
    assert [one, two] == list(invented_articles(seed, 2))
    title, *paragraphs = one.removesuffix("\n").split("\n\n")
    assert title.startswith("# Report 0 on ")
    assert len(paragraphs) == PASSAGES
    assert not {title, *paragraphs} & set(two.split("\n\n"))
    # In each sentence one name is invented, and another word may have got the full stop.
    known = {word for passage in seed.index.passages for word in passage.text.split()}
    for paragraph in paragraphs:
        new = [word for word in paragraph.split() if word not in known]
        assert len(new) <= 2 * paragraph.count(".")


def test_drawn_encodings(seed: Seed, encoder: Encoder) -> None:
    drawing = DrawingEncoder(encoder, seed)
    text = "The siege, again."
    one, other, same = drawing.encode_texts([text, "Another text.", text])
    np.testing.assert_array_equal(one.vector, same.vector, strict=True)
    np.testing.assert_array_equal(one.token_vectors, same.token_vectors, strict=True)
    assert not np.array_equal(one.vector, other.vector)
    assert [text[a:b] for a, b in one.token_offsets] == ["The", "siege", ",", "again", "."]
    np.testing.assert_allclose(np.linalg.norm(one.token_vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(one.vector), 1, atol=1e-5)
    real = np.concatenate([seed.passages, seed.sentences])
    assert (real @ one.vector).max() > 0.5
    (asked,) = drawing.encode_questions(["Who leads it?"])
    (expected,) = encoder.encode_questions(["Who leads it?"])
    np.testing.assert_array_equal(asked.vector, expected.vector, strict=True)


def test_an_article_is_added(seed: Seed, encoder: Encoder) -> None:
    told: list[str] = []
    update = measure_update(seed, encoder, ["Who leads Jaish Halab?"], 60, told.append)
    assert told == [
        "60 passages: reading 2 articles",
        "60 passages: building their index",
        "60 passages: opening and searching it",
        "60 passages: adding an article",
    ]
    assert update.passages == 2 * PASSAGES
    assert len(update.searches) == 1
    parts = (0, update.tokens * 384, update.encodings, update.disk)
    assert all(less < more for less, more in pairwise(parts))


def test_updates_in_a_table() -> None:
    update = Update(
        passages=100_000,
        sentences=560_000,
        tokens=16_500_000,
        reading=Time(30.0, 50.0),
        building=Time(200.0, 300.0),
        disk=7_200_000_000,
        encodings=6_600_000_000,
        opening=Time(8.0, 7.5),
        searches=(8.0, 10.0, 30.0),
        loading=Time(1.25, 1.0),
        reading_again=Time(2.0, 1.5),
        publishing=Time(4.0, 4.5),
        moving=Time(1.5, 1.0),
    )
    assert markdown_updates([update]) == (
        "|  | 100,000 passages |\n"
        "| --- | ---: |\n"
        "| sentences | 560,000 |\n"
        "| token vectors | 16,500,000 |\n"
        "| reading the articles | 30.0 s (50.0 s) |\n"
        "| building, besides embedding | 200.0 s (300.0 s) |\n"
        "| on the disk | 7.20 GB |\n"
        "| of that, files that the next index shares | 6.60 GB |\n"
        "| opening in a new process | 8.0 s (7.5 s) |\n"
        "| search, p50 | 10.0 ms |\n"
        "| search, p99 | 29.6 ms |\n"
        "| one more article: loading what is taken over | 1.2 s (1.0 s) |\n"
        "| reading the folder again | 2.0 s (1.5 s) |\n"
        "| publishing it, besides embedding | 4.0 s (4.5 s) |\n"
        "| a server moving to it | 1.5 s (1.0 s) |"
    )
