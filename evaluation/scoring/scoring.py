"""Judges the answers to a data set: questions and responses in, a result out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from citadel.evaluation.data.questions import Dataset, Question, articles_sha256, questions_sha256
from citadel.evaluation.scoring.judging import Judge, sentences_answer
from citadel.evaluation.scoring.responses import Response, failed_response
from citadel.evaluation.scoring.results import About, JudgedQuestion, Result, Values
from citadel.evaluation.scoring.running import Asked
from citadel.evaluation.scoring.trec import Ranking, Relevance, ranking_values
from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import split_article
from citadel.index.errors import CitadelError

SENTENCE_DEPTHS = (1, 3)

_NO_RESPONSE = "The file of answers has none to this question."


def score(
    dataset: Dataset, articles: Sequence[Article], asked: Asked, system: str
) -> tuple[Result, Relevance, Ranking]:
    """Judge every answer; return with it what TREC files hold.

    Args:
        dataset: The questions.
        articles: What they were asked of.
        asked: The answers; a question without one counts as not answered.
        system: What answered, for the report.

    Raises:
        CitadelError: An answer is to a question that the data set does not have, or names a
            source that is none of the articles.

    """
    judge = Judge(articles, dataset.questions)
    responses = _complete(judge.questions, asked.responses)
    _check_sources(judge, responses.values())
    relevance, ranking = _relevance(judge, responses), _ranking(responses)
    values = _values(judge, dataset, responses)
    without = _values(judge, dataset, asked.without_history)
    rewritten = _values(judge, dataset, asked.rewritten)
    quotes = [quote for response in responses.values() for quote in response.quotes]
    about = About(
        dataset=dataset.name,
        questions_sha256=questions_sha256(dataset.questions),
        articles=len(articles),
        passages=sum(len(split_article(article)) for article in articles),
        articles_sha256=articles_sha256(articles),
        system=system,
        passages_asked=max((len(r.passages) for r in responses.values()), default=0),
        unlocated=judge.unlocated,
        misquoted=sum(not judge.stands(quote.place, quote.text) for quote in quotes),
        quoted=len(quotes),
    )
    judged = tuple(
        _judged(
            question,
            responses[question.id],
            values[question.id],
            without.get(question.id, {}),
            rewritten.get(question.id, {}),
        )
        for question in judge.questions
    )
    return Result(about, judged), relevance, ranking


def _judged(
    question: Question, response: Response, values: Values, without: Values, rewritten: Values
) -> JudgedQuestion:
    return JudgedQuestion(
        id=question.id,
        kind=question.kind,
        question=question.text,
        history=question.history,
        answerable=question.answerable,
        status=response.status,
        confidence=response.confidence,
        quotes=tuple(quote.text for quote in response.quotes),
        error=response.error,
        elapsed_ms=response.elapsed_ms,
        values=values,
        without_history=without,
        rewritten=rewritten,
    )


def _complete(
    questions: Sequence[Question], responses: Mapping[str, Response]
) -> dict[str, Response]:
    """Return a response to every question, in the order of the questions."""
    known = {question.id for question in questions}
    for identifier in responses:
        if identifier not in known:
            raise CitadelError(
                f"There is an answer to {identifier!r}, which is none of the questions; "
                "name the file they come from with --questions."
            )
    return {
        q.id: responses.get(q.id) or failed_response(q.id, q.text, _NO_RESPONSE) for q in questions
    }


def _check_sources(judge: Judge, responses: Iterable[Response]) -> None:
    for response in responses:
        for place in (*response.passages, *(quote.place for quote in response.quotes)):
            if place.source not in judge.sources:
                raise CitadelError(
                    f"The answer to {response.id!r} quotes {place.source}, which is none of the "
                    "articles; name their folder with --sources."
                )


def _relevance(judge: Judge, responses: Mapping[str, Response]) -> Relevance:
    return {
        question.id: judge.relevant_passages(question, responses[question.id].passages)
        for question in judge.questions
        if question.answerable and question.id in responses
    }


def _ranking(responses: Mapping[str, Response]) -> Ranking:
    return {identifier: response.passages for identifier, response in responses.items()}


def _values(
    judge: Judge, dataset: Dataset, responses: Mapping[str, Response]
) -> dict[str, dict[str, float]]:
    """Return the measures that apply to each question that has a response."""
    ranked = ranking_values(_relevance(judge, responses), _ranking(responses))
    values: dict[str, dict[str, float]] = {}
    for question in judge.questions:
        response = responses.get(question.id)
        if response is None:
            continue
        given = bool(response.quotes)
        if not question.answerable:
            values[question.id] = {"refused": float(not given)}
            continue
        values[question.id] = {**ranked[question.id], "answered": float(given)}
        if dataset.tells_sentences:
            values[question.id] |= _sentence_values(question, response)
    return values


def _sentence_values(question: Question, response: Response) -> dict[str, float]:
    """Return whether the sentences shown answer, and whether the best ones would have."""
    shown = [quote.place for quote in response.quotes]
    values = {
        f"sentence@{depth}": float(sentences_answer(question, shown, depth))
        for depth in SENTENCE_DEPTHS
    }
    if response.ranked is not None:
        values |= {
            f"ranked sentence@{depth}": float(sentences_answer(question, response.ranked, depth))
            for depth in SENTENCE_DEPTHS
        }
    return values
