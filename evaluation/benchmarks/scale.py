"""How an index grows: what it costs to build, to keep and to search collections of any size."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from citadel.evaluation.benchmarks.baselines.loop import own_memory
from citadel.evaluation.benchmarks.synthetic import Seed, draw_vectors, drawn_index, token_bytes
from citadel.evaluation.reports.report import markdown_table
from citadel.index.encoders.backends import use_threads
from citadel.index.encoders.encoder import Encoder
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search
from citadel.index.stores.faiss_store import VectorIndex
from citadel.index.stores.recall import SearchQuality

_TIMED_PASSAGES = 64
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Growth:
    """What a collection of some size costs.

    Attributes:
        passages: How many passages it has.
        sentences: How many sentences.
        embedding: Seconds to embed them, extrapolated from a few.
        indexing: Seconds to index their vectors, the measurement of the recall included.
        words: Seconds to lay out the sentence table and index the words.
        peak: Bytes of memory that indexing took at its peak, beyond what was there before.
        vectors: Bytes of the vector indexes, in memory as on the disk.
        tokens: Bytes of the token vectors, on the disk.
        quality: Of passage vectors and of sentence vectors.
        searches: Milliseconds of each search, its question being embedded already.
        processor: Milliseconds of processor time of each: what it would take if nothing else ran.

    """

    passages: int
    sentences: int
    embedding: float
    indexing: float
    words: float
    peak: int
    vectors: int
    tokens: int
    quality: tuple[SearchQuality, SearchQuality]
    searches: tuple[float, ...]
    processor: tuple[float, ...]


def measure_growth(
    seed: Seed,
    encoder: Encoder,
    questions: Sequence[str],
    sizes: Sequence[int],
    tell: Callable[[str], None],
) -> list[Growth]:
    """Draw, index and search collections of the given sizes, one after the other.

    Args:
        seed: What to draw them from. Its encoder remembers the questions it has encoded.
        encoder: The model itself, to time it.
        questions: What to search for.
        sizes: In passages.
        tell: Called with what is being done.

    """
    seed.index.encoder.encode_questions(questions)
    texts = [passage.text for passage in seed.index.passages[:_TIMED_PASSAGES]]
    for passage in seed.index.passages[:_TIMED_PASSAGES]:
        texts += [passage.quote(span) for span in passage.sentences]
    started = time.perf_counter()
    encoder.encode_texts(texts)
    per_text = (time.perf_counter() - started) / len(texts)
    return [_growth(seed, per_text, questions, size, tell) for size in sizes]


def markdown_growth(growths: Sequence[Growth]) -> str:
    """Return a Markdown table with a column for each size."""

    def row(name: str, value: Callable[[Growth], str]) -> list[str]:
        return [name, *(value(growth) for growth in growths)]

    def both(told: Callable[[SearchQuality], str]) -> Callable[[Growth], str]:
        return lambda growth: "; ".join(map(told, growth.quality))

    return markdown_table(
        ["", *(f"{growth.passages:,} passages" for growth in growths)],
        [
            row("sentences", lambda g: f"{g.sentences:,}"),
            row("embedding, extrapolated", lambda g: _duration(g.embedding)),
            row("indexing the vectors", lambda g: _duration(g.indexing)),
            row("memory for that, at its peak", lambda g: amount(g.peak)),
            row("indexing the words", lambda g: _duration(g.words)),
            row("vector indexes, memory and disk", lambda g: amount(g.vectors)),
            row("token vectors, on the disk, computed", lambda g: amount(g.tokens)),
            row("index of passages; of sentences", both(lambda q: q.index)),
            row("lists searched", both(lambda q: str(q.effort) if q.queries else "all")),
            row("recall@10 of own vectors", both(lambda q: f"{q.recall:.3f}")),
            row("recall@10 of mixtures", both(lambda q: f"{q.recall_of_mixtures:.3f}")),
            row("of those, among the 50 proposed", both(lambda q: f"{q.among_proposed:.3f}")),
            row("greatest error of a score seen", both(lambda q: f"{q.score_error:.4f}")),
            row("search, p50", lambda g: f"{np.percentile(g.searches, 50):.1f} ms"),
            row("search, p99", lambda g: f"{np.percentile(g.searches, 99):.1f} ms"),
            row("its processor time, p50", lambda g: f"{np.percentile(g.processor, 50):.1f} ms"),
            row("its processor time, p99", lambda g: f"{np.percentile(g.processor, 99):.1f} ms"),
        ],
    )


def _growth(
    seed: Seed, per_text: float, questions: Sequence[str], size: int, tell: Callable[[str], None]
) -> Growth:
    rows = seed.sentence_rows(size)
    with TemporaryDirectory() as folder:
        tell(f"{size:,} passages: drawing {size + len(rows):,} vectors")
        passages = draw_vectors(
            seed.passages, np.arange(size) % len(seed.passages), Path(folder) / "passages.npy"
        )
        sentences = draw_vectors(seed.sentences, rows, Path(folder) / "sentences.npy")
        tell(f"{size:,} passages: indexing them")
        with _peak_memory() as peak:
            # Searches are timed with one thread; who builds has all cores.
            use_threads(os.cpu_count() or 1)
            started = time.perf_counter()
            indexes = (VectorIndex.build(passages), VectorIndex.build(sentences))
            indexing = time.perf_counter() - started
            use_threads(1)
    sizes = [len(index.to_bytes()) for index in indexes]
    tell(f"{size:,} passages: indexing their words")
    started = time.perf_counter()
    index = drawn_index(seed, size, *indexes)
    words = time.perf_counter() - started
    tell(f"{size:,} passages: searching")
    searches, processor = zip(*search_times(index, questions), strict=True)
    return Growth(
        passages=size,
        sentences=len(rows),
        embedding=per_text * (size + len(rows)),
        indexing=indexing,
        words=words,
        peak=peak[0],
        vectors=sum(sizes),
        tokens=token_bytes(seed, size),
        quality=(indexes[0].quality, indexes[1].quality),
        searches=searches,
        processor=processor,
    )


def search_times(index: PassageIndex, questions: Sequence[str]) -> Iterator[tuple[float, float]]:
    """Yield the milliseconds that each search takes, by the clock and of processor time."""
    search(index, Query(questions[0]), _SHOWN)
    for question in questions:
        started, processor = time.perf_counter(), time.process_time()
        search(index, Query(question), _SHOWN)
        elapsed, worked = time.perf_counter() - started, time.process_time() - processor
        yield elapsed * 1000, worked * 1000


@contextmanager
def _peak_memory() -> Iterator[list[int]]:
    """Give a list whose one number will be the most memory that was taken in the block, in bytes.

    Only memory that is not a file's counts: the drawn vectors are read from a map of a file.
    """
    gc.collect()
    before = own_memory("RssAnon")
    peak = [0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], own_memory("RssAnon") - before)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        peak[0] = max(peak[0], own_memory("RssAnon") - before)
        done.set()
        watcher.join()


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def amount(count: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.2f} GB"
