"""Answers in, measures out: by whole results on two small articles."""

import json
from collections.abc import Sequence
from dataclasses import replace
from math import log2
from pathlib import Path

import pytest

from citadel.evaluation.data.questions import (
    Dataset,
    Evidence,
    Need,
    Place,
    Question,
    articles_sha256,
    questions_sha256,
)
from citadel.evaluation.scoring.responses import Quote, Response, read_responses, response_of
from citadel.evaluation.scoring.results import (
    About,
    JudgedQuestion,
    Result,
    read_result,
    write_result,
)
from citadel.evaluation.scoring.running import Asked, ask_all
from citadel.evaluation.scoring.scoring import score
from citadel.evaluation.scoring.trec import ranking_values, write_qrels, write_run
from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Block, BlockKind, Span
from citadel.index.corpus.passages import split_article
from citadel.index.errors import CitadelError
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.answers import Answer, Citation, Status, answer_record

TEXT = "The Orb rises here. It ends there.\n\nThe Lez is short. It is near."
ARTICLE = Article(
    "my rivers.md", TEXT, "Rivers", "", "", "", "", "en", "", None,
    (Block(BlockKind.PARAGRAPH, Span(0, 34)), Block(BlockKind.PARAGRAPH, Span(36, 65))),
)  # fmt: skip
ORB, LEZ = split_article(ARTICLE)
RISES, ENDS, SHORT, NEAR = (*ORB.sentences, *LEZ.sentences)


def place(span: Span) -> Place:
    return Place("my rivers.md", span.start, span.end)


QUESTIONS = (
    Question("q1", "fact", "Where does it end?", (), True, (Evidence("It ends there."),), Need.ANY),
    Question(
        "q2", "multi", "Both?", ("Who?",), True,
        (Evidence("It is near."), Evidence("The Orb rises here.")), Need.ALL,
    ),
    Question("q3", "offtopic", "Who won?", (), False, (), Need.ANY),
)  # fmt: skip
DATASET = Dataset("rivers", QUESTIONS)


def answer(question: str, confidence: float, best: Span, second: Span) -> Answer:
    """An answer that finds the second paragraph first; refused below one half."""
    scores = {best: 0.9, second: 0.8}
    hits = tuple(
        Hit(passage, 1.0, tuple(SentenceHit(s, scores.get(s, 0.1)) for s in passage.sentences), ())
        for passage in (LEZ, ORB)
    )
    number = {span: n for n, hit in enumerate(hits, 1) for span in hit.passage.sentences}
    shown = confidence >= 0.5
    return Answer(
        question=question,
        searched_for=question,
        status=Status.ANSWERED if shown else Status.NOT_FOUND,
        confidence=confidence,
        citations=tuple(
            Citation(number[span], hits[number[span] - 1].passage, span)
            for span in (best, second)
            if shown
        ),
        hits=hits,
        notes=(),
        snapshot="g",
        elapsed_ms=12.5,
    )


