import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from citadel.index.encoders.batching import GatheringEncoder
from citadel.index.encoders.encoder import Encoding
from tests.fake_encoder import FakeEncoder


@dataclass
class Held(FakeEncoder):
    """An encoder whose first call waits until it is let go."""

    calls: list[list[str]] = field(default_factory=list)
    running: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    breaks_on: str = ""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        self.calls.append(list(texts))
        if len(self.calls) == 1:
            self.running.set()
            assert self.let_go.wait(60)
        if self.breaks_on in texts:
            raise RuntimeError("broken")
        return super().encode_questions(texts)


def wait_for(condition: Callable[[], bool]) -> None:
    while not condition():
        threading.Event().wait(0.001)


def ask_while_held(held: Held, together: GatheringEncoder, asked: list[list[str]]) -> list[object]:
    """Ask the first alone, then all others while it is computed; return what each got."""
    got: list[object] = [None] * len(asked)

    def ask(number: int) -> None:
        try:
            got[number] = [e.vector.tolist() for e in together.encode_questions(asked[number])]
        except RuntimeError as error:
            got[number] = str(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(asked))]
    threads[0].start()
    assert held.running.wait(60)
    for number, thread in enumerate(threads[1:], start=1):
        thread.start()
        wait_for(lambda number=number: len(together._waiting) == number)  # type: ignore[misc]
    held.let_go.set()
    for thread in threads:
        thread.join(60)
    return got


def vectors(texts: list[str]) -> list[list[float]]:
    return [encoding.vector.tolist() for encoding in FakeEncoder().encode_questions(texts)]


def test_who_waits_is_encoded_together() -> None:
    held = Held()
    asked = [["one"], ["two", "three"], ["four"], [], ["five"]]
    got = ask_while_held(held, GatheringEncoder(held), asked)
    assert held.calls == [["one"], ["two", "three", "four", "five"]]
    assert got == [vectors(texts) for texts in asked]


def test_what_goes_wrong_is_told_to_all_who_are_in_it() -> None:
    held = Held(breaks_on="two")
    together = GatheringEncoder(held)
    got = ask_while_held(held, together, [["one"], ["two"], ["three"]])
    assert got == [vectors(["one"]), "broken", "broken"]
    assert together.encode_questions(["four"])[0].vector.tolist() == vectors(["four"])[0]


def test_who_comes_alone_is_encoded_alone() -> None:
    held = Held()
    held.let_go.set()
    together = GatheringEncoder(held)
    for text in ("one", "two"):
        np.testing.assert_array_equal(
            together.encode_questions([text])[0].vector, vectors([text])[0]
        )
    assert held.calls == [["one"], ["two"]]


@pytest.mark.parametrize("name", ["name", "fingerprint", "backend", "dimension", "pieces"])
def test_it_is_the_encoder_in_all_else(name: str) -> None:
    encoder = FakeEncoder()
    assert getattr(GatheringEncoder(encoder), name) == getattr(encoder, name)


def test_it_encodes_texts_and_knows_what_the_encoder_knows() -> None:
    done: list[int] = []
    together = GatheringEncoder(FakeEncoder())
    (encoding,) = together.encode_texts(["The ferry"], done.append)
    assert (encoding.vector.tolist(), done) == (vectors(["The ferry"])[0], [1])
    assert [together.knows_word(word) for word in ("ferry", "2")] == [True, False]
    assert [together.reads(text) for text in ("ferry", "متى")] == [True, False]
