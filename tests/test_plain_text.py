from dataclasses import replace

import pytest

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.answers import Answer, Citation, Status
from citadel.qa.cli.plain_text import NOT_FOUND, POSSIBLE, SMALL_TALK, place, plain_text

FIRST = Passage("a.md", "A", "One", 2, 10, 22, "First. Last.", (Span(10, 16), Span(17, 22)))
SECOND = Passage("b.md", "B", "B", 1, 0, 7, "Second.", (Span(0, 7),))
HEADER = Passage("b.md", "B", "B", 0, 9, 10, "B", (Span(9, 10),))
HITS = tuple(Hit(p, 0.5, (SentenceHit(p.sentences[0], 0.5),), ()) for p in (FIRST, SECOND, HEADER))
PLACES = (
    "[1] A · One · paragraph 2 (a.md, 10 to 22)\n",
    "[2] B · paragraph 1 (b.md, 0 to 7)\n",
    "[3] B · header (b.md, 9 to 10)\n",
)
QUOTES = (
    Citation(2, SECOND, Span(0, 7), "There is no such day."),
    Citation(1, FIRST, Span(17, 22)),
)


@pytest.mark.parametrize(
    ("status", "searched_for", "citations", "notes", "text"),
    [
        (
            Status.ANSWERED,
            "q?",
            QUOTES,
            ("A note.",),
            "Answer found in 2 articles (2 passages):\nSecond. [2]\n    (There is no such day.)\n"
            f"Last. [1]\nA note.\n\n{PLACES[0]}{PLACES[1]}Also near:\n{PLACES[2]}",
        ),
        (
            Status.POSSIBLE,
            "p? q?",
            QUOTES[1:],
            (),
            f"Searching for: p? q?\n\n{POSSIBLE}\nLast. [1]\n\n"
            f"{PLACES[0]}Also near:\n{PLACES[1]}{PLACES[2]}",
        ),
        (Status.NOT_FOUND, "q?", (), (), f"{NOT_FOUND}\n\n{''.join(PLACES)}"),
        (Status.SMALL_TALK, "q?", (), (), f"{SMALL_TALK}\n"),
    ],
)
def test_an_answer_as_text(
    status: Status,
    searched_for: str,
    citations: tuple[Citation, ...],
    notes: tuple[str, ...],
    text: str,
) -> None:
    answer = Answer("q?", searched_for, status, 0.5, citations, HITS, notes, "gen-1", 1.0)
    assert plain_text(answer) == text


def test_the_page_of_a_passage() -> None:
    assert place(replace(FIRST, page=7)) == "A · One · p. 7 · paragraph 2 (a.md, 10 to 22)"
