"""The command that asks labelled questions of a collection, and writes what comes out."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import citadel.evaluation.cli as commands
from citadel.evaluation.data.datasets import read_dataset
from citadel.evaluation.fitting.labels import check_model, labels_of
from citadel.evaluation.scoring.results import read_result
from citadel.index.build.build import build_index
from citadel.index.errors import CitadelError
from citadel.index.retrieval.stages import ONLY_RANKER
from citadel.index.snapshots.loading import load
from citadel.qa.answer.calibration import AS_FITTED, CALIBRATION, Calibration, load_calibration
from tests.calibrating import POINTS
from tests.fake_encoder import FakeEncoder, Polyglot
from tests.small_index import articles_of, refusal
from tests.test_evaluation_commands import invoke

THINGS = (
    *("ferry", "bridge", "bakery", "harbour", "library", "museum"),
    *("school", "market", "theatre", "station", "garden", "tower"),
)
PEOPLE = ("Rosa Lindqvist", "Tom Okafor", "Ines Whitmore", "Karl Brandt") * 3
ARTICLES = "abc"


def paragraphs(number: int) -> tuple[str, str, str]:
    thing = THINGS[number]
    return (
        f"The {thing} was opened by {PEOPLE[number]} in {1900 + 7 * number}.",
        f"A ticket for the {thing} costs {number + 2} pounds.",
        f"The roof of the {thing} was mended after the storm.",
    )


def asked_of(number: int) -> list[tuple[str, list[str]]]:
    """Two questions about a thing that its article answers, and two that it does not."""
    thing, (opened, ticket, _) = THINGS[number], paragraphs(number)
    return [
        (f"Who opened the {thing}?", [opened]),
        (f"How much is a ticket for the {thing}?", [ticket]),
        (f"Who mended the roof of the {thing}?", []),
        (f"When does the {thing} sell a ticket for the roof?", []),
    ]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection: three articles, and 48 questions of which they answer half."""
    folder = tmp_path_factory.mktemp("town")
    texts = {
        name: "\n\n".join(
            text for number in range(place, len(THINGS), 3) for text in paragraphs(number)
        )
        for place, name in enumerate(ARTICLES)
    }
    articles_of(folder / "articles", **texts)
    lines = [
        {
            "id": f"{THINGS[number]}-{place}",
            "kind": "factoid" if evidence else "unanswerable-near",
            "question": text,
            "answerable": bool(evidence),
            "evidence": evidence,
            "article": f"{ARTICLES[number % 3]}.md",
        }
        for number in range(len(THINGS))
        for place, (text, evidence) in enumerate(asked_of(number))
    ]
    write_lines(folder / "questions.jsonl", lines)
    return folder


