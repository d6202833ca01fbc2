"""The link to an answer: what the answer was made from, and whether it is the same elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from citadel.index.corpus.scope import Scope
from citadel.qa.answer.answers import Answer
from citadel.qa.page.locales import ENGLISH, Locale

_SNAPSHOT = re.compile(r"gen-(\d{8})T\d{6}-[0-9a-f]{6}")
_SHORT = 12


def answer_link(answer: Answer, scope: Scope, *, literal: bool) -> str:
    """Return the query of a link that asks a question again, as it was understood.

    It has the earlier questions that the answer leans on and no others, the articles that were
    chosen, the index that answered, and by what the answer is known again.
    """
    asked = [("q", answer.question)]
    asked += [("after", earlier) for earlier in answer.leans_on]
    asked += [("words", "only")] if literal else []
    asked += [("only", name) for name in sorted(scope.only)]
    asked += [("without", name) for name in sorted(scope.without)]
    asked += [("index", answer.snapshot), ("answer", known_by(answer))]
    return urlencode(asked, quote_via=quote, errors="replace")


def known_by(answer: Answer) -> str:
    """Return what two answers share if they say the same and quote the same; 12 hex digits."""
    quoted = [[each.passage.source, each.quote] for each in answer.citations]
    said = json.dumps([answer.status.value, quoted])
    return hashlib.sha256(said.encode()).hexdigest()[:_SHORT]


def other_than_linked(answer: Answer, linked: Any, locale: Locale = ENGLISH) -> str:
    """Return how an answer comes to be another one than that of the link; "" where it is the same.

    Args:
        answer: The answer as it is here and now.
        linked: What the link says of its own answer, "index" and "answer"; it may be anything.
        locale: In which the page speaks.

    """
    values = linked if isinstance(linked, dict) else {}
    snapshot, known = values.get("index"), values.get("answer")
    if not isinstance(snapshot, str) or not snapshot or known == known_by(answer):
        return ""
    made, now = _day_of(snapshot), _day_of(answer.snapshot)
    if made is None or now is None or snapshot >= answer.snapshot:
        return locale.say(
            "The link came with another answer: it was made with another version of the index, or "
            "of Citadel."
        )
    return locale.say(
        "The link came with another answer: it was made with an earlier version of the index, of "
        "{date}; the articles have changed since.",
        date=locale.date(made.year, made.month, made.day),
    )


def _day_of(snapshot: str) -> date | None:
    """Return the day on which a snapshot was made, in UTC; None where its name does not say it."""
    named = _SNAPSHOT.fullmatch(snapshot)
    if named is None:
        return None
    try:
        return datetime.strptime(named[1], "%Y%m%d").date()
    except ValueError:
        return None
