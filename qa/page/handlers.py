"""What the page's script sends and gets: questions and answers, reports and receipts.

Whatever was sent, something is answered: a conversation must not break off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from citadel.index.corpus.scope import Scope
from citadel.index.errors import CitadelError
from citadel.qa.page.answer import (
    announcement,
    render_answer,
    render_failure,
    render_note,
    render_refusal,
)
from citadel.qa.page.cards import render_sources
from citadel.qa.page.further import render_further
from citadel.qa.page.links import answer_link, other_than_linked
from citadel.qa.page.locales import Locale, locale_of
from citadel.qa.page.transcript import transcript_entry
from citadel.qa.service.feedback import FeedbackFile, Problem
from citadel.qa.service.request_log import log_failure
from citadel.qa.service.service import Service

_EARLIER_QUESTIONS = 6
"""How many of the earlier questions are looked at; a follow-up leans on the last ones."""

Reply: TypeAlias = dict[str, str]
"""What page.js receives: the turn it asked for, HTML for two places, and plain text."""


def reply(service: Service, request: Any) -> Reply:
    """Answer a question of the page; an error is an answer too."""
    turn, question, earlier = _read_question(request)
    locale = sent_locale(request)
    answerer = service.live_index.current.answerer
    try:
        answer = service.ask(
            answerer, question, earlier, scope=_scope(request), literal=_is_literal(request)
        )
        articles = {article.source: article for article in answerer.index.articles}
        other = render_note(other_than_linked(answer, sent(request, "linked"), locale))
        return {
            "turn": turn,
            "answer": other
            + render_answer(answer, articles, locale)
            + render_further(answer, locale),
            "link": answer_link(answer, _scope(request), literal=_is_literal(request)),
            "sources": render_sources(answer, articles, locale),
            "announcement": announcement(answer, len(articles), locale),
            "transcript": transcript_entry(answer, articles, datetime.now(UTC), locale),
            "index": answer.snapshot,
            "rebuilding": "yes" if service.live_index.rebuilding else "",
            "behind": locale.told(service.live_index.behind),
        }
    except CitadelError as error:
        message = told(error, locale)
        return _without_sources(turn, render_refusal(message), message)
    except Exception:  # A defect of ours: the person gets a code, the log the traceback.
        code = log_failure()
        announced = locale.say("Search did not work. Code {code}.", code=code)
        return _without_sources(turn, render_failure(code, locale), announced)


def receipt(service: Service, feedback: FeedbackFile, request: Any) -> Reply:
    """Store a report about an answer, and say whether it is stored.

    The answer is searched for again: what is stored is ours, not what a stranger sent.
    """
    turn, question, earlier = _read_question(request)
    locale = sent_locale(request)
    problem, comment = (sent_text(request, name) for name in ("problem", "comment"))
    answerer = service.live_index.current.answerer
    try:
        answer = service.ask(
            answerer, question, earlier, scope=_scope(request), literal=_is_literal(request)
        )
        feedback.add(Problem(problem), comment, answer, tuple(earlier))
    except (CitadelError, ValueError):
        return {"reported": turn, "announcement": locale.say("This report can’t be stored.")}
    except Exception:  # As above; a full disk, for instance.
        code = log_failure()
        failed = locale.say("The report was not stored. Code {code}.", code=code)
        return {"reported": turn, "announcement": failed}
    thanks = locale.say("Thank you. The report is stored.")
    return {"reported": turn, "announcement": thanks, "stored": "yes"}


def told(error: CitadelError, locale: Locale) -> str:
    """Return what an error says, in the language of a reader as far as it is known."""
    said = error.args[0] if error.args else ""
    return locale.told(said) if isinstance(said, str) else str(error)


def questions(earlier: Any) -> list[str]:
    """Return the last questions of a conversation, whatever was sent in their place."""
    if not isinstance(earlier, list):
        return []
    return [clean(question) for question in earlier if isinstance(question, str)][
        -_EARLIER_QUESTIONS:
    ]


def clean(text: str) -> str:
    """Replace halves of surrogate pairs: JSON can carry them, UTF-8 can't."""
    return text.encode("utf-8", "replace").decode("utf-8")


def sent_locale(request: Any) -> Locale:
    """Return in which language the page was when it sent something."""
    return locale_of(sent(request, "language"))


def sent_text(request: Any, name: str) -> str:
    """Return a text of what was sent; "" where something else is in its place."""
    value = sent(request, name)
    return clean(value) if isinstance(value, str) else ""


def sent(request: Any, name: str) -> Any:
    """Return a part of what was sent, whatever it is; None where there is none."""
    return request.get(name) if isinstance(request, dict) else None


def _without_sources(turn: str, answer: str, announced: str) -> Reply:
    return {"turn": turn, "answer": answer, "sources": "", "announcement": announced}


def _read_question(request: Any) -> tuple[str, str, Sequence[str]]:
    """Return turn, question and earlier questions, whatever was sent in their place."""
    earlier = questions(sent(request, "earlier"))
    return sent_text(request, "turn"), sent_text(request, "question"), earlier


def _scope(request: Any) -> Scope:
    """Return which articles a person has chosen, all of them when nothing was sent."""
    return Scope.of(request.get("scope", {}) if isinstance(request, dict) else {})


def _is_literal(request: Any) -> bool:
    return sent(request, "literal") is True
