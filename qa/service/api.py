"""The HTTP API: what other programs, and those who run the server, can ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from citadel.index.corpus.scope_names import check_names
from citadel.index.errors import CitadelError
from citadel.qa.answer.answers import answer_record
from citadel.qa.service import schemas
from citadel.qa.service.adding_api import add_adding
from citadel.qa.service.additions import Additions
from citadel.qa.service.api_page import render_api_page
from citadel.qa.service.audit_api import add_audit
from citadel.qa.service.bodies import JSON, require_type
from citadel.qa.service.live_index import ServedIndex
from citadel.qa.service.mentions_api import add_mentions
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.originals_api import add_originals
from citadel.qa.service.problems import MEDIA_TYPE, DescribedProblems, Problem
from citadel.qa.service.readiness import ReadinessCheck
from citadel.qa.service.rebuilding import SourceFolder
from citadel.qa.service.removing_api import add_removing
from citadel.qa.service.request_log import log_failure
from citadel.qa.service.schemas import UnknownPassageError, find_passage, list_articles
from citadel.qa.service.searches import BusyError
from citadel.qa.service.service import Service

_DESCRIPTION = (
    "Answers questions about a collection of articles with sentences quoted from them, each with "
    "its exact place, or says that the sources don't answer. Errors are problem details (RFC 9457)."
)


def _problems(*statuses: int) -> DescribedProblems:
    """Describe errors of a route."""
    schema = {"schema": {"$ref": "#/components/schemas/ProblemRecord"}}
    return {
        status: {"model": schemas.ProblemRecord, "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }


def build_api(
    service: Service, additions: Additions | None = None, newsroom: Newsroom | None = None
) -> FastAPI:
    """Return the API, an application of its own that the page's framework does not touch.

    Without ``additions`` nothing can be added; without a ``newsroom`` there are no accounts.
    """
    api = FastAPI(
        title="Citadel",
        description=_DESCRIPTION,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=_problems(429),
    )
    _add_questions(api, service)
    _add_sources(api, lambda: service.live_index.current)
    add_mentions(api, service, _problems(422, 503))
    if additions is not None:
        add_adding(api, additions, _problems(403, 404, 413, 415, 422, 503))
    if newsroom is not None:
        _add_newsroom(api, newsroom)
    if service.originals is not None:
        add_originals(api, service.originals, service.searches, _problems(404, 422, 503))
    _add_operation(api, service)

    @api.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        """Describe the API to a person, without anything from another machine."""
        return HTMLResponse(render_api_page(api.openapi()))

    _add_problems(api, None if additions is None else additions.rebuilding.source_folder)
    return api


def _add_newsroom(api: FastAPI, newsroom: Newsroom) -> None:
    """Add what there is because people have accounts."""
    if newsroom.removals is not None:
        add_removing(api, newsroom.removals, _problems(401, 403, 404, 422, 503))
    add_audit(api, newsroom.index_dir, _problems(401, 403, 422))
    if newsroom.login is not None:
        newsroom.login.add_to(api)


def _add_questions(api: FastAPI, service: Service) -> None:
    @api.post(
        "/api/ask",
        summary="Answer a question",
        response_model=schemas.AnswerRecord,
        responses=_problems(400, 413, 415, 422, 503),
        # Before the body is looked at, which is no question to it in any other type.
        dependencies=[Depends(_require_json)],
    )
    async def ask(asked: Annotated[schemas.AskRequest, Body()]) -> Response:
        """Quote the sentences that answer, or say that the sources don't answer."""
        answerer = service.live_index.current.answerer
        scope = asked.scope.scope()
        check_names(scope, answerer.index.articles)
        try:
            answer = await service.ask_async(
                answerer, asked.question, asked.history, asked.top_k, scope
            )
        except CitadelError:
            raise
        except Exception:  # A defect of ours: the caller gets a code, the log the traceback.
            return Problem(500, f"Search did not work; code {log_failure()}.").response()
        # Not checked against its description again: it is ours.
        return JSONResponse(answer_record(answer))


