"""A sentence that answers another question is known by its surface; no other is taken for it."""

import pytest

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.qa.answer.answers import Citation, Lead
from citadel.qa.answer.mismatches import mismatched


def quoted(quote: str, before: str = "") -> Citation:
    span = Span(0, len(quote))
    passage = Passage("a.md", "The Dam", "The Dam", 1, 0, len(quote), quote, (span,))
    leads = (Lead(Span(0, 1), before, runs_on=True),) if before else ()
    return Citation(1, passage, span, before=leads)


COUNTED = [
    ("When was the second exchange?", "The first exchange was in March.", True),
    ("When was the second exchange?", "The first exchange failed, the second was in May.", False),
    ("When was the second exchange?", "The second exchange came after the first exchange.", False),
    (
        "When was the second exchange?",
        "The exchange was in May; the first bus came at noon.",
        False,
    ),
    ("When was the first exchange?", "The second exchange was in May.", True),
    ("When was the exchange?", "The first exchange was in March.", False),
    ("When did the final assault begin?", "The last assault began in May.", False),
    ("Who won the first two rounds?", "The second to leave was Holm.", False),
    ("What is LV-2?", "A vaccine, called LV-3, is being tested.", True),
    ("What is LV-2?", "LV-3 was made when LV-2 had failed.", False),
    ("Who flew TN418?", "The pilot of flight TN418 was Erik Holm.", False),
    ("Who built Belmira III?", "Belmira II was built by Idroval.", True),
    ("What began in phase 2?", "In phase 1 the walls were built.", True),
    ("What happened on May 12?", "It began on May 3.", False),
    ("What does CHV mean?", "Call a community health volunteer, or CHW.", False),
]
WHO_IT_IS = [
    ("When was Quiroga arrested?", "Conti was arrested on 5 May.", "", True),
    ("When was Quiroga arrested?", "He was arrested on 5 May.", "Conti fled.", True),
    ("When was Quiroga arrested?", "He was arrested on 5 May.", "Luis Quiroga fled.", False),
    ("When was Quiroga arrested?", "He was arrested on 5 May.", "", False),
    (
        "When was Luis Quiroga arrested?",
        "Quiroga’s arrest came when Conti was arrested.",
        "",
        False,
    ),
    ("When was Quiroga arrested?", "The minister was arrested on 5 May.", "", False),
    ("When was Quiroga arrested?", "Yesterday the police came for him.", "", False),
    ("When did van Houten visit Qasr Dara?", "Diallo visited Qasr Dara on 9 April.", "", True),
    ("When was the Assembly principle used?", "Holm used the principle in 1950.", "", False),
    ("When did May end?", "Holm ended it.", "", False),
]
TURNED_ROUND = [
    ("Who accused the army?", "The army accused the rebels.", True),
    ("Who accused the army?", "The army was accused by the rebels.", False),
    ("Who accused the army?", "The rebels accused the army.", False),
    ("Whom did the army accuse?", "The rebels accused the army.", True),
    ("Whom did the army accuse?", "The army accused the rebels.", False),
    ("Whom did the army accuse?", "The rebels, accused by the army, denied it.", False),
    ("Who sued Holm?", "Holm had sued the town.", True),
    ("Who sued   ?", "Holm had sued the town.", False),
    ("Whom did    accuse", "Holm accused the town.", False),
]
OTHERWISE = [
    ("When did her younger daughter leave?", "The elder daughter left in May.", True),
    ("When did her younger daughter leave?", "The elder daughter left the younger in May.", False),
    ("Where were the fewest deaths?", "Most died in Sabo; the lowest cost was there.", True),
    ("Who voted for it?", "Three councillors voted against it.", True),
    ("Who voted for it?", "Three voted against it, and nine voted for it.", False),
    ("How long is the dam?", "The dam is 94 metres high.", True),
    ("How long is the dam?", "The dam is 94 metres high and 400 metres long.", False),
    ("How long did the siege last?", "It lasted two weeks; the walls are 9 metres high.", False),
    ("How many women died?", "Of the fever 187 people died.", True),
    ("How many women died?", "Eleven mothers died.", False),
    ("How many people died?", "Of the fever 187 women died.", False),
    ("How old was he?", "She was 88.", True),
    ("How old was he?", "He was 88.", False),
    ("How old was she when he left?", "She was 88 when he left.", False),
    ("What did she and her mentor do?", "He taught.", False),
]


@pytest.mark.parametrize(("question", "quote", "mismatch"), [*COUNTED, *TURNED_ROUND, *OTHERWISE])
def test_what_is_said_of_another_thing(question: str, quote: str, mismatch: bool) -> None:
    assert mismatched(question, quoted(quote)) is mismatch


@pytest.mark.parametrize(("question", "quote", "before", "mismatch"), WHO_IT_IS)
def test_what_is_said_of_somebody_else(
    question: str, quote: str, before: str, mismatch: bool
) -> None:
    assert mismatched(question, quoted(quote, before)) is mismatch


def test_who_is_counted_may_stand_before_the_quote() -> None:
    assert not mismatched("How many women died?", quoted("Eleven died.", "Women ran for help."))
