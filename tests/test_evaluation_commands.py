"""The command line: what each command reads, prints and writes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import citadel.evaluation.cli as commands
from citadel.evaluation.scoring.results import read_result
from citadel.index.encoders.backends import encoder_loader
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.retrieval.stages import Stages, load_stages

CONTEXT = "The Orb is a river of the south. It rises in the hills of Bouviala."
SQUAD = {
    "data": [
        {
            "title": "Rivers",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "rise",
                            "question": "Where does the river Orb rise?",
                            "answers": [{"text": "the hills of Bouviala", "answer_start": 45}],
                        },
                        {
                            "id": "bread",
                            "question": "How is bread baked?",
                            "is_impossible": True,
                            "answers": [],
                        },
                    ],
                },
                {"context": "Montpellier is a city. Its bishop was a lawyer.", "qas": []},
            ],
        }
    ]
}


def invoke(*arguments: str | Path) -> str:
    """Run a command that has to succeed; return what it printed."""
    found = CliRunner().invoke(
        commands.app, [str(argument) for argument in arguments], catch_exceptions=False
    )
    assert found.exit_code == 0, found.output
    return found.stdout


@pytest.fixture(scope="module")
def squad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "rivers.json"
    path.write_text(json.dumps(SQUAD), "utf-8")
    return path


@pytest.fixture(scope="module", autouse=True)
def models_are_loaded(encoder: Encoder, stages: Stages) -> Iterator[None]:
    """The commands find what they would load, half of their time, loaded."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(commands, "encoder_loader", lambda *_: lambda _model: encoder)
        monkeypatch.setattr(commands, "load_stages", lambda *_: stages)
        yield


@pytest.fixture(scope="module")
def report(squad: Path) -> Path:
    """The folder that a run over the rivers wrote."""
    folder = squad.parent / "report"
    printed = invoke("run", squad, "--output", folder)
    assert printed.startswith("# rivers: 2 questions, 1 of them answerable\n")
    assert (folder / "report.md").read_text("utf-8") == printed.removesuffix("\n")
    return folder


def test_run_writes_results_and_trec_files(report: Path) -> None:
    result = read_result(report)
    assert (result.about.articles, result.about.passages) == (1, 2)
    assert [question.id for question in result.questions] == ["rise", "bread"]
    assert result.questions[0].values["hit@1"] == 1.0
    assert (report / "qrels.trec").read_text("utf-8") == "rise 0 0001%20Rivers:0-67 1\n"
    first = (report / "run.trec").read_text("utf-8").splitlines()[0]
    assert first == "rise Q0 0001%20Rivers:0-67 1 1.000000 citadel"


def test_compare_of_a_run_with_itself_finds_no_change(report: Path) -> None:
    printed = invoke("compare", report, report / "run.json")
    assert printed.startswith("# rivers: A and B on 2 questions\n")
    assert "## Questions that changed (0)\n" in printed


def test_score_reads_the_answers_of_a_batch(squad: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    record = {
        "id": "rise",
        "question": "Where does the river Orb rise?",
        "searched_for": "Where does the river Orb rise?",
        "status": "answered",
        "confidence": 0.9,
        "answers": [
            {
                "quote": "It rises in the hills of Bouviala.",
                "source": "0001 Rivers",
                "start": 33,
                "end": 67,
                "passage": 1,
            }
        ],
        "passages": [{"source": "0001 Rivers", "start": 0, "end": 67}],
        "elapsed_ms": 20.0,
    }
    answers.write_text(json.dumps(record) + "\n", "utf-8")
    folder = tmp_path / "report"
    printed = invoke("score", answers, "--questions", squad, "--output", folder)
    assert "| sentence@1 | 1.000 | 1.000–1.000 | 1 |" in printed
    assert "- bread: The file of answers has none to this question.\n" in printed
    rise, bread = read_result(folder).questions
    assert rise.values["sentence@1"] == 1.0
    assert bread.values == {"refused": 1.0}


def test_score_leaves_out_the_same_kinds(squad: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    answers.write_text('{"id": "bread", "error": "Too long."}\n', "utf-8")
    kind = "unanswerable-impossible"
    printed = invoke("score", answers, "--questions", squad, "--without", kind)
    assert printed.startswith("# rivers: 1 questions, 1 of them answerable\n")


def test_nothing_left_to_ask_is_told(squad: Path) -> None:
    arguments = ["run", str(squad), "--without", "answerable", "--limit", "1"]
    with pytest.raises(CitadelError, match=r"No question of .* is left to ask"):
        CliRunner().invoke(
            commands.app,
            [*arguments, "--without", "unanswerable-impossible"],
            catch_exceptions=False,
        )


def test_a_folder_that_can_not_be_written_is_named(squad: Path, report: Path) -> None:
    with pytest.raises(CitadelError) as caught:
        invoke("run", squad, "--output", report / "report.md")
    assert str(caught.value) == (
        f"The report can't be written to {report / 'report.md'} (File exists); "
        "name another --output."
    )


@pytest.fixture
def tiny_gate(squad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A gate over the rivers, with floors of its own."""
    monkeypatch.setattr(commands, "GATED", (squad,))
    monkeypatch.setattr(commands, "FLOORS", tmp_path / "floors.json")
    return tmp_path / "floors.json"


def test_gate(tiny_gate: Path) -> None:
    with pytest.raises(CitadelError, match="There are no floors yet; set them with --update"):
        invoke("gate")
    assert invoke("gate", "--update") == "The floors in floors.json are set.\n"
    floors = json.loads(tiny_gate.read_text("utf-8"))
    (name,) = floors
    assert set(floors[name]) == {"questions_sha256", "articles_sha256", "floors"}
    count = len(floors[name]["floors"])
    assert invoke("gate") == f"All {count} measures are at or above their floors.\n"
    floors[name]["floors"]["hit@1"] = 1.1
    tiny_gate.write_text(json.dumps(floors), "utf-8")
    found = CliRunner().invoke(commands.app, ["gate"])
    assert (found.exit_code, found.stderr) == (
        1,
        f"{name}: hit@1 is 1.000, below its floor of 1.100.\n",
    )
    with pytest.raises(CitadelError, match="This would lower the floors of hit@1"):
        invoke("gate", "--update")
    invoke("gate", "--update", "--allow-lower")
    assert json.loads(tiny_gate.read_text("utf-8"))[name]["floors"]["hit@1"] == 0.0


def test_without_a_command_the_bundled_questions_are_run(
    squad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "encoder_loader", encoder_loader)
    monkeypatch.setattr(commands, "load_stages", load_stages)
    monkeypatch.setattr(commands, "BUNDLED_QUESTIONS", squad)
    assert invoke().startswith("# rivers: 2 questions, 1 of them answerable\n")


def test_ablate_reports_what_was_asked_of_what(squad: Path) -> None:
    printed = invoke("ablate", squad)
    assert printed.startswith("rivers: 1 questions of 2 passages.\n\n| ranked by | hit@1 |")
