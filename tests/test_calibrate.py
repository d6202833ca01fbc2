"""Labelled questions refine the confidence: the lines, their figures, and the command."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

import citadel.evaluation.cli as commands
from citadel.evaluation.data.datasets import read_dataset
from citadel.evaluation.data.questions import Evidence as Answering
from citadel.evaluation.data.questions import Need, Question, questions_sha256
from citadel.evaluation.fitting.calibrate import calibrated
from citadel.evaluation.fitting.labels import Label, check_model, labels_of
from citadel.evaluation.fitting.logit_lines import Refined, fit_line, refined
from citadel.evaluation.scoring.results import read_result
from citadel.index.build.build import build_index
from citadel.index.errors import CitadelError
from citadel.index.retrieval.stages import ONLY_RANKER
from citadel.index.snapshots.loading import load
from citadel.qa.answer.calibration import (
    AS_FITTED,
    CALIBRATION,
    Calibration,
    LogitLine,
    load_calibration,
)
from citadel.qa.answer.confidence import OperatingPoint, Probabilities
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, refusal
from tests.test_evaluation_commands import invoke

POINTS = OperatingPoint(topic=0.5, possible=0.4, answered=0.7)


def truths_of(count: int, came_true: float) -> list[bool]:
    return [place < came_true * count for place in range(count)]


def overconfident(count: int) -> LogitLine:
    """The line of a model that says .9 and .1 where .75 and .25 come true, by so many labels."""
    half = count // 2
    probabilities = np.repeat([0.9, 0.1], half)
    return fit_line(probabilities, np.array(truths_of(half, 0.75) + truths_of(half, 0.25)))


def test_an_overconfident_model_is_brought_down() -> None:
    # Odds of 3 instead of 9: half of the logarithm.
    assert overconfident(4000) == LogitLine(0.5015, 0.0)


def test_fewer_labels_move_it_less() -> None:
    lines = [overconfident(count) for count in (400, 40, 8)]
    assert lines == [LogitLine(0.5144, 0.0), LogitLine(0.5997, 0.0), LogitLine(0.7484, 0.0)]
    assert fit_line(np.empty(0), np.empty(0, dtype=bool)) == AS_FITTED


def test_a_confidence_that_is_too_low_is_raised() -> None:
    probabilities = np.full(400, 0.5)
    assert fit_line(probabilities, np.array(truths_of(400, 0.8))) == LogitLine(1.0, 1.3651)
    assert fit_line(probabilities[:20], np.array(truths_of(20, 0.8))) == LogitLine(1.0, 1.0779)


def test_the_order_is_never_turned_around() -> None:
    line = fit_line(np.repeat([0.9, 0.1], 200), np.array([False] * 200 + [True] * 200))
    assert line == LogitLine(0.0307, 0.0)


def label(
    number: int,
    answers: float,
    right: float,
    is_answered: bool,
    is_right: bool,
    group: str = "",
    on_topic: bool = True,
) -> Label:
    name = f"q{number}"
    evidence = (Answering("It crosses."),) if is_answered else ()
    question = Question(name, "factoid", f"{name}?", (), is_answered, evidence, Need.ANY)
    fitted = Probabilities(on_topic, answers, right, POINTS)
    return Label("town", group or name, question, fitted, is_right)


def too_sure(count: int) -> list[Label]:
    """Of four labels of which .9 and .8 are said, two are answered, and one of them rightly."""
    return [
        label(number, 0.9 if number % 2 else 0.8, 0.75, number % 4 in (1, 3), number % 4 == 1)
        for number in range(count)
    ]


def refined_confidence(labels: Sequence[Label]) -> Refined:
    return refined(
        "the articles answer",
        labels,
        [each.fitted.answers for each in labels],
        np.array([each.answerable for each in labels]),
    )


def test_labels_are_judged_by_lines_that_their_article_is_no_part_of() -> None:
    """What is true of an article changes the lines of the others only."""
    labels = [
        label(number, 0.6 + number / 100, 0.5, number % 3 > 0, False, group="abc"[number % 3])
        for number in range(30)
    ]
    before = refined_confidence(labels)
    other = [
        label(number, each.fitted.answers, 0.5, each.group == "c", False, group=each.group)
        for number, each in enumerate(labels)
    ]
    after = refined_confidence(other)
    same = [bool(one == two) for one, two in zip(before.after, after.after, strict=True)]
    assert same == [each.group == "b" for each in labels]


def test_what_comes_out() -> None:
    labels = [*too_sure(40), label(40, 0.9, 0.9, False, False, on_topic=False)]
    found = calibrated(labels, FakeEncoder(), reader=True)
    assert found.better == Calibration(
        model_sha256="c" * 64,
        reader=True,
        answers=LogitLine(1.5642, -2.5228),
        right=LogitLine(0.7185, -1.6755),
        questions=40,
        questions_sha256=questions_sha256([each.question for each in labels[:40]]),
    )
    assert (
        found.report
        == """\