def _require_json(request: Request) -> None:
    require_type(request, JSON, "Send the question as JSON")


def _add_sources(api: FastAPI, served: Callable[[], ServedIndex]) -> None:
    @api.get("/api/articles", summary="List the articles")
    async def articles() -> schemas.ArticlesRecord:
        """List what can be quoted from."""
        return list_articles(served().articles)

    @api.get("/api/passages/{id:path}", summary="Read a passage", responses=_problems(404, 422))
    async def passage(
        identifier: Annotated[
            str,
            Path(
                alias="id",
                max_length=1000,
                description="The source of an article, a colon and the number of a paragraph.",
                examples=["article.md:7"],
            ),
        ],
    ) -> schemas.PassageRecord:
        """Return a paragraph as it stands in its article."""
        return find_passage(served().articles, identifier)


def _add_operation(api: FastAPI, service: Service) -> None:
    check = ReadinessCheck(service.live_index, service.searches)

    @api.get("/healthz", summary="Tell that the server runs")
    async def healthz() -> schemas.HealthRecord:
        """Tell that the server runs, whether or not it can answer."""
        return schemas.HealthRecord()

    @api.get(
        "/readyz",
        summary="Tell whether questions are answered",
        response_model=schemas.ReadyRecord,
        responses=_problems(503),
    )
    async def readyz() -> Response:
        """Ask a question whose passages are known, every few seconds at most."""
        found = await check.look()
        if found.problem:
            return Problem(503, f"Not ready: {found.problem}", retry_after=5).response()
        behind = service.live_index.behind
        return JSONResponse(schemas.ReadyRecord(index=found.snapshot, behind=behind).model_dump())

    @api.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        """Return the counters, for Prometheus."""
        counted = service.metrics
        if counted is None:
            return Problem(
                501, "This server counts nothing; run “pip install 'citadel-qa[metrics]'”."
            ).response()
        return Response(counted.text(), headers={"Content-Type": counted.content_type})


def _add_problems(api: FastAPI, source_folder: SourceFolder | None) -> None:
    @api.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> Response:
        details = {
            400: "The body is not JSON; send one JSON object.",
            404: "There is nothing at this address; /api/docs lists what there is.",
            405: "This address does not take that method; /api/docs tells which.",
        }
        detail = details.get(error.status_code, str(error.detail))
        return Problem(error.status_code, detail, headers=error.headers or {}).response()

    @api.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        errors = error.errors()
        if any(each["type"] == "json_invalid" for each in errors):
            return Problem(400, "The body is not JSON; send one JSON object.").response()
        return _invalid(errors).response()

    @api.exception_handler(UnknownPassageError)
    async def unknown(_request: Request, error: UnknownPassageError) -> Response:
        return Problem(404, str(error)).response()

    @api.exception_handler(BusyError)
    async def busy(_request: Request, error: BusyError) -> Response:
        return Problem(503, str(error), retry_after=error.retry_after).response()

    @api.exception_handler(CitadelError)
    async def refused(_request: Request, error: CitadelError) -> Response:
        told = str(error) if source_folder is None else source_folder.told(error)
        return Problem(422, told).response()


def _invalid(errors: Any) -> Problem:
    parts = tuple(
        {"pointer": "".join(f"/{part}" for part in each["loc"][1:]), "detail": _detail(each)}
        for each in errors
    )
    first = parts[0]
    where = f"“{first['pointer'].strip('/')}”: " if first["pointer"] else ""
    return Problem(422, f"{where}{first['detail']}", errors=parts)


def _detail(error: Any) -> str:
    """Say what is wrong; pydantic speaks of its own dictionaries where an object is wanted."""
    if error["type"] == "model_attributes_type":
        return "Send a JSON object."
    if error["type"] == "missing" and error["loc"] == ("body",):
        return "The body is empty; send a JSON object."
    return f"{error['msg']}."
