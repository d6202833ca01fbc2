"""What came back for a question, as far as it is judged: from an Answer or from its record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citadel.evaluation.data.files import field, read_json_lines
from citadel.evaluation.data.questions import Place
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.errors import CitadelError
from citadel.qa.answer.answers import Answer, Status

RANKED_SENTENCES = 10
"""How many of the best sentences are kept, shown or not."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted sentence and where it is said to stand."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to one question.

    Attributes:
        id: The question's.
        searched_for: What was searched for.
        status: Whether it was answered; "not_found" for an error.
        confidence: The probability given that the sources answer, 0 to 1.
        quotes: The sentences shown, best first; none when the question was refused.
        passages: The passages found, best first.
        ranked: The best sentences of all passages, best first, whether shown or not; None when
            the record of the answer does not give them.
        elapsed_ms: Time taken, in milliseconds.
        error: Why there is no answer, or "".

    """

    id: str
    searched_for: str
    status: Status
    confidence: float
    quotes: tuple[Quote, ...]
    passages: tuple[Place, ...]
    ranked: tuple[Place, ...] | None
    elapsed_ms: float
    error: str = ""


def response_of(identifier: str, answer: Answer) -> Response:
    """Return what is judged of an answer."""
    return Response(
        id=identifier,
        searched_for=answer.searched_for,
        status=answer.status,
        confidence=answer.confidence,
        quotes=tuple(
            Quote(_place(citation.passage, citation.span), citation.quote)
            for citation in answer.citations
        ),
        passages=tuple(
            Place(hit.passage.source, hit.passage.start, hit.passage.end) for hit in answer.hits
        ),
        ranked=_ranked(answer),
        elapsed_ms=answer.elapsed_ms,
    )


def failed_response(identifier: str, question: str, error: str) -> Response:
    """Return what is judged of a question that could not be asked."""
    return Response(identifier, question, Status.NOT_FOUND, 0.0, (), (), (), 0.0, error)


def read_responses(path: Path) -> dict[str, Response]:
    """Read the answers that ``citadel ask --batch`` wrote, by the identifiers of the questions.

    Raises:
        CitadelError: A line is no record of an answer, or repeats an identifier.

    """
    responses: dict[str, Response] = {}
    for number, values in read_json_lines(path):
        where = f"{path}, line {number}"
        response = _from_record(values, where)
        if response.id in responses:
            raise CitadelError(f"{where} answers {response.id!r} a second time; keep one of them.")
        responses[response.id] = response
    return responses


def _ranked(answer: Answer) -> tuple[Place, ...]:
    """Return the best sentences of all passages: what would be quoted without any refusal.

    What is quoted stands first: a sentence may be chosen by more than its score.
    """
    quoted = tuple(_place(citation.passage, citation.span) for citation in answer.citations)
    scored = [
        (-sentence.score, rank, _place(hit.passage, sentence.span))
        for rank, hit in enumerate(answer.hits)
        for sentence in hit.sentences
    ]
    scored.sort(key=lambda item: item[:2])
    places = dict.fromkeys([*quoted, *(place for _, _, place in scored)])
    return tuple(places)[:RANKED_SENTENCES]


def _place(passage: Passage, span: Span) -> Place:
    return Place(passage.source, span.start, span.end)


def _from_record(values: Mapping[str, Any], where: str) -> Response:
    identifier = field(values, "id", str, where)
    if isinstance(values.get("error"), str):
        return failed_response(identifier, "", values["error"])
    status = field(values, "status", str, where)
    if status not in set(Status):
        raise CitadelError(f"{where} has the unknown status {status!r}; answer it again.")
    return Response(
        id=identifier,
        searched_for=field(values, "searched_for", str, where),
        status=Status(status),
        confidence=float(field(values, "confidence", (int, float), where)),
        quotes=tuple(
            Quote(_recorded_place(quote, where), field(quote, "quote", str, where))
            for quote in field(values, "answers", list, where)
        ),
        passages=_recorded_places(field(values, "passages", list, where), where),
        ranked=None,
        elapsed_ms=float(field(values, "elapsed_ms", (int, float), where)),
    )


def _recorded_places(records: Sequence[Mapping[str, Any]], where: str) -> tuple[Place, ...]:
    return tuple(_recorded_place(record, where) for record in records)


def _recorded_place(record: Mapping[str, Any], where: str) -> Place:
    try:
        return Place(
            field(record, "source", str, where),
            field(record, "start", int, where),
            field(record, "end", int, where),
        )
    except ValueError as error:
        raise CitadelError(f"{where}: {error}; answer the question again.") from error
