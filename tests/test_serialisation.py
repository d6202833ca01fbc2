import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search
from citadel.index.retrieval.sentence_table import SentenceTable
from citadel.index.retrieval.signals import NO_BACKGROUND
from citadel.index.snapshots.loading import load
from citadel.index.snapshots.publishing import publish
from tests.small_index import contents, mend, refusal, reseal, sha256


def test_an_index_comes_back_equal(
    small_index_dir: Path, first_index: PassageIndex, tmp_path: Path
) -> None:
    again = load(small_index_dir, first_index.encoder)
    assert again.snapshot == "gen-1"
    assert again.articles == first_index.articles
    assert again.passages == first_index.passages
    assert again.vocabulary == first_index.vocabulary
    assert again.spelling == first_index.spelling
    assert again.background == first_index.background != NO_BACKGROUND
    np.testing.assert_array_equal(again.piece_counts, first_index.piece_counts, strict=True)
    for first, last in first_index.sentences.passage_tokens().tolist():
        read, expected = (each.token_vectors.read(first, last) for each in (again, first_index))
        np.testing.assert_array_equal(read.codes, expected.codes, strict=True)
        np.testing.assert_array_equal(read.steps, expected.steps, strict=True)
    for field in fields(SentenceTable):
        np.testing.assert_array_equal(
            getattr(again.sentences, field.name),
            getattr(first_index.sentences, field.name),
            strict=True,
        )
    publish(again, tmp_path / "again")
    one, other = contents(small_index_dir / "gen-1"), contents(tmp_path / "again" / "gen-1")
    dated = {"manifest.json", "manifest.sha256"}
    assert {name for name in one if one[name] != other[name]} <= dated
    assert one.keys() == other.keys()
    for question in ("When does work begin?", "Who took the bridge away?"):
        query = Query(question, topic="bridge", earlier="What is the bridge?", dependence=0.7)
        assert search(again, query, 5) == search(first_index, query, 5)


def test_the_files_of_a_snapshot(small_index_dir: Path) -> None:
    files = contents(small_index_dir / "gen-1")
    named_by_contents = {
        name for name, data in files.items() if name == f"encodings/{sha256(data)}.safetensors"
    }
    assert json.loads(files["encodings.json"]) == list(named_by_contents)
    assert files.keys() - named_by_contents == {
        "articles.json",
        "background.json",
        "catalogue.safetensors",
        "encodings.json",
        "files.json",
        "forms.json",
        "manifest.json",
        "manifest.sha256",
        "passages.faiss",
        "piece_counts.npy",
        "postings_counts.npy",
        "postings_first.npy",
        "postings_passages.npy",
        "scale.json",
        "sentence_tokens.npy",
        "sentences.faiss",
        "sketch_counts.npy",
        "sketch_paragraph_counts.npy",
        "sketch_paragraphs.npy",
        "sketch_shingles.npy",
        "sketch_words.npy",
        "spelling.json",
        "text_announcing.npy",
        "text_digests.npy",
        "text_headings.npy",
        "text_passage_counts.npy",
        "text_sentence_counts.npy",
        "text_sentence_spans.npy",
        "text_sentence_words.npy",
        "text_spans.npy",
        "text_types.npy",
        "text_word_counts.npy",
        "text_words.npy",
        "token_checksums.npy",
    }


def change(snapshot: Path, name: str, make: Callable[[npt.NDArray[Any]], object]) -> None:
    """Put in the place of an array of a snapshot what is made of it."""
    path = snapshot / f"{name}.npy"
    np.save(path, np.asarray(make(np.load(path))))


def forget_a_passage(snapshot: Path) -> None:
    change(snapshot, "text_spans", lambda spans: spans[1:])


def forget_an_article(snapshot: Path) -> None:
    change(snapshot, "text_passage_counts", lambda counts: [counts.sum()])


def move_a_sentence(snapshot: Path) -> None:
    change(snapshot, "text_sentence_spans", lambda spans: spans[::-1])


def move_words(snapshot: Path) -> None:
    change(snapshot, "text_sentence_words", lambda ranges: ranges + 1)


def take_words_that_no_form_has(snapshot: Path) -> None:
    change(snapshot, "text_words", lambda words: words + len(words))


def shorten_an_article(snapshot: Path) -> None:
    path = snapshot / "articles.json"
    path.write_text(path.read_text("utf-8").replace("Work begins in May.", ""))


def exchange_vectors(snapshot: Path) -> None:
    (snapshot / "passages.faiss").write_bytes((snapshot / "sentences.faiss").read_bytes())


@pytest.mark.parametrize(
    "spoil",
    [
        forget_a_passage,
        forget_an_article,
        move_a_sentence,
        move_words,
        take_words_that_no_form_has,
        shorten_an_article,
        exchange_vectors,
    ],
)
def test_parts_that_do_not_fit_together(
    small_index_dir: Path, first_index: PassageIndex, spoil: Callable[[Path], None]
) -> None:
    spoil(small_index_dir / "gen-1")
    reseal(small_index_dir, lambda _: None)
    assert refusal(load, small_index_dir, first_index.encoder) == (
        f"{small_index_dir / 'gen-1'} holds parts that do not fit together; {mend(small_index_dir)}"
    )
