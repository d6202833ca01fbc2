"""The part of the HTTP API that adds and corrects articles, where adding is allowed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from citadel.index.corpus.layout import BlockKind
from citadel.index.wording import message
from citadel.qa.service.accounts import visitor_of
from citadel.qa.service.additions import Addition, Additions
from citadel.qa.service.bodies import JSON, require_type
from citadel.qa.service.parameters import require_known
from citadel.qa.service.problems import DescribedProblems, Problem
from citadel.qa.service.schemas import AdditionRecord, ArticleRecord, CorrectionRequest

UPLOAD_TYPE = "application/octet-stream"
"""What a file is sent as. A form of another site can't send it without asking first."""

_BODY = {
    "requestBody": {
        "required": True,
        "description": "The bytes of the file.",
        "content": {UPLOAD_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_FORGOTTEN = message("Nothing is known of this file any more; look for it in the list of articles.")


def _field(description: str) -> Any:
    return Query(max_length=1000, description=description)


def add_adding(api: FastAPI, additions: Additions, problems: DescribedProblems) -> None:
    """Let the API take articles."""
    _offer_adding(api, additions, problems)
    _offer_correcting(api, additions, problems)
    _offer_progress(api, additions, problems)


def _offer_adding(api: FastAPI, additions: Additions, problems: DescribedProblems) -> None:
    @api.post(
        "/api/articles",
        summary="Add an article",
        status_code=202,
        responses=problems,
        openapi_extra=_BODY,
        # What a misspelt “title” says of the file would be lost.
        dependencies=[Depends(require_known)],
    )
    async def add(
        request: Request,
        name: Annotated[str, _field("The name to keep it under; its ending tells the format.")],
        title: Annotated[str, _field("As published; what is left out, the file tells.")] = "",
        author: Annotated[str, _field("Who wrote it.")] = "",
        publisher: Annotated[str, _field("Who published it.")] = "",
        date: Annotated[str, _field("A year, month or day, such as 2016-12-05.")] = "",
        language: Annotated[str, _field("A code such as en or ar.")] = "",
        url: Annotated[str, _field("Where it is published.")] = "",
    ) -> AdditionRecord:
        """Take a file to add it to the articles; ask /api/additions/{id} how far it has come."""
        require_type(request, UPLOAD_TYPE, "Send the file as it is")
        known = {"title": title, "author": author, "publisher": publisher}
        known |= {"date": date, "language": language, "url": url}
        doer = visitor_of(request.scope).doing("add")
        begun = await run_in_threadpool(additions.begin, name, await request.body(), known, doer)
        return _record(begun)


def _offer_correcting(api: FastAPI, additions: Additions, problems: DescribedProblems) -> None:
    @api.patch(
        "/api/articles/{source:path}",
        summary="Correct what is known about an article",
        status_code=202,
        responses=problems,
        # Before the body is looked at, which is no correction to it in any other type.
        dependencies=[Depends(_require_json)],
    )
    async def correct(
        request: Request,
        source: Annotated[
            str, Path(max_length=1000, description="The source of the article, as it is listed.")
        ],
        corrections: Annotated[CorrectionRequest, Body()],
    ) -> AdditionRecord:
        """Write what is known better next to the file; ask /api/additions/{id} for the index.

        An empty value takes a correction back.
        """
        known = corrections.model_dump(exclude_none=True)
        doer = visitor_of(request.scope).doing("describe")
        return _record(await run_in_threadpool(additions.correct, source, known, doer))


def _offer_progress(api: FastAPI, additions: Additions, problems: DescribedProblems) -> None:
    @api.get(
        "/api/additions/{id}",
        summary="Tell how far an addition has come",
        response_model=AdditionRecord,
        responses=problems,
    )
    async def addition(
        identifier: Annotated[
            str, Path(alias="id", max_length=100, description="As it was given out.")
        ],
    ) -> AdditionRecord | Response:
        """Tell what was read of a file, how much is embedded, and whether it is added."""
        found = additions.find(identifier)
        if found is None:
            return Problem(404, _FORGOTTEN).response()
        return _record(found)


def _require_json(request: Request) -> None:
    require_type(request, JSON, "Send the corrections as JSON")


def _record(addition: Addition) -> AdditionRecord:
    report = addition.report
    return AdditionRecord(
        id=addition.id,
        name=addition.name,
        stage=addition.stage.value,
        detail=addition.detail,
        done=addition.done,
        total=addition.total,
        articles=[
            ArticleRecord.of(
                article, sum(block.kind is BlockKind.PARAGRAPH for block in article.blocks)
            )
            for article in addition.articles
        ],
        notes=[] if report is None else list(report.notes),
        failures=[] if report is None else list(report.failures),
        index=addition.index,
    )