def write_lines(path: Path, lines: Sequence[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


@pytest.fixture(scope="module")
def index_dir(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of its articles."""
    folder = tmp_path_factory.mktemp("index")
    articles = read_dataset(town).articles
    build_index(articles, folder, FakeEncoder(), lambda _done, _total: None, town / "articles")
    return folder


@pytest.fixture(autouse=True)
def models_are_fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "encoder_loader", lambda *_: lambda _model: FakeEncoder())


def test_which_questions_are_asked(index_dir: Path, town: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    texts = {
        "asked": "Who opened the ferry?",
        "small-talk": "Hello!",
        "source": "Who published the article?",
        "two": "Who opened the ferry, and when was the roof mended?",
    }
    write_questions(path, texts)
    index, done = load(index_dir, FakeEncoder()), list[tuple[int, int]]()
    labels = labels_of(
        read_dataset(path), index, ONLY_RANKER, lambda *progress: done.append(progress)
    )
    assert [(each.dataset, each.question.id) for each in labels] == [("mine", "asked")]
    assert done == [(number, 4) for number in range(1, 5)]
    of_town = labels_of(read_dataset(town), index, ONLY_RANKER, lambda _done, _total: None)
    assert [each.group for each in of_town[::4]] == ["a.md", "b.md", "c.md"] * 4
    assert sum(each.right for each in of_town) == 22


@pytest.mark.parametrize(
    ("encoder", "has_second_model", "asked"),
    [
        (Polyglot(), False, ["english", "arabic"]),
        (Polyglot(), True, ["english"]),
        (FakeEncoder(), False, ["english"]),
    ],
)
def test_questions_in_other_languages_are_asked_where_the_model_answers_them(
    index_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    encoder: FakeEncoder,
    has_second_model: bool,
    asked: list[str],
) -> None:
    monkeypatch.setattr(
        "citadel.evaluation.fitting.labels.has_multilingual_model", lambda: has_second_model
    )
    path = tmp_path / "mine.jsonl"
    texts = {"english": "Who opened the ferry?", "arabic": "من فتح العبارة؟"}
    write_questions(path, texts)
    index = load(index_dir, encoder)
    labels = labels_of(read_dataset(path), index, ONLY_RANKER, lambda _done, _total: None)
    assert [each.question.id for each in labels] == asked


def write_questions(path: Path, texts: Mapping[str, str]) -> None:
    """Write a set of questions that nothing answers."""
    write_lines(
        path,
        [
            {"id": name, "kind": "x", "question": text, "answerable": False, "evidence": []}
            for name, text in texts.items()
        ],
    )


def test_what_comes_out_can_be_written_and_is_used(town: Path, index_dir: Path) -> None:
    questions = town / "questions.jsonl"
    options: list[str | Path] = ["--index-dir", index_dir, "--no-reader"]
    printed = invoke("calibrate", questions, *options)
    assert printed.startswith("fake without the reader: 45 questions, 21 of them answerable; left ")
    assert printed.endswith(
        """
| answerable | 24 | .333 | .208 | .542 | .000 | .125 | .792 |
| unanswerable | 24 | .042 | .000 | .958 | .000 | .000 | 1.000 |
"""
    )
    assert not (index_dir / CALIBRATION).exists()
    fitted = confidences("run", questions, *options, "--output", town / "before")
    assert invoke("calibrate", questions, *options, "--write") == printed
    found = load_calibration(index_dir)
    assert found is not None
    line, hashed = found.answers, found.questions_sha256
    assert found == Calibration("c" * 64, False, line, AS_FITTED, 45, hashed)
    assert (line.slope, line.bias) == pytest.approx((1.012, -1.934), abs=0.001)
    moved = confidences("run", questions, *options, "--output", town / "after")
    on_topic = [place for place, value in enumerate(fitted) if value > POINTS.possible]
    assert len(on_topic) == 45
    assert [moved[place] for place in on_topic] == [
        found.answers.moved(fitted[place]) for place in on_topic
    ]
    # What is measured in memory is no index that was calibrated.
    assert confidences("run", town, *options, "--output", town / "alone") == fitted
    # A damaged file doesn't keep its mend from being done.
    (index_dir / CALIBRATION).write_bytes(b"")
    invoke("calibrate", town, *options, "--write")
    assert load_calibration(index_dir) == found


def confidences(*arguments: str | Path) -> list[float]:
    invoke(*arguments)
    return [question.confidence for question in read_result(Path(arguments[-1])).questions]


def test_a_calibration_for_another_index_is_refused(index_dir: Path, tmp_path: Path) -> None:
    check_model(index_dir, FakeEncoder())
    other = FakeEncoder(name="other", fingerprint="d" * 64)
    assert refusal(check_model, index_dir, other) == (
        f"The index in {index_dir} was built with the model fake, and answers would not use a "
        "calibration of other; calibrate it with --model fake, or name another index with "
        "--index-dir."
    )
    assert refusal(check_model, tmp_path, other).startswith(f"There is no index in {tmp_path}; ")


def test_nothing_is_written_for_another_index(
    town: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FakeEncoder(name="other", fingerprint="d" * 64)
    monkeypatch.setattr(commands, "encoder_loader", lambda *_: lambda _model: other)
    with pytest.raises(CitadelError, match="was built with the model fake"):
        invoke("calibrate", town, "--index-dir", index_dir, "--no-reader", "--write")
