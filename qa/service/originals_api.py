"""The part of the HTTP API that hands out originals; it is there only where they are kept."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Path
from starlette.responses import FileResponse, Response

from citadel.qa.service.originals import Originals
from citadel.qa.service.problems import Problem

NO_TYPE = "application/octet-stream"
"""Whatever a file is, no browser is to show it as a page of this server."""

_SHA256 = Path(pattern="^[0-9a-f]{64}$", description="The SHA-256 of the file, in hexadecimal.")
_NOT_KEPT = "This original is not kept; look for its article in the list of articles."


def add_originals(
    api: FastAPI, originals: Originals, problems: dict[int | str, dict[str, Any]]
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
