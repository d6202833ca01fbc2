"""What is found for a question, and how probable it is that this answers it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from citadel.index.retrieval.hits import Hit
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, QuotableSentence, SearchResult, search
from citadel.index.retrieval.stages import Stages
from citadel.qa.answer.across_languages import judge_across_languages
from citadel.qa.answer.answers import Status
from citadel.qa.answer.calibration import Calibration, judge_calibrated
from citadel.qa.answer.confidence import Judgement, judge_by_words, judge_together
from citadel.qa.answer.follow_ups import interpret


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found for a question.

    Attributes:
        result: The passages and sentences.
        judgement: How they are judged.
        missing: The parts of the question that nothing answers, where others are answered.
        by_words: Whether the model does not read the question, so that only its words count.

    """

    result: SearchResult
    judgement: Judgement
    missing: tuple[str, ...] = ()
    by_words: bool = False


def find(
    index: PassageIndex,
    query: Query,
    passages: int,
    stages: Stages | None,
    calibration: Calibration | None = None,
) -> Finding:
    """Search and judge, each part of a question by itself.

    Args:
        index: Where to search.
        query: What to search for.
        passages: How many passages to return at most.
        stages: What ranks the candidates; None for a question in another language than the
            articles, which the model of the index reads.
        calibration: What the fitted confidence is refined by; None for nothing.

    Raises:
        CitadelError: The scope of the query holds no article.

    """
    parts = () if query.topic else split_question(query.text)
    if len(parts) < 2:
        return _find(index, query, passages, stages, calibration)
    queries = [
        replace(interpret(part, parts[:number]), scope=query.scope)
        for number, part in enumerate(parts)
    ]
    findings = [_find(index, each, passages, stages, calibration) for each in queries]
    return Finding(
        merge_results([finding.result for finding in findings], passages),
        judge_together([finding.judgement for finding in findings]),
        tuple(
            part
            for part, finding in zip(parts, findings, strict=True)
            if finding.judgement.status is Status.NOT_FOUND
        ),
        by_words=any(finding.by_words for finding in findings),
    )


def _find(
    index: PassageIndex,
    query: Query,
    passages: int,
    stages: Stages | None,
    calibration: Calibration | None,
) -> Finding:
    result = search(index, query, passages, stages=stages)
    if stages is None:
        return Finding(result, judge_across_languages(result.signals))
    if index.encoder.reads(query.text):
        fingerprint = index.encoder.fingerprint
        return Finding(result, judge_calibrated(result.signals, fingerprint, calibration))
    return Finding(result, judge_by_words(result.signals), by_words=True)


_JOINT = re.compile(
    r",?\s+and\s+(?=(?:(?:by|in|on|at|from|to)\s+)?"
    r"(?:who|whom|whose|what|when|where|which|why|how)\b)",
    re.IGNORECASE,
)
_SHORTEST_PART = 3


def split_question(question: str) -> tuple[str, ...]:
    """Cut “When did X enter, and who led them?” into its parts; a plain question is one part."""
    parts = tuple(part.strip() for part in _JOINT.split(question))
    if any(len(part.split()) < _SHORTEST_PART for part in parts):
        return (question,)
    return parts


def merge_results(results: Sequence[SearchResult], count: int) -> SearchResult:
    """Bring what was found for each part into one result.

    The best sentence of each part comes first, then the second ones, and so on. Their passages
    are among the hits, which are ordered by score. The evidence for an answer is that for
    the first part; judge each part by itself.

    Args:
        results: One for each part, the same number of passages or fewer in each.
        count: How many passages to return at most.

    """
    turns = chain.from_iterable(
        zip_longest(*([(r.hits[q.hit], q) for q in r.quotable] for r in results))
    )
    ordered = [turn for turn in turns if turn is not None]
    wanted = [hit for hit, _ in ordered] + [hit for result in results for hit in result.hits]
    best: dict[tuple[str, int], Hit] = {}
    for hit in wanted:
        best.setdefault((hit.passage.source, hit.passage.start), hit)
    hits = tuple(sorted(list(best.values())[:count], key=lambda hit: -hit.score))
    places = {(hit.passage.source, hit.passage.start): n for n, hit in enumerate(hits)}
    quotable = dict.fromkeys(
        QuotableSentence(places[hit.passage.source, hit.passage.start], sentence.span)
        for hit, sentence in ordered
        if (hit.passage.source, hit.passage.start) in places
    )
    return SearchResult(hits, tuple(quotable), results[0].signals)
