"""“ask” with one question: what it prints, and what it refuses."""

import json
from pathlib import Path

import pytest

from citadel.index.build.opening import open_index
from citadel.index.corpus.formats.registry import FORMATS
from citadel.index.encoders.encoder import Encoder
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import answer_record
from citadel.qa.cli.commands import main
from citadel.qa.cli.plain_text import plain_text
from tests.command_line import Outcome, Run, call, refused, run
from tests.contract import check_record, without_time
from tests.tiny_models import tiny_reranker

QUESTION = "When was the largest formation, “Jaish Halab”, created?"
SOURCE = "enab-baladi-end-of-aleppo.md"
TOO_LONG = "Questions can be up to 500 characters; this one has 501."
EMPTY = "The question is empty; type a question about the articles."


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
