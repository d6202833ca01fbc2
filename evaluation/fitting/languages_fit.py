"""Fits the confidence of answers to questions in other languages than the articles.

Every such question is asked of its collection; and where it is answered, of its own article, of
the same article without the paragraphs that answer (a near miss), and of another article and
collection (off topic). Articles are left out one sixth at a time, for the report on unseen ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

from citadel.evaluation.data.questions import Place, Question
from citadel.evaluation.fitting.confidence_rows import REGIMES, ConfidenceRow, Regime, Setting
from citadel.evaluation.fitting.fitting import Fit, provenance
from citadel.evaluation.fitting.folds import FOLDS, folds_of
from citadel.evaluation.fitting.logistic import logistic_fit, logistic_model
from citadel.evaluation.fitting.operating_points import least_at_risk
from citadel.evaluation.fitting.training_data import TrainingData, index_without
from citadel.evaluation.reports.report import markdown_table, share
from citadel.evaluation.scoring.calibration import auroc
from citadel.evaluation.scoring.judging import holds
from citadel.index.build.build import index_articles
from citadel.index.corpus.articles import Article
from citadel.index.corpus.languages import ENGLISH, question_language
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search
from citadel.qa.answer.across_languages import SIGNALS, signals_across_languages

LANGUAGES_FILE = Path(str(files("citadel.qa.answer").joinpath("across_languages.json")))
"""The file of the confidence across languages."""

_PASSAGES = 5

_PENALTY = 0.1
"""The inverse of the regularisation's strength: there are some hundred rows of each kind."""

_LOST = 0.1
"""The share of answerable questions that may be refused, to answer fewer unanswerable ones."""

_RISK = 0.15
"""The share of questions called answered that may be wrong …"""

_CERTAINTY = 0.5
"""… as far as the left-out ones show, without a margin: they are few."""

Floats = npt.NDArray[np.float64]


def fit_languages_to(training_sets: Sequence[TrainingData], seed: int) -> Fit:
    """Fit the two models and their thresholds, and report their quality on left-out articles."""
    rows = list(language_rows(training_sets))
    signals = np.array(
        [[signals_across_languages(row.signals)[name] for name in SIGNALS] for row in rows]
    )
    answerable = np.array([row.answerable for row in rows])
    right = np.array([row.right for row in rows])
    fold = folds_of(rows, seed)
    answers, first = np.zeros(len(rows)), np.zeros(len(rows))
    for number in range(FOLDS):
        seen, unseen = fold != number, fold == number
        for truth, found in ((answerable, answers), (right, first)):
            found[unseen] = _probability(_model(signals[seen], truth[seen]), signals[unseen])
    possible = float(np.quantile(answers[answerable], _LOST))
    passed = answers >= possible
    answered = least_at_risk(first[passed], ~right[passed], _RISK, _CERTAINTY)
    values = {
        "answers": _record(_model(signals, answerable)),
        "right": _record(_model(signals, right)),
        "thresholds": {"possible": round(possible, 4), "answered": round(answered, 4)},
        "fitted": provenance(training_sets, seed, {"questions": len(rows)}),
    }
    return Fit(values, _report(rows, answers, first, possible, answered))


def language_rows(training_sets: Sequence[TrainingData]) -> Iterator[ConfidenceRow]:
    """Ask the questions that are in other languages, of the next collection, too."""
    others = [*training_sets[1:], training_sets[0]]
    for training_data, other in zip(training_sets, others, strict=True):
        asked = [q for q in training_data.questions if question_language(q.text) != ENGLISH]
        articles = {article.source: article for article in training_data.index.articles}
        following = dict(zip(articles, [*articles][1:] + [*articles][:1], strict=True))
        single = {
            source: index_articles("fitting", [article], training_data.index.encoder)
            for source, article in articles.items()
            if len(articles) > 1
        }
        row = partial(_row, training_data.name)
        for question in asked:
            regime = REGIMES.get(question.kind, Regime.OFF_TOPIC)
            whole = training_data.index
            yield row(question, whole, Regime.ANSWERABLE if question.answerable else regime)
            if not question.answerable:
                continue
            yield row(question, _without(whole, [*articles.values()], question), Regime.NEAR)
            yield row(question, other.index, Regime.OFF_TOPIC)
            if single:
                own = articles[question.article]
                yield row(question, single[own.source], Regime.ANSWERABLE)
                yield row(question, _without(single[own.source], [own], question), Regime.NEAR)
                yield row(question, single[following[own.source]], Regime.OFF_TOPIC)


def _row(dataset: str, question: Question, index: PassageIndex, regime: Regime) -> ConfidenceRow:
    result = search(index, Query(question.text), _PASSAGES, stages=None)
    first = result.quotable[0]
    place = Place(result.hits[first.hit].passage.source, first.span.start, first.span.end)
    return ConfidenceRow(
        dataset,
        question.article or question.id,
        question.kind,
        regime,
        Setting.QUESTION_SET,
        result.signals,
        right=regime is Regime.ANSWERABLE and any(holds(place, e) for e in question.evidence),
    )


def _without(whole: PassageIndex, articles: Sequence[Article], question: Question) -> PassageIndex:
    """Index the articles without the paragraphs that hold the evidence of a question."""
    places = [place for item in question.evidence for place in item.places]
    left_out = frozenset(
        (article.source, block.span.start)
        for article in articles
        for block in article.blocks
        if any(
            place.source == article.source and block.span.start <= place.start < block.span.end
            for place in places
        )
    )
    return index_without(whole, articles, left_out)


def _model(signals: Floats, truth: npt.NDArray[np.bool_]) -> Pipeline:
    return logistic_fit(signals, truth, penalty=_PENALTY)


def _probability(model: Pipeline, signals: Floats) -> Floats:
    return np.asarray(model.predict_proba(signals)[:, 1])


def _record(model: Pipeline) -> dict[str, object]:
    found = logistic_model(model, SIGNALS)
    weights = {name: round(value, 4) for name, value in found.weights.items()}
    return {"weights": weights, "bias": round(found.bias, 4)}


def _report(
    rows: Sequence[ConfidenceRow], answers: Floats, first: Floats, possible: float, answered: float
) -> str:
    kept = answers >= possible
    promised = kept & (first >= answered)
    right = np.array([row.right for row in rows])
    table = []
    for kind in dict.fromkeys(row.kind for row in rows):
        own = np.array([row.kind == kind for row in rows])
        good = own & np.array([row.answerable for row in rows])
        for regime in Regime:
            chosen = own & np.array([row.regime is regime for row in rows])
            if not chosen.any():
                continue
            apart = ""
            if regime is not Regime.ANSWERABLE and good.any():
                apart = share(auroc(answers[good].tolist(), answers[chosen].tolist()).value)
            asked = str(int(chosen.sum()))
            shares = (share(float(each[chosen].mean())) for each in (kept, promised))
            table.append([kind, regime.value, asked, *shares, apart])
    header = ["kind", "regime", "asked", "quoted", "answered", "AUROC"]
    wrong = share(float((~right[promised]).mean())) if promised.any() else "none"
    return (
        f"{markdown_table(header, table)}\n\nOf {int(promised.sum())} called answered, the first "
        f"sentence is wrong in {wrong}; of articles left out."
    )
