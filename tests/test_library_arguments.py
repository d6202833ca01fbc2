"""A program that gives the library something of another type learns which argument it is."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from citadel import Citadel, Scope
from citadel.index.build.collection import Collection
from citadel.index.stores.faiss_store import FAISS
from citadel.qa.answer.answering import Answerer
from tests.small_index import FERRY, articles_of, cheap_index

Call = Callable[[Any], object]
"""Calls a Citadel that mypy knows nothing of: it would refuse the same."""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Citadel]:
    index = cheap_index("gen-1", articles_of(tmp_path, a=FERRY))
    collection = Collection(tmp_path / "index", tmp_path)
    with Citadel(Answerer(index), collection, FAISS, ExitStack()) as citadel:
        yield citadel


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda it: it.open(3), "open: “articles” must be a Path, a str or None, not 3."),
        (
            lambda it: it.open(None, index_dir=b"i"),
            "open: “index_dir” must be a Path, a str or None, not b'i'.",
        ),
        (lambda it: it.open(model=1), "open: “model” must be a str or None, not 1."),
        (lambda it: it.open(store=None), "open: “store” must be a str, not None."),
        (lambda it: it.open(reader="no"), "open: “reader” must be a bool, not 'no'."),
        (lambda it: it.ask(None), "ask: “question” must be a str, not None."),
        (lambda it: it.ask(["a"]), "ask: “question” must be a str, not ['a']."),
        (
            lambda it: it.ask("Why?", history="How?"),
            "ask: “history” must be a list of str, not 'How?'.",
        ),
        (
            lambda it: it.ask("Why?", history=["How?", 1]),
            "ask: “history” must be a list of str, not ['How?', 1].",
        ),
        (lambda it: it.ask("Why?", passages="5"), "ask: “passages” must be an int, not '5'."),
        (lambda it: it.ask("Why?", passages=True), "ask: “passages” must be an int, not True."),
        (
            lambda it: it.ask("Why?", scope={"only": ["a.md"]}),
            "ask: “scope” must be a Scope, not {'only': ['a.md']}.",
        ),
        (lambda it: it.mentions(b"HRW"), "mentions: “name” must be a str, not b'HRW'."),
        (lambda it: it.add("a.md", 3), "add: “paths” must be a Path or a str, not 3."),
        (lambda it: it.remove(["a.md"]), "remove: “names” must be a str, not ['a.md']."),
        (
            lambda it: it.describe("a.md", date=2016),
            "describe: “date” must be a str or None, not 2016.",
        ),
        (lambda it: it.build(full="yes"), "build: “full” must be a bool, not 'yes'."),
        (lambda it: it.evaluate(None), "evaluate: “questions” must be a Path or a str, not None."),
    ],
)
def test_another_type_is_refused_by_the_name_of_the_argument(
    opened: Citadel, call: Call, message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        call(opened)
    assert str(caught.value) == f"Citadel.{message}"


def test_what_is_of_the_type_is_taken(opened: Citadel) -> None:
    scope = Scope(only=frozenset({"a.md"}))
    answer = opened.ask("Who runs it?", history=("What is it?",), passages=1, scope=scope)
    assert (answer.question, len(answer.hits)) == ("Who runs it?", 1)
    assert Citadel.ask.__doc__ is not None
    assert Citadel.ask.__doc__.startswith("Answer a question with sentences quoted")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        # Its letters would be the names.
        ({"only": "a.md"}, "In a Scope “only” must be a frozenset of str."),
        ({"without": ["a.md"]}, "In a Scope “without” must be a frozenset of str."),
        ({"languages": frozenset({1})}, "In a Scope “languages” must be a frozenset of str."),
        ({"publishers": None}, "In a Scope “publishers” must be a frozenset of str."),
        ({"since": 2016}, "In a Scope “since” must be a str."),
        ({"until": None}, "In a Scope “until” must be a str."),
    ],
)
def test_what_is_no_scope_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as caught:
        Scope(**wrong)
    assert str(caught.value) == message
