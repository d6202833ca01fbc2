"""What it costs to build a whole index of a size on the disk, and to add one article to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from citadel.evaluation.benchmarks.scale import amount, search_times
from citadel.evaluation.benchmarks.synthetic import (
    PASSAGES,
    DrawingEncoder,
    Seed,
    invented_articles,
)
from citadel.evaluation.fitting.training_data import RememberingEncoder
from citadel.evaluation.reports.report import markdown_table
from citadel.index.build.build import BuildOptions, build_index
from citadel.index.build.incremental import Earlier, load_earlier
from citadel.index.corpus.corpus import Corpus, read_corpus
from citadel.index.encoders.encoder import Encoder, EncoderAround, Encoding
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.embedding_files import FOLDER
from citadel.index.snapshots.loading import load_current

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Time:
    """How long something took.

    Attributes:
        seconds: By the clock.
        processor: Seconds of processor time, of all threads: what it takes if nothing else runs.

    """

    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class Update:
    """What a whole index cost, and one more article.

    Attributes:
        passages: How many passages the index has.
        sentences: How many sentences.
        tokens: How many token vectors.
        reading: To read the files of the articles.
        building: To build the index, besides embedding.
        disk: Bytes of its files.
        encodings: Bytes of those that hold token vectors, and may be shared with the one before.
        opening: To open it in a new process: verified, ready to be searched.
        searches: Milliseconds of each search, its question being embedded already, and its token
            vectors read from the disk.
        loading: To load of it what a build takes over.
        reading_again: To read the folder with one more article.
        publishing: To publish that, besides embedding its passages.
        moving: To open the new index where the one before is served.

    """

    passages: int
    sentences: int
    tokens: int
    reading: Time
    building: Time
    disk: int
    encodings: int
    opening: Time
    searches: tuple[float, ...]
    loading: Time
    reading_again: Time
    publishing: Time
    moving: Time


def measure_update(
    seed: Seed, encoder: Encoder, questions: Sequence[str], size: int, tell: Callable[[str], None]
) -> Update:
    """Invent, build, open and search an index, then add an article to it.

    Args:
        seed: What to invent it from.
        encoder: The model, for the questions.
        questions: What to search for.
        size: In passages; as many articles of ``PASSAGES`` passages as that takes.
        tell: Called with what is being done.

    """
    drawing = _TimedEncoder(DrawingEncoder(encoder, seed))
    with TemporaryDirectory() as root:
        sources, folder = Path(root) / "sources", Path(root) / "index"
        count = -(-size // PASSAGES)
        another = _write_invented(seed, count, sources)
        tell(f"{size:,} passages: reading {count:,} articles")
        collection, reading = drawing.timed(lambda: read_corpus(sources))
        tell(f"{size:,} passages: building their index")
        built, building = drawing.timed(lambda: _built(collection, folder, drawing))
        tokens = len(built.token_vectors)
        del built
        tell(f"{size:,} passages: opening and searching it")
        asked = RememberingEncoder(drawing)
        asked.encode_questions(questions)
        opened, opening = drawing.timed(lambda: load_current(folder, lambda _: asked))
        with threadpool_limits(1, user_api="blas"):
            searches, _ = zip(*search_times(opened, questions), strict=True)
        files = [path for path in (folder / opened.snapshot).rglob("*") if path.is_file()]
        sizes = {path: path.stat().st_size for path in files}
        tell(f"{size:,} passages: adding an article")
        # In the middle of the others by its name, so that all numbers after it change.
        (sources / f"{count // 2:06}-another.md").write_text(another, "utf-8")
        earlier, loading = drawing.timed(lambda: load_earlier(folder))
        collection, again = drawing.timed(lambda: read_corpus(sources, earlier.parse_cache))
        _, publishing = drawing.timed(lambda: _built(collection, folder, drawing, earlier))
        _, moving = drawing.timed(lambda: load_current(folder, lambda _: drawing, served=opened))
    return Update(
        passages=len(opened.passages),
        sentences=len(opened.sentence_vectors),
        tokens=tokens,
        reading=reading,
        building=building,
        disk=sum(sizes.values()),
        encodings=sum(size for path, size in sizes.items() if path.parent.name == FOLDER),
        opening=opening,
        searches=searches,
        loading=loading,
        reading_again=again,
        publishing=publishing,
        moving=moving,
    )


def _write_invented(seed: Seed, count: int, sources: Path) -> str:
    """Write this many invented articles into a new folder; return another one."""
    sources.mkdir()
    *articles, another = invented_articles(seed, count + 1)
    for number, article in enumerate(articles):
        (sources / f"{number:06}.md").write_text(article, "utf-8")
    return another


def markdown_updates(updates: Sequence[Update]) -> str:
    """Return a Markdown table with a column for each size."""

    def row(name: str, value: Callable[[Update], str]) -> list[str]:
        return [name, *(value(update) for update in updates)]

    def taken(name: str, value: Callable[[Update], Time]) -> list[str]:
        return row(name, lambda u: f"{value(u).seconds:.1f} s ({value(u).processor:.1f} s)")

    return markdown_table(
        ["", *(f"{update.passages:,} passages" for update in updates)],
        [
            row("sentences", lambda u: f"{u.sentences:,}"),
            row("token vectors", lambda u: f"{u.tokens:,}"),
            taken("reading the articles", lambda u: u.reading),
            taken("building, besides embedding", lambda u: u.building),
            row("on the disk", lambda u: amount(u.disk)),
            row("of that, files that the next index shares", lambda u: amount(u.encodings)),
            taken("opening in a new process", lambda u: u.opening),
            row("search, p50", lambda u: f"{np.percentile(u.searches, 50):.1f} ms"),
            row("search, p99", lambda u: f"{np.percentile(u.searches, 99):.1f} ms"),
            taken("one more article: loading what is taken over", lambda u: u.loading),
            taken("reading the folder again", lambda u: u.reading_again),
            taken("publishing it, besides embedding", lambda u: u.publishing),
            taken("a server moving to it", lambda u: u.moving),
        ],
    )


def _built(
    collection: Corpus, folder: Path, encoder: Encoder, earlier: Earlier | None = None
) -> PassageIndex:
    return build_index(
        collection.articles,
        folder,
        encoder,
        lambda _done, _total: None,
        folder,
        BuildOptions(parse_cache=collection.parse_cache, earlier=earlier),
    )


class _TimedEncoder(EncoderAround):
    """An encoder that knows how long it took for texts, to be left out of account."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder)
        self._seconds = self._processor = 0.0

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        started, processor = time.perf_counter(), time.process_time()
        encodings = super().encode_texts(texts, progress)
        self._seconds += time.perf_counter() - started
        self._processor += time.process_time() - processor
        return encodings

    def timed(self, do: Callable[[], Result]) -> tuple[Result, Time]:
        """Return what a function returns, and how long it took besides encoding texts."""
        started = time.perf_counter() - self._seconds
        processor = time.process_time() - self._processor
        result = do()
        return result, Time(
            time.perf_counter() - self._seconds - started,
            time.process_time() - self._processor - processor,
        )