class Stub:
    """Answers from a table; a question that is not in it is too long."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...], int]] = []

    def answer(self, question: str, history: Sequence[str], passages: int) -> Answer:
        self.asked.append((question, tuple(history), passages))
        if question == "Where does it end?":
            return answer(question, 0.9, SHORT, ENDS)
        if question == "Both?":
            return answer(question, 0.4 if history else 0.7, NEAR, RISES)
        raise CitadelError("Too long.")


PASSAGES = (place(Span(36, 65)), place(Span(0, 34)))


def test_an_answer_keeps_what_is_judged() -> None:
    assert response_of("q1", answer("Where?", 0.9, SHORT, ENDS)) == Response(
        id="q1",
        searched_for="Where?",
        status=Status.ANSWERED,
        confidence=0.9,
        quotes=(
            Quote(place(SHORT), "The Lez is short."),
            Quote(place(ENDS), "It ends there."),
        ),
        passages=PASSAGES,
        ranked=(place(SHORT), place(ENDS), place(NEAR), place(RISES)),
        elapsed_ms=12.5,
    )


def test_a_refusal_keeps_the_sentences_that_were_not_shown() -> None:
    response = response_of("q1", answer("Where?", 0.1, SHORT, ENDS))
    assert (response.status, response.quotes) == (Status.NOT_FOUND, ())
    assert response.ranked == (place(SHORT), place(ENDS), place(NEAR), place(RISES))


def asked() -> Asked:
    return ask_all(Stub(), QUESTIONS, lambda _done, _total: None)


def test_follow_ups_are_asked_with_and_without_what_came_before() -> None:
    stub = Stub()
    progress = []
    rewritten = replace(QUESTIONS[1], rewrite="Where does it end?")
    found = ask_all(
        stub, [QUESTIONS[0], rewritten, QUESTIONS[2]], lambda *done: progress.append(done)
    )
    assert stub.asked == [
        ("Where does it end?", (), 10),
        ("Where does it end?", (), 10),
        ("Both?", ("Who?",), 10),
        ("Who won?", (), 10),
        ("Both?", (), 10),
        ("Where does it end?", (), 10),
    ]
    assert progress == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert {name: r.status for name, r in found.responses.items()} == {
        "q1": Status.ANSWERED,
        "q2": Status.NOT_FOUND,
        "q3": Status.NOT_FOUND,
    }
    assert found.responses["q3"].error == "Too long."
    assert found.without_history["q2"].status is Status.ANSWERED
    assert found.rewritten["q2"].searched_for == "Where does it end?"


ABOUT = About(
    dataset="rivers",
    questions_sha256=questions_sha256(QUESTIONS),
    articles=1,
    passages=2,
    articles_sha256=articles_sha256([ARTICLE]),
    system="a stub",
    passages_asked=2,
    unlocated=(),
    misquoted=0,
    quoted=2,
)
NDCG_SECOND = 1 / log2(3)
FIRST_PASSAGE = {
    "hit@1": 1.0, "hit@3": 1.0, "hit@5": 1.0, "MRR@10": 1.0, "nDCG@10": 1.0,
}  # fmt: skip
EXPECTED = Result(
    ABOUT,
    (
        JudgedQuestion(
            id="q1",
            kind="fact",
            question="Where does it end?",
            history=(),
            answerable=True,
            status=Status.ANSWERED,
            confidence=0.9,
            quotes=("The Lez is short.", "It ends there."),
            error="",
            elapsed_ms=12.5,
            values={
                "hit@1": 0.0,
                "hit@3": 1.0,
                "hit@5": 1.0,
                "MRR@10": 0.5,
                "nDCG@10": NDCG_SECOND,
                "answered": 1.0,
                "sentence@1": 0.0,
                "sentence@3": 1.0,
                "ranked sentence@1": 0.0,
                "ranked sentence@3": 1.0,
            },
            without_history={},
            rewritten={},
        ),
        JudgedQuestion(
            id="q2",
            kind="multi",
            question="Both?",
            history=("Who?",),
            answerable=True,
            status=Status.NOT_FOUND,
            confidence=0.4,
            quotes=(),
            error="",
            elapsed_ms=12.5,
            values={
                **FIRST_PASSAGE,
                "answered": 0.0,
                "sentence@1": 0.0,
                "sentence@3": 0.0,
                "ranked sentence@1": 1.0,
                "ranked sentence@3": 1.0,
            },
            without_history={
                **FIRST_PASSAGE,
                "answered": 1.0,
                "sentence@1": 1.0,
                "sentence@3": 1.0,
                "ranked sentence@1": 1.0,
                "ranked sentence@3": 1.0,
            },
            rewritten={},
        ),
        JudgedQuestion(
            id="q3",
            kind="offtopic",
            question="Who won?",
            history=(),
            answerable=False,
            status=Status.NOT_FOUND,
            confidence=0.0,
            quotes=(),
            error="Too long.",
            elapsed_ms=0.0,
            values={"refused": 1.0},
            without_history={},
            rewritten={},
        ),
    ),
)


def test_a_data_set_is_judged() -> None:
    assert score(DATASET, [ARTICLE], asked(), "a stub")[0] == EXPECTED


def test_a_result_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    result = score(DATASET, [ARTICLE], asked(), "a stub")[0]
    write_result(tmp_path / "run.json", result)
    assert read_result(tmp_path) == result
    assert read_result(tmp_path / "run.json") == result


def test_a_file_that_is_no_result_is_named(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", "utf-8")
    with pytest.raises(CitadelError) as caught:
        read_result(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}/run.json is no result of this version; "
        "write it again with “python -m evaluation run”."
    )


def test_data_without_sentences_are_judged_by_passages_alone() -> None:
    dataset = replace(DATASET, tells_sentences=False)
    result = score(dataset, [ARTICLE], asked(), "a stub")[0]
    assert list(result.questions[0].values) == [*FIRST_PASSAGE, "answered"]


def recorded(tmp_path: Path, *lines: dict[str, object]) -> Path:
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_the_records_of_a_batch_are_judged_like_answers(tmp_path: Path) -> None:
    path = recorded(
        tmp_path,
        {"id": "q1", **answer_record(answer("Where does it end?", 0.9, SHORT, ENDS))},
        {"id": "q2", "error": "The question is empty."},
    )
    result = score(DATASET, [ARTICLE], Asked(read_responses(path), {}, {}), "a file")[0]
    first, second, third = result.questions
    shown = {n: v for n, v in EXPECTED.questions[0].values.items() if not n.startswith("ranked")}
    assert first == replace(EXPECTED.questions[0], values=shown)
    assert set(second.values.values()) == {0.0}
    assert [q.error for q in (second, third)] == [
        "The question is empty.",
        "The file of answers has none to this question.",
    ]


def test_a_quote_that_is_not_in_its_place_is_counted(tmp_path: Path) -> None:
    record = answer_record(answer("Where does it end?", 0.9, SHORT, ENDS))
    record["answers"][0]["quote"] = "The Lez is long."
    path = recorded(tmp_path, {"id": "q1", **record})
    result = score(DATASET, [ARTICLE], Asked(read_responses(path), {}, {}), "a file")[0]
    assert (result.about.misquoted, result.about.quoted) == (1, 2)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"q1"',
            '"q9"',
            "There is an answer to 'q9', which is none of the questions; "
            "name the file they come from with --questions.",
        ),
        (
            "my rivers.md",
            "other.md",
            "The answer to 'q1' quotes other.md, which is none of the articles; "
            "name their folder with --sources.",
        ),
        (
            '"answered"',
            '"sure"',
            "{path}, line 1 has the unknown status 'sure'; answer it again.",
        ),
        (
            '"start": 54',
            '"start": 540',
            "{path}, line 1: a place needs 0 <= start < end, got 540 and 65; "
            "answer the question again.",
        ),
        (
            '"confidence"',
            '"sureness"',
            "{path}, line 1 has no “confidence” of type int or float; add it.",
        ),
        (
            '"elapsed_ms": 12.5}\n',
            '"elapsed_ms": 12.5}\n{"id": "q1", "error": ""}\n',
            "{path}, line 2 answers 'q1' a second time; keep one of them.",
        ),
    ],
)
def test_records_that_can_not_be_judged(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = recorded(tmp_path, {"id": "q1", **answer_record(answer("?", 0.9, NEAR, ENDS))})
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new), "utf-8")
    with pytest.raises(CitadelError) as caught:
        score(DATASET, [ARTICLE], Asked(read_responses(path), {}, {}), "a file")
    assert str(caught.value) == message.format(path=path)


def test_trec_files(tmp_path: Path) -> None:
    _, relevance, ranking = score(DATASET, [ARTICLE], asked(), "a stub")
    write_qrels(tmp_path / "qrels.trec", relevance)
    write_run(tmp_path / "run.trec", ranking)
    assert (tmp_path / "qrels.trec").read_text("utf-8").splitlines() == [
        "q1 0 my%20rivers.md:0-34 1",
        "q2 0 my%20rivers.md:0-34 1",
        "q2 0 my%20rivers.md:36-65 1",
    ]
    assert (tmp_path / "run.trec").read_text("utf-8").splitlines() == [
        "q1 Q0 my%20rivers.md:36-65 1 1.000000 citadel",
        "q1 Q0 my%20rivers.md:0-34 2 0.500000 citadel",
        "q2 Q0 my%20rivers.md:36-65 1 1.000000 citadel",
        "q2 Q0 my%20rivers.md:0-34 2 0.500000 citadel",
    ]


def test_a_question_without_hits_counts_as_zero() -> None:
    zero = dict.fromkeys(FIRST_PASSAGE, 0.0)
    one = place(ENDS)
    assert ranking_values({"a": {one: 1}, "b": {one: 1}, "c": {}}, {"a": [one], "b": []}) == {
        "a": FIRST_PASSAGE,
        "b": zero,
        "c": zero,
    }
    assert ranking_values({"a": {one: 1}}, {}) == {"a": zero}