fake and the reader: 40 questions, 20 of them answerable; left out, \
as about something else: 1. “After” is cross-validated.

| the probability that | ECE | ECE after | Brier | Brier after | AUROC | AUROC after | slope \
| bias | better |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
| the articles answer | .450 | .380 | .325 | .150 | 1.000 | 1.000 | 1.56 | -2.52 | yes |
| the first sentence does | .500 | .135 | .438 | .196 | .500 | .322 | 0.72 | -1.68 | yes |

| questions | asked | answered | answered after | possible | possible after | not found | \
not found after |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| answerable | 20 | 1.000 | .000 | .000 | 1.000 | .000 | .000 |
| unanswerable | 21 | .952 | .000 | .000 | .905 | .048 | .095 |"""
    )


def test_a_probability_that_gets_no_better_stays_as_fitted() -> None:
    labels = [
        label(number, 0.9 if number % 2 else 0.8, 0.25, number % 2 == 1, number % 4 == 1)
        for number in range(40)
    ]
    found = calibrated(labels, FakeEncoder(), reader=False).better
    assert (found.answers != AS_FITTED, found.right) == (True, AS_FITTED)


def test_a_probability_that_hardly_ever_comes_true_stays_as_fitted() -> None:
    for right, line in ((4, AS_FITTED), (5, LogitLine(0.583, -2.047))):
        labels = [
            label(n, 0.9, 0.6 + n / 200, n % 2 == 1, n in range(1, 2 * right, 2)) for n in range(40)
        ]
        assert calibrated(labels, FakeEncoder(), reader=False).better.right == line


def test_what_gets_no_better_is_not_written() -> None:
    labels = [label(n, 0.75, 0.75, n % 4 > 0, n % 4 > 0) for n in range(40)]
    found = calibrated(labels, FakeEncoder(), reader=False)
    assert not found.is_better
    with pytest.raises(CitadelError) as caught:
        _ = found.better
    assert str(caught.value) == (
        "Nothing is written, as the Brier score of questions left out gets no better; label more "
        "questions, or keep the confidence as it is."
    )


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (too_sure(29), "Only 29 of the questions can be learned from, 14 of them answerable"),
        (
            [*too_sure(29), label(29, 0.9, 0.9, True, True, on_topic=False)],
            "Only 29 of the questions can be learned from, 14 of them answerable",
        ),
        (
            [label(n, 0.9, 0.9, True, True) for n in range(60)],
            "Only 60 of the questions can be learned from, 60 of them answerable",
        ),
        (
            [label(n, 0.9, 0.9, n < 4, False) for n in range(60)],
            "Only 60 of the questions can be learned from, 4 of them answerable",
        ),
        ([], "Only 0 of the questions can be learned from, 0 of them answerable"),
    ],
)
def test_too_few_labels_are_refused(labels: list[Label], told: str) -> None:
    assert refusal(calibrated, labels, FakeEncoder(), False) == (
        f"{told}; label at least 30 about the subject of the articles, 5 of them answerable and 5 "
        "not."
    )


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


class ReadsAll(FakeEncoder):
    """The same model, in whose vocabulary every script is."""

    def reads(self, text: str) -> bool:
        return bool(text)


@pytest.mark.parametrize(
    ("encoder", "has_second_model", "asked"),
    [
        (ReadsAll(), False, ["english", "arabic"]),
        (ReadsAll(), True, ["english"]),
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
