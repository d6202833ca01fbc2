"""“ask” is answered by a server that runs, where that makes no difference but of time."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from index.encoder import Encoder
from index.errors import CitadelError
from index.passage_index import PassageIndex
from index.publishing import publish
from index.scope import EVERYTHING, Scope
from qa import local_questions
from qa.__main__ import main
from qa.answering import Answerer
from qa.editions import Editions
from qa.local_questions import (
    LocalQuestion,
    Terms,
    ask_running_server,
    meeting_folder,
    parse_question,
    places_of,
    question_line,
)
from qa.plain_text import plain_text
from qa.service.limits import DEFAULT_LIMITS, Limits
from qa.service.local_socket import answering_locally
from qa.service.service import Service
from tests.command_line import Outcome, call
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, cheap_index

Run = Callable[..., Outcome]

QUESTION = "When was the largest formation, “Jaish Halab”, created?"


@pytest.fixture
def index(tmp_path: Path) -> PassageIndex:
    return cheap_index("gen-1", articles_of(tmp_path / "sources", a="One ferry sails.\n"))


@pytest.fixture
def folder(tmp_path: Path, index: PassageIndex) -> Path:
    """A folder in which a small index is published."""
    publish(index, tmp_path / "index")
    return tmp_path / "index"


def terms_of(folder: Path) -> Terms:
    """The terms of whoever gives no options, where tests run."""
    return Terms.of(folder, None, None, "torch", "faiss", None)


def question_of(terms: Terms) -> LocalQuestion:
    return LocalQuestion("What sails?", (), 5, EVERYTHING, as_json=False, terms=terms)


@contextmanager
def running(
    index: PassageIndex, terms: Terms, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Editions]:
    """A server of an index, as far as “ask” knows it."""
    editions = Editions.of(Answerer(index))
    service = Service(editions, limits)
    with answering_locally(service, terms):
        yield editions
    service.searches.close()


def places(folder: Path) -> list[Path]:
    return list(places_of(meeting_folder(), str(folder.resolve())))


@pytest.fixture
def ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoder: Encoder
) -> Run:
    """Calls “ask” in this process, the default model being loaded already."""
    monkeypatch.setattr("index.backends.encoder_loader", lambda *_: lambda _model: encoder)
    return lambda *arguments: call(main, ["ask", *map(str, arguments)], monkeypatch, capsys)


def without_time(outcome: Outcome) -> Outcome:
    """The outcome with all that is written, but for the line of the time taken."""
    lines = outcome.stdout.splitlines(keepends=True)
    return replace(outcome, stdout="".join(line for line in lines if '"elapsed_ms"' not in line))


@pytest.mark.parametrize(
    "arguments",
    [
        [QUESTION],
        [QUESTION, "--json"],
        ["Who leads it?", "--history", "Who signed?", "--history", "What is Jaish Halab?"],
        ["Who leads it?", "--history", "What is Jaish Halab?", "--top-k", "2", "--json"],
        ["What happened in Aleepo?", "--publisher", "enab baladi", "--since", "2016", "--json"],
        ["What is the capital of Mongolia?"],
        ["Hello!", "--json"],
        ["من يقود جيش حلب؟"],
        ["caf\udce9?"],
        [QUESTION, "--only", "gone.md"],
        [QUESTION, "--since", "May"],
        [" "],
        [QUESTION, "--model", "some/model"],
        [QUESTION, "--store-url", "http://127.0.0.1:1"],
    ],
)
def test_a_server_and_ask_itself_print_the_same(
    ask: Run, index_dir: Path, passage_index: PassageIndex, arguments: list[str]
) -> None:
    alone = ask(*arguments, "--index-dir", index_dir)
    with running(passage_index, terms_of(index_dir)):
        assert without_time(ask(*arguments, "--index-dir", index_dir)) == without_time(alone)


def test_nothing_is_opened_where_a_server_answers(
    ask: Run,
    answerer: Answerer,
    index_dir: Path,
    passage_index: PassageIndex,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("the index was opened")

    monkeypatch.setattr("qa.opening.open_index", refuse)
    with running(passage_index, terms_of(index_dir)):
        text = plain_text(answerer.answer(QUESTION))
        assert ask(QUESTION, "--index-dir", index_dir) == Outcome(0, text, "")
        named = ["--model", passage_index.encoder.name, "--backend", passage_index.encoder.backend]
        assert ask(QUESTION, "--index-dir", index_dir, *named) == Outcome(0, text, "")
        assert ask(QUESTION, "--index-dir", index_dir, "--only", "gone.md") == Outcome(
            1, "", "citadel: No article is like that; search in more of them.\n"
        )


def test_a_question_survives_its_way() -> None:
    scope = Scope(only=frozenset({"b.md", "a.md"}), since="2016-12")
    terms = Terms("program", "/index", None, "my reranker", None, "postgres", "postgresql:///q")
    asked = LocalQuestion("caf\udce9 “من”?\n", ("one", "two"), 3, scope, as_json=True, terms=terms)
    line = question_line(asked, "gen-1")
    assert line.count(b"\n") == 1
    assert parse_question(line) == (asked, "gen-1")


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"{}", b'{"generation": "gen-1"}\n'])
def test_what_is_no_question_of_this_version(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"^Expecting |^no question of this version: "):
        parse_question(line)


def test_other_terms_are_declined(folder: Path, index: PassageIndex, tmp_path: Path) -> None:
    own = terms_of(folder)
    answered = plain_text(Answerer(index).answer("What sails?"))
    with running(index, own):
        assert ask_running_server(question_of(own)) == answered
        for other in (
            replace(own, program="an older one"),
            replace(own, model="some/model"),
            replace(own, reranker="some/reranker"),
            replace(own, backend=None),
            replace(own, store="postgres", store_url="postgresql:///q"),
        ):
            assert ask_running_server(question_of(other)) is None
        publish(index, tmp_path / "other")
        assert ask_running_server(question_of(terms_of(tmp_path / "other"))) is None
        assert ask_running_server(question_of(terms_of(tmp_path / "none"))) is None


@pytest.mark.parametrize(
    ("own", "used", "asked", "installed", "is_answered"),
    [
        ("openvino", "openvino", None, ["openvino", "onnx"], True),
        ("onnx", "onnx", None, ["openvino", "onnx"], False),
        ("onnx", "onnx", None, ["onnx"], True),
        ("torch", "torch", None, ["openvino"], False),
        ("torch", "torch", None, [], True),
        (None, "openvino", "openvino", ["openvino"], True),
        (None, "torch", None, ["openvino"], True),  # the model can't be converted
        (None, "torch", "openvino", ["openvino"], False),
        (None, "torch", "torch", ["openvino"], True),
        ("torch", "torch", "openvino", ["openvino"], False),
    ],
)
def test_what_would_compute_the_vectors_must_be_the_same(
    folder: Path,
    index: PassageIndex,
    monkeypatch: pytest.MonkeyPatch,
    own: str | None,
    used: str,
    asked: str | None,
    installed: list[str],
    is_answered: bool,
) -> None:
    for name in ("openvino", "onnx"):
        there = name in installed
        monkeypatch.setattr(
            f"index.backends.{name}_network.is_installed", lambda there=there: there
        )
    terms = terms_of(folder)
    served = replace(index, encoder=FakeEncoder(backend=used))
    with running(served, replace(terms, backend=own)):
        reply = ask_running_server(question_of(replace(terms, backend=asked)))
    assert (reply is not None) == is_answered


def test_of_several_servers_the_one_on_these_terms_answers(
    folder: Path, index: PassageIndex
) -> None:
    own = terms_of(folder)
    answered = plain_text(Answerer(index).answer("What sails?"))
    with running(index, replace(own, reranker="a")), running(index, replace(own, reranker="b")):
        assert ask_running_server(question_of(own)) is None
        with running(index, own):
            assert len(places(folder)) == 3
            assert ask_running_server(question_of(own)) == answered
        assert ask_running_server(question_of(own)) is None
    assert places(folder) == []


def test_a_server_answers_from_the_current_generation_only(
    folder: Path, index: PassageIndex
) -> None:
    asked = question_of(terms_of(folder))
    newer = replace(index, generation="gen-2")
    with running(index, terms_of(folder)) as editions:
        publish(newer, folder)
        assert ask_running_server(asked) is None
        editions.renew(Answerer(newer))
        assert ask_running_server(asked) == plain_text(Answerer(newer).answer("What sails?"))
        (folder / "CURRENT").write_text("nonsense")
        assert ask_running_server(asked) is None
        (folder / "CURRENT").unlink()
        assert ask_running_server(asked) is None


def test_what_a_killed_server_left_is_no_harm_and_removed_by_the_next(
    folder: Path, index: PassageIndex
) -> None:
    asked = question_of(terms_of(folder))
    with running(index, terms_of(folder)):
        (left,) = places(folder)
        assert left.stat().st_mode & 0o777 == 0o600
    assert not left.exists()
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(left))
    assert ask_running_server(asked) is None
    with running(index, terms_of(folder)):
        assert left not in places(folder)
        assert ask_running_server(asked) == plain_text(Answerer(index).answer("What sails?"))


@contextmanager
def saying(folder: Path, *said: bytes, until: threading.Event | None = None) -> Iterator[None]:
    """A program in the place of a server, which says something else."""
    place = meeting_folder() / f"{local_questions.place_prefix(str(folder.resolve()))}0.sock"

    def converse() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.makefile("rb").readline()
            connection.sendall(b"".join(said))
            if until is not None:
                until.wait(60)

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()
        thread = threading.Thread(target=converse)
        thread.start()
        try:
            yield
        finally:
            if until is not None:
                until.set()
            thread.join()
            place.unlink()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"no\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"yes\n",
        b"yes\nfoo\n",
        b"yes\n[1]\n",
        b'yes\n{"printed": 1}\n',
        b'yes\n{"shown": "Yes."}\n',
        b'yes\n{"printed": "half of an',
        b"yes\n\xff\n",
    ],
)
def test_what_makes_no_sense_is_no_answer(folder: Path, said: bytes) -> None:
    with saying(folder, said):
        assert ask_running_server(question_of(terms_of(folder))) is None


@pytest.mark.parametrize("said", [b"", b"yes\n"])
def test_a_server_that_falls_silent_is_not_waited_for(
    folder: Path, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_questions, "_PATIENCE", 0.1)
    monkeypatch.setattr(local_questions, "_LONGEST", 0.1)
    with saying(folder, said, until=threading.Event()):
        assert ask_running_server(question_of(terms_of(folder))) is None


def test_ask_answers_itself_without_a_word_where_a_server_fails(
    ask: Run, answerer: Answerer, index_dir: Path
) -> None:
    text = plain_text(answerer.answer(QUESTION))
    with saying(index_dir, b"yes\nfoo\n"):
        assert ask(QUESTION, "--index-dir", index_dir) == Outcome(0, text, "")


def test_a_busy_server_leaves_it_to_ask(folder: Path, index: PassageIndex) -> None:
    busy = replace(DEFAULT_LIMITS, at_once=1, waiting=-1)
    with running(index, terms_of(folder), busy):
        assert ask_running_server(question_of(terms_of(folder))) is None


def test_a_server_that_breaks_down_leaves_it_to_ask(
    folder: Path,
    index: PassageIndex,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(Answerer, "answer", break_down)
    with running(index, terms_of(folder)):
        assert ask_running_server(question_of(terms_of(folder))) is None
    assert [(each.levelname, each.message) for each in caplog.records] == [
        ("ERROR", "A question of the command line failed.")
    ]


def test_a_refusal_is_raised(folder: Path, index: PassageIndex) -> None:
    asked = replace(question_of(terms_of(folder)), scope=Scope(only=frozenset({"gone.md"})))
    with running(index, terms_of(folder)), pytest.raises(CitadelError) as caught:
        ask_running_server(asked)
    assert str(caught.value) == "No article is like that; search in more of them."


def test_a_folder_that_others_can_enter_is_left_alone(
    folder: Path,
    index: PassageIndex,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "qa.service.local_socket")
    meeting = meeting_folder()
    with running(index, terms_of(folder)):
        meeting.chmod(0o755)
        try:
            assert ask_running_server(question_of(terms_of(folder))) is None
            with running(index, terms_of(folder)):
                assert ask_running_server(question_of(terms_of(folder))) is None
        finally:
            meeting.chmod(0o700)
    assert [each.getMessage() for each in caplog.records] == [
        "Questions of the command line are not answered here: "
        f"{meeting} is not a folder that only this user can enter."
    ]


def test_without_a_folder_of_the_session_the_temporary_one_is_taken_without_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert meeting_folder().name == "citadel"
