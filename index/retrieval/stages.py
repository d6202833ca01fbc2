"""The stages of a search after the first, each of them costlier, and looking at fewer sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from citadel.index.encoders.export import FOLDER
from citadel.index.retrieval.features import Candidates, QueryFeatures
from citadel.index.retrieval.pair_features import best_rows, pair_features
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranker import Ranker, fitted_ranker
from citadel.index.retrieval.ranking import Scores
from citadel.index.retrieval.reader import NOTHING_READ, Reader, Reading, load_reader
from citadel.index.retrieval.reranking import Reranker, load_reranker, second_opinion

_READ = 20
"""How many of the best sentences may be what a window is read around."""

_RANKED = np.float32(0.8)
"""What the score of the ranker counts next to the logit of the reader."""

_UNREAD = np.float32(-4.0)
"""The logit of what is not read."""

_RERANKED_PASSAGES = 10


@dataclass(frozen=True, slots=True)
class Stages:
    """What looks at the candidates after the first search.

    Attributes:
        ranker: Ranks the best sentences by many features; None for the one of Citadel.
        reader: Reads the best of those in their context; None for no reading.
        reranker: Gives a second opinion on the ten best passages; None for no second opinion.

    """

    ranker: Ranker | None = None
    reader: Reader | None = None
    reranker: Reranker | None = None


ONLY_RANKER = Stages()


def load_stages(reader: bool, reranker: str | None, backend: str | None, index_dir: Path) -> Stages:
    """Load what ranks the candidates.

    Args:
        reader: Whether the reader takes part.
        reranker: A CrossEncoder by hub name or folder; None for none.
        backend: What computes the reader; see ``load_encoder``.
        index_dir: The folder of the index, which keeps what was converted for a backend.

    Raises:
        CitadelError: There is no such reranker, or the reader can't be computed or kept.

    """
    return Stages(
        reader=load_reader(backend, index_dir / FOLDER) if reader else None,
        reranker=load_reranker(reranker) if reranker is not None else None,
    )


@dataclass(frozen=True, slots=True)
class Ranking:
    """How the stages rank the candidates.

    Attributes:
        scores: float32, (sentences,): higher is better, comparable within one question only.
        reading: What the reader made of those that it read.

    """

    scores: Scores
    reading: Reading


def rank(
    index: PassageIndex,
    candidates: Candidates,
    query: QueryFeatures,
    scores: Scores,
    stages: Stages | None,
    asked: str,
) -> Ranking:
    """Score the candidates anew, stage by stage.

    Args:
        index: Where they are.
        candidates: What the first stage found.
        query: The question, as they match it.
        scores: float32, (sentences,): those of the first stage.
        stages: What looks at them; None for nothing.
        asked: What the reader is asked: the question, after the one that it leans on.

    """
    reading = NOTHING_READ
    if stages is None:
        return Ranking(scores, reading)
    if index.encoder.reads(query.text):
        rows = best_rows(scores)
        pairs = pair_features(index, candidates, query, scores, rows)
        scores = (stages.ranker or fitted_ranker()).ranked_anew(scores, rows, pairs)
        if stages.reader is not None:
            best = np.argsort(-scores, kind="stable")[:_READ]
            sentences = candidates.sentences[best].tolist()
            reading = stages.reader.read(index, asked, sentences, scores[best])
            scores = _with_reading(candidates, scores, reading)
    if stages.reranker is not None:
        scores = _reranked(index, candidates, scores, stages.reranker, query.text)
    return Ranking(scores, reading)


def _with_reading(candidates: Candidates, scores: Scores, reading: Reading) -> Scores:
    """Add what was read to what was ranked: the reader was trained for that sum."""
    if not len(reading.sentences):
        return scores
    logits = np.full(len(scores), _UNREAD)
    order = np.argsort(candidates.sentences)
    places = np.searchsorted(candidates.sentences[order], reading.sentences)
    rows = order[np.minimum(places, len(order) - 1)]
    candidate = candidates.sentences[rows] == reading.sentences
    logits[rows[candidate]] = np.maximum(reading.logits[candidate], _UNREAD)
    return np.asarray(_RANKED * scores + logits, dtype=np.float32)


def _reranked(
    index: PassageIndex, candidates: Candidates, scores: Scores, reranker: Reranker, question: str
) -> Scores:
    """Score the sentences of the best passages anew: each by itself, and by its passage."""
    _, order = candidates.ranked(scores)
    rows = candidates.sentence_rows(order[:_RERANKED_PASSAGES])
    numbers, of_row = np.unique(candidates.of_sentence[rows], return_inverse=True)
    passages = [index.passages[number] for number in candidates.passages[numbers]]
    sentences = [
        passages[place].quote(index.sentence_span(int(number)))
        for place, number in zip(of_row, candidates.sentences[rows], strict=True)
    ]
    opinions = reranker.scores(question, [*(passage.text for passage in passages), *sentences])
    opinion = opinions[of_row] + opinions[len(passages) :]
    reranked = scores.copy()
    reranked[rows] = second_opinion(scores[rows], opinion)
    return reranked
