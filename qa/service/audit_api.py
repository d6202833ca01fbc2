"""The part of the HTTP API that hands out the audit log; admins have it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import BaseModel, Field

from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_entries import Entry
from citadel.index.snapshots.audit_log import check_log, read_log
from citadel.qa.service.problems import DescribedProblems

_MOST = 1000


class LineRecord(BaseModel):
    """A line of the log; what is not told of is empty."""

    number: int = Field(description="From 1, the oldest.")
    when: str = Field(description="UTC, ISO 8601.")
    who: str
    known_by: str = Field(description="What names who it was: account, system or password.")
    what: str = Field(description="add, remove, restore, describe, build, rollback.")
    change: str = Field(description="What became of the file: added, changed or removed.")
    article: str = Field(description="The file.")
    sha256: str = Field(description="Of the file.")
    snapshot: str = Field(description="Of the index that was published with it.")
    is_intact: bool = Field(description="Whether the line is as it was written.")


class AuditRecord(BaseModel):
    """Lines of the audit log, and whether all of it is whole."""

    lines: list[LineRecord]
    fault: str = Field(description="What is wrong with the log; empty where nothing is.")
    last_sha256: str = Field(description="Of the last line; to be kept elsewhere.")


def add_audit(api: FastAPI, index_dir: Path, problems: DescribedProblems) -> None:
    """Let the API hand out the log of an index."""

    @api.get("/api/audit", summary="Read who changed which articles", responses=problems)
    def audit(
        first: Annotated[int, Query(ge=1, description="The number of the first line.")] = 1,
        most: Annotated[int, Query(ge=1, le=_MOST, description="How many to list.")] = 100,
    ) -> AuditRecord:
        """List lines of the audit log, and compare all of it with its checksums."""
        fault, last = "", ""
        try:
            checked = check_log(index_dir)
            last = "" if checked is None else checked.last_sha256
        except CitadelError as error:
            fault = str(error)
        found = islice(enumerate(read_log(index_dir), start=1), first - 1, first - 1 + most)
        lines = [_record(number, entry) for number, entry in found]
        return AuditRecord(lines=lines, fault=fault, last_sha256=last)


def _record(number: int, entry: Entry | None) -> LineRecord:
    told = LineRecord.model_fields.keys() - {"number", "is_intact"}
    values = {name: getattr(entry, name, "") for name in told}
    return LineRecord(number=number, is_intact=entry is not None, **values)
