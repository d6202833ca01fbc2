"""How a question that leans on the one before is scored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.passage_index import PassageIndex
from index.ranking import Scores
from index.readings import Candidates, Reading

_TOPIC_SHARE = np.float32(0.5)
_PRIOR = np.float32(5.0)
_SAID_ALREADY = np.float32(1.0)
_PRIOR_SENTENCES = 3
_PRIOR_SHARPNESS = np.float32(0.6)
_NEIGHBOUR = np.float32(0.4)
_SAME_ARTICLE = np.float32(0.15)


def combine(
    index: PassageIndex, dependence: float, candidates: Candidates, readings: Sequence[Reading]
) -> Scores:
    """Score a follow-up by itself, with its topic, and by where the talk was before.

    The more a question leans on those before, the more the latter two count; a question that
    stands alone is not touched by them.

    Args:
        index: Where the candidates are.
        dependence: How much the question leans on those before, 0 to 1.
        candidates: Those of all readings.
        readings: Of the question alone; if it has a topic, of both together and of the question
            before, too.

    Returns:
        float32, (sentences,): the score of each candidate sentence.

    """
    if len(readings) == 1:
        return readings[0].scores
    alone, with_topic, earlier = (reading.scores for reading in readings)
    leaning = np.float32(dependence)
    share = _TOPIC_SHARE * leaning
    best = np.argsort(-earlier, kind="stable")[:_PRIOR_SENTENCES]
    likely = np.exp(_PRIOR_SHARPNESS * (earlier[best] - earlier[best[0]]))
    likely /= likely.sum()
    prior = np.zeros(len(candidates.passages), dtype=np.float32)
    articles = index.article_of[candidates.passages]
    for sentence, weight in zip(best, likely, strict=True):
        row = candidates.of_sentence[sentence]
        distance = np.abs(candidates.passages - candidates.passages[row])
        same_article = articles == articles[row]
        near = np.select([distance == 0, distance == 1], [np.float32(1), _NEIGHBOUR], 0)
        prior += weight * np.where(same_article, near + _SAME_ARTICLE * (near < 1), 0)
    scores = (1 - share) * alone + share * with_topic
    scores = scores + _PRIOR * leaning * prior[candidates.of_sentence]
    scores[best[0]] -= _SAID_ALREADY * leaning
    return np.asarray(scores, dtype=np.float32)
