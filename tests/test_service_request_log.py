import json
import logging
import sys
from dataclasses import replace

import pytest

from citadel.qa.answer.answers import Answer, Status
from citadel.qa.service.request_log import JsonLines, Plain, log_answer, log_refusal

ANSWER = Answer("Who’s Amal?", "Who’s Amal?", Status.NOT_FOUND, 0.25, (), (), (), "gen-1", 12.34)


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    found = [json.loads(JsonLines().format(record)) for record in caplog.records]
    for line in found:
        assert str(line.pop("time")).endswith("Z")
    return found


def test_what_was_asked_is_written_only_when_wanted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "citadel.qa.service.request_log")
    log_answer(ANSWER, with_question=False)
    log_answer(ANSWER, with_question=True)
    log_refusal("/api/ask", 429)
    common = {"level": "info", "logger": "citadel.qa.service.request_log"}
    answered = {
        **common,
        "message": "Answered.",
        "status": "not_found",
        "confidence": 0.25,
        "index": "gen-1",
        "elapsed_ms": 12.3,
    }
    assert lines(caplog) == [
        answered,
        {**answered, "question": "Who’s Amal?", "searched_for": "Who’s Amal?"},
        {**common, "message": "Refused.", "route": "/api/ask", "http_status": 429},
    ]


def test_a_message_can_not_forge_a_line() -> None:
    record = logging.LogRecord(
        "x", logging.WARNING, "", 0, 'two\nlines "quoted" \ud800 %s', ("!",), None
    )
    text = JsonLines().format(record)
    assert "\n" not in text
    assert json.loads(text)["message"] == 'two\nlines "quoted" \ud800 !'


def test_a_traceback_is_in_the_line() -> None:
    try:
        int("ours")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Failed.", (), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert line["traceback"].endswith("with base 10: 'ours'")


def test_a_person_at_a_terminal_reads_no_json(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "citadel.qa.service.request_log")
    log_answer(ANSWER, with_question=True)
    log_answer(replace(ANSWER, question="two\nlines \x1b[2J"), with_question=True)
    logging.getLogger("citadel.qa.service.request_log").warning("Whoever reaches it may ask.")
    assert [Plain().format(record) for record in caplog.records] == [
        "Answered. Who’s Amal? – not_found",
        "Answered. two\N{REPLACEMENT CHARACTER}lines \N{REPLACEMENT CHARACTER}[2J – not_found",
        "Whoever reaches it may ask.",
    ]
