"""The confidence across languages: what it is fitted to, and what it says."""

import json
from collections import Counter
from pathlib import Path

import pytest

from citadel.evaluation.data.question_sets import read_question_set
from citadel.evaluation.fitting.languages_fit import LANGUAGES_FILE, language_rows
from citadel.evaluation.fitting.training_data import gather
from citadel.index.encoders.models import MULTILINGUAL_MODEL
from citadel.index.retrieval.search import Query, search
from citadel.qa.answer.across_languages import (
    SIGNALS,
    ConfidenceAcrossLanguages,
    signals_across_languages,
)
from citadel.qa.answer.answers import Status
from tests.fake_encoder import Polyglot
from tests.small_index import articles_of, cheap_index

QUESTIONS = [
    ("q1", "arabic", "متى تعبر العبارة النهر؟", ["The ferry crosses the river at noon."]),
    ("q2", "arabic", "من بنى الجسر الجديد؟", ["The council built the new bridge."]),
    ("q3", "unanswerable-near", "كم ثمن التذكرة؟", []),
    ("q4", "unanswerable-offtopic", "ما هي عاصمة أستراليا؟", []),
    ("q5", "arabic", "أين المخبز القديم؟", ["The old bakery stands on the square."]),
    ("q6", "factoid", "Where is the bakery?", ["The old bakery stands on the square."]),
]
ARTICLE = "\n\n".join(evidence[0] for _, _, _, evidence in QUESTIONS[:2] + QUESTIONS[4:5])


def test_what_is_asked_in_other_languages_is_asked_where_it_is_not_answered_too(
    tmp_path: Path,
) -> None:
    path = tmp_path / "town.jsonl"
    lines = [
        {"id": name, "kind": kind, "question": text, "answerable": bool(said), "evidence": said}
        for name, kind, text, said in QUESTIONS
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    articles = articles_of(tmp_path / "sources", town=ARTICLE)
    encoder = Polyglot(name=MULTILINGUAL_MODEL)
    data = gather(read_question_set(path), articles, encoder, lambda _done, _total: None, 99, 0)
    rows = list(language_rows([data, data]))
    found = Counter((row.dataset, row.kind, row.group, row.regime.value) for row in rows)
    asked = [("arabic", name) for name in ("q1", "q2", "q5")]
    expected = [
        ("town", kind, name, regime)
        for kind, name in asked
        for regime in ("answerable", "near", "off topic")
    ]
    expected += [
        ("town", "unanswerable-near", "q3", "near"),
        ("town", "unanswerable-offtopic", "q4", "off topic"),
    ]
    assert found == dict.fromkeys(expected, 2)
    assert all(row.answerable for row in rows if row.right)


@pytest.mark.parametrize(
    ("answers", "right", "status"),
    [
        (0.0, 9.0, Status.POSSIBLE),
        (-9.0, 9.0, Status.NOT_FOUND),
        (9.0, 9.0, Status.ANSWERED),
        (9.0, -9.0, Status.POSSIBLE),
    ],
)
def test_what_is_said(tmp_path: Path, answers: float, right: float, status: Status) -> None:
    nothing = dict.fromkeys(SIGNALS, 0.0)
    model = ConfidenceAcrossLanguages.of(
        {
            "answers": {"weights": nothing, "bias": answers},
            "right": {"weights": nothing, "bias": right if answers else -right},
            "thresholds": {"possible": 0.5, "answered": 0.9},
        }
    )
    index = cheap_index("gen-1", articles_of(tmp_path, a="One ferry crosses.\n"))
    signals = search(index, Query("Which ferry?"), 1, stages=None).signals
    judgement = model.judge(signals)
    assert judgement.status is status
    assert judgement.confidence == pytest.approx(
        {0.0: 0.5, 9.0: 0.99987, -9.0: 0.00012}[answers], abs=1e-5
    )
    assert tuple(signals_across_languages(signals)) == SIGNALS


def test_the_file_is_where_it_is_read_from() -> None:
    shipped = json.loads(LANGUAGES_FILE.read_text("utf-8"))
    assert tuple(shipped["answers"]["weights"]) == tuple(shipped["right"]["weights"]) == SIGNALS
    assert 0 < shipped["thresholds"]["possible"] < 0.5 < shipped["thresholds"]["answered"] <= 1
