"""What the page and the API share while a server runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer
from citadel.qa.service.limits import DEFAULT_LIMITS, Limits
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.originals import Originals
from citadel.qa.service.request_log import log_answer
from citadel.qa.service.searches import Searches

if TYPE_CHECKING:
    from citadel.qa.service.metrics import Metrics


class Service:
    """Answers from the current served, within limits, and keeps count.

    Attributes:
        live_index: What is served.
        limits: How much is allowed.
        searches: Where searches run, those of the page and those of the API.
        metrics: What is counted; None where the extra for it is not installed.
        originals: The files of the articles; None where they are not kept.

    """

    def __init__(
        self,
        live_index: LiveIndex,
        limits: Limits = DEFAULT_LIMITS,
        log_questions: bool = False,
        originals: Originals | None = None,
    ) -> None:
        """Serve the live_index; write the questions' text to the log only when asked to."""
        self.originals = originals
        self.live_index = live_index
        self.limits = limits
        self.searches = Searches(limits)
        self.metrics = _metrics(live_index, self.searches)
        self._log_questions = log_questions

    def ask(
        self,
        answerer: Answerer,
        question: str,
        history: Sequence[str] = (),
        passages: int = 5,
        scope: Scope = EVERYTHING,
        literal: bool = False,
    ) -> Answer:
        """Answer a question in a search thread, as ``Answerer.answer`` does; wait for it.

        Raises:
            CitadelError: It is no question, or too many others are asked.

        """
        return self.searches.run(
            partial(self._answer, answerer, question, history, passages, scope, literal)
        )

    async def ask_async(
        self,
        answerer: Answerer,
        question: str,
        history: Sequence[str] = (),
        passages: int = 5,
        scope: Scope = EVERYTHING,
    ) -> Answer:
        """Answer a question like ``ask``, leaving the event loop free meanwhile.

        Raises:
            CitadelError: It is no question, or too many others are asked.

        """
        return await self.searches.run_async(
            partial(self._answer, answerer, question, history, passages, scope)
        )

    def _answer(
        self,
        answerer: Answerer,
        question: str,
        history: Sequence[str],
        passages: int,
        scope: Scope,
        literal: bool = False,
    ) -> Answer:
        answer = answerer.answer(question, history, passages, scope, literal)
        if self.metrics is not None:
            self.metrics.count_answer(answer)
        log_answer(answer, with_question=self._log_questions)
        return answer


def _metrics(live_index: LiveIndex, searches: Searches) -> Metrics | None:
    try:
        from citadel.qa.service.metrics import Metrics  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "prometheus_client":
            raise
        return None
    return Metrics(live_index, searches)
