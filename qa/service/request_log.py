"""What a server writes about its work: JSON Lines, without what people asked."""

from __future__ import annotations

import json
import logging
import secrets
from datetime import UTC, datetime
from typing import Any

from citadel.qa.answer.answers import Answer

_log = logging.getLogger(__name__)

FIELDS = "citadel_fields"
"""The attribute of a log record that holds its own keys, besides time, level and message."""


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object on one line, whatever its message holds."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object: time, level, logger, message, what else is known, the traceback."""
        time = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


class Plain(logging.Formatter):
    """Formats a record for a person at a terminal: the message, and what was asked."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message on one line, whatever it holds, and the traceback after it."""
        fields = getattr(record, FIELDS, {})
        known = [fields[key] for key in ("question", "status") if key in fields]
        line = " ".join([record.getMessage(), " – ".join(known)]).strip()
        line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
        if record.exc_info:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return line


def log_answer(answer: Answer, with_question: bool) -> None:
    """Write a line about an answer; what was asked only if that is wanted."""
    fields: dict[str, Any] = {
        "status": answer.status.value,
        "confidence": round(answer.confidence, 4),
        "index": answer.snapshot,
        "elapsed_ms": round(answer.elapsed_ms, 1),
    }
    if with_question:
        fields["question"] = answer.question
        fields["searched_for"] = answer.searched_for
    _log.info("Answered.", extra={FIELDS: fields})


def log_refusal(route: str, status: int) -> None:
    """Write a line about a request that was refused because of a limit."""
    _log.info("Refused.", extra={FIELDS: {"route": route, "http_status": status}})


def log_failure(what: str = "The search") -> str:
    """Log the exception at hand, which made something fail; return the code it is found by."""
    code = secrets.token_hex(4)[:7]
    _log.exception("%s failed, code %s.", what, code)
    return code
