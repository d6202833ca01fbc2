"""What is promised of what was found, and what is possible at most."""

import pytest

from citadel.index.retrieval.search import Query
from citadel.qa.answer.answers import Status
from citadel.qa.answer.confidence import Judgement
from citadel.qa.answer.refusing import unpromised
from tests.test_mismatches import quoted

FOUND = Judgement(0.9, Status.ANSWERED)
DIED = "How many died in 2006?"
MEN = "The fever killed 61 men."
NAMED = "It is named after Karen Lassen, who described it among salt workers."


@pytest.mark.parametrize(
    ("query", "quote", "promised"),
    [
        (Query("How many died in 2006?"), MEN, True),
        (Query("When was it?", "2006 died", DIED, 0.9), MEN, True),
        (Query("and in 1978?", "2006 died", DIED, 0.5), MEN, True),
        (Query("and in 1978?", "2006 died", DIED, 0.5), NAMED, False),
        (Query("What about 1978?", "2006 died", DIED, 0.5), NAMED, False),
        (Query("And who described it in 1978?", "2006 died", DIED, 0.5), NAMED, True),
        (Query("and in 1978?", "2006", "Tell me of 2006.", 0.5), NAMED, True),
        (Query("How many?", "2006 died", DIED, 1.0), MEN, True),
        (Query("How many?", "2006 died", DIED, 1.0), NAMED, False),
        (Query("Which women died?"), NAMED, True),
        (Query("How many women died?"), MEN, False),
    ],
)
def test_what_is_promised(query: Query, quote: str, promised: bool) -> None:
    citations = [quoted(quote)]
    expected = FOUND if promised else Judgement(0.9, Status.POSSIBLE)
    assert unpromised(FOUND, query, citations, adrift=False) == expected
    assert unpromised(FOUND, query, citations, adrift=True) == Judgement(0.9, Status.POSSIBLE)


@pytest.mark.parametrize("status", [Status.POSSIBLE, Status.NOT_FOUND])
def test_what_is_not_answered_stays_as_it_is(status: Status) -> None:
    judgement = Judgement(0.3, status)
    assert unpromised(judgement, Query("Why?", dependence=1.0), [], adrift=True) == judgement
