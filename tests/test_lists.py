"""A list, and the day that a question names, come first among the quotes."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from citadel.index.corpus.passages import split_article
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.index.retrieval.search import QuotableSentence, SearchResult
from citadel.index.retrieval.signals import NO_BACKGROUND, Evidence, Signals
from citadel.qa.answer.quoting import quote
from tests.small_index import articles_of

SIGNALS = Signals(NO_BACKGROUND, Evidence(0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
CREW = """\
---
title: The crew
---

The ship left Lund on 3 May 1990. The members of the crew were:

- Anna Holm, captain
- Per Berg, mate
- Olga Brandt, cook

The crew came back on 4 May. The members were paid on 3 May 1991.
"""
LEFT = "The ship left Lund on 3 May 1990."
MEMBERS = ["Anna Holm, captain", "Per Berg, mate", "Olga Brandt, cook"]
BACK = "The crew came back on 4 May."
PAID = "The members were paid on 3 May 1991."
ANNOUNCING = "The members of the crew were:"


def quotes(
    folder: Path, question: str, ranked: Sequence[str], best: str = "", text: str = CREW
) -> list[str]:
    """What is quoted when sentences are ranked like this, after the one that may not be quoted."""
    (article,) = articles_of(folder, crew=text)
    order = [best, *ranked]
    hits: list[Hit] = []
    places: dict[str, QuotableSentence] = {}
    for place, passage in enumerate(split_article(article)):
        found = {passage.quote(span): span for span in passage.sentences}
        scored = sorted(
            (1 - order.index(text) / 10 if text in order else 0.0, text) for text in found
        )
        sentences = tuple(SentenceHit(found[text], score) for score, text in reversed(scored))
        hits.append(Hit(passage, 1.0, sentences, ()))
        places |= {text: QuotableSentence(place, span) for text, span in found.items()}
    result = SearchResult(tuple(hits), tuple(places[text] for text in ranked), SIGNALS)
    return [citation.quote for citation in quote(result, question, {"crew.md": "en"}).citations]


@pytest.mark.parametrize(
    ("question", "best", "told"),
    [
        ("List all members of the crew", ANNOUNCING, [*MEMBERS, PAID, BACK]),
        # Only a line that fits best, and only a question for several things.
        ("List all members of the crew", "", [PAID, BACK]),
        ("Was the crew paid?", ANNOUNCING, [PAID, BACK]),
    ],
)
def test_the_list_comes_first_and_not_only_what_announces_it(
    tmp_path: Path, question: str, best: str, told: list[str]
) -> None:
    assert quotes(tmp_path, question, [PAID, BACK], best) == told


COOK, MATE = MEMBERS[2], MEMBERS[1]


@pytest.mark.parametrize(
    ("question", "ranked", "told"),
    [
        ("What did the crew consist of?", [COOK, MATE, PAID], MEMBERS),
        ("What did the crew consist of?", [COOK, PAID, LEFT, MATE], [COOK, PAID, LEFT]),
        ("Which sailors were aboard?", [COOK, PAID, LEFT, MATE], [*MEMBERS, PAID, LEFT]),
        ("Which sailors were aboard?", [COOK, PAID, LEFT], [COOK, PAID, LEFT]),
        ("Which sailors were aboard?", [PAID, COOK, MATE], [PAID, COOK, MATE]),
        # What asks for one value, or for yes or no, gets the best line first.
        ("Who was the cook?", [COOK, MATE, PAID], [COOK, MATE, PAID]),
        ("Was there a cook aboard?", [COOK, MATE, PAID], [COOK, MATE, PAID]),
    ],
)
def test_where_its_lines_fit_best_the_list_is_quoted_whole(
    tmp_path: Path, question: str, ranked: list[str], told: list[str]
) -> None:
    assert quotes(tmp_path, question, ranked) == told


SPEECH = """\
---
title: A speech
---

The captain said:

The sea was calm. The mate slept. The cook sang.
"""


def test_what_is_said_in_one_paragraph_is_no_list(tmp_path: Path) -> None:
    ranked = ["The cook sang.", "The mate slept."]
    assert quotes(tmp_path, "What did the crew do?", ranked, text=SPEECH) == ranked


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What happened on 4 May?", [BACK, LEFT, PAID]),
        ("What happened on 3 May?", [LEFT, PAID, BACK]),
        ("What happened on May 3, 1991?", [PAID, LEFT, BACK]),
        ("What happened on 5 May?", [LEFT, BACK, PAID]),
        ("What happened in May?", [LEFT, BACK, PAID]),
    ],
)
def test_the_day_that_is_asked_for_comes_first(
    tmp_path: Path, question: str, told: list[str]
) -> None:
    assert quotes(tmp_path, question, [LEFT, BACK, PAID]) == told
