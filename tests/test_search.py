"""The promises of a search that hold whatever its scores are made of."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from citadel.index.build.build import index_articles
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.index.retrieval.evidence import measure_background
from citadel.index.retrieval.pair_features import PAIR_FEATURES
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.ranker import Ranker
from citadel.index.retrieval.ranking import FEATURES, RankingWeights, fitted_weights
from citadel.index.retrieval.search import Query, SearchResult, search
from citadel.index.retrieval.signals import NO_BACKGROUND, Topic
from citadel.index.retrieval.stages import Stages

QUERIES = [
    Query("Who leads Jaish Halab?"),
    Query("متى بدأ الحصار؟"),
    Query("zzz qqq"),
    Query("?"),
    Query("🌊"),
    Query("the " * 100),
    Query("Who leads it?", "Jaish Halab", "What is Jaish Halab?", 0.9),
    Query("?", "?", "?", 1.0),
]

SOURCES = {
    "bakery.md": """\
# The bakery

Olga Brandt opened the bakery in 1931. She sold rye bread.

The oven was made of these bricks:

Forty red bricks came from Lund. Twelve white bricks came from Malmö.

In winter the bakery closed at noon.
""",
    "ferry.md": """\
# The ferry

The ferry Svea crosses the sound. Captain Erik Holm has steered her since 1988.

