"""The part of the HTTP API that removes articles and restores them; editors of accounts have it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import FastAPI, Path, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from citadel.qa.service.accounts import visitor_of
from citadel.qa.service.problems import DescribedProblems, Problem
from citadel.qa.service.removals import Change, Removals

_FORGOTTEN = "Nothing is known of this change any more; look at the list of articles."


class ChangeRecord(BaseModel):
    """A removal or a restoration, and how far it has come."""

    id: str = Field(description="By which to ask for it at /api/changes/{id}.")
    what: Literal["remove", "restore"]
    name: str = Field(description="The file that it is about.")
    stage: Literal["waiting", "building", "done", "refused"]
    detail: str = Field(description="Why it waits, or was refused; a sentence.")
    index: str = Field(description="The snapshot that has it; empty before there is one.")


class RemovedRecord(BaseModel):
    """A file that was removed."""

    kept: str = Field(description="By which to restore it.")
    name: str = Field(description="What it was called among the articles, and will be again.")


class RemovedFilesRecord(BaseModel):
    """What was removed, and can be restored."""

    removed: list[RemovedRecord]


def add_removing(api: FastAPI, removals: Removals, problems: DescribedProblems) -> None:
    """Let the API remove articles and restore them."""

    @api.delete(
        "/api/articles/{source:path}",
        summary="Remove an article",
        status_code=202,
        responses=problems,
    )
    async def remove(request: Request, source: _Name) -> ChangeRecord:
        """Take a file out of the articles, to be kept; ask /api/changes/{id} how far it is."""
        doer = visitor_of(request.scope).doing("remove")
        return _record(await run_in_threadpool(removals.remove, source, doer))

    @api.get("/api/removed", summary="List what was removed", responses=problems)
    def removed() -> RemovedFilesRecord:
        """List the files that were removed, and can be restored."""
        found = removals.removed()
        return RemovedFilesRecord(
            removed=[RemovedRecord(kept=each.kept, name=each.name) for each in found]
        )

    @api.post(
        "/api/removed/{kept:path}",
        summary="Restore an article",
        status_code=202,
        responses=problems,
    )
    async def restore(request: Request, kept: _Name) -> ChangeRecord:
        """Put a removed file back among the articles; ask /api/changes/{id} how far it is."""
        doer = visitor_of(request.scope).doing("restore")
        return _record(await run_in_threadpool(removals.restore, kept, doer))

    @api.get(
        "/api/changes/{id}",
        summary="Tell how far a removal or a restoration has come",
        response_model=ChangeRecord,
        responses=problems,
    )
    async def change(
        identifier: Annotated[
            str, Path(alias="id", max_length=100, description="As it was given out.")
        ],
    ) -> ChangeRecord | Response:
        """Tell whether it waits, the index is being built, or it is done."""
        found = removals.find(identifier)
        if found is None:
            return Problem(404, _FORGOTTEN).response()
        return _record(found)


_Name = Annotated[str, Path(max_length=1000, description="The file, as the list has it.")]


def _record(change: Change) -> ChangeRecord:
    return ChangeRecord.model_validate({**asdict(change), "stage": change.stage.value})
