"""An answer can't contradict itself, and its record keeps the contract."""

from dataclasses import replace

import pytest

from citadel.index.corpus.layout import Place, Span
from citadel.index.corpus.passages import Passage
from citadel.index.retrieval.hits import Hit, Match, SentenceHit
from citadel.qa.answer.answers import Answer, Citation, Status, answer_record

FIRST = Passage("a.md", "A", "One", 1, 0, 12, "First. Last.", (Span(0, 6), Span(7, 12)))
SECOND = Passage("b.md", "B", "Two", 4, 20, 27, "Second.", (Span(20, 27),))
HITS = (
    Hit(FIRST, 0.81239, (SentenceHit(Span(7, 12), 0.9), SentenceHit(Span(0, 6), 0.5)), ()),
    Hit(SECOND, 0.5, (SentenceHit(Span(20, 27), 0.4),), (Match("second", "Second"),)),
)


def answer(
    status: Status,
    citations: tuple[Citation, ...],
    hits: tuple[Hit, ...] = HITS,
    confidence: float = 0.93456,
) -> Answer:
    return Answer(
        "q?",
        "q, really?",
        status,
        confidence,
        citations,
        hits,
        (),
        "gen-1",
        21.44,
        sources={"a.md": "aa", "b.md": "bb"},
        about={"a.md": {"publisher": "P", "date": "2016-12", "url": "https://a.org/"}},
    )


def test_the_record_of_an_answer() -> None:
    citations = (Citation(1, FIRST, Span(7, 12)), Citation(2, SECOND, Span(20, 27)))
    assert answer_record(answer(Status.ANSWERED, citations)) == {
        "question": "q?",
        "searched_for": "q, really?",
        "status": "answered",
        "confidence": 0.9346,
        "answers": [
            {"quote": "Last.", "source": "a.md", "start": 7, "end": 12, "passage": 1},
            {"quote": "Second.", "source": "b.md", "start": 20, "end": 27, "passage": 2},
        ],
        "conflicts": [],
        "nearest_question": "",
        "passages": [
            {
                "rank": 1,
                "source": "a.md",
                "title": "A",
                "section": "One",
                "paragraph": 1,
                "start": 0,
                "end": 12,
                "text": "First. Last.",
                "score": 0.8124,
                "publisher": "P",
                "date": "2016-12",
                "url": "https://a.org/",
            },
            {
                "rank": 2,
                "source": "b.md",
                "title": "B",
                "section": "Two",
                "paragraph": 4,
                "start": 20,
                "end": 27,
                "text": "Second.",
                "score": 0.5,
                "publisher": "",
                "date": "",
                "url": "",
            },
        ],
        "sources": {"a.md": "aa", "b.md": "bb"},
        "index": "gen-1",
        "elapsed_ms": 21.4,
    }


@pytest.mark.parametrize(
    ("status", "citations", "message"),
    [
        (Status.NOT_FOUND, (Citation(1, FIRST, Span(0, 6)),), "1 citations do not go with"),
        (Status.ANSWERED, (), "0 citations do not go with"),
        (Status.POSSIBLE, (Citation(2, FIRST, Span(0, 6)),), "citation 2 names another passage"),
    ],
)
def test_a_contradiction_is_refused(
    status: Status, citations: tuple[Citation, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        answer(status, citations)


def test_a_confidence_is_a_probability() -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1, got 1\.5"):
        answer(Status.NOT_FOUND, (), confidence=1.5)


def test_the_record_gives_pages_where_there_are_any() -> None:
    paged = replace(FIRST, page=7, page_breaks=(7,))
    hits = (replace(HITS[0], passage=paged),)
    citations = (Citation(1, paged, Span(7, 12)),)
    record = answer_record(answer(Status.ANSWERED, citations, hits))
    assert [found["page"] for found in record["answers"]] == [8]
    assert [found["page"] for found in record["passages"]] == [7]
    assert [found for found in (*record["answers"], *record["passages"]) if "place" in found] == []


def test_the_record_gives_what_is_printed_on_a_page_where_that_is_not_its_number() -> None:
    paged = replace(FIRST, page=3, page_breaks=(7,), page_labels=("i", "ii", "iii", "4"))
    hits = (replace(HITS[0], passage=paged),)
    citations = (Citation(1, paged, Span(0, 6)), Citation(1, paged, Span(7, 12)))
    record = answer_record(answer(Status.ANSWERED, citations, hits))
    assert [(each["page"], each.get("page_label")) for each in record["answers"]] == [
        (3, "iii"),
        (4, None),
    ]
    assert [each["page_label"] for each in record["passages"]] == ["iii"]


def test_the_record_gives_rows_where_there_are_any() -> None:
    placed = replace(FIRST, places=(Place(0, "row 1"), Place(7, "row 2")))
    hits = (replace(HITS[0], passage=placed),)
    record = answer_record(answer(Status.ANSWERED, (Citation(1, placed, Span(7, 12)),), hits))
    assert [found["place"] for found in record["answers"]] == ["row 2"]
    assert [found["place"] for found in record["passages"]] == ["row 1"]
    assert [found for found in (*record["answers"], *record["passages"]) if "page" in found] == []
