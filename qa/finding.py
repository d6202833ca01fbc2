"""What is found for a question, and how probable it is that this answers it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.passage_index import PassageIndex
from index.reranking import Reranker
from index.search import Query, SearchResult, search
from qa.answers import Status
from qa.confidence import Judgement, fitted_confidence, judge_by_words, judge_together
from qa.conversation import interpret
from qa.parts import merge_results, split_question


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found for a question.

    Attributes:
        result: The passages and sentences.
        judgement: What is thought of them.
        missing: The parts of the question that nothing answers, where others are answered.

    """

    result: SearchResult
    judgement: Judgement
    missing: tuple[str, ...] = ()


def find(index: PassageIndex, query: Query, passages: int, reranker: Reranker | None) -> Finding:
    """Search and judge, each part of a question by itself.

    Args:
        index: Where to search.
        query: What to search for.
        passages: How many passages to return at most.
        reranker: Gives a second opinion on the best passages, if any.

    Raises:
        CitadelError: The scope of the query holds no article.

    """
    parts = () if query.topic else split_question(query.text)
    if len(parts) < 2:
        return _find(index, query, passages, reranker)
    queries = [
        replace(interpret(part, parts[:number]), scope=query.scope)
        for number, part in enumerate(parts)
    ]
    findings = [_find(index, each, passages, reranker) for each in queries]
    return Finding(
        merge_results([finding.result for finding in findings], passages),
        judge_together([finding.judgement for finding in findings]),
        tuple(
            part
            for part, finding in zip(parts, findings, strict=True)
            if finding.judgement.status is Status.NOT_FOUND
        ),
    )


def _find(index: PassageIndex, query: Query, passages: int, reranker: Reranker | None) -> Finding:
    result = search(index, query, passages, reranker=reranker)
    if index.encoder.reads(query.text):
        return Finding(result, fitted_confidence().judge(result.signals))
    return Finding(result, judge_by_words(result.signals))
