"""The part of the HTTP API that hands out originals; it is there only where they are kept."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import FastAPI, Path, Query
from starlette.responses import FileResponse, Response

from citadel.qa.service.originals import Originals
from citadel.qa.service.problems import DescribedProblems, Problem
from citadel.qa.service.searches import Searches

NO_TYPE = "application/octet-stream"
"""Whatever a file is, no browser is to show it as a page of this server."""

_PICTURE = "image/png"
_LAST = 10**9

# The form is described only: what is none is of no file, and that is what is said of it.
_SHA256 = Path(
    description="The SHA-256 of the file, in hexadecimal.",
    json_schema_extra={"pattern": "^[0-9a-f]{64}$"},
)
_NOT_KEPT = "This original is not kept; look for its article in the list of articles."


def add_originals(
    api: FastAPI, originals: Originals, searches: Searches, problems: DescribedProblems
) -> None:
    """Let the API hand out the files that articles were read from."""

    @api.get(
        "/api/originals/{sha256}",
        summary="Download the file that an article was read from",
        response_class=Response,
        responses={
            200: {
                "description": "The bytes of the file, as an attachment.",
                "content": {NO_TYPE: {"schema": {"type": "string", "format": "binary"}}},
            },
            **problems,
        },
    )
    async def original(sha256: Annotated[str, _SHA256]) -> Response:
        """Return a file as it was when it was read, to be saved and not to be shown."""
        found = originals.of(sha256)
        if found is None:
            return Problem(404, _NOT_KEPT).response()
        return FileResponse(found.path, media_type=NO_TYPE, filename=found.name)

    @api.get(
        "/api/originals/{sha256}/page",
        summary="See the page of a PDF on which a quote stands",
        response_class=Response,
        responses={
            200: {
                "description": "A picture of the page. X-Page is what the page is called, "
                "percent-encoded; X-Quote is “marked” or “not found”. Of a quote that runs on on "
                "the next page, X-Runs-On is where, to be asked for as its start.",
                "content": {_PICTURE: {"schema": {"type": "string", "format": "binary"}}},
            },
            **problems,
        },
    )
    async def page(
        sha256: Annotated[str, _SHA256],
        start: Annotated[int, _place("Where the quote begins in the stored text.")],
        end: Annotated[int, _place("One past its last code point.")],
    ) -> Response:
        """Draw the page on which a quote begins, and mark the quote."""
        found = originals.of(sha256)
        if found is None:
            return Problem(404, _NOT_KEPT).response()
        picture, called = await searches.run_async(partial(found.picture, start, end))
        headers = {
            "X-Page": quote(str(called), errors="replace"),
            "X-Quote": "marked" if picture.is_marked else "not found",
        }
        runs_on = found.runs_on_at(start, end)
        if runs_on is not None:
            headers["X-Runs-On"] = str(runs_on)
        return Response(picture.png, headers=headers, media_type=_PICTURE)


def _place(description: str) -> Any:
    return Query(ge=0, le=_LAST, description=description)
