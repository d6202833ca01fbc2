import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from citadel.index.build.build import BUNDLED_SOURCES, open_index
from citadel.index.corpus.formats.registry import FORMATS
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.errors import CitadelError
from citadel.index.snapshots.snapshots import read_manifest
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import answer_record
from citadel.qa.cli.commands import main
from citadel.qa.cli.plain_text import plain_text
from citadel.qa.service.passwords import PasswordHash
from tests.command_line import Outcome, call, run
from tests.contract import check_record
from tests.small_index import mend
from tests.tiny_models import tiny_reranker

Run = Callable[..., Outcome]

QUESTION = "When was the largest formation, “Jaish Halab”, created?"
SOURCE = "enab-baladi-end-of-aleppo.md"
TOO_LONG = "Questions can be up to 500 characters; this one has 501."
EMPTY = "The question is empty; type a question about the articles."


@pytest.fixture
def ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoder: Encoder
) -> Run:
    """Calls “ask” in this process, the default model being loaded already."""
    monkeypatch.delenv("CITADEL_INDEX_DIR", raising=False)
    monkeypatch.setattr(
        "citadel.index.encoders.backends.encoder_loader", lambda *_: lambda _model: encoder
    )
    return lambda *arguments: call(main, ["ask", *map(str, arguments)], monkeypatch, capsys)


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails a call that opens an index before it found its arguments wrong."""

    def refuse(*_: object) -> None:
        pytest.fail("the index was opened")

    monkeypatch.setattr("citadel.qa.cli.opening.open_index", refuse)


def refused(message: str) -> Outcome:
    return Outcome(1, "", f"citadel: {message}\n")


def without_time(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != "elapsed_ms"}


def test_a_batch_by_the_program_itself(index_dir: Path, tmp_path: Path) -> None:
    questions: list[dict[str, Any]] = [
        {"id": "formation", "question": QUESTION},
        {"id": "follow-up", "question": "What did he do?", "history": [QUESTION]},
        {"id": "elsewhere", "question": "What is the capital of Mongolia?"},
        {"id": "hello", "question": "Hello!"},
        {"id": "عربي", "question": "من يقود جيش حلب؟"},
        {"id": "long", "question": "?" * 501},
    ]
    lines = [json.dumps(question, ensure_ascii=False).encode() for question in questions]
    lines.insert(2, b'{"id": "latin", "question": "caf\xe9?"}')
    output = tmp_path / "answers.jsonl"
    output.write_text("older answers")
    arguments = ["ask", "--batch", "-", "--output", str(output), "--index-dir", str(index_dir)]
    outcome = run("qa", arguments, b"\xef\xbb\xbf" + b"\r\n".join(lines))
    assert outcome == Outcome(1, "", "")
    answers = [json.loads(line) for line in output.read_text("ascii").splitlines()]
    assert [answer.pop("id") for answer in answers] == [
        "formation",
        "follow-up",
        None,
        "elsewhere",
        "hello",
        "عربي",
        "long",
    ]
    assert answers.pop() == {"error": TOO_LONG}
    assert answers.pop(2) == {"error": "Line 3 is not UTF-8; save the questions as UTF-8."}
    for answer, asked in zip(answers, questions, strict=False):
        check_record(answer)
        assert answer["question"] == asked["question"]
        assert answer["index"] == read_manifest(index_dir).snapshot
    formation, follow_up, elsewhere, hello, _ = answers
    assert formation["status"] in ("answered", "possible")
    quotes = " ".join(quoted["quote"] for quoted in formation["answers"])
    assert "At the start of December, the largest formation so far was created" in quotes
    assert formation["searched_for"] == QUESTION
    assert follow_up["searched_for"] != "What did he do?"
    assert (elsewhere["status"], len(elsewhere["passages"])) == ("not_found", 5)
    assert without_time(hello) == {
        "question": "Hello!",
        "searched_for": "Hello!",
        "status": "small_talk",
        "confidence": 0.0,
        "answers": [],
        "passages": [],
        "sources": {},
        "index": read_manifest(index_dir).snapshot,
    }


def test_a_question_at_a_terminal_without_curly_quotes(answerer: Answerer, index_dir: Path) -> None:
    arguments = ["ask", "What is “Jaish Halab”?", "--index-dir", str(index_dir)]
    text = plain_text(answerer.answer("What is “Jaish Halab”?"))
    assert not text.isascii()
    assert run("qa", arguments, encoding="ascii") == Outcome(
        0, text.encode("ascii", "backslashreplace").decode(), ""
    )


def test_a_question(ask: Run, answerer: Answerer, index_dir: Path) -> None:
    text = plain_text(answerer.answer(QUESTION))
    assert ask(QUESTION, "--index-dir", index_dir) == Outcome(0, text, "")


def test_a_question_with_history_as_json(ask: Run, answerer: Answerer, index_dir: Path) -> None:
    outcome = ask(
        "Who leads it?",
        "--history",
        "Who signed?",
        "--history",
        "What is Jaish Halab?",
        "--top-k",
        2,
        "--json",
        "--index-dir",
        index_dir,
    )
    assert (outcome.status, outcome.stderr) == (0, "")
    assert outcome.stdout.isascii()
    record = json.loads(outcome.stdout)
    check_record(record, most_passages=2)
    expected = answerer.answer("Who leads it?", ["Who signed?", "What is Jaish Halab?"], 2)
    assert without_time(record) == without_time(answer_record(expected))


def test_a_batch_to_stdout(ask: Run, index_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f'\n{{"id": "a", "question": "{QUESTION}"}}\n', "utf-8")
    outcome = ask("--batch", path, "--index-dir", index_dir)
    assert (outcome.status, outcome.stderr, outcome.stdout.count("\n")) == (0, "", 1)
    record = json.loads(outcome.stdout)
    assert record.pop("id") == "a"
    check_record(record)


def test_an_empty_batch(ask: Run, index_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text("")
    output = tmp_path / "answers.jsonl"
    assert ask("--batch", path, "--output", output, "--index-dir", index_dir) == Outcome(0, "", "")
    assert output.read_text() == ""


def test_a_batch_to_a_link_and_to_no_file(ask: Run, index_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "a"}\n')
    (tmp_path / "link").symlink_to(tmp_path / "real")
    ask("--batch", path, "--output", tmp_path / "link", "--index-dir", index_dir)
    error = '{"id": "a", "error": "Line 1 has no \\u201cquestion\\u201d; give it one, a string."}\n'
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == error
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        ask("--batch", path, "--output", tmp_path / "pipe", "--index-dir", index_dir)
        assert os.read(reader, 1000).decode() == error
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.usefixtures("no_index")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give either one question or --batch with a file of questions."),
        (["Who?", "--batch", "-"], "Give either one question or --batch with a file of questions."),
        ([""], EMPTY),
        ([" \t"], EMPTY),
        (["?" * 501], TOO_LONG),
        (
            ["Who?", "--output", "answers.jsonl"],
            "--output goes with --batch; redirect the answer to one question.",
        ),
        (
            ["--batch", "-", "--history", "Who?"],
            "--history goes with one question; write “history” into the file.",
        ),
    ],
)
def test_wrong_arguments(ask: Run, arguments: list[str], message: str) -> None:
    assert ask(*arguments) == refused(message)


@pytest.mark.usefixtures("no_index")
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["Who?", "--top-k", "0"], "Error: Invalid value for '--top-k': "),
        (["Who?", "--top-k", "51"], "Error: Invalid value for '--top-k': "),
        (["Who?", "--turbo"], "Error: No such option: --turbo"),
        (["Who", "leads?"], "Error: Got unexpected extra argument"),
    ],
)
def test_words_that_the_program_does_not_know(
    ask: Run, arguments: list[str], complaint: str
) -> None:
    outcome = ask(*arguments)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert outcome.stderr.splitlines()[-1].startswith(complaint)


@pytest.mark.usefixtures("no_index")
def test_files_that_can_not_be_read_or_written(ask: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    assert ask("--batch", questions) == refused(
        f"{questions} can't be read (No such file or directory); name another file."
    )
    assert ask("--batch", tmp_path) == refused(
        f"{tmp_path} can't be read (Is a directory); name another file."
    )
    questions.write_text("{}\n")
    assert ask("--batch", questions, "--output", tmp_path) == refused(
        f"{tmp_path} is a folder; name a file to write the answers to."
    )
    nowhere = tmp_path / "none" / "answers.jsonl"
    assert ask("--batch", questions, "--output", nowhere) == refused(
        f"{nowhere} can't be written (No such file or directory); name another file with --output."
    )
    assert list(tmp_path.iterdir()) == [questions]


@pytest.fixture
def batch(tmp_path: Path) -> list[Path | str]:
    """The options of a batch that would replace older answers."""
    questions, answers = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    questions.write_text(f'{{"id": "a", "question": "{QUESTION}"}}\n')
    answers.write_text("older answers")
    return ["--batch", questions, "--output", answers]


def test_a_batch_that_breaks_leaves_older_answers(
    ask: Run,
    index_dir: Path,
    batch: list[Path | str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(Answerer, "answer", break_down)
    with pytest.raises(RuntimeError, match="ours"):
        ask(*batch, "--index-dir", index_dir)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.jsonl", "questions.jsonl"]
    assert (tmp_path / "answers.jsonl").read_text() == "older answers"


def test_a_corrupt_index(
    ask: Run, index_dir: Path, batch: list[Path | str], tmp_path: Path
) -> None:
    folder = Path(copytree(index_dir, tmp_path / "index"))
    path = folder / read_manifest(folder).snapshot / "text_words.npy"
    path.write_bytes(path.read_bytes()[:-1])
    message = refused(f"{path} is damaged: its SHA-256 is not the manifest's; {mend(folder)}")
    assert ask(QUESTION, "--index-dir", folder) == message
    assert ask(*batch, "--index-dir", folder) == message
    assert (tmp_path / "answers.jsonl").read_text() == "older answers"


def test_an_index_of_another_model(
    ask: Run, index_dir: Path, batch: list[Path | str], tmp_path: Path
) -> None:
    message = refused(
        f"The index in {index_dir} was built with the model {DEFAULT_MODEL}, not with some/model; "
        "leave out --model, or run “python -m index build --model some/model "
        f"--index-dir {index_dir}”."
    )
    options = ["--index-dir", index_dir, "--model", "some/model"]
    assert ask(QUESTION, *options) == message
    assert ask(*batch, *options) == message
    assert (tmp_path / "answers.jsonl").read_text() == "older answers"


def test_a_missing_index_is_built(ask: Run, tmp_path: Path, encoder: Encoder) -> None:
    sources, folder = tmp_path / "sources", tmp_path / "index"
    sources.mkdir()
    options = ["--sources", sources, "--index-dir", folder]
    assert ask("When does it sail?", *options) == refused(
        f"The sources folder {sources} holds no article that can be read; "
        f"put one into it ({', '.join(FORMATS)})."
    )
    assert not folder.exists()
    (sources / "ferry.md").write_text("# The ferry\n\nThe ferry sails at noon.\n")
    outcome = ask("When does it sail?", *options)
    index = open_index(folder, sources, None, lambda _: encoder, lambda _done, _total: None)
    answerer = Answerer(index)
    text = plain_text(answerer.answer("When does it sail?"))
    assert "ferry.md, 13 to 37" in text
    assert (outcome.status, outcome.stdout) == (0, text)
    assert ask("When does it sail?", *options) == Outcome(0, text, "")


def test_an_unknown_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["ask", QUESTION, "--index-dir", str(tmp_path / "index"), "--model", "no model"]
    outcome = call(main, arguments, monkeypatch, capsys)
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr.splitlines()[-1] == (
        "citadel: There is no model 'no model'; "
        "give the folder of a sentence-transformers model or its name on the hub."
    )
    assert not (tmp_path / "index").exists()


def test_a_model_that_is_a_folder_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["ask", QUESTION, "--index-dir", str(tmp_path / "index"), "--model", str(tmp_path)]
    outcome = call(main, arguments, monkeypatch, capsys)
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr.splitlines()[-1].startswith(
        f"citadel: The model '{tmp_path}' can't be loaded ("
    )
    assert not (tmp_path / "index").exists()


def test_a_reranker_gives_its_opinion(ask: Run, index_dir: Path, tmp_path: Path) -> None:
    reranker = tiny_reranker(tmp_path, QUESTION.split())
    outcome = ask(QUESTION, "--index-dir", index_dir, "--reranker", reranker, "--json")
    assert (outcome.status, outcome.stderr) == (0, "")
    record = json.loads(outcome.stdout)
    check_record(record)
    without = json.loads(ask(QUESTION, "--index-dir", index_dir, "--json").stdout)
    assert record["passages"] != without["passages"]


@pytest.mark.usefixtures("no_index")
def test_a_reranker_that_is_none_is_refused_before_anything_is_opened(
    ask: Run, tmp_path: Path
) -> None:
    assert ask(QUESTION, "--reranker", tmp_path) == refused(
        f"The reranker '{tmp_path}' has no config.json; "
        "give the folder of a CrossEncoder or its name on the hub."
    )


def test_a_choice_of_articles(ask: Run, index_dir: Path) -> None:
    chosen = ["--index-dir", index_dir, "--publisher", "enab baladi", "--language", "EN"]
    outcome = ask(QUESTION, *chosen, "--since", "2016-12", "--until", "2016", "--json")
    plain = ask(QUESTION, "--index-dir", index_dir, "--json")
    assert (outcome.status, outcome.stderr) == (0, "")
    assert without_time(json.loads(outcome.stdout)) == without_time(json.loads(plain.stdout))
    assert ask(QUESTION, "--index-dir", index_dir, "--until", "2015") == refused(
        "No article is like that; search in more of them."
    )
    for option, value, message in (
        ("--only", "gone.md", f"There is no article gone.md; there is {SOURCE}."),
        (
            "--without",
            "enab-baladi.md",
            f"There is no article enab-baladi.md; near that: {SOURCE}.",
        ),
        ("--publisher", "Baladi", "No article is published by Baladi; near that: Enab Baladi."),
        ("--language", "fr", "No article is in the language fr; there is en."),
    ):
        assert ask(QUESTION, "--index-dir", index_dir, option, value) == refused(message)
    assert ask(QUESTION, "--index-dir", index_dir, "--without", SOURCE) == refused(
        "No article is like that; search in more of them."
    )


@pytest.mark.usefixtures("no_index")
def test_a_choice_that_is_none_is_refused(ask: Run, tmp_path: Path) -> None:
    assert ask(QUESTION, "--since", "May") == refused(
        "The date 'May' is none; write 2016, 2016-12 or 2016-12-05."
    )
    assert ask("--batch", tmp_path / "q.jsonl", "--only", "a.md") == refused(
        "--only and the like go with one question; write “scope” into the file."
    )


def test_the_hash_of_a_password_from_stdin() -> None:
    outcome = run("qa", ["password-hash"], b"correct horse\n")
    assert (outcome.status, outcome.stderr) == (0, "")
    assert PasswordHash.parse(outcome.stdout).fits("correct horse")
    assert run("qa", ["password-hash"], b"short\n") == refused(
        "A password has at least 8 characters; take another."
    )


@pytest.mark.usefixtures("no_index")
def test_a_hash_that_is_none_is_refused_before_anything_is_served(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CITADEL_PASSWORD_HASH", "correct horse")
    monkeypatch.setattr("citadel.qa.cli.commands._log_for_a_server", lambda _log_questions: None)
    assert call(main, ["serve"], monkeypatch, capsys) == refused(
        "CITADEL_PASSWORD_HASH holds no hash of a password; make one with "
        "“python -m qa password-hash”."
    )


@pytest.mark.parametrize(
    ("host", "warned"), [("127.0.0.1", False), ("::1", False), ("localhost", False), ("::", True)]
)
def test_a_server_that_others_reach_without_a_password_is_warned_of(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    host: str,
    warned: bool,
) -> None:
    def stop(*_: object) -> None:
        raise CitadelError("Stopped.")

    monkeypatch.delenv("CITADEL_PASSWORD_HASH", raising=False)
    monkeypatch.setattr("citadel.qa.cli.opening.open_index", stop)
    monkeypatch.setattr("citadel.qa.cli.commands._log_for_a_server", lambda _log_questions: None)
    call(main, ["serve", "--host", host], monkeypatch, capsys)
    told = [
        record.getMessage() for record in caplog.records if record.name == "citadel.qa.cli.commands"
    ]
    assert told == [
        f"Whoever reaches {host} may ask: CITADEL_PASSWORD_HASH is not set, see docs/deploying.md."
    ] * int(warned)


@pytest.mark.usefixtures("no_index")
def test_strangers_add_nothing_without_a_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CITADEL_PASSWORD_HASH", raising=False)
    monkeypatch.setattr("citadel.qa.cli.commands._log_for_a_server", lambda _log_questions: None)
    assert call(main, ["serve", "--host", "::", "--allow-adding"], monkeypatch, capsys) == refused(
        "With --allow-adding whoever reaches :: could add articles; set CITADEL_PASSWORD_HASH, "
        "see docs/deploying.md, or leave out --host."
    )


def test_articles_are_added_to_the_folder_of_the_index_only(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    small_index_dir: Path,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("citadel.qa.cli.commands._log_for_a_server", lambda _log_questions: None)
    monkeypatch.setenv("CITADEL_INDEX_DIR", str(small_index_dir))
    outcome = call(
        main, ["serve", "--allow-adding", "--sources", str(tmp_path / "else")], monkeypatch, capsys
    )
    assert outcome == refused(
        f"The index in {small_index_dir} was built from {BUNDLED_SOURCES}, not from "
        f"{tmp_path / 'else'}; leave out --sources to add articles to it."
    )


@pytest.mark.usefixtures("no_index")
def test_the_tools_of_an_assistant_need_an_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "citadel.qa.service.mcp", raising=False)
    assert call(main, ["mcp"], monkeypatch, capsys) == refused(
        "This needs the extra “mcp”; run “pip install 'citadel-qa[mcp]'”."
    )
