"""People who ask through the API, each after the other's answer."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle

import httpx2 as httpx

QUESTIONS = (
    "Who leads Jaish Halab?",
    "How many civilians did Human Rights Watch say were killed?",
    "When did the siege begin?",
    "What is the capital of Mongolia?",
    "What happened in Hanano?",
    "Hello!",
)


@dataclass
class Outcome:
    """What they got.

    Attributes:
        statuses: How often each status came; 0 where there was no response.
        seconds: How long each answer took, those of status 200 alone.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """Return the time in milliseconds within which that share was answered."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ask(address: str, users: int, until: float) -> Outcome:
    """Let so many users ask until a time of the monotonic clock."""
    outcome = Outcome()
    lock = threading.Lock()

    def one(number: int) -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            for question in cycle(QUESTIONS[number % 6 :] + QUESTIONS[: number % 6]):
                if time.monotonic() >= until:
                    return
                began = time.monotonic()
                try:
                    status = client.post("/api/ask", json={"question": question}).status_code
                except httpx.TransportError:
                    status = 0
                with lock:
                    outcome.statuses[status] += 1
                    if status == 200:
                        outcome.seconds.append(time.monotonic() - began)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome
