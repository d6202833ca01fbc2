"""“ask --batch”: what becomes of a file of questions, and of older answers."""

import json
import os
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.snapshots.snapshots import read_manifest
from citadel.qa.answer.answering import Answerer
from tests.command_line import Outcome, Run, refused, run
from tests.contract import check_record, without_time
from tests.small_index import mend

QUESTION = "When was the largest formation, “Jaish Halab”, created?"
TOO_LONG = "Questions can be up to 500 characters; this one has 501."


@pytest.mark.usefixtures("stages")
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
        "conflicts": [],
        "nearest_question": "",
        "passages": [],
        "sources": {},
        "index": read_manifest(index_dir).snapshot,
    }


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
    assert ask("--batch", "") == refused(
        "The name of the file to read is empty; name one, or - for stdin."
    )
    questions.write_text("")
    assert ask("--batch", questions, "--output", " ") == refused(
        "The name of the file to write is empty; name one, or - for stdout."
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
    folder = Path(copytree(index_dir, tmp_path / "index", ignore=ignore_patterns(MODELS)))
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
