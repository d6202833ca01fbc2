"""The files that a passage index is kept in: how each of its parts is written and read back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.articles import Article, article_from_record, article_record
from index.dense import VectorIndex
from index.disk import write_file
from index.encoder import Encoder
from index.late_interaction import TokenVectors
from index.layout import Span
from index.lexical import BM25, Vocabulary
from index.manifest import Manifest
from index.passage_index import PassageIndex, SentenceTable
from index.passages import Passage
from index.signals import Topic
from index.spellings import NameCounts


def write_parts(index: PassageIndex, folder: Path) -> None:
    """Write every part of an index into a new folder."""
    write_file(folder / "articles.json", _json([article_record(a) for a in index.articles]))
    write_file(folder / "passages.json", _json([_passage_record(p) for p in index.passages]))
    write_file(
        folder / "vocabulary.json",
        _json(
            {
                "terms": index.vocabulary.terms,
                "forms": index.vocabulary.forms,
                "passage_counts": index.vocabulary.passage_counts,
            }
        ),
    )
    write_file(folder / "passages.faiss", index.passage_vectors.to_bytes())
    write_file(folder / "sentences.faiss", index.sentence_vectors.to_bytes())
    _write_array(folder / "token_codes.npy", index.token_vectors.codes)
    _write_array(folder / "token_steps.npy", index.token_vectors.steps)
    table = index.sentences
    _write_array(folder / "sentence_first.npy", table.first)
    _write_array(folder / "sentence_passages.npy", table.passages)
    _write_array(folder / "sentence_tokens.npy", table.tokens)
    _write_array(folder / "sentence_terms.npy", table.terms)
    _write_array(folder / "sentence_first_terms.npy", table.first_terms)
    _write_array(folder / "sentence_types.npy", table.types)
    _write_array(folder / "sentence_announcing.npy", table.announcing)
    _write_array(folder / "piece_counts.npy", index.piece_counts)
    write_file(folder / "spelling.json", _json(asdict(index.spelling)))
    write_file(folder / "background.json", _json(asdict(index.background)))
    index.bm25.save(folder / "bm25")


def read_parts(
    part: Callable[[str], bytes], manifest: Manifest, encoder: Encoder, folder: Path
) -> PassageIndex:
    """Put an index together from its files.

    Args:
        part: Returns the verified contents of the file of a name.
        manifest: What the generation was made from.
        encoder: The model that it was built with.
        folder: Where the files are.

    """
    articles = tuple(article_from_record(record) for record in json.loads(part("articles.json")))
    by_source = {article.source: article for article in articles}
    for name in manifest.files:
        if name.startswith("bm25/"):
            part(name)
    return PassageIndex(
        generation=manifest.generation,
        articles=articles,
        passages=tuple(_passage(r, by_source) for r in json.loads(part("passages.json"))),
        encoder=encoder,
        passage_vectors=VectorIndex.from_bytes(
            part("passages.faiss"), "passages.faiss", manifest.quality["passages"]
        ),
        sentence_vectors=VectorIndex.from_bytes(
            part("sentences.faiss"), "sentences.faiss", manifest.quality["sentences"]
        ),
        token_vectors=TokenVectors(
            codes=_array(part("token_codes.npy")), steps=_array(part("token_steps.npy"))
        ),
        sentences=SentenceTable(
            first=_array(part("sentence_first.npy")),
            passages=_array(part("sentence_passages.npy")),
            tokens=_array(part("sentence_tokens.npy")),
            terms=_array(part("sentence_terms.npy")),
            first_terms=_array(part("sentence_first_terms.npy")),
            types=_array(part("sentence_types.npy")),
            announcing=_array(part("sentence_announcing.npy")),
        ),
        piece_counts=_array(part("piece_counts.npy")),
        spelling=NameCounts(**_tuples(json.loads(part("spelling.json")))),
        background=Topic(**json.loads(part("background.json"))),
        vocabulary=Vocabulary.of(**json.loads(part("vocabulary.json")), passages=manifest.passages),
        bm25=BM25.load(folder / "bm25", manifest.passages),
    )


def _passage_record(passage: Passage) -> dict[str, Any]:
    return {
        "source": passage.source,
        "section": passage.section,
        "paragraph": passage.paragraph,
        "start": passage.start,
        "end": passage.end,
        "sentences": [(span.start, span.end) for span in passage.sentences],
    }


def _passage(record: dict[str, Any], articles: dict[str, Article]) -> Passage:
    """Slice a passage out of the stored text again: its text is kept once."""
    article = articles[record["source"]]
    return Passage(
        **{**record, "sentences": tuple(Span(*pair) for pair in record["sentences"])},
        title=article.title,
        text=article.text[record["start"] : record["end"]],
    )


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    """Turn the lists that JSON knows back into tuples."""
    return {k: tuple(value) if isinstance(value, list) else value for k, value in record.items()}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _array(data: bytes) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.load(io.BytesIO(data), allow_pickle=False)
    return array


def _write_array(path: Path, array: npt.NDArray[Any]) -> None:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    write_file(path, buffer.getvalue())
