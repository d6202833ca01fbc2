"""The calibration of an index: where it is kept, when it is used, and what it does."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from citadel import Citadel
from citadel.index.build.build import build_index
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.retrieval.signals import Evidence, ReadingSignals, Signals, Topic
from citadel.index.retrieval.stages import ONLY_RANKER
from citadel.index.snapshots.publishing import build_lock, rollback
from citadel.index.snapshots.snapshots import snapshot_names
from citadel.index.stores.faiss_store import FAISS
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer, Status
from citadel.qa.answer.calibration import (
    AS_FITTED,
    CALIBRATION,
    LogitLine,
    load_calibration,
    write_calibration,
)
from citadel.qa.answer.confidence import Judgement, Probabilities, fitted_confidence
from citadel.qa.cli.opening import open_answerer
from tests.calibrating import CALIBRATED, POINTS, damaged_calibration
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, refusal

QUESTION = "Who opened the ferry?"
FERRY = "The ferry was opened by Rosa Lindqvist in 1998.\n\nA ticket costs three pounds.\n"


def test_a_line_moves_log_odds() -> None:
    assert LogitLine(0.5, 0.0).moved(0.9) == pytest.approx(0.75)
    assert LogitLine(1.0, 0.0).moved(0.9) == pytest.approx(0.9)
    # Odds of 9 become those of 3, and three quarters of them are taken away.
    assert LogitLine(0.5, -1.3862944).moved(0.9) == pytest.approx(3 / 7)
    assert [AS_FITTED.moved(each) for each in (0.0, 1.0)] == pytest.approx([1e-6, 1 - 1e-6])


@pytest.mark.parametrize(
    ("on_topic", "answers", "right", "judgement"),
    [
        (True, LogitLine(0.5, 0.0), AS_FITTED, Judgement(0.75, Status.ANSWERED)),
        (True, LogitLine(0.5, 0.0), LogitLine(0.5, 0.0), Judgement(0.75, Status.POSSIBLE)),
        (True, LogitLine(0.5, -2.1972246), AS_FITTED, Judgement(0.25, Status.NOT_FOUND)),
        (False, LogitLine(0.5, 0.0), AS_FITTED, Judgement(0.2, Status.NOT_FOUND)),
    ],
)
def test_what_is_said_is_what_the_moved_probabilities_allow(
    on_topic: bool, answers: LogitLine, right: LogitLine, judgement: Judgement
) -> None:
    fitted = Probabilities(on_topic, answers=0.9, right=0.8, points=POINTS)
    calibration = replace(CALIBRATED, answers=answers, right=right)
    found = calibration.moved(fitted).judgement()
    assert found.status is judgement.status
    assert found.confidence == pytest.approx(judgement.confidence)


def test_what_is_read_otherwise_stays_as_fitted() -> None:
    evidence = Evidence(0.7, 0.1, 0, 0.5, 0.6, 0)
    unread = Signals(Topic(0.9, 0.2, 0.9, 0.3), evidence)
    read = replace(unread, reading=ReadingSignals(1.0, -2.0, 1.5, -1.0))
    fitted = fitted_confidence()
    with_reader = replace(CALIBRATED, reader=True)
    assert CALIBRATED.judge(read) == fitted.judge(read)
    assert with_reader.judge(unread) == fitted.judge(unread)
    for calibration, signals in ((CALIBRATED, unread), (with_reader, read)):
        probabilities = fitted.probabilities(signals)
        assert calibration.judge(signals) == calibration.moved(probabilities).judgement()
        assert calibration.judge(signals) != fitted.judge(signals)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the index of a ferry is, of an article in a file."""
    folder = tmp_path_factory.mktemp("ferry")
    articles = articles_of(folder / "sources", ferry=FERRY)
    build_index(
        articles, folder / "index", FakeEncoder(), lambda _done, _total: None, folder / "sources"
    )
    return folder / "index"


@pytest.fixture
def calibration_file(folder: Path) -> Path:
    """The file of its calibration, which is removed at the end of a test by the next."""
    (folder / CALIBRATION).unlink(missing_ok=True)
    return folder / CALIBRATION


def opened(folder: Path, encoder: Encoder | None = None) -> Answerer:
    """What answers on the command line."""
    return open_answerer(
        folder, None, None, lambda _model: encoder or FakeEncoder(), ONLY_RANKER, FAISS
    )


def asked(answerer: Answerer) -> Answer:
    return replace(answerer.answer(QUESTION), elapsed_ms=0.0)


def test_without_a_calibration_answers_are_as_fitted(folder: Path, calibration_file: Path) -> None:
    assert not calibration_file.exists()
    assert load_calibration(folder) is None
    answerer = opened(folder)
    assert asked(answerer) == asked(Answerer(answerer.index))
    assert asked(answerer).confidence > 0.7


