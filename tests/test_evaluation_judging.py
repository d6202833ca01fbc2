"""Passages and sentences are judged by where the evidence stands."""

import pytest

from citadel.evaluation.data.questions import Evidence, Need, Place, Question
from citadel.evaluation.scoring.judging import Judge, holds, locate, sentences_answer
from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Block, BlockKind, Span

TEXT = "title: Orb\n\nThe Orb rises.  It falls\nquickly. It ends.\n\nThe Lez is near the Orb."


def article() -> Article:
    """An article with a header and two paragraphs, the first of three sentences."""
    paragraphs = (TEXT.index("The Orb rises"), TEXT.index("\n\nThe Lez"))
    last = (TEXT.index("The Lez"), len(TEXT))
    blocks = tuple(Block(BlockKind.PARAGRAPH, Span(*span)) for span in (paragraphs, last))
    return Article("orb.md", TEXT, "Orb", "", "", "", "", "en", "", Span(0, 10), blocks)


def place(part: str) -> Place:
    """The first place of a text in the article."""
    return Place("orb.md", TEXT.index(part), TEXT.index(part) + len(part))


FIRST = place("The Orb rises.  It falls\nquickly. It ends.")
LAST = place("The Lez is near the Orb.")


def question(*evidence: str, need: Need = Need.ANY) -> Question:
    pieces = tuple(Evidence(text) for text in evidence)
    return Judge([article()], [Question("1", "k", "?", (), True, pieces, need)]).questions[0]


def test_evidence_is_found_however_white_space_is_written() -> None:
    assert locate("It falls  quickly.", [article()]) == (place("It falls\nquickly."),)


def test_evidence_that_is_repeated_has_every_place() -> None:
    assert locate("The", [article()]) == (Place("orb.md", 12, 15), Place("orb.md", 56, 59))


def test_what_the_header_says_is_meant_there() -> None:
    assert locate("Orb", [article()]) == (Place("orb.md", 7, 10),)


def test_evidence_that_is_nowhere_is_reported() -> None:
    asked = Question("1", "k", "?", (), True, (Evidence("Nowhere."),), Need.ANY)
    contradicted = Question("2", "k", "?", (), False, (Evidence("Nowhere."),), Need.ANY)
    judge = Judge([article()], [asked, contradicted])
    assert judge.unlocated == (("1", "Nowhere."),)
    assert judge.relevant_passages(judge.questions[0]) == {}


def test_relevant_passages_are_those_that_hold_evidence() -> None:
    judge = Judge([article()], [question("It ends.", "The Lez is near the Orb.")])
    assert judge.relevant_passages(judge.questions[0]) == {FIRST: 1, LAST: 1}


def test_a_found_passage_that_is_cut_otherwise_is_judged_too() -> None:
    judge = Judge([article()], [question("It ends.")])
    found = place("quickly. It ends.")
    elsewhere = place("The Orb rises.")
    assert judge.relevant_passages(judge.questions[0], [found, elsewhere]) == {FIRST: 1, found: 1}


def test_a_quote_is_compared_character_for_character() -> None:
    judge = Judge([article()], [])
    assert judge.stands(place("It ends."), "It ends.")
    assert not judge.stands(place("It ends."), "It ended")
    assert not judge.stands(Place("other.md", 0, 8), "It ends.")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 10, True), (5, 15, True), (6, 16, False), (2, 4, True), (9, 11, True), (10, 20, False)],
)
def test_places_match_when_they_share_half_of_the_shorter(
    start: int, end: int, expected: bool
) -> None:
    evidence = Evidence("", (Place("a", 0, 10),))
    assert holds(Place("a", start, end), evidence) is expected
    assert not holds(Place("b", start, end), evidence)


def test_one_sentence_answers_when_any_evidence_is_enough() -> None:
    asked = question("It ends.", "The Lez is near the Orb.")
    sentences = [place("The Orb rises."), LAST]
    assert not sentences_answer(asked, sentences, 1)
    assert sentences_answer(asked, sentences, 3)
    assert not sentences_answer(asked, [], 3)


def test_as_many_sentences_are_looked_at_as_are_needed() -> None:
    asked = question("It ends.", "The Lez is near the Orb.", need=Need.ALL)
    assert sentences_answer(asked, [LAST, place("It ends.")], 1)
    assert not sentences_answer(asked, [LAST, place("The Orb rises."), place("It ends.")], 1)
    assert sentences_answer(asked, [LAST, place("The Orb rises."), place("It ends.")], 3)
    assert not sentences_answer(asked, [LAST], 3)


def test_needed_evidence_that_is_nowhere_can_not_be_answered() -> None:
    asked = question("It ends.", "Nowhere.", need=Need.ALL)
    assert not sentences_answer(asked, [place("It ends."), LAST], 3)


def test_a_place_is_not_empty() -> None:
    with pytest.raises(ValueError, match="a place needs 0 <= start < end, got 3 and 3"):
        Place("a", 3, 3)
