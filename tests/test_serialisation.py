import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from index.loading import load
from index.passage_index import PassageIndex
from index.publishing import publish
from index.search import Query, search
from index.sentence_table import SentenceTable
from index.signals import NO_BACKGROUND
from tests.small_index import contents, mend, refusal, reseal, sha256


def test_an_index_comes_back_equal(
    small_index_dir: Path, first_index: PassageIndex, tmp_path: Path
) -> None:
    again = load(small_index_dir, first_index.encoder)
    assert again.generation == "gen-1"
    assert again.articles == first_index.articles
    assert again.passages == first_index.passages
    assert again.vocabulary == first_index.vocabulary
    assert again.spelling == first_index.spelling
    assert again.background == first_index.background != NO_BACKGROUND
    np.testing.assert_array_equal(again.piece_counts, first_index.piece_counts, strict=True)
    np.testing.assert_array_equal(
        again.token_vectors.codes, first_index.token_vectors.codes, strict=True
    )
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


def test_the_files_of_a_generation(small_index_dir: Path) -> None:
    files = contents(small_index_dir / "gen-1")
    named_by_contents = {
        name for name, data in files.items() if name == f"encodings/{sha256(data)}.safetensors"
    }
    assert json.loads(files["encodings.json"]) == list(named_by_contents)
    assert files.keys() - named_by_contents == {
        "articles.json",
        "background.json",
        "bm25_first.npy",
        "bm25_passages.npy",
        "bm25_scores.npy",
        "encodings.json",
        "manifest.json",
        "manifest.sha256",
        "passages.faiss",
        "passages.json",
        "piece_counts.npy",
        "sentence_announcing.npy",
        "sentence_first.npy",
        "sentence_first_terms.npy",
        "sentence_passages.npy",
        "sentence_terms.npy",
        "sentence_tokens.npy",
        "sentence_types.npy",
        "sentences.faiss",
        "spelling.json",
        "vocabulary.json",
    }


def forget_a_passage(generation: Path) -> None:
    passages = json.loads((generation / "passages.json").read_text("utf-8"))
    (generation / "passages.json").write_text(json.dumps(passages[1:]))


def take_another_article(generation: Path) -> None:
    path = generation / "passages.json"
    path.write_text(path.read_text("utf-8").replace("bridge.txt", "tunnel.txt"))


def shorten_an_article(generation: Path) -> None:
    path = generation / "articles.json"
    path.write_text(path.read_text("utf-8").replace("Work begins in May.", ""))


def exchange_vectors(generation: Path) -> None:
    (generation / "passages.faiss").write_bytes((generation / "sentences.faiss").read_bytes())


@pytest.mark.parametrize(
    "change", [forget_a_passage, take_another_article, shorten_an_article, exchange_vectors]
)
def test_parts_that_do_not_fit_together(
    small_index_dir: Path, first_index: PassageIndex, change: Callable[[Path], None]
) -> None:
    change(small_index_dir / "gen-1")
    reseal(small_index_dir, lambda _: None)
    assert refusal(load, small_index_dir, first_index.encoder) == (
        f"{small_index_dir / 'gen-1'} holds parts that do not fit together; {mend(small_index_dir)}"
    )