In winter the ferry stays in the harbour. The ice is too thick.
""",
    "observatory.txt": "The observatory\n\nThe telescope was built by Ida Lind. "
    "It has a mirror of two metres.\n\nIn 2004 a comet was found with it.\n",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> PassageIndex:
    """Three short articles about different things."""
    folder = tmp_path_factory.mktemp("town")
    for name, text in SOURCES.items():
        (folder / name).write_text(text, "utf-8")
    return index_articles("gen-town", read_articles(folder), encoder, lambda _done, _total: None)


AS_BEFORE = Ranker(
    mean=np.zeros(len(PAIR_FEATURES), dtype=np.float32),
    deviation=np.ones(len(PAIR_FEATURES), dtype=np.float32),
    linear=np.eye(1, len(PAIR_FEATURES), dtype=np.float32),
    hidden=np.zeros((1, 1, len(PAIR_FEATURES)), dtype=np.float32),
    hidden_bias=np.zeros((1, 1), dtype=np.float32),
    output=np.zeros((1, 1), dtype=np.float32),
)
"""Ranks by the score of the first stage, which is the first of the features."""


def quotes(index: PassageIndex, query: Query, count: int = 5) -> list[str]:
    result = search(index, query, count)
    return [result.hits[s.hit].passage.quote(s.span) for s in result.quotable]


def check(index: PassageIndex, query: Query, result: SearchResult, count: int) -> None:
    """Fail where a result breaks a promise."""
    hits = result.hits
    texts = {article.source: article.text for article in index.articles}
    assert 1 <= len(hits) <= min(count, len(index.passages))
    assert len({(hit.passage.source, hit.passage.paragraph) for hit in hits}) == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    asked = f"{query.text} {query.topic}"
    for hit in hits:
        passage = hit.passage
        assert passage in index.passages
        assert passage.text == texts[passage.source][passage.start : passage.end]
        assert 0 <= hit.score <= 1
        found = [sentence.span for sentence in hit.sentences]
        assert sorted(found, key=lambda span: span.start) == list(passage.sentences)
        scores = [sentence.score for sentence in hit.sentences]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert all(match.asked in asked for match in hit.matches)
        assert all(match.found in index.vocabulary.forms for match in hit.matches)
    assert 1 <= len(result.quotable) <= 8
    assert len(set(result.quotable)) == len(result.quotable)
    for sentence in result.quotable:
        assert sentence.hit < 5
        assert sentence.span in hits[sentence.hit].passage.sentences
    evidence = result.signals.evidence
    assert -1.01 <= evidence.cosine <= 1.01
    assert -1.01 <= evidence.late_best <= 1.01
    assert 0 <= evidence.coverage <= 1
    assert evidence.missing_names == int(evidence.missing_names) >= 0
    assert evidence.type_missing in (0.0, 1.0)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("count", [1, 5, 1000])
def test_what_a_search_promises(passage_index: PassageIndex, query: Query, count: int) -> None:
    result = search(passage_index, query, count)
    if count == 1:
        # The sentences to quote are chosen from five passages, and those not shown left out.
        assert len(result.hits) == 1
        assert {sentence.hit for sentence in result.quotable} == {0}
    else:
        check(passage_index, query, result, count)


@pytest.mark.parametrize("query", QUERIES)
def test_a_small_collection_keeps_the_promises(town: PassageIndex, query: Query) -> None:
    check(town, query, search(town, query, 5), 5)


@pytest.mark.parametrize("query", QUERIES)
def test_a_search_is_repeatable(passage_index: PassageIndex, query: Query) -> None:
    five = search(passage_index, query, 5)
    assert search(passage_index, query, 5) == five
    assert search(passage_index, query, 5, fitted_weights()) == five
    two = search(passage_index, query, 2)
    assert two.hits == five.hits[:2]
    assert two.quotable == tuple(sentence for sentence in five.quotable if sentence.hit < 2)
    assert two.signals == five.signals


@pytest.mark.parametrize("number", [0, 20, 58])
def test_a_passage_is_found_by_its_own_words(passage_index: PassageIndex, number: int) -> None:
    passage = passage_index.passages[number]
    sentence = passage.quote(passage.sentences[0])
    result = search(passage_index, Query(sentence), 1)
    assert result.hits[0].passage == passage
    assert passage.sentences[0] in [quotable.span for quotable in result.quotable]


def test_costly_scores_are_for_few(passage_index: PassageIndex) -> None:
    assert len(passage_index.passages) > 32
    assert len(search(passage_index, Query("Who leads Jaish Halab?"), 1000).hits) == 32
    # A follow-up adds the candidates of its topic and of the question before.
    found = search(passage_index, QUERIES[6], 1000).hits
    assert 32 <= len(found) <= 3 * 32


@pytest.mark.parametrize(
    ("question", "source", "quote"),
    [
        ("Who opened the bakery?", "bakery.md", "Olga Brandt opened the bakery in 1931."),
        (
            "Who has steered the ferry since 1988?",
            "ferry.md",
            "Captain Erik Holm has steered her since 1988.",
        ),
        ("Who built the telescope?", "observatory.txt", "The telescope was built by Ida Lind."),
        ("When was a comet found?", "observatory.txt", "In 2004 a comet was found with it."),
    ],
)
def test_each_article_answers_its_question(
    town: PassageIndex, question: str, source: str, quote: str
) -> None:
    result = search(town, Query(question), 5)
    assert result.hits[0].passage.source == source
    assert quotes(town, Query(question))[0] == quote


def test_all_passages_of_a_small_collection_are_found(town: PassageIndex) -> None:
    hits = search(town, Query("In winter?"), 1000).hits
    found = {(hit.passage.source, hit.passage.paragraph) for hit in hits}
    assert found == {(passage.source, passage.paragraph) for passage in town.passages}
    assert [hit.passage.source for hit in hits[:2]] in (
        ["bakery.md", "ferry.md"],
        ["ferry.md", "bakery.md"],
    )


def test_a_line_that_only_announces_is_not_quoted(town: PassageIndex) -> None:
    found = quotes(town, Query("Which bricks was the oven made of?"))
    assert set(found[:2]) == {
        "Forty red bricks came from Lund.",
        "Twelve white bricks came from Malmö.",
    }
    assert "The oven was made of these bricks:" not in found


def test_a_follow_up_searches_its_topic(town: PassageIndex) -> None:
    alone = Query("Who made it?")
    about_bread = replace(alone, topic="bakery", earlier="What is the bakery?", dependence=0.9)
    about_stars = replace(
        alone, topic="telescope", earlier="What is the telescope?", dependence=0.9
    )
    bread, stars = (search(town, query, 5).hits for query in (about_bread, about_stars))
    assert (bread[0].passage.source, stars[0].passage.source) == ("bakery.md", "observatory.txt")
    assert stars[0].matches[0].asked == "telescope"


def test_a_topic_that_a_question_does_not_lean_on_leaks_nothing(
    town: PassageIndex, passage_index: PassageIndex
) -> None:
    for index in (town, passage_index):
        question = "Who leads the ferry in Aleppo?"
        plain = search(index, Query(question), 5)
        leaking = Query(question, "bakery telescope", "Who opened the bakery?", 0.0)
        found = search(index, leaking, 5)
        assert [hit.passage for hit in found.hits] == [hit.passage for hit in plain.hits]
        for one, other in zip(found.hits, plain.hits, strict=True):
            assert one.score == pytest.approx(other.score, abs=1e-5)
            assert one.matches == other.matches
        assert found.quotable == plain.quotable
        assert found.signals.evidence.late_best == pytest.approx(
            plain.signals.evidence.late_best, abs=1e-5
        )


def test_no_topic_makes_a_plain_search(town: PassageIndex) -> None:
    plain = search(town, Query("Who leads it?"), 5)
    assert search(town, Query("Who leads it?", "", "What is the bakery?", 1.0), 5) == plain


def test_weights_are_used(town: PassageIndex) -> None:
    """Where only the length counts, and against a sentence, short ones come first."""
    weights = RankingWeights.of(dict.fromkeys(FEATURES, 0.0) | {"context": 1e-6, "length": -1.0})
    for hit in search(
        town, Query("Who opened the bakery?"), 5, weights, stages=Stages(ranker=AS_BEFORE)
    ).hits:
        lengths = [len(town.question_words(hit.passage.quote(s.span))) for s in hit.sentences]
        assert lengths == sorted(lengths)


def test_the_evidence_of_an_answer(town: PassageIndex) -> None:
    answered = search(town, Query("Who opened the bakery in 1931?"), 5).signals.evidence
    assert (answered.missing_names, answered.coverage, answered.type_missing) == (0.0, 1.0, 0.0)
    foreign = search(town, Query("Did Zeus open 17 shops in Lund?"), 5).signals.evidence
    assert foreign.missing_names >= 2
    assert foreign.coverage < answered.coverage
    assert foreign.late_best < answered.late_best
    assert foreign.cosine < answered.cosine


def test_the_background(town: PassageIndex) -> None:
    measured = measure_background(town)
    assert measured == town.background != NO_BACKGROUND
    # Measuring it again does not depend on what was measured before.
    assert measure_background(replace(town, background=Topic(9, 9, 9, 9))) == measured
    assert 0 < measured.late_tenth < measured.late_best < 1
    assert measured.cosine_tenth < measured.cosine_best < 1
    question = Query("Who opened the bakery?")
    above = search(town, question, 5).signals
    plain = search(replace(town, background=NO_BACKGROUND), question, 5).signals
    assert above.topic == plain.topic.minus(measured)
    assert above.evidence == plain.evidence


@pytest.mark.parametrize("count", [1, 2, 5])
def test_something_shown_can_always_be_quoted(
    passage_index: PassageIndex, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the best sentences stand in passages that are not shown."""
    monkeypatch.setattr("citadel.index.retrieval.search._QUOTABLE_SENTENCES", 1)
    places = set()
    other = Query("Which was the last working hospital in east Aleppo?")
    for query in (*QUERIES[:4], other):
        everything = search(passage_index, query, 5)
        places.add(everything.quotable[0].hit)
        found = search(passage_index, query, count)
        assert len(found.quotable) == 1
        assert found.quotable[0].hit < count
        assert found.signals == everything.signals
    assert max(places) > 0


def test_copies_leave_room_for_other_passages(tmp_path: Path, encoder: Encoder) -> None:
    about = "The Lake News has told of the lake and of those who live there since 1931."
    for day in range(8):
        text = f"On day {day} the crew mended {day + 2} pipes of the upper town.\n\n{about}\n"
        (tmp_path / f"{day}.md").write_text(text, "utf-8")
    index = index_articles("gen-1", read_articles(tmp_path), encoder, lambda _a, _b: None)
    hits = search(index, Query("Since when has the Lake News told of the lake?"), 5).hits
    assert [hit.passage.text == about for hit in hits] == [True, True, True, False, False]
