import asyncio
import threading

import pytest

from qa.service.limits import Limits
from qa.service.searches import BusyError, Searches

BUSY = "Citadel is answering as many questions as it can; ask again in a few seconds."
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
    with pytest.raises(BusyError, match=SLOW):
        searches.run(done.wait)
    begun: list[bool] = []
    with pytest.raises(BusyError, match=SLOW):
        asyncio.run(searches.run_async(lambda: begun.append(True)))
    done.set()
    searches.close()
    assert (begun, searches.pending) == ([], 0)