def test_answers_use_the_calibration_of_their_index(folder: Path, calibration_file: Path) -> None:
    fitted = asked(opened(folder))
    assert write_calibration(folder, CALIBRATED) == calibration_file
    assert load_calibration(folder) == CALIBRATED
    answerer = opened(folder)
    found, moved = asked(answerer), CALIBRATED.answers.moved(fitted.confidence)
    assert (fitted.status, found.status) == (Status.ANSWERED, Status.NOT_FOUND)
    assert (found.confidence, found.hits, found.citations) == (moved, fitted.hits, ())
    assert asked(answerer.over(answerer.index)) == found


def test_parts_of_a_question_are_calibrated_each(folder: Path, calibration_file: Path) -> None:
    question = "Who opened the ferry in 1998, and what does a ticket cost?"
    fitted = opened(folder).answer(question).confidence
    write_calibration(calibration_file.parent, CALIBRATED)
    found = opened(folder).answer(question).confidence
    assert found == pytest.approx(CALIBRATED.answers.moved(fitted))


@pytest.mark.parametrize("other", [{"model_sha256": "d" * 64}, {"reader": True}])
def test_that_of_another_model_or_with_the_reader_is_left_alone(
    folder: Path, calibration_file: Path, other: dict[str, object]
) -> None:
    fitted = asked(opened(folder))
    write_calibration(calibration_file.parent, replace(CALIBRATED, **other))  # type: ignore[arg-type]
    assert asked(opened(folder)) == fitted


def test_the_library_uses_it(
    folder: Path, calibration_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("citadel.library.encoder_loader", lambda *_: lambda _model: FakeEncoder())

    def ask() -> float:
        with Citadel.open(index_dir=folder, reader=False, languages="english") as town:
            return town.ask(QUESTION).confidence

    fitted = ask()
    write_calibration(calibration_file.parent, CALIBRATED)
    assert ask() == CALIBRATED.answers.moved(fitted)
    calibration_file.write_bytes(b"")
    assert refusal(ask) == damaged_calibration(folder)


def test_builds_and_rollbacks_leave_it_alone(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    write = (FakeEncoder(), lambda _done, _total: None)
    build_index(articles_of(tmp_path / "one", a="One ferry.\n"), folder, *write)
    data = write_calibration(folder, CALIBRATED).read_bytes()
    build_index(articles_of(tmp_path / "two", a="Two ferries.\n"), folder, *write)
    assert len(snapshot_names(folder)) == 2
    assert (folder / CALIBRATION).read_bytes() == data
    with build_lock(folder):
        rollback(folder)
    assert (folder / CALIBRATION).read_bytes() == data


def test_what_the_file_says(folder: Path, calibration_file: Path) -> None:
    write_calibration(folder, replace(CALIBRATED, questions=1))
    write_calibration(folder, CALIBRATED)
    assert json.loads(calibration_file.read_text("utf-8")) == {
        "format": 1,
        "model_sha256": "c" * 64,
        "reader": False,
        "answers": {"slope": 0.5, "bias": -1.0},
        "right": {"slope": 1.0, "bias": 0.25},
        "questions": 40,
        "questions_sha256": "a" * 64,
        "sha256": "39bcd5edeb0cd9e79838a3a999bf11df297f45b27ff0d4c6402379dce34b4a56",
    }


def _resealed(data: bytes, old: bytes, new: bytes) -> bytes:
    from citadel.qa.answer.calibration import _seal  # noqa: PLC0415

    values = json.loads(data.replace(old, new))
    del values["sha256"]
    return json.dumps({**values, "sha256": _seal(values)}).encode()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _data: b"",
        lambda _data: b"\xff",
        lambda _data: b"[]",
        lambda _data: b"{}",
        lambda data: data[:-20],
        lambda data: data.replace(b'"slope": 0.5', b'"slope": 0.7'),
        lambda data: data.replace(b'"reader": false', b'"reader": true'),
        lambda data: _resealed(data, b'"format": 1', b'"format": 2'),
        lambda data: _resealed(data, b'"slope": 0.5', b'"slope": -0.5'),
        lambda data: _resealed(data, b'"slope": 0.5', b'"slope": NaN'),
        lambda data: _resealed(data, b'"bias": 0.25', b'"bias": Infinity'),
        lambda data: _resealed(data, b'"slope": 0.5', b'"slope": "0.5"'),
        lambda data: _resealed(data, b'"slope": 0.5', b'"curve": 0.5'),
        lambda data: _resealed(data, b'"questions": 40,', b'"questions": 40, "more": 1,'),
    ],
)
def test_a_damaged_file_is_told(
    folder: Path, calibration_file: Path, damage: Callable[[bytes], bytes]
) -> None:
    data = write_calibration(folder, CALIBRATED).read_bytes()
    calibration_file.write_bytes(damage(data))
    assert refusal(opened, folder) == damaged_calibration(folder)


def test_a_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / CALIBRATION).mkdir()
    assert refusal(load_calibration, tmp_path) == damaged_calibration(
        tmp_path, "can't be read (Is a directory)"
    )


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CitadelError) as caught:
        write_calibration(tmp_path / "none", CALIBRATED)
    assert str(caught.value) == (
        f"The calibration can't be written to {tmp_path / 'none' / 'calibration.json'} "
        "(No such file or directory); make room, or get the right to write there."
    )
