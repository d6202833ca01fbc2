"""The contract of ``ask --json`` and ``ask --batch``, checked on a record."""

from hashlib import sha256
from typing import Any

from citadel.index.build.build import BUNDLED_SOURCES
from citadel.index.corpus.corpus import read_articles

TEXTS = {article.source: article.text for article in read_articles(BUNDLED_SOURCES)}

KEYS = {
    "question": str,
    "searched_for": str,
    "status": str,
    "confidence": float,
    "answers": list,
    "conflicts": list,
    "nearest_question": str,
    "passages": list,
    "sources": dict,
    "index": str,
    "elapsed_ms": float,
}
ANSWER_KEYS = {
    "quote": str,
    "source": str,
    "start": int,
    "end": int,
    "passage": int,
    "reported": bool,
    "speaker": str,
    "speaker_named": str,
    "before": list,
}
PASSAGE_KEYS = {
    "rank": int,
    "source": str,
    "title": str,
    "section": str,
    "paragraph": int,
    "start": int,
    "end": int,
    "text": str,
    "score": float,
    "publisher": str,
    "date": str,
    "url": str,
}


def check_record(record: dict[str, Any], most_passages: int = 5) -> None:
    """Fail where a record of the bundled article breaks a promise."""
    assert {key: type(value) for key, value in record.items()} == KEYS
    assert record["status"] in ("answered", "possible", "not_found", "small_talk")
    assert 0 <= record["confidence"] <= 1
    assert record["elapsed_ms"] >= 0
    passages, answers = record["passages"], record["answers"]
    assert bool(answers) == (record["status"] in ("answered", "possible"))
    assert bool(passages) == (record["status"] != "small_talk")
    assert len(passages) <= most_passages
    assert [passage["rank"] for passage in passages] == list(range(1, len(passages) + 1))
    scores = [passage["score"] for passage in passages]
    assert scores == sorted(scores, reverse=True)
    for passage in passages:
        assert {key: type(value) for key, value in passage.items()} == PASSAGE_KEYS
        assert passage["text"] == TEXTS[passage["source"]][passage["start"] : passage["end"]]
    assert record["sources"] == {
        passage["source"]: sha256(TEXTS[passage["source"]].encode()).hexdigest()
        for passage in passages
    }
    for answer in answers:
        assert {key: type(value) for key, value in answer.items()} == ANSWER_KEYS
        assert answer["quote"] == TEXTS[answer["source"]][answer["start"] : answer["end"]]
        assert answer["quote"].strip() == answer["quote"] != ""
        assert answer["reported"] or answer["speaker"] == ""
        assert (answer["speaker_named"] == "nowhere") == (answer["speaker"] == "")
        for lead in answer["before"]:
            assert lead["quote"] == TEXTS[answer["source"]][lead["start"] : lead["end"]]
            assert lead["end"] <= answer["start"]
        passage = passages[answer["passage"] - 1]
        assert answer["source"] == passage["source"]
        assert passage["start"] <= answer["start"] < answer["end"] <= passage["end"]


def without_time(record: dict[str, Any]) -> dict[str, Any]:
    """A record but for how long the answer took, to be compared with another one."""
    return {key: value for key, value in record.items() if key != "elapsed_ms"}
