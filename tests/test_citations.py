"""A citation is a slice of its passage; one that is not can't be made."""

import pytest

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.qa.answer.answers import Citation

PASSAGE = Passage(
    source="a.md",
    title="A",
    section="A",
    paragraph=1,
    start=10,
    end=31,
    text="One. Two “three” حلب.",
    sentences=(Span(10, 14), Span(15, 31)),
)


def test_the_quote_is_sliced_by_code_points() -> None:
    assert Citation(1, PASSAGE, Span(15, 31)).quote == "Two “three” حلب."


@pytest.mark.parametrize("span", [Span(9, 14), Span(15, 32)])
def test_a_quote_outside_its_passage_is_refused(span: Span) -> None:
    with pytest.raises(ValueError, match=f"the quote {span.start} to {span.end} is outside"):
        Citation(1, PASSAGE, span)
