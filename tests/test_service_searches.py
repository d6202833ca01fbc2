import asyncio
import threading
from collections.abc import Callable

import pytest

from citadel.qa.service.limits import Limits
from citadel.qa.service.searches import BusyError, Searches

BUSY = "Citadel is answering as many questions as it can; ask again in a few seconds."
STUCK = "Earlier questions still keep Citadel busy; ask again in half a minute."
SLOW = "The answer took too long; ask again in a few seconds."


def test_what_is_asked_for_is_returned_or_raised() -> None:
    searches = Searches(Limits())

    def fail() -> None:
        raise TimeoutError("its own")

    assert searches.run(lambda: 7) == 7
    assert asyncio.run(searches.run_async(lambda: 7)) == 7
    with pytest.raises(TimeoutError, match="its own"):
        searches.run(fail)
    with pytest.raises(TimeoutError, match="its own"):
        asyncio.run(searches.run_async(fail))
    searches.close()
    assert searches.pending == 0


def test_few_run_at_once_and_few_wait() -> None:
    searches = Searches(Limits(at_once=2, waiting=1))
    running, done = threading.Barrier(3), threading.Event()

    def work() -> str:
        running.wait()
        done.wait()
        return "done"

    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(searches.run(work))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    running.wait()
    waiting = threading.Thread(target=lambda: results.append(searches.run(lambda: "waited")))
    waiting.start()
    while searches.pending < 3:
        pass
    with pytest.raises(BusyError, match=BUSY) as caught:
        searches.run(lambda: "never")
    assert caught.value.retry_after == 2
    done.set()
    for thread in [*threads, waiting]:
        thread.join()
    assert sorted(results) == ["done", "done", "waited"]
    assert searches.pending == 0
    searches.close()


def test_nobody_waits_beyond_the_limit() -> None:
    searches = Searches(Limits(at_once=1, seconds_per_answer=0.01))
    done = threading.Event()
    begun: list[bool] = []

    async def both() -> list[object]:
        found = await asyncio.gather(
            searches.run_async(lambda: done.wait(60)),
            searches.run_async(lambda: begun.append(True)),
            return_exceptions=True,
        )
        return list(found)

    refused = [str(each) for each in asyncio.run(both())]
    done.set()
    searches.close()
    assert refused == [SLOW, SLOW]
    assert (begun, searches.pending) == ([], 0)


def test_what_was_given_up_does_not_pile_up() -> None:
    searches = Searches(Limits(at_once=2, seconds_per_answer=0.01))
    done = threading.Event()

    def refusal(work: Callable[[], object], waits: bool) -> tuple[str, int]:
        with pytest.raises(BusyError) as caught:
            searches.run(work) if waits else asyncio.run(searches.run_async(work))
        return str(caught.value), caught.value.retry_after

    slow = [(refusal(lambda: done.wait(60), waits), searches.given_up) for waits in (True, False)]
    stuck = [refusal(lambda: "never", waits) for waits in (True, False)]
    pending = searches.pending
    done.set()
    searches.close()
    assert slow == [((SLOW, 5), 1), ((SLOW, 5), 2)]
    assert stuck == [(STUCK, 30), (STUCK, 30)]
    assert (pending, searches.pending, searches.given_up) == (2, 0, 0)


def test_it_goes_on_when_what_was_given_up_has_ended() -> None:
    searches = Searches(Limits(at_once=1, seconds_per_answer=1))
    done = threading.Event()
    with pytest.raises(BusyError, match=SLOW):
        searches.run(lambda: done.wait(60))
    done.set()
    while searches.given_up:
        pass
    assert searches.run(lambda: "an answer") == "an answer"
    searches.close()
