"""Runs and relevance judgements in the form of TREC, and the ranking measures over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import ir_measures
from ir_measures import RR, Measure, Qrel, ScoredDoc, Success, nDCG

from citadel.evaluation.data.questions import Place

MEASURES: Mapping[str, Measure] = {
    "hit@1": Success @ 1,
    "hit@3": Success @ 3,
    "hit@5": Success @ 5,
    "MRR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}

Ranking = Mapping[str, Sequence[Place]]
"""The passages found for each question, best first."""

Relevance = Mapping[str, Mapping[Place, int]]
"""The passages that answer each question, with their grades."""


def passage_id(place: Place) -> str:
    """Return a passage's name: its source and offsets, without white space."""
    return f"{quote(place.source, safe='')}:{place.start}-{place.end}"


def ranking_values(relevance: Relevance, ranking: Ranking) -> dict[str, dict[str, float]]:
    """Return each measure for each question of ``relevance``; a question without hits gets 0."""
    values = {question: dict.fromkeys(MEASURES, 0.0) for question in relevance}
    names = {measure: name for name, measure in MEASURES.items()}
    judged = [
        Qrel(_token(question), passage_id(place), grade)
        for question, grades in relevance.items()
        for place, grade in grades.items()
    ]
    found = [
        ScoredDoc(_token(question), passage_id(place), _score(rank))
        for question, places in ranking.items()
        for rank, place in enumerate(places, start=1)
    ]
    if not judged or not found:
        return values
    questions = {_token(question): question for question in relevance}
    for metric in ir_measures.iter_calc(list(names), judged, found):
        question = questions.get(metric.query_id)
        if question is not None:
            values[question][names[metric.measure]] = float(metric.value)
    return values


def write_qrels(path: Path, relevance: Relevance) -> None:
    """Write relevance judgements as a TREC qrels file."""
    lines = [
        f"{_token(question)} 0 {passage_id(place)} {grade}\n"
        for question, grades in relevance.items()
        for place, grade in grades.items()
    ]
    path.write_text("".join(lines), "utf-8")


def write_run(path: Path, ranking: Ranking) -> None:
    """Write rankings as a TREC run file."""
    lines = [
        f"{_token(question)} Q0 {passage_id(place)} {rank} {_score(rank):.6f} citadel\n"
        for question, places in ranking.items()
        for rank, place in enumerate(places, start=1)
    ]
    path.write_text("".join(lines), "utf-8")


def _score(rank: int) -> float:
    """Return a score that falls with the rank.

    trec_eval orders by the score and breaks ties by the name; the true scores may be tied.
    """
    return 1 / rank


def _token(identifier: str) -> str:
    return quote(identifier, safe="#")
