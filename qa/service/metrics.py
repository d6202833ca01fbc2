"""What the service counts, for Prometheus: imported where the extra “metrics” is installed."""

from __future__ import annotations

from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from citadel.qa.answer.answers import Answer
from citadel.qa.service.live_index import LiveIndex, ServedIndex
from citadel.qa.service.searches import Searches

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counters of one server. No label holds anything that a person typed."""

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self, live_index: LiveIndex, searches: Searches) -> None:
        """Count for a server from now on."""
        self._registry = CollectorRegistry()
        counter = partial(Counter, registry=self._registry)
        gauge = partial(Gauge, registry=self._registry)
        ProcessCollector(registry=self._registry)
        self._requests = counter("citadel_requests", "Requests.", ("route", "status"))
        self._answers = counter("citadel_answers", "Answers, by their status.", ("status",))
        self._seconds = Histogram(
            "citadel_answer_seconds",
            "Time taken to answer, without waiting.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        pending = gauge("citadel_searches_pending", "Searches running or waiting.")
        pending.set_function(lambda: searches.pending)
        given_up = gauge(
            "citadel_searches_given_up", "Searches still running though their time was over."
        )
        given_up.set_function(lambda: searches.given_up)
        self._index = gauge(
            "citadel_index_info", "1 for the snapshot that is served.", ("snapshot",)
        )
        behind = gauge(
            "citadel_index_behind",
            "1 while an older snapshot is served than the newest, which can't be loaded.",
        )
        behind.set_function(lambda: bool(live_index.behind))
        self._articles = gauge("citadel_articles", "Articles that are served.")
        self._show(live_index.current)
        live_index.follow(self._show)

    def count_request(self, route: str, status: int) -> None:
        """Count a request of a known route."""
        self._requests.labels(route, str(status)).inc()

    def count_answer(self, answer: Answer) -> None:
        """Count an answer."""
        self._answers.labels(answer.status.value).inc()
        self._seconds.observe(answer.elapsed_ms / 1000)

    def text(self) -> bytes:
        """Return everything in the text format of Prometheus."""
        return generate_latest(self._registry)

    def _show(self, served: ServedIndex) -> None:
        self._index.clear()
        self._index.labels(served.articles.snapshot).set(1)
        self._articles.set(len(served.articles.all))
